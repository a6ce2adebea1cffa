"""What a reader on a weak connection downloads stays within the budgets of the design.

`pytest tests/test_budgets.py -s` prints the largest page of each type. A kB is 1000 bytes here.
"""

import gzip
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sites import BuiltSite, page_types

STORY_HTML = 14_000
STYLE_SHEETS = 10_000
ALL_SCRIPT = 15_000
SEARCH_SCRIPT = 9_000
SETTINGS_SCRIPT = 700
FIND_SCRIPT = 2_500
STORY_IN_FULL = 40_000
HOME_IN_FULL = 60_000

LOADED = ("stylesheet", "icon", "preload", "modulepreload")


@cache
def weight(file: Path) -> int:
    """Return the bytes of a file as a host sends it: compressed, where that makes it smaller."""
    data = file.read_bytes()
    return min(len(data), len(gzip.compress(data, 9)))


class Assets(HTMLParser):
    """The addresses that a browser loads with a page, photographs left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and set(given.get("rel", "").split()) & set(LOADED):
            self.found.add(given["href"])
        elif "src" in given and (tag != "img" or given["src"].endswith(".svg")):
            self.found.add(given["src"])


def assets(site: BuiltSite, page: str) -> set[Path]:
    """Return the files that a browser loads with a page, photographs left out."""
    return {site.folder / address.lstrip("/") for address in Assets(site.read(page)).found}


def html(site: BuiltSite, page: str) -> int:
    return weight(site.folder / (page + "index.html" if not page.endswith(".html") else page))


def in_full(site: BuiltSite, page: str) -> int:
    return html(site, page) + sum(map(weight, assets(site, page)))


def stories(site: BuiltSite) -> list[str]:
    return [page for page in site.pages() if re.fullmatch(r"(\w\w/)?stories/[^/]+/", page)]


def homes(site: BuiltSite) -> list[str]:
    return [page for page in site.pages() if re.fullmatch(r"(\w\w/)?", page)]


@pytest.fixture(scope="module")
def site(shipped_site: BuiltSite) -> BuiltSite:
    return shipped_site


def test_a_story_page_fits_the_first_round_trip(site: BuiltSite) -> None:
    assert stories(site)
    too_large = {page: size for page in stories(site) if (size := html(site, page)) > STORY_HTML}
    assert too_large == {}


def test_the_style_sheets_are_small(site: BuiltSite) -> None:
    sheets = list(site.folder.rglob("*.css"))
    assert sheets
    assert sum(map(weight, sheets)) <= STYLE_SHEETS


def test_no_page_waits_for_a_script(site: BuiltSite) -> None:
    """Scripts run when the page has been read, but for the one that sets the colour scheme.

    That one comes before the first paint, with the style sheet, and is small.
    """
    scripts = {
        found
        for page in site.pages()
        for found in re.findall("<script[^>]*src[^>]*>", site.read(page))
    }
    waited_for = {script for script in scripts if " defer" not in script}
    names = {re.findall(r"/assets/(\w+)\.", script)[0] for script in scripts - waited_for}
    assert names == {"script", "find", "offline", "keep"}
    assert all(re.fullmatch(r'<script src="/[^"]+"( defer[^>]*)?>', script) for script in scripts)
    assert [re.search(r"assets/(\w+)", script)[1] for script in waited_for] == ["settings"]  # type: ignore[index]
    assert all(weight(script) <= SETTINGS_SCRIPT for script in site.folder.rglob("settings.*.js"))


def test_all_script_is_small(site: BuiltSite) -> None:
    """The scripts of each page, the engine that a search adds, and the worker that answers it."""
    sizes = {file: weight(file) for file in site.folder.rglob("*.js")}
    named = {file.name.partition(".")[0]: size for file, size in sizes.items()}
    assert named["script"] + named["engine"] <= SEARCH_SCRIPT
    assert named["find"] <= FIND_SCRIPT
    on_demand = named["engine"] + named["worker"] + named["sw"]
    for page in page_types(site).values():
        own = [sizes[file] for file in assets(site, page) if file.suffix == ".js"]
        assert len(own) >= 2
        assert sum(own) + on_demand <= ALL_SCRIPT, f"/{page}"


def test_a_story_in_full_is_small(site: BuiltSite) -> None:
    sizes = {page: in_full(site, page) for page in stories(site)}
    assert {page: size for page, size in sizes.items() if size > STORY_IN_FULL} == {}
    sheets = set(site.folder.rglob("*.css"))
    assert all(assets(site, page) >= sheets for page in sizes), "a story without its style sheet"


def test_the_home_page_in_full_is_small(site: BuiltSite) -> None:
    assert homes(site)
    sizes = {page: in_full(site, page) for page in homes(site)}
    assert {page: size for page, size in sizes.items() if size > HOME_IN_FULL} == {}


def test_the_largest_page_of_each_type(site: BuiltSite) -> None:
    """Print the table; every page is checked against the loosest budget on the way."""
    languages = ("", *sorted(page.rstrip("/") for page in homes(site) if page))
    print(f"\n{'page type':28} {'HTML':>7} {'in full':>8}  largest page (compressed bytes)")
    by_type: dict[str, str] = {}
    for language in languages:
        for name, page in page_types(site, language).items():
            by_type[name] = max(by_type.get(name, page), page, key=lambda p: in_full(site, p))
    for name, page in by_type.items():
        print(f"{name:28} {html(site, page):7} {in_full(site, page):8}  /{page}")
    sizes = {page: in_full(site, page) for page in by_type.values()}
    assert {page: size for page, size in sizes.items() if size > HOME_IN_FULL} == {}
