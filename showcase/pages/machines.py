"""Pages for programs: feeds, sitemap, robots.txt, security.txt, and redirects."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from showcase.content.fields import KINDS
from showcase.data.geography import countries
from showcase.pages.context import Context
from showcase.pages.outputs import Output, Page, Place
from showcase.pages.views import (
    FeedEntry,
    FeedView,
    RedirectView,
    RobotsView,
    SecurityView,
    SitemapRow,
    SitemapView,
)
from showcase.pages.words import KIND_PATHS, kinds_label
from showcase.site.model import AnyEntry, Story

FEED_SIZE = 50


def feeds(context: Context) -> Iterator[Page]:
    """Yield the Atom feeds of the language: of all stories, each country, topic and kind."""
    site, t = context.site, context.language.text
    yield _feed(context, "", t("Stories"), site.stories)
    for kind in KINDS:
        found = [story for story in site.stories if story.fields.kind == kind]
        yield _feed(context, KIND_PATHS[kind], kinds_label(context.language, kind), found)
    for topic in site.topics:
        found = context.by_topic[topic.slug]
        yield _feed(context, f"topics/{topic.slug}/", context.topic_link(topic).label, found)
    for code, stories in site.by_country.items():
        path = f"countries/{countries()[code].slug}/"
        yield _feed(context, path, context.language.territory(code), stories)


def in_json(feed: Page) -> Page:
    """Return the JSON Feed (1.1) that says what an Atom feed says, beside it."""
    address = feed.address.removesuffix("xml") + "json"
    return replace(feed, address=address, template="feed.json")


def _feed(context: Context, path: str, title: str, stories: Sequence[Story]) -> Page:
    place = Place(path)
    latest = tuple(stories[:FEED_SIZE])
    return context.page(place, "feed.xml", _feed_view, title, latest, file="feed.xml")


def _feed_view(context: Context, place: Place, title: str, stories: Sequence[Story]) -> FeedView:
    language = context.language
    entries = []
    for story in stories:
        version = story.best(language.code)
        fields = version.fields
        entries.append(
            FeedEntry(
                title=fields.title,
                url=context.absolute(context.entry_url(story)),
                summary=fields.summary,
                published=_instant(fields.published),
                updated=_instant(fields.updated or fields.published),
                language=version.language,
                country=language.territory(fields.country),
                categories=tuple(
                    context.topic_link(context.topics[t][1]).label for t in fields.topics
                ),
            )
        )
    return FeedView(
        **context.frame(place, title, ""),
        url=context.absolute(context.url(f"{place.path}feed.xml")),
        # A feed without entries has not changed since time began, rather than since the build.
        updated=max(
            (entry.updated for entry in entries), default=_instant(datetime.date(1970, 1, 1))
        ),
        entries=tuple(entries),
    )


def _instant(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def machine_pages(
    contexts: Mapping[str, Context], first: Context, outputs: Sequence[Output]
) -> Iterator[Page]:
    """Yield what the whole site has once, from the default language's context."""
    pages = [
        (contexts[output.language], output.place)
        for output in outputs
        if isinstance(output, Page)
        and output.place.indexed
        and output.address.endswith("index.html")
    ]
    yield first.page(Place("sitemap.xml", (), indexed=False), "sitemap.xml", _sitemap, pages)
    yield first.page(Place("robots.txt", (), indexed=False), "robots.txt", _robots)
    if first.site.config.contact:
        place = Place(".well-known/security.txt", (), indexed=False)
        yield first.page(place, "security.txt", _security)


def _sitemap(context: Context, place: Place, pages: Sequence[tuple[Context, Place]]) -> SitemapView:
    rows = [SitemapRow(c.canonical(at), at.modified, c.alternates(at)) for c, at in pages]
    rows.sort(key=lambda row: row.url)
    return SitemapView(**context.frame(place, "", ""), rows=tuple(rows))


def _robots(context: Context, place: Place) -> RobotsView:
    sitemap = context.absolute(context.url("sitemap.xml"))
    return RobotsView(**context.frame(place, "", ""), sitemap=sitemap)


def _security(context: Context, place: Place) -> SecurityView:
    """Return security.txt; it changes once a month, so that it holds for ten or eleven more."""
    contact, today = context.site.config.contact or "", context.site.today
    months = today.year * 12 + today.month - 1 + 11
    expires = datetime.date(months // 12, months % 12 + 1, 1)
    return SecurityView(
        **context.frame(place, "", ""),
        contact=contact if "://" in contact else f"mailto:{quote(contact, safe='@+')}",
        expires=_instant(expires),
        languages=context.site.languages,
    )


def redirects(context: Context) -> Iterator[Page]:
    """Yield a page at each former address of an entry, in each language that has the entry."""
    for entry in context.site.by_key.values():
        for alias in entry.fields.aliases:
            if context.language.code in entry.versions:
                source = entry.versions[context.language.code].document.path
                place = Place(alias, (), indexed=False)
                yield context.page(place, "redirect.html", _redirect, entry, source=source)


def _redirect(context: Context, place: Place, entry: AnyEntry) -> RedirectView:
    url = context.entry_url(entry)
    frame = context.frame(place, entry.best(context.language.code).fields.title, "")
    frame["canonical"] = context.absolute(url)
    return RedirectView(**frame, url=url)
