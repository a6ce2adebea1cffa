"""Events in a reader's own calendar, and the stories that an entry's page lists."""

import datetime
import re

from icalendar import Calendar
from sites import ROOT, STORY, BuiltSite, lay_over_sound_site, published, put, run

EVENT = """---
title: "Forum; of teachers, day one"
summary: Teachers showed what they had made.
starts: 2024-03-11
{more}
---

There was [a science club](../stories/ke/science-club.md).
"""


def test_an_event_is_a_calendar_entry_of_whole_days(tmp_path) -> None:
    more = "ends: 2024-03-14\nplace: Barcelona\ncountry: ES"
    lay_over_sound_site(tmp_path, {"content/events/forum.md": EVENT.format(more=more)})
    assert run(tmp_path, "build").status == 0
    data = (tmp_path / "public/events/forum.ics").read_bytes()
    (event,) = Calendar.from_ical(data).events
    assert (event.start, event.end) == (datetime.date(2024, 3, 11), datetime.date(2024, 3, 15))
    assert str(event["summary"]) == "Forum; of teachers, day one"
    assert str(event["location"]) == "Barcelona, Spain"
    assert str(event["url"]) == "https://example.org/events/forum/"
    assert b"\r\n" in data
    assert max(map(len, data.split(b"\r\n"))) <= 75  # RFC 5545, 3.1


def test_the_calendar_of_all_events_has_each_once(shipped_site: BuiltSite) -> None:
    events = Calendar.from_ical(shipped_site.read("events.ics")).events
    written = len(list((ROOT / "content/events").glob("*.md")))
    assert len({event["uid"] for event in events}) == len(events) == written
    french = Calendar.from_ical(shipped_site.read("fr/events.ics")).events
    assert {e["uid"] for e in french} == {e["uid"] for e in events}


def test_an_events_page_lists_the_stories_that_it_links_to(tmp_path) -> None:
    lay_over_sound_site(tmp_path, {"content/events/forum.md": EVENT.format(more="")})
    assert run(tmp_path, "build").status == 0
    page = (tmp_path / "public/events/forum/index.html").read_text()
    assert 'href="/stories/science-club/"' in page.partition('id="_stories"')[2]
    assert 'href="/events/forum.ics"' in page


def test_an_entry_lists_a_story_whose_text_links_to_it(tmp_path) -> None:
    guide = "---\ntitle: A guide\nsummary: Advice.\n---\n\nText.\n"
    story = STORY + "\nIt follows [the guide](../../guides/advice.md).\n"
    files = {"content/guides/advice.md": guide, "content/stories/ke/science-club.md": story}
    lay_over_sound_site(tmp_path, files)
    assert run(tmp_path, "build").status == 0
    page = (tmp_path / "public/guides/advice/index.html").read_text()
    assert 'href="/stories/science-club/"' in page.partition('id="_stories"')[2]


def test_a_long_list_of_an_entry_is_paged(tmp_path) -> None:
    programme = "---\ntitle: A prize\nsummary: Given to teachers.\n---\n\nWhat it is.\n"
    lay_over_sound_site(tmp_path, {"content/programmes/prize.md": programme})
    named = STORY.replace("topics:", "programmes: [prize]\ntopics:")
    for n in range(30):
        put(tmp_path / f"content/stories/ke/club-{n:02}.md", named)
    assert run(tmp_path, "build").status == 0
    files = published(tmp_path / "public")
    pages = [files[f"programmes/prize/{p}index.html"].decode() for p in ("", "page/2/")]
    listed = [re.findall(r'<h4><a href="/stories/(club-\d\d)/"', page) for page in pages]
    assert [len(slugs) for slugs in listed] == [24, 6]
    assert len({*listed[0], *listed[1]}) == 30
    assert ["What it is." in page for page in pages] == [True, False]
