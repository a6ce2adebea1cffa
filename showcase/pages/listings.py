"""Lists of stories: all, by kind, by level, by topic, by region."""

from collections.abc import Iterator, Sequence

from showcase.content.fields import KINDS, LEVELS, Kind
from showcase.data.geography import REGION_SLUGS, countries
from showcase.pages.context import Context, Part
from showcase.pages.outputs import Page, Place
from showcase.pages.plates import PATTERNS, patterns_of
from showcase.pages.views import Link, LinkGroup, ListingView, TopicRow, TopicsView
from showcase.pages.words import (
    KIND_PATHS,
    kind_description,
    kinds_label,
    level_label,
)
from showcase.site.model import Story


def listing_pages(context: Context) -> Iterator[Page]:
    """Yield every list of stories, page by page, and the list of topics."""
    t, stories = context.language.text, context.site.stories
    home = Link(t("Stories"), context.url("stories/"))
    yield from _listing(
        context,
        "stories/",
        t("Stories"),
        "",
        stories,
        browse=_ways(context),
        browse_label=t("Browse by kind, level, region or topic"),
    )
    for kind in KINDS:
        yield from _listing(
            context,
            KIND_PATHS[kind],
            kinds_label(context.language, kind),
            kind_description(context.language, kind),
            [story for story in stories if story.fields.kind == kind],
            crumbs=(home,),
            feed=f"{KIND_PATHS[kind]}feed.xml",
            kind=kind,
        )
    for level in LEVELS:
        yield from _listing(
            context,
            f"levels/{level}/",
            level_label(context.language, level),
            "",
            [story for story in stories if story.fields.level == level],
            crumbs=(home,),
        )
    yield context.page(Place("topics/"), "topics.html", _topics)
    topics = Link(t("Topics"), context.url("topics/"))
    for position, topic in enumerate(context.site.topics):
        yield from _listing(
            context,
            f"topics/{topic.slug}/",
            context.topic_link(topic).label,
            context.site.config.text(topic.description, context.language.code),
            [story for story in stories if topic.slug in story.fields.topics],
            crumbs=(topics,),
            feed=f"topics/{topic.slug}/feed.xml",
            pattern=position % PATTERNS,
        )
    for code, slug in REGION_SLUGS.items():
        yield from _listing(
            context,
            f"regions/{slug}/",
            context.language.territory(code),
            "",
            [s for s in stories if countries()[s.fields.country].region == code],
            crumbs=(Link(t("Countries"), context.url("countries/")),),
            browse=_subregions(context, code),
            browse_label=t("Countries"),
            browse_open=True,
        )


def _listing(
    context: Context,
    path: str,
    heading: str,
    intro: str,
    stories: Sequence[Story],
    *,
    crumbs: Sequence[Link] = (),
    feed: str = "",
    browse: tuple[LinkGroup, ...] = (),
    browse_label: str = "",
    browse_open: bool = False,
    kind: Kind | str = "",
    pattern: int = -1,
) -> Iterator[Page]:
    t = context.language.text

    def view(context: Context, place: Place, part: Part) -> ListingView:
        paging, items = context.paging(part), context.rows(part.stories)
        title = heading if part.is_first or not paging else f"{heading} – {paging.label}"
        patterns = {*patterns_of(item.plate for item in items)}
        if pattern >= 0:
            patterns.add((pattern, 0, ""))
        return ListingView(
            **context.frame(
                place,
                title,
                intro or t("%(heading)s: stories with their sources.", heading=heading),
                crumbs=crumbs,
                feed=Link(title, context.url(feed)) if feed else None,
            ),
            patterns=tuple(sorted(patterns)),
            heading=heading,
            intro=intro,
            count=context.stories_count(len(stories)),
            items=items,
            paging=paging,
            browse=browse,
            browse_label=browse_label,
            browse_open=browse_open and part.is_first,
            kind=kind,
            pattern=pattern,
            empty="" if stories else t("There is no story here yet."),
            contribute=None if stories else context.contribute(),
            facets=path == "stories/",
        )

    for part in context.paged(path, stories):
        yield context.page(part.place, "listing.html", view, part)


def _ways(context: Context) -> tuple[LinkGroup, ...]:
    """Return the ways to browse all stories, with counts."""
    t, stories = context.language.text, context.site.stories

    def count(slugs: Sequence[str], slug: str) -> str:
        return context.language.number(slugs.count(slug))

    kinds = [s.fields.kind for s in stories]
    levels = [s.fields.level for s in stories]
    topics = [topic for s in stories for topic in s.fields.topics]
    return (
        LinkGroup(t("Kind"), tuple(context.kind_link(kind, kinds.count(kind)) for kind in KINDS)),
        LinkGroup(
            t("Level"),
            tuple(
                Link(level_label(context.language, level), context.url(f"levels/{level}/"),
                     count=count(levels, level))
                for level in LEVELS
            ),
        ),
        LinkGroup(t("Region"), tuple(context.region_links())),
        LinkGroup(
            t("Topic"),
            tuple(context.topic_link(x, topics.count(x.slug)) for x in context.site.topics),
        ),
    )  # fmt: skip


def _subregions(context: Context, region: str) -> tuple[LinkGroup, ...]:
    """Return the countries of a region under the names of its parts."""
    parts: dict[str, list[Link]] = {}
    for code, country in countries().items():
        if country.region == region:
            number = len(context.site.by_country.get(code, ()))
            count = context.language.number(number) if number else ""
            name = context.language.territory(code)
            parts.setdefault(country.subregion, []).append(
                Link(name, context.country_url(code), count=count)
            )
    order = context.language.order
    return tuple(
        LinkGroup(
            context.language.territory(part), tuple(sorted(links, key=lambda x: order(x.label)))
        )
        for part, links in sorted(
            parts.items(), key=lambda x: order(context.language.territory(x[0]))
        )
    )


def _topics(context: Context, place: Place) -> TopicsView:
    t = context.language.text
    counts = [slug for story in context.site.stories for slug in story.fields.topics]
    return TopicsView(
        **context.frame(place, t("Topics"), t("What the stories are about.")),
        patterns=tuple((n, 0, "") for n in range(min(PATTERNS, len(context.site.topics)))),
        heading=t("Topics"),
        intro=t(
            "Every topic has a pattern of its own; a story’s cover wears that of its main topic."
        ),
        topics=tuple(
            TopicRow(
                context.topic_link(topic).label,
                context.topic_link(topic).url,
                context.site.config.text(topic.description, context.language.code),
                context.stories_count(counts.count(topic.slug)),
                position % PATTERNS,
            )
            for position, topic in enumerate(context.site.topics)
        ),
    )
