"""The front page, and the page for addresses that do not exist."""

from collections.abc import Iterator

from showcase.content.fields import KINDS
from showcase.pages.context import Context
from showcase.pages.countries import world
from showcase.pages.outputs import Page, Place
from showcase.pages.plates import patterns_of
from showcase.pages.views import Door, HomeView, Link, NotFoundView
from showcase.pages.words import KIND_PATHS, kind_description, kinds_label
from showcase.site.model import Story

FEATURED = 3
NEWEST = 10


def home_pages(context: Context) -> Iterator[Page]:
    """Yield the front page of the language and, for the default one, 404.html."""
    yield context.page(Place(""), "home.html", _home)
    if context.language.code == context.site.config.default_language:
        yield context.page(Place("404.html", (), indexed=False), "404.html", _not_found)


def _home(context: Context, place: Place) -> HomeView:
    t, site, language = context.language.text, context.site, context.language
    tagline = site.config.text(site.config.tagline, language.code)
    counts = [slug for story in site.stories for slug in story.fields.topics]
    featured = [story for story in site.stories if story.fields.featured][:FEATURED]
    chosen = featured or _one_of_each_kind(site.stories)
    rows = context.rows(chosen)
    newest = context.rows([story for story in site.stories if story not in chosen][:NEWEST])
    stories = context.stories_count(len(site.stories))
    nations = language.plural("%(number)s country", "%(number)s countries", len(site.by_country))
    feed = Link(t("Stories"), context.url("feed.xml"))
    return HomeView(
        **context.frame(place, context.chrome.site_title, tagline, feed=feed),
        patterns=patterns_of([row.plate for row in (*rows, *newest)]),
        tagline=tagline,
        counts=t("%(stories)s from %(countries)s", stories=stories, countries=nations),
        map=world(context),
        doors=tuple(
            Door(
                kind,
                kinds_label(language, kind),
                context.url(KIND_PATHS[kind]),
                kind_description(language, kind),
                context.stories_count(sum(s.fields.kind == kind for s in site.stories)),
            )
            for kind in KINDS
        ),
        featured=rows,
        newest=newest,
        regions=tuple(context.region_links()),
        topics=tuple(
            context.topic_link(topic, counts.count(topic.slug))
            for topic in site.topics
            if topic.slug in counts
        ),
        all_stories=Link(t("All stories"), context.url("stories/")),
        all_countries=Link(t("All countries, as a list"), context.url("countries/")),
    )


def _one_of_each_kind(stories: tuple[Story, ...]) -> list[Story]:
    """Return the newest story of each kind, for a site whose editors feature none."""
    newest = {story.fields.kind: story for story in reversed(stories)}
    return [newest[kind] for kind in KINDS if kind in newest]


def _not_found(context: Context, place: Place) -> NotFoundView:
    t = context.language.text
    return NotFoundView(
        **context.frame(place, t("Page not found"), ""),
        heading=t("Page not found"),
        links=(
            Link(t("Stories"), context.url("stories/")),
            Link(t("Countries"), context.url("countries/")),
            Link(t("Topics"), context.url("topics/")),
        ),
    )
