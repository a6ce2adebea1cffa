"""axe finds nothing on the pages of the theme for the weakest connections."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sites import BuiltSite, page_types

from .conftest import served
from .test_accessibility import axe, violations

pytestmark = pytest.mark.browser

__all__ = ["axe"]


@pytest.fixture(scope="module")
def plain_address(plain_site: BuiltSite) -> Iterator[str]:
    with served(plain_site) as address:
        yield address


@pytest.mark.parametrize("language", ["", "ar"])
@pytest.mark.parametrize("name", ["home", "story", "countries", "stories"])
def test_axe_finds_nothing_in_plain_pages(
    page: Page, plain_address: str, plain_site: BuiltSite, axe: str, name: str, language: str
) -> None:
    page.goto(plain_address + page_types(plain_site, language)[name])
    page.evaluate(axe)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert violations(page) == set(), f"{scheme}, {width} pixels"
            fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            assert page.evaluate(fits), f"/{name} is wider than {width} pixels"
