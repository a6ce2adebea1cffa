"""The shipped site's HTML and XML are well formed: what parsers, screen readers and feeds need."""

import json
import re
from collections import Counter
from datetime import datetime
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from sites import PAGE_TYPES, BuiltSite, page_types

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class Elements(HTMLParser):
    """The start tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def pages(shipped_site: BuiltSite) -> dict[str, Elements]:
    """Every page but redirects, by address."""
    found = {page: Elements(shipped_site.read(page)) for page in shipped_site.pages()}
    return {
        page: elements
        for page, elements in found.items()
        if not any(given.get("http-equiv") == "refresh" for _, given in elements.found)
    }


@pytest.mark.parametrize("language", ["", "fr", "ar"])
def test_every_page_type_parses_without_an_error(shipped_site: BuiltSite, language: str) -> None:
    found = page_types(shipped_site, language)
    assert set(PAGE_TYPES) - {"story"} <= found.keys()
    for page in found.values():
        parser = html5lib.HTMLParser()
        parser.parse(shipped_site.read(page))
        errors = [(parser.errors[0][0], parser.errors[0][1])] if parser.errors else []
        assert errors == [], f"/{page}, (line, column) and what is wrong"


def test_every_story_parses_without_an_error(shipped_site: BuiltSite) -> None:
    """A story's body comes from its writer, so one story says little of the others."""
    for page in shipped_site.pages():
        if re.fullmatch(r"(\w\w/)?stories/[^/]+/", page):
            html5lib.HTMLParser(strict=True).parse(shipped_site.read(page))


def test_an_id_stands_once_on_a_page(pages: dict[str, Elements]) -> None:
    for page, elements in pages.items():
        ids = Counter(given["id"] for _, given in elements.found if "id" in given)
        assert [name for name, times in ids.items() if times > 1] == [], f"/{page}"


def test_labels_name_elements_of_their_page(pages: dict[str, Elements]) -> None:
    for page, elements in pages.items():
        ids = {given["id"] for _, given in elements.found if "id" in given}
        for tag, given in elements.found:
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
                missing = set((given.get(name) or "").split()) - ids
                assert not missing, f"/{page}: <{tag} {name}>"


def test_headings_start_at_one_and_skip_no_level(pages: dict[str, Elements]) -> None:
    for page, elements in pages.items():
        levels = [int(tag[1]) for tag, _ in elements.found if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1, f"/{page}"
        assert levels[0] == 1, f"/{page} has a heading before its title"
        steps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert steps == [], f"/{page} skips a level"


def test_every_picture_has_a_text_and_keeps_its_place(pages: dict[str, Elements]) -> None:
    for page, elements in pages.items():
        for tag, given in elements.found:
            if tag == "img":
                assert {"alt", "width", "height"} <= given.keys(), f"/{page}: {given}"


def test_every_page_begins_with_a_policy_that_lets_nothing_run_but_files_of_the_site(
    shipped_site: BuiltSite,
) -> None:
    """Redirects too. What stands before a policy of the page itself is not ruled by it."""
    start = '<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="'
    policies = {shipped_site.read(page).partition(start)[2].partition('"')[0]
                for page in shipped_site.pages()}  # fmt: skip
    (policy,) = policies
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules.pop("default-src") == rules.pop("base-uri") == "'none'"
    assert rules.keys() >= {"script-src", "style-src", "img-src", "connect-src", "form-action"}
    assert set(rules.values()) == {"'self'"}


def test_nothing_that_the_policy_forbids_is_on_a_page(pages: dict[str, Elements]) -> None:
    for page, elements in pages.items():
        for tag, given in elements.found:
            assert tag != "style", f"/{page}"
            inline = [name for name in given if name == "style" or name.startswith("on")]
            assert inline == [], f"/{page}: <{tag}>"
            # A block of data is no script to a policy, and nothing runs it.
            is_data = given.get("type") == "application/ld+json"
            assert not (tag == "script" and "src" not in given and not is_data), f"/{page}"
            assert not (given.get("href") or "").startswith("javascript:"), f"/{page}"


def test_every_page_says_its_language_and_has_a_title(
    shipped_site: BuiltSite, pages: dict[str, Elements]
) -> None:
    for page, elements in pages.items():
        root = next(given for tag, given in elements.found if tag == "html")
        language = page.partition("/")[0] if re.match(r"[a-z]{2}/", page) else "en"
        assert root["lang"] == language
        assert root["dir"] == ("rtl" if language == "ar" else "ltr")
        assert re.search(r"<title>\s*\S[^<]*</title>", shipped_site.read(page)), f"/{page}"


def test_no_two_pages_of_a_section_share_a_title(
    shipped_site: BuiltSite, pages: dict[str, Elements]
) -> None:
    titles: dict[tuple[str, str], str] = {}
    for page in pages:
        section = re.match(r"([a-z]{2}/)?[^/]*", page)
        title = re.search(r"<title>(.*?)</title>", shipped_site.read(page), re.DOTALL)
        assert section
        assert title
        other = titles.setdefault((section[0], title[1]), page)
        assert other == page, f"/{page} and /{other} are both called {title[1]}"


def test_every_story_lists_its_sources(pages: dict[str, Elements]) -> None:
    stories = {p: e for p, e in pages.items() if re.fullmatch(r"(\w\w/)?stories/[^/]+/", p)}
    assert stories
    for page, elements in stories.items():
        first = next(
            (n for n, (_, given) in enumerate(elements.found) if given.get("id") == "_source-1"),
            None,
        )
        assert first is not None, f"/{page} lists no source"
        tag, given = elements.found[first + 1]
        assert tag == "a", f"/{page}: the first source leads nowhere"
        assert urlsplit(given["href"] or "").scheme in ("http", "https"), f"/{page}"


def test_feeds_are_whole_atom_feeds(shipped_site: BuiltSite) -> None:
    """RFC 4287: what each feed and entry must have, with absolute addresses and exact times."""
    feeds = sorted(shipped_site.folder.rglob("feed.xml"))
    assert len(feeds) > 3
    for file in feeds:
        root = ElementTree.parse(file).getroot()
        assert root.tag == f"{ATOM}feed"
        for node in (root, *root.iter(f"{ATOM}entry")):
            assert (node.findtext(f"{ATOM}title") or "").strip(), file
            absolute(node.findtext(f"{ATOM}id"))
            instant(node.findtext(f"{ATOM}updated"))
        for node in root.iter(f"{ATOM}published"):
            instant(node.text)
        for node in root.iter(f"{ATOM}link"):
            absolute(node.get("href"))
        assert root.findtext(f"{ATOM}author/{ATOM}name"), file
        ids = [node.findtext(f"{ATOM}id") for node in root.iter(f"{ATOM}entry")]
        assert len(ids) == len(set(ids)), file


def test_each_feed_says_in_json_what_it_says_in_atom(shipped_site: BuiltSite) -> None:
    """JSON Feed 1.1: what a feed and its items must have, beside the Atom feed."""
    for file in sorted(shipped_site.folder.rglob("feed.xml")):
        atom = ElementTree.parse(file).getroot()
        feed = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"] == atom.findtext(f"{ATOM}title")
        place = file.with_suffix(".json").relative_to(shipped_site.folder)
        assert feed["feed_url"] == f"https://example.org/{place.as_posix()}"
        assert [
            (item["id"], item["title"], item["content_text"], item["date_published"])
            for item in feed["items"]
        ] == [
            tuple(
                entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "summary", "published")
            )
            for entry in atom.iter(f"{ATOM}entry")
        ]


def test_the_feed_of_all_stories_has_the_newest_first(shipped_site: BuiltSite) -> None:
    root = ElementTree.fromstring(shipped_site.read("feed.xml"))
    dates = [node.text or "" for node in root.iter(f"{ATOM}published")]
    assert dates
    assert dates == sorted(dates, reverse=True)


def test_the_sitemap_has_absolute_addresses_and_dates(shipped_site: BuiltSite) -> None:
    root = ElementTree.fromstring(shipped_site.read("sitemap.xml"))
    assert root.tag == f"{SITEMAP}urlset"
    rows = root.findall(f"{SITEMAP}url")
    assert rows
    dated = 0
    for row in rows:
        absolute(row.findtext(f"{SITEMAP}loc"))
        modified = row.findtext(f"{SITEMAP}lastmod")
        if modified:
            datetime.fromisoformat(modified)
            dated += 1
    assert dated, "no page says when it changed"


def absolute(address: str | None) -> None:
    assert (address or "").startswith("https://example.org/"), address


def instant(text: str | None) -> None:
    assert RFC_3339.fullmatch(text or ""), text
    datetime.fromisoformat(text or "")
