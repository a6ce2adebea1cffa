"""Programmes, partners, events, guides, and the pages about the site."""

from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from showcase.content.fields import (
    KINDS,
    EventFields,
    GuideFields,
    PartnerFields,
    ProgrammeFields,
)
from showcase.pages.calendars import ALL_EVENTS, calendar_path
from showcase.pages.context import Context, Part
from showcase.pages.countries import by_kind
from showcase.pages.outputs import Page, Place
from showcase.pages.plates import patterns_of
from showcase.pages.stories import source_rows
from showcase.pages.structured import Thing, event, questions
from showcase.pages.views import CollectionView, EntryItem, EntryView, Fact, Heading, Link
from showcase.pages.words import (
    collection_description,
    collection_label,
    gift_label,
    sort_label,
)
from showcase.site.model import AnyEntry, Version


def entry_pages(context: Context) -> Iterator[Page]:
    """Yield each collection's list, and the page of every entry that has a version here."""
    for collection, entries in context.site.entries.items():
        if collection != "pages" and entries:
            place = Place(f"{collection}/")
            yield context.page(place, "collection.html", _collection, collection, entries)
        for entry in entries:
            version = entry.versions.get(context.language.code)
            if version:
                yield from _entry(context, entry, version)


def _entry(context: Context, entry: AnyEntry, version: Version[object]) -> Iterator[Page]:  # type: ignore[type-var]
    a_page = entry.collection == "pages"
    stories = sorted(
        () if a_page else context.site.stories_of.get(entry.key, ()),
        key=lambda story: _ORDER[story.fields.kind],
    )
    for part in context.paged(f"{entry.slug}/" if a_page else f"{entry.key}/", stories):
        elsewhere = "" if a_page else f"{entry.collection}/"
        place = replace(part.place, versions=tuple(entry.versions), elsewhere=elsewhere)
        text = version.document
        yield context.page(
            place, "entry.html", _view, entry, version, part, source=text.path, text=text.digest
        )


_ORDER = {kind: n for n, kind in enumerate(KINDS)}


def _view(
    context: Context,
    place: Place,
    entry: AnyEntry,
    version: Version[object],  # type: ignore[type-var]
    part: Part,
) -> EntryView:
    language, first = context.language, part.is_first
    fields = entry.best(language.code).fields
    crumbs = []
    if entry.collection != "pages":
        label = collection_label(language, entry.collection)
        crumbs = [Link(label, context.url(f"{entry.collection}/"))]
    headings = version.document.body.headings
    paging = context.paging(part)
    groups = by_kind(context, part.stories)
    return EntryView(
        **context.frame(
            place,
            fields.title if first or not paging else f"{fields.title} – {paging.label}",
            fields.summary or "",
            crumbs=crumbs if first else [*crumbs, Link(fields.title, context.url(part.path))],
            said=list(_said(context, entry, fields)) if first else (),
        ),
        patterns=patterns_of([item.plate for group in groups for item in group.items]),
        heading=fields.title,
        summary=fields.summary or "",
        facts=tuple(_facts(context, fields, entry.slug)) if first else (),
        contents=tuple(Heading(h.level, h.anchor, h.text) for h in headings) if first else (),
        body=context.body(version) if first else (),
        questions=tuple((q.question, q.answer) for q in getattr(fields, "faq", ()) if first),
        sources=source_rows(context, getattr(fields, "sources", ()) if first else ()),
        count=context.stories_count(part.count) if part.count else "",
        groups=groups,
        paging=paging,
    )


def _said(context: Context, entry: AnyEntry, fields: object) -> Iterator[Thing]:
    match fields:
        case EventFields():
            yield event(context, fields, context.absolute(context.entry_url(entry)))
        case GuideFields() if fields.faq:
            yield questions(fields.faq)


def _facts(context: Context, fields: object, slug: str) -> Iterator[Fact]:
    t, language = context.language.text, context.language
    match fields:
        case ProgrammeFields():
            if fields.runs:
                end = str(fields.runs.to) if fields.runs.to else t("today")
                years = t("%(start)s to %(end)s", start=fields.runs.from_, end=end)
                yield Fact(t("Years"), (Link(years, ""),))
            if fields.audience:
                yield Fact(t("For"), (Link(fields.audience, ""),))
            if fields.members:
                yield Fact(
                    t("Members"),
                    tuple(
                        Link(
                            member.institution,
                            member.url or "",
                            note=language.territory(member.country) if member.country else "",
                        )
                        for member in fields.members
                    ),
                )
        case PartnerFields():
            yield Fact(t("Sort"), (Link(sort_label(language, fields.sort), ""),))
            if fields.offers:
                offers = language.all_of([gift_label(language, gift) for gift in fields.offers])
                yield Fact(t("Offers"), (Link(offers, ""),))
            if fields.url:
                yield Fact(t("Website"), (Link(fields.url, fields.url),))
        case EventFields():
            yield Fact(t("Date"), (Link(_days(context, fields), ""),))
            place = [fields.place] if fields.place else []
            place += [language.territory(fields.country)] if fields.country else []
            place += [t("online")] if fields.online else []
            if place:
                yield Fact(t("Place"), (Link(" · ".join(place), ""),))
            programme = context.site.by_key.get(f"programmes/{fields.programme}")
            if programme:
                title = programme.best(language.code).fields.title
                yield Fact(t("Programme"), (Link(title, context.entry_url(programme)),))
            if fields.url:
                yield Fact(t("Website"), (Link(fields.url, fields.url),))
            file = Link(t("Add to a calendar"), context.url(calendar_path(slug)))
            yield Fact(t("Calendar"), (file,))
        case GuideFields():
            if fields.audience:
                yield Fact(t("For"), (Link(fields.audience, ""),))


def _days(context: Context, fields: EventFields) -> str:
    starts = context.language.date(fields.starts)
    if fields.ends is None or fields.ends == fields.starts:
        return starts
    return f"{starts} – {context.language.date(fields.ends)}"


def _collection(
    context: Context, place: Place, collection: str, entries: tuple[AnyEntry, ...]
) -> CollectionView:
    language = context.language
    label = collection_label(language, collection)
    if collection == "events":
        entries = tuple(sorted(entries, key=lambda e: (e.fields.starts, e.slug), reverse=True))
    else:
        titles = {e.slug: language.order(e.best(language.code).fields.title) for e in entries}
        entries = tuple(sorted(entries, key=lambda e: (titles[e.slug], e.slug)))
    items = []
    for entry in entries:
        version = entry.best(language.code)
        fields = version.fields
        note = ""
        if isinstance(fields, EventFields):
            note = _days(context, fields)
        elif isinstance(fields, PartnerFields):
            note = sort_label(language, fields.sort)
        item = EntryItem(context.entry_url(entry), fields.title, fields.summary, note)
        if version.language != language.code:
            other = next(x for x in context.languages if x.code == version.language)
            name = language.language_name(version.language)
            item = structs.replace(
                item, language=version.language, language_name=name, direction=other.direction
            )
        items.append(item)
    intro = collection_description(language, collection)
    return CollectionView(
        **context.frame(place, label, intro),
        heading=label,
        intro=intro,
        items=tuple(items),
        calendar=Link(language.text("All events as a calendar"), context.url(ALL_EVENTS))
        if collection == "events"
        else None,
    )
