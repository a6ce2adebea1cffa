"""Open data: all stories as JSON and CSV, all countries as GeoJSON, and the page about them.

The files are in the default language, from the same fields as the pages, so their counts are equal.
"""

import csv
import dataclasses
import datetime
import io
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any

import msgspec
from msgspec import msgpack

from showcase.content.fields import KINDS, LEVELS, NEEDS, Partnership
from showcase.data.geography import countries
from showcase.pages.context import Context
from showcase.pages.outputs import File, Page, Place
from showcase.pages.structured import dataset
from showcase.pages.views import DataView, FieldRow, Link
from showcase.search.shards import as_json
from showcase.site.model import Story
from showcase.storage import digest_of

STORIES_JSON, STORIES_CSV, COUNTRIES = "stories.json", "stories.csv", "countries.geojson"


def data_files(context: Context) -> Iterator[File]:
    """Yield the three files, from the context of the default language; each is made when wanted."""
    site = context.site
    about = repr(site.config).encode()
    told = [
        (
            story.slug,
            sorted(story.versions),
            story.original.document.outline,
            [value(context, story) for name, _, value in _FIELDS if name in _OTHERS],
        )
        for story in site.stories
    ]
    counted = sorted((story.fields.country, story.fields.kind) for story in site.stories)
    stories, nations = msgpack.encode(told), msgpack.encode(counted)
    yield File(
        f"data/{STORIES_JSON}", digest_of(b"json 1", about, stories), partial(_json, context)
    )
    yield File(f"data/{STORIES_CSV}", digest_of(b"csv 1", about, stories), partial(_csv, context))
    yield File(
        f"data/{COUNTRIES}", digest_of(b"geojson 1", about, nations), partial(_geojson, context)
    )


def data_pages(context: Context) -> Iterator[Page]:
    """Yield the page that says what the files hold."""
    yield context.page(Place("data/"), "data.html", _view)


def _view(context: Context, place: Place) -> DataView:
    t = context.language.text
    root = context.site.config.base_path + "data/"
    heading = t("Open data")
    intro = t("All stories and all countries as files, for your own maps, lists and studies.")
    files = (
        Link(STORIES_JSON, root + STORIES_JSON, note=t("every story with all its fields")),
        Link(STORIES_CSV, root + STORIES_CSV, note=t("the same as a table for a spreadsheet")),
        Link(
            COUNTRIES, root + COUNTRIES, note=t("each country as a point with its stories counted")
        ),
    )
    return DataView(
        **context.frame(place, heading, intro, said=[dataset(context, heading, intro, files)]),
        heading=heading,
        intro=intro,
        count=context.stories_count(len(context.site.stories)),
        files=files,
        fields=tuple(FieldRow(name, meaning, form) for name, meaning, form in _dictionary(context)),
    )


# --- what a story is in the data

_DAY = "YYYY-MM-DD"
#: Fields in which only entries that are on the site are named.
_OTHERS = ("partners", "programmes", "inspired_by")

#: Every field with its form and how it is read from a story.
_FIELDS: Sequence[tuple[str, str, Callable[[Context, Story], object]]] = (
    ("slug", "a-z, 0-9, -", lambda context, story: story.slug),
    ("url", "URL", lambda context, story: context.absolute(context.entry_url(story))),
    ("title", "", lambda context, story: story.fields.title),
    ("summary", "", lambda context, story: story.fields.summary),
    ("language", "BCP 47", lambda context, story: story.original.language),
    ("languages", "BCP 47", lambda context, story: sorted(story.versions)),
    ("country", "ISO 3166-1 alpha-2", lambda context, story: story.fields.country),
    ("kind", ", ".join(KINDS), lambda context, story: story.fields.kind),
    ("level", ", ".join(LEVELS), lambda context, story: story.fields.level),
    ("topics", "", lambda context, story: story.fields.topics),
    ("subjects", "", lambda context, story: story.fields.subjects),
    ("needs", ", ".join(NEEDS), lambda context, story: story.fields.needs),
    ("year", "YYYY", lambda context, story: story.fields.year),
    ("published", _DAY, lambda context, story: story.fields.published),
    ("updated", _DAY, lambda context, story: story.fields.updated),
    ("institution", "name, place, url", lambda context, story: story.fields.institution),
    ("people", "name, role", lambda context, story: story.fields.people),
    ("partners", "partner, name, gave", lambda context, story: _partners(context, story)),
    (
        "programmes",
        "",
        lambda context, story: _shown(context, "programmes", story.fields.programmes),
    ),
    ("recognition", "", lambda context, story: story.fields.recognition),
    ("outcomes", "measure, value, source", lambda context, story: story.fields.outcomes),
    (
        "inspired_by",
        "",
        lambda context, story: _shown(context, "stories", story.fields.inspired_by),
    ),
    ("sources", "title, url, publisher, date", lambda context, story: story.fields.sources),
)


def _dictionary(context: Context) -> Iterator[tuple[str, str, str]]:
    t, n = context.language.text, context.language.plural
    meanings = {
        "slug": t("Name of the story in addresses"),
        "url": t("Address of the page"),
        "title": t("Title"),
        "summary": t("What it is about, in one or two sentences"),
        "language": t("Language of the original"),
        "languages": t("Languages it can be read in"),
        "country": t("Country"),
        "kind": t("Kind"),
        "level": t("Level"),
        "topics": n("Topic", "Topics", 2),
        "subjects": t("Subjects"),
        "needs": t("What it needs"),
        "year": t("Year that it is mainly about"),
        "published": t("Day it appeared here"),
        "updated": t("Day it last changed"),
        "institution": t("Institution"),
        "people": n("Person", "People", 2),
        "partners": t("Partners, and what they gave"),
        "programmes": n("Programme", "Programmes", 2),
        "recognition": t("Recognition"),
        "outcomes": t("Outcomes, each with the number of its source"),
        "inspired_by": t("Where the idea came from"),
        "sources": t("Sources"),
    }
    for name, form, _ in _FIELDS:
        yield name, meanings[name], form


def _shown(context: Context, collection: str, slugs: Sequence[str]) -> list[str]:
    """Return the names of entries that are on the site: those of a draft are nobody's yet."""
    return [slug for slug in slugs if f"{collection}/{slug}" in context.site.by_key]


def _partners(context: Context, story: Story) -> list[Partnership]:
    by_key = context.site.by_key
    return [x for x in story.fields.partners if x.name or f"partners/{x.partner}" in by_key]


def _record(context: Context, story: Story) -> dict[str, object]:
    return {name: _plain(value(context, story)) for name, _, value in _FIELDS}


def _plain(value: Any) -> object:
    """Return a value as JSON has it."""
    if isinstance(value, str):  # most are
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if _fields_of(value.__class__):
        return {name: _plain(part) for name, part in _parts(value)}
    return value


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a value with their names; one that says nothing is left out."""
    for name in _fields_of(value.__class__):
        part = getattr(value, name)
        if part is not None and part != ():
            yield name, part


@cache
def _fields_of(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields; any other type has none."""
    return tuple(kind.__dataclass_fields__) if dataclasses.is_dataclass(kind) else ()


# --- the files


def _json(context: Context) -> bytes:
    config = context.site.config
    about = {
        "title": context.chrome.site_title,
        "url": config.base_url,
        "licence": config.licence,
        "licence_url": config.licence_url,
        "stories": [_record(context, story) for story in context.site.stories],
    }
    return msgspec.json.format(as_json(about), indent=1) + b"\n"


def _csv(context: Context) -> bytes:
    """Return the stories as RFC 4180 has it, with the mark that tells a spreadsheet of UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([name for name, _, _ in _FIELDS])
    for story in context.site.stories:
        writer.writerow([cell(value(context, story)) for _, _, value in _FIELDS])
    return text.getvalue().encode("utf-8-sig")


def cell(value: object) -> str:
    """Return a value as a cell of a table: items parted by `; `, the parts of one by ` | `.

    A spreadsheet would run a text that begins like a formula; an apostrophe keeps it a text
    (OWASP: CSV injection).
    """
    text = _flat(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return "; ".join(map(_flat, value))
    if _fields_of(value.__class__):
        return " | ".join([_flat(part) for _, part in _parts(value)])
    return str(value)  # a date is written as ISO 8601 has it


def _geojson(context: Context) -> bytes:
    """Return every country as a point (RFC 7946) with the number of its stories, by kind."""
    language = context.language
    features = []
    for code, country in countries().items():
        kinds = [story.fields.kind for story in context.site.by_country.get(code, ())]
        region = country.region and language.territory(country.region)
        properties: dict[str, object] = {
            "name": language.territory(code),
            "region": region,
            "url": context.absolute(context.country_url(code)),
            "stories": len(kinds),
        }
        properties |= {kind: kinds.count(kind) for kind in KINDS}
        features.append(
            {
                "type": "Feature",
                "id": code,
                "geometry": {
                    "type": "Point",
                    "coordinates": [country.longitude, country.latitude],
                },
                "properties": properties,
            }
        )
    return as_json({"type": "FeatureCollection", "features": features}) + b"\n"
