"""The atlas proper: the index of countries and a page for each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import acos, cos, radians, sin

from showcase.content.fields import KINDS
from showcase.data.geography import Country, countries
from showcase.pages.context import Context, Part
from showcase.pages.outputs import Page, Place
from showcase.pages.plates import country_plate, large, locator, map_view, patterns_of
from showcase.pages.views import (
    CountriesView,
    CountryRow,
    CountryView,
    LetterGroup,
    Link,
    MapView,
    StoryGroup,
)
from showcase.pages.words import kinds_label
from showcase.site.model import Story

NEARBY = 6


def country_pages(context: Context) -> Iterator[Page]:
    """Yield the index of countries and the page of every country, with stories or without."""
    yield context.page(Place("countries/"), "countries.html", _index)
    for code in countries():
        yield from _country(context, code)


def world(context: Context) -> MapView:
    """Return the map with the number of stories of each country."""
    counts = {code: len(stories) for code, stories in context.site.by_country.items()}
    return map_view(
        context.language, counts, {code: context.country_url(code) for code in countries()}
    )


def by_kind(context: Context, stories: Sequence[Story]) -> tuple[StoryGroup, ...]:
    """Return stories in groups of their kind, in the order of the doors."""
    return tuple(
        StoryGroup(kind, kinds_label(context.language, kind), context.rows(found))
        for kind in KINDS
        if (found := [story for story in stories if story.fields.kind == kind])
    )


def _index(context: Context, place: Place) -> CountriesView:
    t, language = context.language.text, context.language
    names = sorted(countries(), key=lambda code: language.order(language.territory(code)))

    def row(code: str) -> CountryRow:
        count = len(context.site.by_country.get(code, ()))
        return CountryRow(
            language.territory(code),
            context.country_url(code),
            context.region_link(code),
            count,
            language.number(count) if count else "",
        )

    groups = groupby(names, key=lambda code: language.order(language.territory(code))[:1].upper())
    with_stories = len(context.site.by_country)
    return CountriesView(
        **context.frame(place, t("Countries"), t("Every country, with its stories.")),
        heading=t("Countries"),
        intro=language.plural(
            "%(number)s country has stories so far; every country has a page.",
            "%(number)s countries have stories so far; every country has a page.",
            with_stories,
        ),
        map=world(context),
        letters=tuple(
            LetterGroup(letter, f"letter-{number}", tuple(row(code) for code in codes))
            for number, (letter, codes) in enumerate(groups, 1)
        ),
        regions=tuple(context.region_links()),
    )


def _country(context: Context, code: str) -> Iterator[Page]:
    stories = sorted(
        context.site.by_country.get(code, ()), key=lambda story: _ORDER[story.fields.kind]
    )
    for part in context.paged(f"countries/{countries()[code].slug}/", stories):
        yield context.page(part.place, "country.html", _country_view, code, stories, part)


_ORDER = {kind: n for n, kind in enumerate(KINDS)}


def _country_view(
    context: Context, place: Place, code: str, stories: Sequence[Story], part: Part
) -> CountryView:
    t, language, country = context.language.text, context.language, countries()[code]
    name = language.territory(code)
    region = context.region_link(code)
    neighbours = [
        Link(
            language.territory(other),
            context.country_url(other),
            count=language.number(len(context.site.by_country.get(other, ()))),
        )
        for other in country.neighbours
    ]
    about = Counter(slug for story in stories for slug in story.fields.topics)
    topics = sorted(about, key=lambda slug: (-about[slug], context.topics[slug][0]))
    named = {s.best(language.code).fields.institution.name: s for s in stories}
    institutions = sorted(named.items(), key=lambda item: language.order(item[0]))
    paging = context.paging(part)
    nearby = () if stories else context.rows(_nearby(context, code))
    groups = by_kind(context, part.stories)
    rows = [*nearby, *(item for group in groups for item in group.items)]
    feed = Link(name, context.url(f"{part.path}feed.xml")) if stories else None
    return CountryView(
        **context.frame(
            place,
            name if part.is_first or not paging else f"{name} – {paging.label}",
            t(
                "%(country)s: %(stories)s",
                country=name,
                stories=context.stories_count(len(stories)),
            ),
            crumbs=[
                Link(t("Countries"), context.url("countries/")),
                *([region] if region else []),
            ],
            feed=feed,
            social=context.social_card(code),
        ),
        patterns=patterns_of([row.plate for row in rows]),
        heading=name,
        plate=large(language, country_plate(code)),
        locator=locator(code),
        region=region,
        subregion=language.territory(country.subregion) if country.subregion else "",
        count=context.stories_count(len(stories)) if stories else t("No story yet"),
        groups=groups,
        paging=paging,
        topics=tuple(context.topic_link(context.topics[x][1], about[x]) for x in topics),
        institutions=tuple(
            Link(
                institution,
                context.entry_url(story),
                note=story.best(language.code).fields.institution.place or "",
            )
            for institution, story in institutions
        ),
        neighbours=tuple(neighbours),
        neighbours_label=t("Neighbours") if country.borders else t("Nearest countries"),
        nearby=nearby,
        contribute=context.contribute(),
        keep=context.url(part.path) if stories and context.chrome.worker else "",
    )


def _nearby(context: Context, code: str) -> list[Story]:
    """Return stories from around a country without one, one country in turn.

    First its neighbours, then theirs, then whoever is nearest: an island may have none with a
    story.
    """
    here = countries()[code]
    near = [*here.neighbours]
    near += [other for first in near[:8] for other in countries()[first].neighbours]
    if not any(other in context.site.by_country for other in near):
        near = sorted(context.site.by_country, key=lambda x: _distance(here, countries()[x]))[:4]
    seen = dict.fromkeys(other for other in near if other != code)
    stories = [context.site.by_country.get(other, ()) for other in seen]
    turns = max(map(len, stories), default=0)
    return [found[turn] for turn in range(turns) for found in stories if turn < len(found)][:NEARBY]


def _distance(one: Country, other: Country) -> float:
    """Return the angle in radians between two countries' middles, along a great circle."""
    a, b = radians(one.latitude), radians(other.latitude)
    apart = radians(one.longitude - other.longitude)
    return acos(max(-1.0, min(1.0, sin(a) * sin(b) + cos(a) * cos(b) * cos(apart))))
