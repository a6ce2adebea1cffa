"""What WCAG 2.2 asks beyond what axe can see, on one page made by each template of the theme."""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sites import BuiltSite

from .test_accessibility import SCHEMES
from .test_pages import FITS, IS_CUT_OFF, place
from .test_search import opened_facets

pytestmark = pytest.mark.browser

#: With facets unfolded and stories found where there are any.
TEMPLATES = ("home", "stories", "specimen", "countries", "country", "country-without-stories",
             "topics", "topic", "search", "events", "events-entry", "guides-entry", "about",
             "404")  # fmt: skip
IN_ARABIC = ("home", "specimen", "country", "search")
EACH_TEMPLATE = [*((name, "") for name in TEMPLATES), *((name, "ar") for name in IN_ARABIC)]

TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, input, summary, select")]
    .filter(element => {
        // The map's countries have their shape, and a table beside it; a label is its box's target.
        if (!element.checkVisibility() || element.closest(".skip, .world-map svg")) return false;
        const sentence = element.closest("p, h1, h2, h3, h4, .prose, .sources, .index, .facts");
        const inText = getComputedStyle(element).display == "inline"
            && sentence && sentence.innerText.trim() != element.innerText.trim();
        const { width, height } = (element.closest("label") ?? element).getBoundingClientRect();
        return !inText && (width < 24 || height < 24);
    }).map(element => element.outerHTML.slice(0, 120))"""

# The values that success criterion 1.4.12 names.
SPACED_OUT = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-block-end: 2em !important }"""
# As a reader's own style sheet, which the page's policy does not hold back.
ADOPT = """style => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
}"""
# Accents and dots may stand a few pixels beyond their line.
OVERFLOWS = """() => [...document.querySelectorAll("body *")].filter(element => {
    const { display, overflowY } = getComputedStyle(element);
    return display != "inline" && overflowY != "auto" && element.innerText?.trim()
        && !element.closest(".visually-hidden")
        && element.scrollHeight > element.clientHeight + 8;
}).map(element => element.outerHTML.slice(0, 120))"""

# One element of each look that can have the focus: by its parent's classes and its own.
STOPS = """() => {
    const FOCUSABLE = "a[href], button, input, summary";
    const looks = new Map();
    const isSeen = element => element.checkVisibility({ visibilityProperty: true });
    const classes = element => element?.closest("[class]")?.getAttribute("class");
    for (const element of document.querySelectorAll(FOCUSABLE)) {
        if (element.tabIndex < 0 || !isSeen(element)) continue;
        const look = [element.localName, classes(element), classes(element.parentElement)].join();
        if (!looks.has(look)) looks.set(look, element);
    }
    globalThis.stops = [...looks.values()];
    return stops.length;
}"""
# What shows the focus, the colours beside it, and whether something lies over the element.
FOCUS = """number => {
    const element = stops[number];
    element.focus();
    const shape = element.closest("svg") && element.querySelector("path, circle:last-child");
    const style = getComputedStyle(shape || element);
    const behind = [];
    for (let at = element.parentElement; at && !behind.length; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (!/, 0\\)|transparent/.test(backgroundColor)) behind.push(backgroundColor);
    }
    const box = element.getClientRects()[0];
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const top = document.elementFromPoint(x, y);
    return {
        label: element.outerHTML.slice(0, 120),
        isFocused: document.activeElement === element,
        isOutlined: Boolean(shape) || style.outlineStyle == "solid",
        width: parseFloat(shape ? style.strokeWidth : style.outlineWidth),
        colour: shape ? style.stroke : style.outlineColor,
        beside: shape ? [style.fill] : behind,
        isCovered: !shape && !(element.contains(top) || top?.contains(element)),
    };
}"""

MOVES = """() => [...document.querySelectorAll("*")].filter(element => {
    const style = getComputedStyle(element);
    const seconds = list => Math.max(...list.split(", ").map(parseFloat));
    return style.scrollBehavior == "smooth" || style.animationName != "none"
        || seconds(style.transitionDuration) + seconds(style.transitionDelay) > 0;
}).map(element => element.outerHTML.slice(0, 120))"""

# A page that has nothing more to paint may be given no frame: half a second is enough for one.
PAINTED = """() => new Promise(resolve => {
    requestAnimationFrame(resolve);
    setTimeout(resolve, 500);
})"""

SHIFTS = """() => new Promise(resolve => {
    new PerformanceObserver((list, observer) => {
        observer.disconnect();
        resolve(list.getEntries().map(({ value, sources }) =>
            [value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 120))]));
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve([]), 100);  // an observer of nothing is never called
})"""


@pytest.fixture
def each_template(page: Page, address: str, visited_site: BuiltSite) -> Callable[[], Iterator[str]]:
    """Open one page of each template after the other, and say which."""

    def opened() -> Iterator[str]:
        for name, language in EACH_TEMPLATE:
            where = place(visited_site, name, language)
            query = "?q=school&kind=teacher" if name == "search" else ""
            page.goto(address + where + query)
            if name in ("stories", "search"):
                opened_facets(page)
            if name == "search":
                expect(page.locator(".answer .entry").first).to_be_visible()
            yield f"/{where}{query}"

    return opened


def test_what_can_be_pressed_is_large_enough_for_a_finger(
    page: Page, each_template: Callable[[], Iterator[str]]
) -> None:
    """WCAG 2.5.8, without its leave to be small where nothing else is near."""
    page.set_viewport_size({"width": 320, "height": 640})
    small = {where: page.evaluate(TOO_SMALL) for where in each_template()}
    assert {where: found for where, found in small.items() if found} == {}


def test_the_focus_can_be_told_from_what_is_beside_it_and_nothing_covers_it(
    page: Page, each_template: Callable[[], Iterator[str]]
) -> None:
    """WCAG 2.4.7, 2.4.11 and 2.4.13, and 1.4.11 for its contrast."""
    faults = []
    page.emulate_media(reduced_motion="reduce")  # so that what has the focus is there at once
    for where in each_template():
        page.keyboard.press("Tab")  # from here on the focus is the keyboard's, and shows
        for number in range(page.evaluate(STOPS)):
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                seen = page.evaluate(FOCUS, number)
                fault = fault_of_focus(seen)
                if fault:
                    faults.append(f"{where}, {scheme}: {seen['label']} {fault}")
    assert faults == []


def test_nothing_is_cut_off_when_letters_and_lines_stand_further_apart(
    page: Page, each_template: Callable[[], Iterator[str]]
) -> None:
    """WCAG 1.4.12."""
    for where in each_template():
        page.evaluate(ADOPT, SPACED_OUT)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(FITS), f"{where} is wider than {width} pixels"
            assert page.evaluate(IS_CUT_OFF) + page.evaluate(OVERFLOWS) == [], f"{where}, {width}"


def test_kinds_and_steps_of_the_map_are_told_apart_in_forced_colours(
    page: Page, address: str
) -> None:
    for scheme in SCHEMES:
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        page.goto(address)
        marks = {
            kind: drawn(page.locator(f".doors .kind-{kind}"), 16)
            for kind in ("teacher", "school", "faculty")
        }
        assert all(0.2 < part_of(mark) < 0.9 for mark in marks.values()), "a mark is not drawn"
        for one, other in combinations(marks, 2):
            assert marks[one] != marks[other], f"{one} and {other} have the same mark, {scheme}"

        swatches = page.locator(".legend span").all()
        steps = [swatch.evaluate("e => getComputedStyle(e).backgroundColor") for swatch in swatches]
        shown = [middle_of(swatch) for swatch in swatches]
        assert len(set(steps)) == len(set(shown)) == 5, f"two steps look the same, {scheme}"
        for number, step in enumerate(steps):
            countries = page.locator(f".world-map a.s{number} > path")
            assert countries.count()
            assert countries.first.evaluate("e => getComputedStyle(e).fill") == step


def test_the_current_page_is_told_from_the_others_in_forced_colours(
    page: Page, address: str
) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(address + "stories/")
    width = "element => parseFloat(getComputedStyle(element).borderTopWidth)"
    assert page.locator(".paging [aria-current]").evaluate(width) > 0
    assert page.locator(".paging a").first.evaluate(width) == 0
    line = "element => getComputedStyle(element).textDecorationLine"
    assert page.locator("nav [aria-current=true]").first.evaluate(line) == "underline"


def test_nothing_moves_for_a_reader_who_asked_for_less_motion(
    page: Page, each_template: Callable[[], Iterator[str]]
) -> None:
    page.emulate_media(reduced_motion="reduce")
    moving = {where: page.evaluate(MOVES) for where in each_template()}
    assert {where: found for where, found in moving.items() if found} == {}


def test_nothing_jumps_while_a_page_loads_or_is_scrolled(
    open_context: Callable[..., BrowserContext], address: str, visited_site: BuiltSite
) -> None:
    """The layout shift that Core Web Vitals count is 0."""
    for width in (360, 1280):
        page = open_context(viewport={"width": width, "height": 640}).new_page()
        for name, language in EACH_TEMPLATE:
            where = place(visited_site, name, language)
            page.goto(address + where, wait_until="load")
            if name == "search":
                expect(page.locator(".answer .entry").first).to_be_visible()
            for part in (1 / 3, 2 / 3, 1):
                page.evaluate("part => scrollTo(0, part * document.body.scrollHeight)", part)
            page.evaluate(PAINTED)
            assert page.evaluate(SHIFTS) == [], f"/{where} jumps, {width}"


# --- helpers


def fault_of_focus(seen: dict[str, Any]) -> str:
    """Say what is wrong with what shows the focus; "" when nothing is."""
    if not seen["isFocused"]:
        return "does not take the focus"
    if not seen["isOutlined"] or seen["width"] < 2:
        return "does not show the focus"
    if seen["isCovered"]:
        return "lies under something else"
    contrasts = [contrast(seen["colour"], beside) for beside in seen["beside"]]
    return f"has a focus of contrast {min(contrasts):.1f}" if min(contrasts) < 3 else ""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two CSS colours `rgb(…)`, as WCAG 2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a CSS colour `rgb(…)`, as WCAG 2 defines it."""
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").rstrip(")").split(", ")]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def drawn(locator: Locator, size: int) -> tuple[bool, ...]:
    """Return which pixels of the square at an element's start differ from the ground."""
    picture = picture_of(locator).crop((0, 0, size, size * 2))
    ground = picture.getpixel((0, 0))
    pixels = [picture.getpixel((x, y)) for y in range(picture.height) for x in range(picture.width)]
    inked = [pixel != ground for pixel in pixels]
    rows = [n // size for n, ink in enumerate(inked) if ink]
    top, bottom = (min(rows), max(rows)) if rows else (0, 0)
    return tuple(inked[top * size : (bottom + 1) * size])


def part_of(pixels: tuple[bool, ...]) -> float:
    """Return which part of the pixels is drawn."""
    return sum(pixels) / len(pixels)


def middle_of(locator: Locator) -> Any:
    """Return the colour in the middle of an element."""
    picture = picture_of(locator)
    return picture.getpixel((picture.width // 2, picture.height // 2))


def picture_of(locator: Locator) -> Image.Image:
    """Return what an element looks like."""
    return Image.open(BytesIO(locator.screenshot())).convert("RGB")
