"""What a reader can set, and what is kept of it: the colour scheme, the key that searches."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .test_pages import scheme
from .test_search import without_faults

__all__ = ["without_faults"]
pytestmark = pytest.mark.browser

PAPER = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(247, 242, 230)", "rgb(14, 26, 43)"


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    """A page of a browser that has kept nothing yet."""
    return open_context(viewport={"width": 1280, "height": 800}).new_page()


def test_the_scheme_follows_the_system_until_it_is_set(page: Page, address: str) -> None:
    page.goto(address)
    colours = page.get_by_role("group", name="Colours")
    expect(colours.get_by_label("As the system")).to_be_checked()
    assert scheme(page, "dark")["paper"] < 80
    colours.get_by_label("Light").check()
    assert page.evaluate(PAPER) == LIGHT
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    page.emulate_media(color_scheme="light")
    colours.get_by_label("Dark").check()
    assert page.evaluate(PAPER) == DARK
    colours.get_by_label("As the system").check()
    assert page.evaluate(PAPER) == LIGHT


def test_the_scheme_stays_on_every_page_in_every_language(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Dark").check()
    for where in ("stories/specimen/", "ar/", "404.html"):
        page.goto(address + where)
        assert page.evaluate(PAPER) == DARK
    expect(page.get_by_label("Dark")).to_be_checked()


def test_a_page_is_painted_in_no_other_scheme_first(page: Page, address: str) -> None:
    """The scheme is on the page before there is a body to paint."""
    page.add_init_script(
        """new MutationObserver((_, observer) => {
            if (!document.body) return;
            window.atFirst = document.documentElement.dataset.scheme;
            observer.disconnect();
        }).observe(document, { childList: true, subtree: true });"""
    )
    page.goto(address)
    page.get_by_label("Dark").check()
    page.reload()
    assert page.evaluate("window.atFirst") == "dark"


def test_the_browsers_own_bars_follow(page: Page, address: str) -> None:
    shown = """() => [...document.querySelectorAll("[name=theme-color]")]
        .filter(meta => matchMedia(meta.getAttribute("media")).matches).map(meta => meta.content)"""
    page.goto(address)
    assert page.evaluate(shown) == ["#f7f2e6"]
    page.get_by_label("Dark").check()
    assert page.evaluate(shown) == ["#0e1a2b"]
    page.reload()
    assert page.evaluate(shown) == ["#0e1a2b"]
    page.get_by_label("As the system").check()
    assert page.evaluate(shown) == ["#f7f2e6"]


def test_the_settings_work_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + "about/")
    page.get_by_label("As the system").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Dark")).to_be_focused()
    assert page.evaluate(PAPER) == DARK


def test_the_key_that_searches_can_be_turned_off(page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_role("combobox")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.get_by_label("The key / leads to the search").uncheck()
    for where in ("", "stories/specimen/"):
        page.goto(address + where)
        page.keyboard.press("/")
        expect(box).not_to_be_focused()
    page.get_by_label("The key / leads to the search").check()
    page.keyboard.press("/")
    expect(box).to_be_focused()


def test_a_browser_that_keeps_nothing_still_shows_and_switches(page: Page, address: str) -> None:
    page.add_init_script(
        """Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("denied", "SecurityError"); },
        });"""
    )
    page.goto(address)
    page.get_by_label("Dark").check()
    assert page.evaluate(PAPER) == DARK


def test_nothing_to_set_shows_without_scripts(
    open_context: Callable[..., BrowserContext], address: str
) -> None:
    plain = open_context(java_script_enabled=False, color_scheme="dark").new_page()
    plain.goto(address)
    assert plain.locator(".settings").is_hidden()
    assert scheme(plain, "dark")["paper"] < 80


def test_paper_is_light_whatever_is_set(page: Page, address: str) -> None:
    page.goto(address + "stories/specimen/")
    page.get_by_label("Dark").check()
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    ink = page.locator("main p").first.evaluate("p => getComputedStyle(p).color")
    assert ink != "rgb(233, 228, 212)"
    for hidden in (".settings", ".site-footer li", ".cite", ".feedback", "nav.contents"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_text("Cite as:")).to_be_visible()
