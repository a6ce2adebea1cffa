"""axe finds nothing on any page type: in English and Arabic, light and dark, narrow and wide."""

from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Page
from sites import BuiltSite, page_types

from .test_pages import EACH_PAGE, place

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
EVERYTHING = {"type": "tag", "values": TAGS}
RUN = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> set[tuple[str, str, str]]:
    """Return rule, selector and reason of what axe finds, less the one exception.

    A small state's dot on the map may be smaller than a finger: success criterion 2.5.8 exempts
    a target whose function an equivalent control on the site has, here the table at /countries/.
    """
    found: dict[str, Any] = page.evaluate(RUN, EVERYTHING)
    return {
        (violation["id"], selector, " ".join(node["failureSummary"].split()))
        for violation in found["violations"]
        for node in violation["nodes"]
        for selector in [" ".join(map(str, node["target"]))]
        if not (violation["id"] == "target-size" and is_on_map(page, selector))
    }


def is_on_map(page: Page, selector: str) -> bool:
    inside = "element => element.closest('.world-map svg') !== null"
    return bool(page.locator(selector).first.evaluate(inside))


@EACH_PAGE
def test_axe_finds_nothing(
    page: Page, address: str, visited_site: BuiltSite, axe: str, name: str, language: str
) -> None:
    page.goto(address + place(visited_site, name, language))
    page.evaluate(axe)
    found = {}
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found[scheme, width] = violations(page)
    faults = [
        f"{scheme}, {width} pixels: {': '.join(fault)}"
        for (scheme, width), here in found.items()
        for fault in sorted(here)
    ]
    assert not faults, "\n".join(faults)


def test_axe_would_find_a_fault(
    page: Page, address: str, visited_site: BuiltSite, axe: str
) -> None:
    """The exception for the map is no more than that."""
    page.goto(address + page_types(visited_site)["about"])
    page.evaluate(axe)
    page.evaluate(
        """() => {
            document.documentElement.removeAttribute("lang");
            document.querySelector("h1").outerHTML = "<h4>Too deep</h4>";
        }"""
    )
    rules = {rule for rule, _, _ in violations(page)}
    assert {"html-has-lang", "page-has-heading-one"} <= rules
