"""Events as iCalendar files, for a reader's own calendar."""

import datetime
from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import urlsplit

from showcase import __version__
from showcase.content.fields import EventFields
from showcase.pages.context import Context
from showcase.pages.outputs import File
from showcase.site.model import Entry
from showcase.storage import digest_of

ALL_EVENTS = "events.ics"
_Row = tuple[str, str, str, str, str, datetime.date, datetime.date, datetime.date]


def calendar_path(slug: str) -> str:
    """Return the path of an event's file below its language's home."""
    return f"events/{slug}.ics"


def calendars(context: Context) -> Iterator[File]:
    """Yield a calendar file for every event that has a version here, and one of all events."""
    events: tuple[Entry[EventFields], ...] = context.site.entries.get("events", ())
    for event in events:
        if context.language.code in event.versions:
            source = event.versions[context.language.code].document.path
            yield _file(context, calendar_path(event.slug), [event], source)
    if events:
        yield _file(context, ALL_EVENTS, events, "")


def _file(context: Context, path: str, events: Sequence[Entry[EventFields]], source: str) -> File:
    rows = tuple(_row(context, event) for event in events)
    key = digest_of(b"calendar 1", repr(rows).encode())
    return File(context.file_of(context.url(path)), key, partial(_made, rows), source)


def _row(context: Context, event: Entry[EventFields]) -> _Row:
    fields = event.best(context.language.code).fields
    place = [fields.place] if fields.place else []
    place += [context.language.territory(fields.country)] if fields.country else []
    return (
        f"{event.slug}@{urlsplit(context.site.config.base_url).hostname}",
        fields.title,
        fields.summary,
        ", ".join(place),
        context.absolute(context.entry_url(event)),
        fields.starts,
        fields.ends or fields.starts,
        fields.updated or fields.starts,
    )


def _made(rows: Sequence[_Row]) -> bytes:
    """Return an iCalendar stream (RFC 5545) of whole days; its DTEND is the day after the last."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", f"-//showcase//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for uid, title, summary, place, url, first, last, stamp in rows:
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", datetime.datetime.combine(stamp, datetime.time(), datetime.UTC))
        event.add("dtstart", first)
        event.add("dtend", last + datetime.timedelta(days=1))
        event.add("summary", title)
        event.add("description", summary)
        if place:
            event.add("location", place)
        event.add("url", url)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
