"""What the makers of pages share: addresses, story rows, and what stands on every page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from typing import Any

from msgspec.structs import replace

from showcase.content.fields import Kind
from showcase.data.geography import REGION_SLUGS, countries
from showcase.languages import Language
from showcase.pages.outputs import Page, Place
from showcase.pages.pictures import shown
from showcase.pages.plates import outline_label, story_plate
from showcase.pages.structured import Thing, breadcrumbs, data_block
from showcase.pages.views import (
    Chrome,
    Frame,
    Link,
    Paging,
    Picture,
    Prose,
    SocialPicture,
    StoryItem,
    View,
)
from showcase.pages.words import (
    KIND_PATHS,
    collection_label,
    kind_label,
    kinds_label,
    label_of_hole,
)
from showcase.site.model import AnyEntry, Site, Story, Target, Topic, Version

PAGE_SIZE = 24
CARD_SIZE = (1200, 630)  # pixels: what networks ask for
FOOTER_PAGES = ("about", "contribute", "accessibility", "privacy")


@dataclass(frozen=True)
class Context:
    """A site in one language. All paths it gives start with the site's base path."""

    site: Site
    language: Language
    languages: tuple[Language, ...]

    # --- addresses

    def url(self, path: str, language: str | None = None) -> str:
        """Return the address of a page, given by its path below the language's home."""
        return self._homes[language or self.language.code] + path

    @cached_property
    def _homes(self) -> dict[str, str]:
        config = self.site.config
        homes = {code: f"{config.base_path}{code}/" for code in self.site.languages}
        return {**homes, config.default_language: config.base_path}

    def absolute(self, url: str) -> str:
        """Return an address of this site with its scheme and host."""
        return self._host + url

    @cached_property
    def _host(self) -> str:
        return self.site.config.base_url.removesuffix(self.site.config.base_path)

    def file_of(self, url: str) -> str:
        """Return the file in the output folder that answers an address."""
        path = url.removeprefix(self.site.config.base_path)
        return path + "index.html" if path == "" or path.endswith("/") else path

    def entry_url(self, entry: AnyEntry, language: str | None = None) -> str:
        """Return the address of an entry's version in a language, or of the original."""
        version = entry.best(language or self.language.code)
        path = f"{entry.slug}/" if entry.collection == "pages" else f"{entry.key}/"
        return self.url(path, version.language)

    def country_url(self, code: str) -> str:
        """Return the address of a country's page."""
        return self.url(f"countries/{countries()[code].slug}/")

    def region_link(self, code: str) -> Link | None:
        """Return the link to a country's region; Antarctica has none."""
        region = countries()[code].region
        return (
            Link(self.language.territory(region), self.url(f"regions/{REGION_SLUGS[region]}/"))
            if region
            else None
        )

    def region_links(self) -> Iterator[Link]:
        """Yield the link to every region with its number of stories."""
        regions = [countries()[story.fields.country].region for story in self.site.stories]
        for code, slug in REGION_SLUGS.items():
            name, count = self.language.territory(code), regions.count(code)
            yield Link(name, self.url(f"regions/{slug}/"), count=self.language.number(count))

    def topic_link(self, topic: Topic, count: int | None = None) -> Link:
        """Return the link to a topic, with its number of stories when given."""
        link = self._topic_links[topic.slug]
        return link if count is None else replace(link, count=self.language.number(count))

    @cached_property
    def _topic_links(self) -> dict[str, Link]:
        name = self.site.config.text
        return {
            x.slug: Link(name(x.name, self.language.code), self.url(f"topics/{x.slug}/"))
            for x in self.site.topics
        }

    # --- stories

    @cached_property
    def by_topic(self) -> dict[str, list[Story]]:
        """The stories of each topic, newest first."""
        found: dict[str, list[Story]] = {topic.slug: [] for topic in self.site.topics}
        for story in self.site.stories:
            for slug in story.fields.topics:
                found[slug].append(story)
        return found

    @cached_property
    def topics(self) -> dict[str, tuple[int, Topic]]:
        """Topics by slug, with their position in the vocabulary."""
        return {topic.slug: (n, topic) for n, topic in enumerate(self.site.topics)}

    def rows(self, stories: Iterable[Story]) -> tuple[StoryItem, ...]:
        """Return the rows of stories; lists share them."""
        return tuple(map(self.row, stories))

    def row(self, story: Story) -> StoryItem:
        """Return a story as a row of a list."""
        found = self._rows.get(story.slug)
        if found is None:
            found = self._rows[story.slug] = self._made_row(story)
        return found

    @cached_property
    def _rows(self) -> dict[str, StoryItem]:
        return {}

    def _made_row(self, story: Story) -> StoryItem:
        version = story.best(self.language.code)
        fields = version.fields
        foreign = version.language != self.language.code
        other = self._by_code.get(version.language, self.language)
        place = fields.institution.name
        return StoryItem(
            url=self.entry_url(story),
            title=fields.title,
            summary=fields.summary,
            place=place,
            country=self.language.territory(fields.country),
            year=str(fields.year),
            kind=fields.kind,
            kind_label=kind_label(self.language, fields.kind),
            plate=story_plate(
                story.slug, fields.country, fields.kind, self.topics[fields.topics[0]][0]
            ),
            language=version.language if foreign else "",
            language_name=self.language.language_name(version.language) if foreign else "",
            direction=other.direction
            if foreign and other.direction != self.language.direction
            else "",
        )

    @cached_property
    def _by_code(self) -> dict[str, Language]:
        return {language.code: language for language in self.languages}

    def stories_count(self, number: int) -> str:
        """Return "3 stories" in the language."""
        return self.language.plural("%(number)s story", "%(number)s stories", number)

    # --- bodies

    def body(self, version: Version[Any]) -> Prose:
        """Return a version's body with every hole filled for the page's language.

        HTML and pictures take turns, so that a theme decides how a picture is shown.
        """
        document = version.document
        targets = self.site.targets[document.path]
        parts: list[str | Picture] = []
        html = [document.body.segments[0]]
        for hole, target, segment in zip(
            document.body.holes, targets, document.body.segments[1:], strict=True
        ):
            if hole.kind == "label":
                html.append(escape(label_of_hole(self.language, hole.target)))
            elif hole.kind == "video":
                html.append(f'<a href="{escape(target.to)}" rel="external">{escape(target.to)}</a>')
            elif hole.kind == "picture":
                parts += ["".join(html), self.picture(target.to, hole.alt)]
                html = []
            else:
                html.append(self._link(target))
            html.append(segment)
        return tuple(filter(None, (*parts, "".join(html))))

    def _link(self, target: Target) -> str:
        if target.kind == "outside":
            relation = "" if target.to.startswith("mailto:") else ' rel="external"'
            return f'href="{escape(target.to)}"{relation}'
        if target.kind == "none":
            return ""
        entry = self.site.by_key[target.to]
        anchor = f"#{target.anchor}" if target.anchor else ""
        language = entry.best(self.language.code).language
        foreign = f' hreflang="{language}"' if language != self.language.code else ""
        return f'href="{escape(self.entry_url(entry) + anchor)}"{foreign}'

    def picture(self, path: str, alt: str, credit: str = "") -> Picture:
        """Return a picture of content/ as a page shows it."""
        return shown(self.site.pictures[path], self.site.config.base_path, alt, credit)

    # --- what stands on every page

    @cached_property
    def chrome(self) -> Chrome:
        """Header and footer, the same on all pages of the language."""
        t, config = self.language.text, self.site.config
        navigation = [
            Link(t("Stories"), self.url("stories/")),
            Link(t("Countries"), self.url("countries/")),
            Link(t("Topics"), self.url("topics/")),
            *(
                Link(collection_label(self.language, name), self.url(f"{name}/"))
                for name in ("programmes", "partners", "events", "guides")
                if self.site.entries.get(name)
            ),
        ]
        footer = [self.find_link()]
        for slug in FOOTER_PAGES:
            entry = self.site.by_key.get(f"pages/{slug}")
            if entry:
                version = entry.best(self.language.code)
                foreign = version.language if version.language != self.language.code else ""
                footer.append(Link(version.fields.title, self.entry_url(entry), language=foreign))
        footer.append(Link(t("Open data"), self.url("data/")))
        return Chrome(
            site_title=config.text(config.title, self.language.code),
            home=self.url(""),
            navigation=tuple(navigation),
            footer=tuple(footer),
            licence=Link(config.licence, config.licence_url),
            contact=config.contact or "",
            feed=self.url("feed.xml"),
            search=self.url("search/"),
            index=self.url("search/index.json"),
            root=config.base_path,
            offline=Link(t("Reading offline"), self.url("offline/")),
            # Browsers allow one over HTTPS alone; a preview must not be answered by one.
            worker=config.base_path + "sw.js" if config.base_url.startswith("https:") else "",
        )

    def frame(
        self,
        place: Place,
        title: str,
        description: str,
        *,
        crumbs: Sequence[Link] = (),
        feed: Link | None = None,
        said: Sequence[Thing] = (),
        social: SocialPicture | None = None,
    ) -> Frame:
        """Return the fields that every view starts from.

        `said` is what the page says to search engines beside the way to it, `social` its picture
        in networks, if that is not the whole site's.
        """
        has = self._has(place)
        way = [breadcrumbs(self, crumbs)] if crumbs else []
        return Frame(
            language=self.language.code,
            direction=self.language.direction,
            title=title,
            description=description,
            canonical=self.canonical(place),
            section=self.url(_section(place.path)),
            chrome=self.chrome,
            switcher=tuple(
                Link(
                    x.name,
                    self.url(place.path if x in has else place.elsewhere, x.code),
                    current=x.code == self.language.code,
                    language=x.code,
                    note=""
                    if x in has or not place.indexed
                    else self.language.text("not translated yet"),
                )
                for x in self.languages
            ),
            alternates=self.alternates(place),
            crumbs=tuple(crumbs),
            feed=feed,
            indexed=place.indexed,
            structured=data_block(*said, *way),
            social=(social or self.social_card()) if place.indexed else None,
        )

    def social_card(self, country: str = "") -> SocialPicture | None:
        """Return the card of a country with stories, else of the world, if the site has cards."""
        if not self.site.config.social_cards:
            return None
        country = country if country in self.site.by_country else ""
        url = self.absolute(self.site.config.base_path + card_address(country))
        if not country:
            return SocialPicture(url, *CARD_SIZE, self.chrome.site_title)
        return SocialPicture(url, *CARD_SIZE, outline_label(self.language, country))

    def canonical(self, place: Place) -> str:
        """Return the address by which the world shall know a page."""
        return self.absolute(self.url(place.path))

    def alternates(self, place: Place) -> tuple[Link, ...]:
        """Return the page in each language that has it, or nothing when only one has."""
        has = self._has(place) if place.indexed else ()
        return tuple(
            Link(x.name, self.absolute(self.url(place.path, x.code)), language=x.code)
            for x in has
            if len(has) > 1
        )

    def _has(self, place: Place) -> Sequence[Language]:
        if place.versions is None:
            return self.languages
        return [x for x in self.languages if x.code in place.versions]

    def page(
        self,
        place: Place,
        template: str,
        make: Callable[..., View],
        *arguments: object,
        source: str = "",
        text: str = "",
        file: str = "",
    ) -> Page:
        """Return the output for the view that `make(context, place, *arguments)` gives.

        `source` is the content file to blame for it, `text` the digest of the one document whose
        words are on it; `file` the name of a file that is not a page's own but lies beside it.
        """
        address = self.file_of(self.url(place.path + file))
        view = partial(make, self, place, *arguments)
        return Page(address, template, self.language.code, place, view, source, text)

    def paged(self, path: str, stories: Sequence[Story]) -> Iterator["Part"]:
        """Yield the parts of a long list, a page each; an empty list has one."""
        total = max(1, -(-len(stories) // PAGE_SIZE))
        for n in range(1, total + 1):
            some = stories[(n - 1) * PAGE_SIZE : n * PAGE_SIZE]
            yield Part(path, n, total, tuple(some), len(stories))

    def paging(self, part: "Part") -> Paging | None:
        """Return where a part stands among the others; None when there are none."""
        t, number = self.language.text, self.language.number
        current, total = part.number, part.total
        if total == 1:
            return None

        def link(page: int, current: int = 0) -> Link:
            return Link(number(page), self.url(part.path_of(page)), current=page == current)

        near = {1, total, *range(max(1, current - 2), min(total, current + 2) + 1)}
        return Paging(
            t("Page %(page)s of %(pages)s", page=number(current), pages=number(total)),
            link(current - 1) if current > 1 else None,
            link(current + 1) if current < total else None,
            tuple(link(page, current) for page in sorted(near)),
        )

    def find_link(self) -> Link:
        """Return the link to the form that finds the nearest stories."""
        return Link(self.language.text("Find one like mine"), self.url("find/"))

    def contribute(self) -> Link:
        """Return the link to the page that tells how to send in a story."""
        entry = self.site.by_key.get("pages/contribute")
        return Link(
            self.language.text("How to send in a story"),
            self.entry_url(entry) if entry else self.url(""),
        )

    def kind_link(self, kind: Kind, count: int | None = None) -> Link:
        """Return the link to a door."""
        return Link(
            kinds_label(self.language, kind),
            self.url(KIND_PATHS[kind]),
            count="" if count is None else self.language.number(count),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A page's worth of a list of stories: number `number` of `total`, from 1.

    `path` is that of the whole list, which has `count` stories.
    """

    path: str
    number: int
    total: int
    stories: tuple[Story, ...]
    count: int

    @property
    def is_first(self) -> bool:
        """Whether this part stands at the list's own address."""
        return self.number == 1

    @property
    def place(self) -> Place:
        """The place of the part's page."""
        return Place(self.path_of(self.number))

    def path_of(self, number: int) -> str:
        """Return the path of the page with a number."""
        return self.path if number == 1 else f"{self.path}page/{number}/"


def card_address(country: str) -> str:
    """Return the file of a country's social card, or of the world's without a country."""
    return f"cards/{countries()[country].slug if country else 'world'}.png"


def _section(path: str) -> str:
    """Return the path of the part of the site, as the navigation has it, that a page belongs to."""
    first = path.partition("/")[0]
    if first in ("teachers", "schools", "faculties", "levels"):
        return "stories/"
    if first == "regions":
        return "countries/"
    return f"{first}/" if first else ""
