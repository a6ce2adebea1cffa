"""Whole journeys of a reader: with the keyboard alone, and without scripts."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser


def test_from_the_home_page_to_a_story_and_its_source_by_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    tab_to(page, "main a.skip")
    page.keyboard.press("Enter")
    tab_to(page, ".doors a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/teachers/")
    tab_to(page, "a[href='#_main']")
    page.keyboard.press("Enter")
    tab_to(page, "main .entry a")
    title = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    page.wait_for_url("**/stories/*/")
    expect(page.locator("h1")).to_have_text(title)
    tab_to(page, "#_source-1 a")
    assert urlsplit(page.evaluate("document.activeElement.href")).scheme == "https"


def test_stories_are_filtered_and_the_filter_cleared_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + "stories/")
    tab_to(page, "details.browse > summary")
    page.keyboard.press("Enter")
    expect(page.locator(".facets input").first).to_be_visible()
    tab_to(page, ".facets input")
    page.keyboard.press("Space")
    page.wait_for_url("**/stories/?kind=*")
    expect(page.locator(".answer .entry").first).to_be_visible()
    expect(page.locator(".paging")).to_be_hidden()
    tab_to(page, ".answer .entry a")
    tab_to(page, ".chosen button:not([data-code])", backwards=True)
    page.keyboard.press("Enter")
    page.wait_for_url(address + "stories/")
    expect(page.locator(".paging")).to_be_visible()
    expect(page.locator(".facets input:checked")).to_have_count(0)


def test_the_language_is_switched_and_switched_back_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + "stories/specimen/")
    heading = page.locator("h1").inner_text()
    tab_to(page, "nav.languages a[lang=ar]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ar/stories/specimen/")
    expect(page.locator("h1")).not_to_have_text(heading)
    tab_to(page, "nav.languages a[lang=en]")
    page.keyboard.press("Enter")
    page.wait_for_url(address + "stories/specimen/")
    expect(page.locator("h1")).to_have_text(heading)


def test_without_scripts_a_reader_goes_from_country_to_story_to_topic_to_another_language(
    open_context: Callable[..., BrowserContext], address: str
) -> None:
    page = without_scripts(open_context)
    page.goto(address)
    page.locator(".world-map svg a[href='/countries/kenya/']").press("Enter")
    page.wait_for_url("**/countries/kenya/")
    entry = page.locator("main .entry a").first
    title = entry.inner_text()
    entry.click()
    page.wait_for_url("**/stories/*/")
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("#_source-1 a")).to_be_visible()
    topic = page.locator(".facts a[href^='/topics/']").first
    name = topic.inner_text()
    topic.click()
    page.wait_for_url("**/topics/*/")
    expect(page.locator("h1")).to_have_text(name)
    where = urlsplit(page.url).path
    page.locator("nav.languages a[lang=ar]").click()
    page.wait_for_url(f"{address}ar{where}")
    expect(page.locator("main .entry").first).to_be_visible()


def test_without_scripts_all_stories_are_reached_page_by_page_and_by_what_they_share(
    open_context: Callable[..., BrowserContext], address: str
) -> None:
    page = without_scripts(open_context)
    page.goto(address + "ar/stories/")
    pages = {page.url}
    listed: set[str] = set()
    while True:
        links = page.locator("main .entry :is(h2, h3) a").evaluate_all("e => e.map(a => a.href)")
        assert not listed & set(links), "a story is listed on two pages"
        listed |= set(links)
        following = page.locator(".paging a[rel=next]")
        if not following.count():
            break
        page.goto(following.evaluate("a => a.href"))
        assert page.url not in pages
        pages.add(page.url)
    page.goto(address + "ar/stories/")
    count = page.locator("#_made > .meta").inner_text().split()[0]
    assert len(listed) == int(count)

    page.locator("details.browse > summary").click()
    page.locator("details.browse a[href^='/ar/levels/']").first.click()
    page.wait_for_url("**/ar/levels/*/")
    assert (
        set(page.locator("main .entry :is(h2, h3) a").evaluate_all("e => e.map(a => a.href)"))
        <= listed
    )


def test_without_scripts_the_page_of_search_leads_to_the_stories(
    open_context: Callable[..., BrowserContext], address: str
) -> None:
    page = without_scripts(open_context)
    page.goto(address + "ar/search/?q=school")
    expect(page.locator("main .notice")).to_be_visible()
    page.locator("main .index a[href='/ar/countries/']").click()
    page.wait_for_url("**/ar/countries/")
    expect(page.locator(".az a").first).to_be_visible()


# --- helpers


def without_scripts(open_context: Callable[..., BrowserContext]) -> Page:
    """Open a page in a phone's window without scripts."""
    options = {"viewport": {"width": 360, "height": 640}, "java_script_enabled": False}
    return open_context(**options).new_page()


def tab_to(page: Page, selector: str, *, backwards: bool = False) -> None:
    """Press Tab until the focus is on an element of the selector; 60 times at most."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
