"""Views: all that a template may know, as frozen values. A page is a pure function of its view."""

from typing import TypedDict

from msgspec import Struct

#: A pattern that a page must define: its number, its turn, and the kind whose colour it wears.
Pattern = tuple[int, int, str]


class Link(Struct, frozen=True):
    """A link with its label. `language` is set when it leads to another language than the page's.

    `count` is a number written out, or "".
    """

    label: str
    url: str
    current: bool = False
    language: str = ""
    count: str = ""
    note: str = ""


class Plate(Struct, frozen=True):
    """A country's outline on its graticule, filled with a topic's pattern.

    `pattern` is the number of a pattern of the theme, `turn` 0 to 5 one of its six positions.
    """

    code: str
    path: str
    graticule: str
    kind: str = ""
    pattern: int = -1
    turn: int = 0


class Margin(Struct, frozen=True):
    """A figure in the margin of a large plate: its position in the plate's 100 units, its text."""

    position: float
    label: str


class LargePlate(Struct, frozen=True):
    """A plate with its coordinates in the margins."""

    plate: Plate
    parallels: tuple[Margin, ...]
    meridians: tuple[Margin, ...]
    title: str


class Locator(Struct, frozen=True):
    """A small map of the world with one place marked, in the map's units."""

    width: int
    height: int
    sphere: str
    land: str
    x: float
    y: float


class StoryItem(Struct, frozen=True):
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


class MapCountry(Struct, frozen=True):
    """A country on the map: `step` 0 to 4 says how many stories it has.

    x and y are the place of a small state's dot, -1 where there is none.
    """

    url: str
    label: str
    step: int
    path: str
    x: float = -1.0
    y: float = -1.0


class MapView(Struct, frozen=True):
    """The map of the world. `legend` names the five steps."""

    width: int
    height: int
    sphere: str
    graticule: str
    countries: tuple[MapCountry, ...]
    dots: tuple[MapCountry, ...]
    legend: tuple[str, ...]


class Paging(Struct, frozen=True):
    """Where a page of a long list stands; the links' labels are page numbers."""

    label: str
    previous: Link | None
    following: Link | None
    pages: tuple[Link, ...]


class Chrome(Struct, frozen=True):
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


class SocialPicture(Struct, frozen=True):
    """The picture that networks show beside a link to a page; its address is absolute."""

    url: str
    width: int
    height: int
    alt: str


class View(Struct, frozen=True, kw_only=True):
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
    social: SocialPicture | None = None


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
    structured: str
    social: SocialPicture | None


class Door(Struct, frozen=True):
    """One of the three ways in: teachers, schools, faculties."""

    kind: str
    label: str
    url: str
    description: str
    count: str


class HomeView(View, frozen=True, kw_only=True):
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


class LinkGroup(Struct, frozen=True):
    """Links under a heading."""

    label: str
    links: tuple[Link, ...]
    anchor: str = ""


class ListingView(View, frozen=True, kw_only=True):
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


class StoryGroup(Struct, frozen=True):
    """Stories of one kind."""

    kind: str
    label: str
    items: tuple[StoryItem, ...]


class CountryView(View, frozen=True, kw_only=True):
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


class CountryRow(Struct, frozen=True):
    """A country in the gazetteer of all."""

    name: str
    url: str
    region: Link | None
    count: int
    count_text: str


class LetterGroup(Struct, frozen=True):
    """The countries under one letter of the index."""

    letter: str
    anchor: str
    rows: tuple[CountryRow, ...]


class CountriesView(View, frozen=True, kw_only=True):
    """The map and the index of all countries."""

    heading: str
    intro: str
    map: MapView
    letters: tuple[LetterGroup, ...]
    regions: tuple[Link, ...]


class TopicRow(Struct, frozen=True):
    """A topic in the list of all."""

    name: str
    url: str
    description: str
    count: str
    pattern: int


class TopicsView(View, frozen=True, kw_only=True):
    """The vocabulary of topics."""

    heading: str
    intro: str
    topics: tuple[TopicRow, ...]


class Fact(Struct, frozen=True):
    """A term and what it is here, as text or links."""

    term: str
    values: tuple[Link, ...]


class OutcomeRow(Struct, frozen=True):
    """A measured result and the number of its source."""

    measure: str
    value: str
    source: int


class SourceRow(Struct, frozen=True):
    """A source as the list at the end gives it."""

    title: str
    url: str
    publisher: str
    date: str
    iso_date: str


class Heading(Struct, frozen=True):
    """A heading of the body, for the contents."""

    level: int
    anchor: str
    text: str


class PictureFormat(Struct, frozen=True):
    """A picture in one format: its media type, and each copy as `address 480w`, narrowest first."""

    type: str
    copies: tuple[str, ...]


class Picture(Struct, frozen=True):
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


class StoryView(View, frozen=True, kw_only=True):
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


class EntryView(View, frozen=True, kw_only=True):
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


class EntryItem(Struct, frozen=True):
    """An entry of a collection as a row of its list."""

    url: str
    title: str
    summary: str
    note: str
    language: str = ""
    language_name: str = ""
    direction: str = ""


class CollectionView(View, frozen=True, kw_only=True):
    """The list of programmes, partners, events or guides."""

    heading: str
    intro: str
    items: tuple[EntryItem, ...]
    calendar: Link | None = None


class SearchView(View, frozen=True, kw_only=True):
    """The search page; `browse` are the ways on without a script, `find` another way to search."""

    heading: str
    find: Link
    browse: tuple[Link, ...]


class Option(Struct, frozen=True):
    """A value to choose in a form. `language` is set when its label is not in the page's."""

    code: str
    label: str
    language: str = ""


class FindView(View, frozen=True, kw_only=True):
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


class FieldRow(Struct, frozen=True):
    """A field of the open data: its name, what it means, the form of its values."""

    name: str
    meaning: str
    form: str


class DataView(View, frozen=True, kw_only=True):
    """The open data: the files, and what is in them."""

    heading: str
    intro: str
    count: str
    files: tuple[Link, ...]
    fields: tuple[FieldRow, ...]


class OfflineView(View, frozen=True, kw_only=True):
    """The page of what is kept on the device, shown in the place of a page that is not."""

    heading: str
    intro: str


class WorkerView(View, frozen=True, kw_only=True):
    """What the service worker must know of the site: the address of each offline page."""

    pages: tuple[str, ...]


class NotFoundView(View, frozen=True, kw_only=True):
    """The page for addresses that do not exist."""

    heading: str
    links: tuple[Link, ...]


class FeedEntry(Struct, frozen=True):
    """A story in a feed; addresses are absolute and days are RFC 3339 instants."""

    title: str
    url: str
    summary: str
    published: str
    updated: str
    language: str
    country: str
    categories: tuple[str, ...]


class FeedView(View, frozen=True, kw_only=True):
    """An Atom feed (RFC 4287)."""

    url: str
    updated: str
    entries: tuple[FeedEntry, ...]


class SitemapRow(Struct, frozen=True):
    """A page in the sitemap with its alternates; `modified` is a day or ""."""

    url: str
    modified: str
    alternates: tuple[Link, ...]


class SitemapView(View, frozen=True, kw_only=True):
    """The sitemap (sitemaps.org protocol 0.9)."""

    rows: tuple[SitemapRow, ...]


class RobotsView(View, frozen=True, kw_only=True):
    """robots.txt (RFC 9309)."""

    sitemap: str


class SecurityView(View, frozen=True, kw_only=True):
    """security.txt (RFC 9116): whom to tell of a weakness, and until when that holds."""

    contact: str
    expires: str
    languages: tuple[str, ...]


class RedirectView(View, frozen=True, kw_only=True):
    """A former address that leads to the present one."""

    url: str
