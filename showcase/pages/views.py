"""Views: all that a template may know, as frozen values. A page is a pure function of its view."""

from dataclasses import dataclass
from typing import TypedDict

#: A pattern that a page must define: its number, its turn, and the kind whose colour it wears.
Pattern = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its label. `language` is set when it leads to another language than the page's.

    `count` is a number written out, or "".
    """

    label: str
    url: str
    current: bool = False
    language: str = ""
    count: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plate:
    """A country's outline on its graticule, filled with a topic's pattern.

    `pattern` is the number of a pattern of the theme, `turn` 0 to 5 one of its six positions.
    """

    code: str
    path: str
    graticule: str
    kind: str = ""
    pattern: int = -1
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Margin:
    """A figure in the margin of a large plate: its position in the plate's 100 units, its text."""

    position: float
    label: str


@dataclass(frozen=True, slots=True)
class LargePlate:
    """A plate with its coordinates in the margins."""

    plate: Plate
    parallels: tuple[Margin, ...]
    meridians: tuple[Margin, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Locator:
    """A small map of the world with one place marked, in the map's units."""

    width: int
    height: int
    sphere: str
    land: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class StoryItem:
    """A story as a row of a list. `language` is set when it is not in the page's language."""

    url: str
    title: str
    summary: str
    place: str
    country: str
    year: str
    kind: str
    kind_label: str
    plate: Plate
    language: str = ""
    language_name: str = ""
    direction: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MapCountry:
    """A country on the map: `step` 0 to 4 says how many stories it has.

    x and y are the place of a small state's dot, -1 where there is none.
    """

    url: str
    label: str
    step: int
    path: str
    x: float = -1.0
    y: float = -1.0


@dataclass(frozen=True, slots=True)
class MapView:
    """The map of the world. `legend` names the five steps."""

    width: int
    height: int
    sphere: str
    graticule: str
    countries: tuple[MapCountry, ...]
    dots: tuple[MapCountry, ...]
    legend: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page of a long list stands; the links' labels are page numbers."""

    label: str
    previous: Link | None
    following: Link | None
    pages: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Chrome:
    """What stands on every page of a language; it changes rarely, and so does every page.

    `index` is the address of the search manifest, `root` the path below which the site lies,
    `offline` the address of the page of what is kept on the device, `worker` that of the service
    worker, or "".
    """

    site_title: str
    home: str
    navigation: tuple[Link, ...]
    footer: tuple[Link, ...]
    licence: Link
    contact: str
    feed: str
    search: str
    index: str
    root: str
    offline: Link
    worker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What every page has.

    `section` is the address of the part of the site that the page belongs to; `alternates` are the
    page in each language, this one included, `structured` what it says to search engines: JSON-LD
    that is safe in a data block.
    """

    language: str
    direction: str
    title: str
    description: str
    canonical: str
    section: str
    chrome: Chrome
    switcher: tuple[Link, ...] = ()
    alternates: tuple[Link, ...] = ()
    crumbs: tuple[Link, ...] = ()
    feed: Link | None = None
    patterns: tuple[Pattern, ...] = ()
    indexed: bool = True
    structured: str = ""


class Frame(TypedDict):
    """The fields of `View` that do not depend on what kind of page it is."""

    language: str
    direction: str
    title: str
    description: str
    canonical: str
    section: str
    chrome: Chrome
    switcher: tuple[Link, ...]
    alternates: tuple[Link, ...]
    crumbs: tuple[Link, ...]
    feed: Link | None
    indexed: bool


@dataclass(frozen=True, slots=True)
class Door:
    """One of the three ways in: teachers, schools, faculties."""

    kind: str
    label: str
    url: str
    description: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView(View):
    """The front page."""

    tagline: str
    counts: str
    map: MapView
    doors: tuple[Door, ...]
    featured: tuple[StoryItem, ...]
    newest: tuple[StoryItem, ...]
    regions: tuple[Link, ...]
    topics: tuple[Link, ...]
    all_stories: Link
    all_countries: Link
    find: Link


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Links under a heading."""

    label: str
    links: tuple[Link, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingView(View):
    """A list of stories, a page of it: all of them, or those of a kind, level, topic or region."""

    heading: str
    intro: str
    count: str
    items: tuple[StoryItem, ...]
    paging: Paging | None
    browse: tuple[LinkGroup, ...] = ()
    browse_label: str = ""
    browse_open: bool = False
    kind: str = ""
    pattern: int = -1
    empty: str = ""
    contribute: Link | None = None
    facets: bool = False


@dataclass(frozen=True, slots=True)
class StoryGroup:
    """Stories of one kind."""

    kind: str
    label: str
    items: tuple[StoryItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryView(View):
    """A country: its stories by kind, and what is around it.

    `keep` is the address of its first page where it can be kept for reading offline, else "".
    """

    heading: str
    plate: LargePlate
    locator: Locator
    region: Link | None
    subregion: str
    count: str
    groups: tuple[StoryGroup, ...]
    paging: Paging | None
    topics: tuple[Link, ...]
    institutions: tuple[Link, ...]
    neighbours: tuple[Link, ...]
    neighbours_label: str
    nearby: tuple[StoryItem, ...]
    contribute: Link
    keep: str


@dataclass(frozen=True, slots=True)
class CountryRow:
    """A country in the gazetteer of all."""

    name: str
    url: str
    region: Link | None
    count: int
    count_text: str


@dataclass(frozen=True, slots=True)
class LetterGroup:
    """The countries under one letter of the index."""

    letter: str
    anchor: str
    rows: tuple[CountryRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountriesView(View):
    """The map and the index of all countries."""

    heading: str
    intro: str
    map: MapView
    letters: tuple[LetterGroup, ...]
    regions: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the list of all."""

    name: str
    url: str
    description: str
    count: str
    pattern: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsView(View):
    """The vocabulary of topics."""

    heading: str
    intro: str
    topics: tuple[TopicRow, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what it is here, as text or links."""

    term: str
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A measured result and the number of its source."""

    measure: str
    value: str
    source: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as the list at the end gives it."""

    title: str
    url: str
    publisher: str
    date: str
    iso_date: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body, for the contents."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A picture in one format: its media type, and each copy as `address 480w`, narrowest first."""

    type: str
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the site with its size in pixels.

    `formats` come best first; the last is the one that every browser knows, and `url` leads to its
    widest copy.
    """

    url: str
    width: int
    height: int
    formats: tuple[PictureFormat, ...]
    alt: str
    credit: str = ""


#: A text: trusted HTML, which the Markdown stage made, and its pictures, in order.
Prose = tuple[str | Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView(View):
    """A story in full.

    `feedback` is the address that a correction goes to, "" where the site has none.
    """

    heading: str
    summary: str
    kind: str
    kind_label: str
    kind_url: str
    plate: LargePlate
    locator: Locator
    cover: Picture | None
    place: str
    facts: tuple[Fact, ...]
    needs: tuple[str, ...]
    contents: tuple[Heading, ...]
    body: Prose
    outcomes: tuple[OutcomeRow, ...]
    partners: tuple[Fact, ...]
    recognition: tuple[str, ...]
    inspired_by: tuple[StoryItem, ...]
    inspired: tuple[StoryItem, ...]
    sources: tuple[SourceRow, ...]
    related: tuple[StoryItem, ...]
    published: str
    published_iso: str
    updated: str
    updated_iso: str
    citation: str
    bibtex: str
    ris: str
    feedback: str
    outdated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView(View):
    """A programme, partner, event, guide or page about the site, with the stories naming it."""

    heading: str
    summary: str
    facts: tuple[Fact, ...]
    contents: tuple[Heading, ...]
    body: Prose
    questions: tuple[tuple[str, str], ...]
    sources: tuple[SourceRow, ...]
    count: str
    groups: tuple[StoryGroup, ...]
    paging: Paging | None


@dataclass(frozen=True, slots=True)
class EntryItem:
    """An entry of a collection as a row of its list."""

    url: str
    title: str
    summary: str
    note: str
    language: str = ""
    language_name: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionView(View):
    """The list of programmes, partners, events or guides."""

    heading: str
    intro: str
    items: tuple[EntryItem, ...]
    calendar: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView(View):
    """The search page; `browse` are the ways on without a script, `find` another way to search."""

    heading: str
    find: Link
    browse: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose in a form. `language` is set when its label is not in the page's."""

    code: str
    label: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindView(View):
    """The form that finds the stories nearest to its answers.

    `action` is where it leads without a script, `data` what the script reads, `browse` the ways on
    for a browser that runs none.
    """

    heading: str
    intro: str
    action: str
    data: str
    levels: tuple[Option, ...]
    topics: tuple[Option, ...]
    subjects: tuple[Option, ...]
    needs: tuple[Option, ...]
    countries: tuple[Option, ...]
    browse: tuple[LinkGroup, ...]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the open data: its name, what it means, the form of its values."""

    name: str
    meaning: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataView(View):
    """The open data: the files, and what is in them."""

    heading: str
    intro: str
    count: str
    files: tuple[Link, ...]
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineView(View):
    """The page of what is kept on the device, shown in the place of a page that is not."""

    heading: str
    intro: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerView(View):
    """What the service worker must know of the site: the address of each offline page."""

    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundView(View):
    """The page for addresses that do not exist."""

    heading: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A story in a feed; addresses are absolute and days are RFC 3339 instants."""

    title: str
    url: str
    summary: str
    published: str
    updated: str
    language: str
    country: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView(View):
    """An Atom feed (RFC 4287)."""

    url: str
    updated: str
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True)
class SitemapRow:
    """A page in the sitemap with its alternates; `modified` is a day or ""."""

    url: str
    modified: str
    alternates: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapView(View):
    """The sitemap (sitemaps.org protocol 0.9)."""

    rows: tuple[SitemapRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsView(View):
    """robots.txt (RFC 9309)."""

    sitemap: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectView(View):
    """A former address that leads to the present one."""

    url: str
