"""Story pages: the story in full, and the stories related to it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from showcase.content.fields import Source, StoryFields
from showcase.data.geography import countries
from showcase.pages.cite import Reference, bibtex, ris
from showcase.pages.context import Context
from showcase.pages.feedback import feedback
from showcase.pages.outputs import Page, Place
from showcase.pages.plates import large, locator, patterns_of, story_plate
from showcase.pages.structured import article
from showcase.pages.views import (
    Fact,
    Heading,
    Link,
    OutcomeRow,
    SocialPicture,
    SourceRow,
    StoryItem,
    StoryView,
)
from showcase.pages.words import (
    KIND_PATHS,
    gift_label,
    kind_label,
    level_label,
    need_label,
)
from showcase.site.assemble import cover_path
from showcase.site.model import Story, Version

RELATED = 4


def story_pages(context: Context, rings: "Rings") -> Iterator[Page]:
    """Yield the page of every story that has a version in the language."""
    for story in context.site.stories:
        version = story.versions.get(context.language.code)
        if version:
            fields = version.fields
            place = Place(
                f"{story.key}/",
                tuple(story.versions),
                elsewhere=f"countries/{countries()[fields.country].slug}/",
                modified=(fields.updated or fields.published).isoformat(),
            )
            text = version.document
            yield context.page(
                place, "story.html", _story, story, version, rings,
                source=text.path, text=text.digest,
            )  # fmt: skip


def _story(
    context: Context, at: Place, story: Story, version: Version[StoryFields], rings: "Rings"
) -> StoryView:
    fields, language, t = version.fields, context.language, context.language.text
    related = rings.related(context, story)
    inspired_by = context.rows(
        entry
        for slug in fields.inspired_by
        if (entry := context.site.by_key.get(f"stories/{slug}"))
    )
    inspired = context.rows(context.site.spread.get(story.slug, ()))
    plate = story_plate(
        story.slug, fields.country, fields.kind, context.topics[fields.topics[0]][0]
    )
    place = language.territory(fields.country)
    cover = cover_path(story)
    updated = fields.updated
    reference = Reference(
        story.slug,
        fields.title,
        context.chrome.site_title,
        updated or fields.published,
        context.absolute(context.entry_url(story)),
        version.language,
    )
    crumbs = (
        Link(t("Countries"), context.url("countries/")),
        Link(place, context.country_url(fields.country)),
    )
    picture = (
        context.picture(cover, fields.cover.alt or "", fields.cover.credit or "")
        if fields.cover
        else None
    )
    social = (
        SocialPicture(context.absolute(picture.url), picture.width, picture.height, picture.alt)
        if picture
        else context.social_card(fields.country)
    )
    return StoryView(
        **context.frame(
            at,
            fields.title,
            fields.summary,
            crumbs=crumbs,
            said=[article(context, version, reference.url, social.url if social else "")],
            social=social,
        ),
        patterns=patterns_of([plate, *(i.plate for i in (*related, *inspired_by, *inspired))]),
        heading=fields.title,
        summary=fields.summary,
        kind=fields.kind,
        kind_label=kind_label(language, fields.kind),
        kind_url=context.url(KIND_PATHS[fields.kind]),
        plate=large(language, plate),
        locator=locator(fields.country),
        cover=picture,
        place=" · ".join(filter(None, (fields.institution.place, place))),
        facts=tuple(_facts(context, fields)),
        needs=tuple(need_label(language, need) for need in fields.needs),
        contents=tuple(Heading(h.level, h.anchor, h.text) for h in version.document.body.headings),
        body=context.body(version),
        outcomes=tuple(OutcomeRow(o.measure, o.value, o.source) for o in fields.outcomes),
        partners=tuple(_partners(context, fields)),
        recognition=fields.recognition,
        inspired_by=inspired_by,
        inspired=inspired,
        sources=source_rows(context, fields.sources),
        related=related,
        published=language.date(fields.published),
        published_iso=fields.published.isoformat(),
        updated=language.date(updated) if updated else "",
        updated_iso=updated.isoformat() if updated else "",
        citation=t(
            "“%(title)s”, %(site)s, %(date)s, %(address)s",
            title=fields.title,
            site=context.chrome.site_title,
            date=language.date(updated or fields.published),
            address=reference.url,
        ),
        bibtex=bibtex(reference),
        ris=ris(reference),
        feedback=feedback(context, fields.title, reference.url),
        outdated=version.outdated,
    )


def _facts(context: Context, fields: StoryFields) -> Iterator[Fact]:
    t, n = context.language.text, context.language.plural
    if fields.people:
        people = tuple(Link(p.name, "", note=p.role or "") for p in fields.people)
        yield Fact(n("Person", "People", len(people)), people)
    institution = fields.institution
    yield Fact(t("Institution"), (Link(institution.name, institution.url or ""),))
    country = Link(context.language.territory(fields.country), context.country_url(fields.country))
    place = (Link(institution.place, ""),) if institution.place else ()
    yield Fact(t("Place"), (*place, country))
    level = context.url(f"levels/{fields.level}/")
    yield Fact(t("Level"), (Link(level_label(context.language, fields.level), level),))
    if fields.subjects:
        yield Fact(t("Subjects"), tuple(Link(subject, "") for subject in fields.subjects))
    topics = tuple(context.topic_link(context.topics[slug][1]) for slug in fields.topics)
    yield Fact(n("Topic", "Topics", len(topics)), topics)
    programmes = tuple(
        Link(entry.best(context.language.code).fields.title, context.entry_url(entry))
        for slug in fields.programmes
        if (entry := context.site.by_key.get(f"programmes/{slug}"))
    )
    if programmes:
        yield Fact(n("Programme", "Programmes", len(programmes)), programmes)
    yield Fact(t("Year"), (Link(str(fields.year), ""),))


def _partners(context: Context, fields: StoryFields) -> Iterator[Fact]:
    for partnership in fields.partners:
        gave = [gift_label(context.language, gift) for gift in partnership.gave]
        note = context.language.all_of(gave) if gave else ""
        entry = context.site.by_key.get(f"partners/{partnership.partner}")
        if entry:
            name = entry.best(context.language.code).fields.title
            yield Fact(note, (Link(name, context.entry_url(entry)),))
        elif partnership.name:
            yield Fact(note, (Link(partnership.name, ""),))


def source_rows(context: Context, sources: Sequence[Source]) -> tuple[SourceRow, ...]:
    """Return sources as a page lists them."""
    return tuple(
        SourceRow(
            source.title,
            source.url,
            source.publisher,
            context.language.partial_date(source.date) if source.date else "",
            source.date or "",
        )
        for source in sources
    )


class Rings:
    """Stories in rings by what they share; a story's relations are those next to it.

    Walking on from a story's own place gives every story its turn at being related, and a story
    that comes or goes changes the pages of its neighbours in the rings only.
    """

    def __init__(self, stories: Sequence[Story]) -> None:
        self._stories = stories
        self._reasons: dict[tuple[str, tuple[str, ...], str], str] = {}
        self._same: dict[str, dict[tuple[str, ...], list[Story]]] = {}
        self._place: dict[str, dict[tuple[str, tuple[str, ...]], int]] = {}

    def close(self) -> None:
        """Put the stories into their rings; else the first page that asks does, in its process."""
        by_slug = sorted(self._stories, key=lambda story: story.slug)
        for name, keys in _SHARED.items():
            rings: dict[tuple[str, ...], list[Story]] = defaultdict(list)
            places: dict[tuple[str, tuple[str, ...]], int] = {}
            for story in by_slug:
                for key in keys(story.fields):
                    ring = rings[key]
                    places[story.slug, key] = len(ring)
                    ring.append(story)
            self._same[name], self._place[name] = rings, places

    def related(self, context: Context, story: Story) -> tuple[StoryItem, ...]:
        """Return the rows of up to four related stories, each with the reason."""
        if not self._same:
            self.close()
        found: dict[str, StoryItem] = {}
        for name, keys in _SHARED.items():
            for key in keys(story.fields):
                ring = self._same[name][key]
                place = self._place[name][story.slug, key]
                for step in range(1, min(len(ring), RELATED + len(found) + 1)):
                    other = ring[(place + step) % len(ring)]
                    if other.slug not in found:
                        because = (name, key, context.language.code)
                        reason = self._reasons.get(because)
                        if reason is None:
                            reason = _reason(context, name, story.fields, key)
                            self._reasons[because] = reason
                        found[other.slug] = replace(context.row(other), reason=reason)
                        break
            if len(found) >= RELATED:
                break
        return tuple(found.values())[:RELATED]


_SHARED: Mapping[str, Callable[[StoryFields], list[tuple[str, ...]]]] = {
    "topic and level": lambda fields: [(fields.topics[0], fields.level)],
    "country": lambda fields: [(fields.country,)],
    "topic": lambda fields: [(topic,) for topic in fields.topics],
    "kind and level": lambda fields: [(fields.kind, fields.level)],
}


def _reason(context: Context, name: str, fields: StoryFields, key: tuple[str, ...]) -> str:
    t = context.language.text
    level = level_label(context.language, fields.level)
    if name == "country":
        return t("Also in %(country)s", country=context.language.territory(fields.country))
    if name == "kind and level":
        kind = kind_label(context.language, fields.kind)
        return t("Also: %(kind)s, %(level)s", kind=kind, level=level)
    topic = context.topic_link(context.topics[key[0]][1]).label
    if name == "topic":
        return t("Also about: %(topic)s", topic=topic)
    return t("Also about: %(topic)s, %(level)s", topic=topic, level=level)
