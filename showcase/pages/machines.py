"""Pages for programs: feeds, the sitemap, robots.txt, and redirects from former addresses."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace

from showcase.content.fields import KINDS
from showcase.data.geography import countries
from showcase.pages.context import Context
from showcase.pages.outputs import Output, Page
from showcase.pages.views import (
    FeedEntry,
    FeedView,
    RedirectView,
    RobotsView,
    SitemapRow,
    SitemapView,
)
from showcase.pages.words import KIND_PATHS, kinds_label
from showcase.site.model import Story

FEED_SIZE = 50


def feeds(context: Context) -> Iterator[Page]:
    """Yield the Atom feeds of the language: of all stories, each country, topic and kind."""
    site, t = context.site, context.language.text
    yield _feed(context, "", t("Stories"), site.stories)
    for kind in KINDS:
        found = [story for story in site.stories if story.fields.kind == kind]
        yield _feed(context, KIND_PATHS[kind], kinds_label(context.language, kind), found)
    for topic in site.topics:
        found = [story for story in site.stories if topic.slug in story.fields.topics]
        yield _feed(context, f"topics/{topic.slug}/", context.topic_link(topic).label, found)
    for code, stories in site.by_country.items():
        path = f"countries/{countries()[code].slug}/"
        yield _feed(context, path, context.language.territory(code), stories)


def in_json(feed: Page) -> Page:
    """Return the JSON Feed (1.1) that says what an Atom feed says, beside it."""
    address = feed.address.removesuffix("xml") + "json"
    return replace(feed, address=address, template="feed.json")


def _feed(context: Context, path: str, title: str, stories: Sequence[Story]) -> Page:
    language = context.language
    entries = []
    for story in stories[:FEED_SIZE]:
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
    frame = context.frame(path, title, "")
    view = FeedView(
        **frame,
        url=context.absolute(context.url(f"{path}feed.xml")),
        # A feed without entries has not changed since time began, rather than since the build.
        updated=max(
            (entry.updated for entry in entries), default=_instant(datetime.date(1970, 1, 1))
        ),
        entries=tuple(entries),
    )
    return context.page(f"{path}feed.xml", "feed.xml", view)


def _instant(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def machine_pages(context: Context, outputs: Sequence[Output]) -> Iterator[Page]:
    """Yield sitemap and robots.txt of the whole site, from the default language's context."""
    rows = []
    for output in outputs:
        if not isinstance(output, Page) or not output.address.endswith("index.html"):
            continue
        view = output.view
        if view.indexed and not isinstance(view, RedirectView):
            modified = getattr(view, "updated_iso", "") or getattr(view, "published_iso", "")
            rows.append(SitemapRow(view.canonical, modified, view.alternates))
    frame = context.frame("sitemap.xml", "", "", versions=(), indexed=False)
    view_of_site = SitemapView(**frame, rows=tuple(sorted(rows, key=lambda row: row.url)))
    yield context.page("sitemap.xml", "sitemap.xml", view_of_site)
    frame = context.frame("robots.txt", "", "", versions=(), indexed=False)
    sitemap = context.absolute(context.url("sitemap.xml"))
    yield context.page("robots.txt", "robots.txt", RobotsView(**frame, sitemap=sitemap))


def redirects(context: Context) -> Iterator[Page]:
    """Yield a page at each former address of an entry, in each language that has the entry."""
    for entry in context.site.by_key.values():
        for alias in entry.fields.aliases:
            if context.language.code in entry.versions:
                version = entry.versions[context.language.code]
                frame = context.frame(alias, version.fields.title, "", versions=(), indexed=False)
                frame["canonical"] = context.absolute(context.entry_url(entry))
                view = RedirectView(**frame, url=context.entry_url(entry))
                yield context.page(alias, "redirect.html", view, version.document.path)
