"""The theme for the weakest connections: all of the site as text, in a few kilobytes a page."""

import re

import pytest
import test_html
from sites import PAGE_TYPES, BuiltSite, page_types
from test_budgets import in_full
from test_html import Elements

from showcase.data.geography import countries

HOME_IN_FULL = 10_000
STORY_IN_FULL = 7_000
STYLE_SHEET = 2_000  # as it is, not compressed


@pytest.fixture(scope="module")
def pages(plain_site: BuiltSite) -> dict[str, Elements]:
    """Every page but redirects, by address."""
    found = {page: Elements(plain_site.read(page)) for page in plain_site.pages()}
    return {
        page: elements
        for page, elements in found.items()
        if not any(given.get("http-equiv") == "refresh" for _, given in elements.found)
    }


def test_every_page_type_is_there(plain_site: BuiltSite) -> None:
    assert set(PAGE_TYPES) <= page_types(plain_site).keys()
    assert set(PAGE_TYPES) - {"story"} <= page_types(plain_site, "ar").keys()


def test_a_page_is_text_alone(pages: dict[str, Elements]) -> None:
    loaded = {"script", "noscript", "img", "svg", "picture", "video", "audio", "iframe", "object"}
    for page, elements in pages.items():
        assert {tag for tag, _ in elements.found} & loaded == set(), f"/{page}"


def test_every_picture_is_a_link_by_what_it_shows(plain_site: BuiltSite) -> None:
    page = plain_site.read("stories/geisha-bonilla-rapa-nui-television/")
    found = re.search(r'<a href="/(pictures/[^"]+)">([^<]+)</a>', page)
    assert found
    assert (plain_site.folder / found[1]).exists()
    assert found[2].startswith("Bar chart. Attendance at the school")


def test_every_link_within_the_site_leads_to_a_file(
    plain_site: BuiltSite, pages: dict[str, Elements]
) -> None:
    files = {
        file.relative_to(plain_site.folder).as_posix()
        for file in plain_site.folder.rglob("*")
        if file.is_file()
    }
    for page, elements in pages.items():
        for _, given in elements.found:
            for name in ("href", "src", "action"):
                link = (given.get(name) or "").partition("#")[0].partition("?")[0]
                if link.startswith("/"):
                    place = link[1:] + "index.html" if link.endswith("/") else link[1:]
                    assert place in files, f"/{page} leads to {link}"


def test_every_country_is_in_the_table(plain_site: BuiltSite) -> None:
    page = plain_site.read("countries/")
    assert page.count('<th scope="row">') == len(countries())
    assert '<a href="/countries/kenya/" class="has-stories">Kenya</a>' in page


def test_the_page_of_search_says_why_it_cannot_and_leads_on(plain_site: BuiltSite) -> None:
    page = plain_site.read("search/")
    assert "Searching needs JavaScript. The stories can also be browsed:" in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert {"/stories/", "/countries/", "/topics/"} <= set(re.findall(r'href="([^"]+)"', main))


def test_a_reader_can_change_the_language(plain_site: BuiltSite) -> None:
    assert '<a href="/ar/countries/" lang="ar" hreflang="ar">' in plain_site.read("countries/")


def test_pages_are_within_their_budgets(plain_site: BuiltSite) -> None:
    for home in ("", "ar/"):
        assert in_full(plain_site, home) < HOME_IN_FULL, f"/{home}"
    stories = [p for p in plain_site.pages() if re.fullmatch(r"(ar/)?stories/[^/]+/", p)]
    assert stories
    assert {
        p: in_full(plain_site, p) for p in stories if in_full(plain_site, p) >= STORY_IN_FULL
    } == {}
    (sheet,) = plain_site.folder.glob("assets/*.css")
    assert sheet.stat().st_size < STYLE_SHEET


def test_the_site_has_no_script_but_the_worker_that_takes_itself_away(
    plain_site: BuiltSite,
) -> None:
    """Another theme may have left a worker at the address: only a newer one can end it."""
    assert list(plain_site.folder.rglob("*.js")) == [plain_site.folder / "sw.js"]
    assert "registration.unregister()" in plain_site.read("sw.js")


@pytest.mark.parametrize("language", ["", "ar"])
def test_every_page_type_parses_without_an_error(plain_site: BuiltSite, language: str) -> None:
    test_html.test_every_page_type_parses_without_an_error(plain_site, language)


def test_pages_are_as_sound_as_those_of_the_default_theme(pages: dict[str, Elements]) -> None:
    test_html.test_an_id_stands_once_on_a_page(pages)
    test_html.test_labels_name_elements_of_their_page(pages)
    test_html.test_headings_start_at_one_and_skip_no_level(pages)
    test_html.test_nothing_that_the_policy_forbids_is_on_a_page(pages)
    test_html.test_every_story_lists_its_sources(pages)
