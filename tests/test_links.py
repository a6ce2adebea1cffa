"""Every address inside the shipped site leads somewhere, at the root of a host and below a path."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from sites import BuiltSite

REFERENCES = ("href", "src", "poster", "xlink:href", "action")


@dataclass
class Page(HTMLParser):
    """What a page points to: `(tag, address)`, its anchors and its versions."""

    address: str
    found: list[tuple[str, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    versions: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    language: str = ""
    is_redirect: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [(tag, given[name]) for name in REFERENCES if name in given]
        self.found += [
            (tag, candidate.split()[0])
            for candidate in given.get("srcset", "").split(",")
            if candidate.strip()
        ]
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "html":
            self.language = given["lang"]
        if tag == "meta" and given.get("http-equiv") == "refresh":
            self.is_redirect = True
            self.found.append((tag, given["content"].partition("url=")[2]))
        if tag == "meta" and given.get("property") in ("og:url", "og:image"):
            self.found.append((tag, given["content"]))
        if tag == "link" and given.get("rel") == "canonical":
            self.canonical = given["href"]
        if tag == "link" and given.get("rel") == "alternate" and "hreflang" in given:
            self.versions[given["hreflang"]] = given["href"]


class Crawl:
    """A built site with all that its files point to."""

    def __init__(self, site: BuiltSite) -> None:
        self.site = site
        self.base = urlsplit(site.base_url)
        self.pages = {}
        for address in site.pages():
            page = Page(address)
            page.feed(site.read(address))
            self.pages[address] = page

    @cached_property
    def files(self) -> set[str]:
        """The addresses of all files, those of index pages as folders."""
        folder = self.site.folder
        names = (
            file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
        )
        return {re.sub(r"(^|/)index\.html$", r"\1", name) for name in names}

    def inside(self, page: str, reference: str) -> str | None:
        """Return the path below the host that a reference leads to, None when it leads away."""
        whole = urlsplit(urljoin(self.site.base_url + page, reference))
        return whole.path if whole.netloc == self.base.netloc else None

    def place(self, page: str, reference: str) -> tuple[str, str] | None:
        """Return address and anchor that a reference of this site leads to, None for another's."""
        path = self.inside(page, reference)
        if path is None:
            return None
        anchor = urlsplit(reference).fragment
        return unquote(path).removeprefix(self.base.path), unquote(anchor)

    def references(self) -> Iterator[tuple[str, str]]:
        """Yield every reference of pages, feeds, style sheets, sitemap and robots.txt."""
        for address, page in self.pages.items():
            yield from ((address, reference) for _, reference in page.found)
        for file in sorted(self.site.folder.rglob("*.xml")):
            address = file.relative_to(self.site.folder).as_posix()
            for element in ElementTree.parse(file).iter():
                if "href" in element.attrib:
                    yield address, element.attrib["href"]
                elif element.tag.endswith(("}loc", "}id")) and element.text:
                    yield address, element.text
        for file in sorted(self.site.folder.rglob("*.css")):
            for reference in re.findall(r"url\(\s*[\"']?([^\"')]+)", file.read_text("utf-8")):
                yield file.relative_to(self.site.folder).as_posix(), reference
        for line in self.site.read("robots.txt").splitlines():
            if line.startswith("Sitemap:"):
                yield "robots.txt", line.partition(":")[2].strip()


@pytest.fixture(scope="module", params=["shipped_site", "shipped_site_below"])
def crawl(request: pytest.FixtureRequest) -> Crawl:
    return Crawl(request.getfixturevalue(request.param))


def test_every_address_inside_the_site_leads_to_a_file(crawl: Crawl) -> None:
    checked = 0
    broken = []
    for page, reference in crawl.references():
        place = crawl.place(page, reference)
        if place is not None:
            checked += 1
            if place[0] not in crawl.files:
                broken.append(f"{page}: {reference}")
    assert checked > len(crawl.pages)
    assert broken == []


def test_every_anchor_leads_to_an_element(crawl: Crawl) -> None:
    broken = []
    for address, page in crawl.pages.items():
        for _, reference in page.found:
            place = crawl.place(address, reference)
            if place and place[1] and place[0] in crawl.pages:
                target = crawl.pages[place[0]]
                if place[1] not in target.ids:
                    broken.append(f"{address}: {reference}")
    assert broken == []


def test_nothing_leaves_the_path_that_the_site_stands_below(crawl: Crawl) -> None:
    outside = []
    for page, reference in crawl.references():
        path = crawl.inside(page, reference)
        if path is not None and not path.startswith(crawl.base.path):
            outside.append(f"{page}: {reference}")
    assert outside == []


def test_the_versions_of_a_page_name_each_other(crawl: Crawl) -> None:
    """Each of them lists the same addresses, itself among them, as search engines ask."""
    with_versions = {a: p for a, p in crawl.pages.items() if p.versions}
    assert with_versions
    for address, page in with_versions.items():
        assert page.versions[page.language] == crawl.site.base_url + address
        for language, version in page.versions.items():
            place = crawl.place(address, version)
            assert place, f"{address} names {version}, which is not of this site"
            other = crawl.pages[place[0]]
            assert other.versions == page.versions, f"{address} and {place[0]} disagree"
            assert language in (other.language, "x-default")


def is_unlisted(address: str) -> bool:
    """Whether a page is for no search engine: it stands in the place of another."""
    return address == "404.html"


def test_the_same_page_exists_in_every_language_or_is_the_only_one(crawl: Crawl) -> None:
    """A page that stands in one language alone must not promise the others."""
    languages = {page.language for page in crawl.pages.values()}
    assert len(languages) > 1
    for address, page in crawl.pages.items():
        if page.versions or is_unlisted(address):
            continue
        elsewhere = [
            other
            for language in languages - {page.language}
            if (other := f"{language}/{address}") in crawl.pages
        ]
        assert page.is_redirect or not elsewhere, f"{address} does not name {elsewhere}"


def test_every_page_says_its_own_address(crawl: Crawl) -> None:
    for address, page in crawl.pages.items():
        if is_unlisted(address):
            assert page.canonical == ""
        elif page.is_redirect:
            assert page.canonical != crawl.site.base_url + address
        else:
            assert page.canonical == crawl.site.base_url + address


def test_every_page_is_reached_from_the_home_page(crawl: Crawl) -> None:
    reached = {""}
    waiting = [""]
    while waiting:
        address = waiting.pop()
        for tag, reference in crawl.pages[address].found:
            place = crawl.place(address, reference) if tag in ("a", "form") else None
            if place and place[0] in crawl.pages and place[0] not in reached:
                reached.add(place[0])
                waiting.append(place[0])
    unreached = crawl.pages.keys() - reached - {"404.html"}
    assert sorted(a for a in unreached if not crawl.pages[a].is_redirect) == []


def test_the_sitemap_lists_every_page_once(crawl: Crawl) -> None:
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    sitemap = ElementTree.fromstring(crawl.site.read("sitemap.xml"))
    listed = [element.text or "" for element in sitemap.iter(f"{namespace}loc")]
    pages = [
        crawl.site.base_url + address
        for address, page in crawl.pages.items()
        if not is_unlisted(address) and not page.is_redirect
    ]
    assert sorted(listed) == sorted(pages)


def test_every_feed_is_named_by_the_page_beside_it(crawl: Crawl) -> None:
    for file in sorted(crawl.site.folder.rglob("feed.xml")):
        feed = file.relative_to(crawl.site.folder).as_posix()
        page = crawl.pages[posixpath.dirname(feed) + "/" if "/" in feed else ""]
        places = [crawl.place(page.address, reference) for _, reference in page.found]
        assert (feed, "") in places, f"{page.address or 'the home page'} does not name {feed}"
