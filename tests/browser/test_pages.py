"""Every page type in a real browser: nothing fails, nothing is cut off, the keyboard suffices."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from sites import PAGE_TYPES, BuiltSite, page_types

from .conftest import LIMIT

pytestmark = pytest.mark.browser

TYPES = (*PAGE_TYPES, "search", "find", "data", "offline", "about", "contribute",
         "programmes", "programmes-entry", "partners-entry", "events", "events-entry",
         "guides-entry", "specimen")  # fmt: skip
# A page of text is as the other: these are as `about`.
AS_OTHERS = {"accessibility", "privacy"}
EVERY = [*((name, language) for name in TYPES for language in ("", "ar")), ("404", "")]
EACH_PAGE = pytest.mark.parametrize(
    ("name", "language"), EVERY, ids=[f"{name}-{language or 'en'}" for name, language in EVERY]
)

IS_CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(element => {
    const style = getComputedStyle(element);
    const hides = ["hidden", "clip"].includes(style.overflowX) || style.textOverflow == "ellipsis";
    return hides && element.scrollWidth > element.clientWidth + 1
        && element.innerText?.trim() && !element.closest(".visually-hidden");
}).map(element => element.outerHTML.slice(0, 120))"""
SAME_IDS = """() => [...document.querySelectorAll("[id]")].map(element => element.id)
    .filter((id, at, every) => every.indexOf(id) < at)"""
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def place(site: BuiltSite, name: str, language: str) -> str:
    """Return the address of a page of a type."""
    if name == "specimen":
        return f"{language}/stories/specimen/".lstrip("/")
    return page_types(site, language)[name]


@pytest.mark.parametrize("language", ["", "ar"])
def test_every_section_of_the_site_is_visited(visited_site: BuiltSite, language: str) -> None:
    """What is new in the site has a type among TYPES, so that all of these tests see it."""
    home = f"{language}/" if language else ""
    own = [page for page in visited_site.pages() if page.startswith(home)]
    codes = {link.partition("/")[0] for link in visited_site.pages() if len(link) == 3}
    sections = {page.removeprefix(home).partition("/")[0] for page in own} - codes
    visited = {
        place(visited_site, name, language).removeprefix(home).partition("/")[0]
        for name, of in EVERY
        if of == language
    }
    new = {
        section
        for section in sections - visited - AS_OTHERS
        if any('http-equiv="refresh"' not in visited_site.read(p) for p in own if section in p)
    }
    assert new == set()


@EACH_PAGE
def test_a_page_shows_without_a_fault(
    page: Page, address: str, visited_site: BuiltSite, name: str, language: str
) -> None:
    faults: list[str] = []
    asked: set[str] = set()

    def note(request: Request) -> None:
        asked.add(urlsplit(request.url).netloc)

    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", note)
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.goto(address + place(visited_site, name, language), wait_until="load")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(FITS), f"the page is wider than a window of {width} pixels"

    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert page.title().strip()
    assert page.evaluate(SAME_IDS) == []
    root = page.locator("html")
    assert root.get_attribute("lang") == (language or "en")
    assert root.evaluate("e => getComputedStyle(e).direction") == (
        "rtl" if language == "ar" else "ltr"
    )
    for picture in page.locator("img").all():
        picture.scroll_into_view_if_needed()  # those further down are loaded when they are reached
        until(page, "picture => picture.complete", picture.element_handle())
        assert picture.evaluate("picture => picture.naturalWidth") > 0
    assert faults == []
    assert asked == {urlsplit(address).netloc}


def test_a_page_at_four_times_its_size_is_read_without_scrolling_sideways(
    open_context: Callable[..., BrowserContext], address: str, visited_site: BuiltSite
) -> None:
    """WCAG 1.4.10: a window of 1280 by 1024 pixels at a zoom of 400 % has room for 320 by 256."""
    page = open_context(viewport={"width": 320, "height": 256}).new_page()
    for name, language in EVERY:
        where = place(visited_site, name, language)
        page.goto(address + where)
        assert page.evaluate(FITS), f"/{where} is wider than the window"
        assert page.evaluate(IS_CUT_OFF) == [], f"/{where} cuts text off"


def test_the_text_is_the_same_without_scripts(
    open_context: Callable[..., BrowserContext], page: Page, address: str, visited_site: BuiltSite
) -> None:
    plain = open_context(
        viewport={"width": 1280, "height": 800}, java_script_enabled=False
    ).new_page()
    for name in ("home", "stories", "specimen", "countries", "country", "topic", "guides-entry"):
        where = address + place(visited_site, name, "ar")
        page.goto(where)
        plain.goto(where)
        text = plain.locator("main").inner_text()
        assert len(text) > 80
        assert text == page.locator("main").inner_text(), where


def test_the_first_stop_of_the_keyboard_skips_to_the_text(page: Page, address: str) -> None:
    for where in ("", "stories/specimen/", "ar/countries/kenya/"):
        page.goto(address + where)
        skip = page.locator("a[href='#_main']")
        assert not is_in_view(skip), "it shows to the keyboard alone"
        page.keyboard.press("Tab")
        expect(skip).to_be_focused()
        assert is_in_view(skip)
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_a_country_on_the_map_is_reached_and_followed_by_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    on_map = "document.activeElement.closest('.world-map svg a') !== null"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(on_map):
            break
    assert page.evaluate(on_map), "the map is not among the first stops"
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    shape = page.evaluate_handle("document.activeElement.querySelector('path, circle:last-child')")
    stroke = "shape => getComputedStyle(shape).stroke"
    focused = shape.evaluate(stroke)
    page.evaluate("document.activeElement.blur()")
    assert focused != shape.evaluate(stroke), "nothing shows where the focus is"
    page.locator(f".world-map svg a[aria-label='{name}']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/countries/*/")
    assert page.locator("h1").inner_text().split()[0] in name


def test_the_keyboard_can_pass_the_map_in_one_step(page: Page, address: str) -> None:
    for where, beyond in (("", ".doors"), ("countries/", ".letters")):
        page.goto(address + where)
        page.locator("main a.skip").focus()
        assert is_in_view(page.locator("main a.skip"))
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(f"document.activeElement.closest('{beyond}') !== null")


def test_the_focus_shows_wherever_it_is(page: Page, address: str) -> None:
    """Every stop of the keyboard on a story has an outline of its own."""
    page.goto(address + "stories/specimen/")
    stops = page.locator("a[href]:visible").count()
    assert stops > 20
    for _ in range(stops):
        page.keyboard.press("Tab")
        width, label = page.evaluate(
            """() => [parseFloat(getComputedStyle(document.activeElement).outlineWidth),
                      document.activeElement.outerHTML.slice(0, 100)]"""
        )
        assert width >= 2, f"the focus on {label} cannot be seen"


@pytest.mark.parametrize("name", ["home", "stories-2", "country", "region", "topic", "specimen"])
def test_switching_the_language_keeps_the_page(
    page: Page, address: str, visited_site: BuiltSite, name: str
) -> None:
    where = place(visited_site, name, "")
    page.goto(address + where)
    heading = page.locator("h1").inner_text()
    page.locator("nav.languages a[lang=ar]").click()
    page.wait_for_url(f"{address}ar/{where}")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.locator("h1").inner_text() != heading
    page.locator("nav.languages a[lang=en]").click()
    page.wait_for_url(address + where)
    assert page.locator("h1").inner_text() == heading


def test_a_story_that_is_not_translated_leads_to_its_country(
    page: Page, address: str, visited_site: BuiltSite
) -> None:
    stories = {a.removeprefix("stories/") for a in visited_site.pages() if a.startswith("stories/")}
    translated = {
        a.removeprefix("ar/stories/") for a in visited_site.pages() if a.startswith("ar/stories/")
    }
    slug = min(stories - translated)
    page.goto(f"{address}stories/{slug}")
    country = page.locator("nav.crumbs a").last.get_attribute("href")
    assert country
    switch = page.locator("nav.languages a[lang=ar]")
    assert switch.get_attribute("title"), "the reader is told before following it"
    switch.click()
    page.wait_for_url(f"{address}ar{country}")
    listed = page.locator(f"main a[href='/stories/{slug}']")
    assert listed.first.get_attribute("lang") == "en"


def test_the_dark_scheme_turns_paper_dark_and_ink_light(page: Page, address: str) -> None:
    page.goto(address + "stories/specimen/")
    light = scheme(page, "light")
    dark = scheme(page, "dark")
    assert light["paper"] > 180 > 80 > light["ink"]
    assert dark["ink"] > 180 > 80 > dark["paper"]


def test_paper_carries_the_text_and_its_sources_alone(page: Page, address: str) -> None:
    page.goto(address + "stories/specimen/")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#_source-1")).to_be_visible()
    expect(page.locator("header.site-header nav").first).to_be_hidden()
    address_shown = page.locator("#_source-1 a").evaluate(
        "link => getComputedStyle(link, '::after').content"
    )
    assert "https://example.org/first" in address_shown


def until(page: Page, condition: str, argument: Any = None) -> None:
    """Wait until a function in the page says so.

    The driver's own way of waiting makes code of text again and again, which the policy forbids.
    """
    assert page.evaluate(
        f"""async argument => {{
            const end = performance.now() + {LIMIT};
            while (!({condition})(argument) && performance.now() < end)
                await new Promise(done => setTimeout(done, 20));
            return ({condition})(argument);
        }}""",
        argument,
    ), condition


def scheme(page: Page, name: Any) -> dict[str, float]:
    """Return how light paper and ink are in a colour scheme, from 0 to 255."""
    page.emulate_media(color_scheme=name)
    colours = page.evaluate(
        """() => {
            const style = getComputedStyle(document.body);
            const lightness = colour => {
                const [red, green, blue] = colour.match(/[0-9.]+/g).map(Number);
                return (red * 299 + green * 587 + blue * 114) / 1000;
            };
            return {paper: lightness(style.backgroundColor), ink: lightness(style.color)};
        }"""
    )
    return dict(colours)


def is_in_view(locator: Any) -> bool:
    """Say whether an element lies within the window."""
    return bool(
        locator.evaluate(
            """element => {
                const box = element.getBoundingClientRect();
                return box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight
                    && box.right <= innerWidth && box.width > 0;
            }"""
        )
    )
