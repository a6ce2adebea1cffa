"""What pages say to search engines and networks, and security.txt."""

import datetime
import json
import re
from html import unescape
from typing import Any

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser
from sites import ROOT, BuiltSite, lay_over_sound_site, run

from showcase.data.geography import countries, outline, world_map
from showcase.pages import cards

PLAIN = "content/site.yml"
SITE = """title: Test atlas
tagline: Stories for tests
base_url: https://example.org/atlas/
languages: [en, fr]
"""


def things(html: str) -> dict[str, dict[str, Any]]:
    """What a page says to search engines, by type; each type once."""
    blocks = LexborHTMLParser(html).css('script[type="application/ld+json"]')
    found = [thing for block in blocks for thing in json.loads(block.text())["@graph"]]
    said = {thing["@type"]: thing for thing in found}
    assert len(said) == len(found)
    return said


def meta(html: str) -> dict[str, str]:
    found = LexborHTMLParser(html).css("meta[property], meta[name]")
    pairs = ((x.attributes.get("property") or x.attributes["name"], x) for x in found)
    return {name or "": x.attributes["content"] or "" for name, x in pairs}


def test_a_story_is_about_its_people_and_its_institution(shipped_site: BuiltSite) -> None:
    stories = json.loads(shipped_site.read("data/stories.json"))["stories"]
    for story in stories:
        about = things(shipped_site.read(story["url"].removeprefix(shipped_site.base_url)))[
            "Article"
        ]["about"]
        people = [thing["name"] for thing in about if thing["@type"] == "Person"]
        assert people == [person["name"] for person in story["people"]]
        (institution,) = [x for x in about if x["@type"] == "EducationalOrganization"]
        assert institution["name"] == story["institution"]["name"]
        assert institution["address"]["addressCountry"] == story["country"]


def test_every_way_from_the_home_page_is_told(shipped_site: BuiltSite) -> None:
    told = 0
    for page in shipped_site.pages():
        html = shipped_site.read(page)
        crumbs = LexborHTMLParser(html).css(".crumbs a")
        way = things(html).get("BreadcrumbList")
        if not crumbs:
            assert way is None, page
            continue
        told += 1
        assert way, page
        items = [step["item"] for step in way["itemListElement"]]
        host = shipped_site.base_url.removesuffix("/")
        assert items[-len(crumbs) :] == [host + (x.attributes["href"] or "") for x in crumbs]
        assert [step["position"] for step in way["itemListElement"]] == list(
            range(1, len(items) + 1)
        )
    assert told > 1000


def test_an_event_tells_its_days_and_its_place(tmp_path) -> None:
    event = """---
title: A forum
summary: Teachers met.
starts: 2024-03-11
ends: 2024-03-14
{more}
---

Text.
"""
    files = {
        f"content/events/{name}.md": event.format(more=more)
        for name, more in {
            "there": "place: Barcelona\ncountry: ES",
            "online": "online: true\nurl: https://example.org/room",
            "both": "country: ES\nonline: true",
            "nowhere": "",
        }.items()
    }
    lay_over_sound_site(tmp_path, files)
    assert run(tmp_path, "build").status == 0

    def said(name: str) -> dict[str, Any]:
        return things((tmp_path / f"public/events/{name}/index.html").read_text())["Event"]

    there = said("there")
    assert (there["startDate"], there["endDate"]) == ("2024-03-11", "2024-03-14")
    assert [place["name"] for place in there["location"]] == ["Barcelona, Spain"]
    assert there["eventAttendanceMode"].endswith("/OfflineEventAttendanceMode")
    online = said("online")
    assert online["location"] == [{"@type": "VirtualLocation", "url": "https://example.org/room"}]
    assert online["eventAttendanceMode"].endswith("/OnlineEventAttendanceMode")
    both = said("both")
    assert [place["@type"] for place in both["location"]] == ["Place", "VirtualLocation"]
    assert both["eventAttendanceMode"].endswith("/MixedEventAttendanceMode")
    assert "location" not in said("nowhere")


def test_a_guide_tells_its_questions(shipped_site: BuiltSite) -> None:
    guides = [page for page in shipped_site.pages() if re.fullmatch(r"guides/[^/]+/", page)]
    assert guides
    for page in guides:
        html = shipped_site.read(page)
        asked = things(html)["FAQPage"]["mainEntity"]
        assert len(asked) > 2
        text = unescape(re.sub(r"<[^>]*>", "", html))
        for one in asked:
            assert one["name"] in text
            assert one["acceptedAnswer"]["text"] in text


def test_every_page_that_is_shared_has_a_picture(shipped_site: BuiltSite) -> None:
    sizes: dict[str, tuple[int, int]] = {}
    for page in shipped_site.pages():
        said = meta(shipped_site.read(page))
        assert ("og:title" in said) == ("og:image" in said), page
        if "og:image" not in said:
            continue
        file = said["og:image"].removeprefix(shipped_site.base_url)
        if file not in sizes:
            with Image.open(shipped_site.folder / file) as picture:
                sizes[file] = picture.size
        assert sizes[file] == (int(said["og:image:width"]), int(said["og:image:height"])), page
        assert said["og:image:alt"], page
        assert said["twitter:card"] == "summary_large_image"
    cards = {file: size for file, size in sizes.items() if file.startswith("cards/")}
    assert set(cards.values()) == {(1200, 630)}
    nations = {path.parent.name for path in (ROOT / "content/stories").glob("*/*")}
    published = {f"cards/{card.name}" for card in (shipped_site.folder / "cards").iterdir()}
    assert published == cards.keys()
    assert len(published) == len(nations) + 1


def test_a_card_shows_the_country_and_is_named_in_the_pages_language(
    shipped_site: BuiltSite,
) -> None:
    for language, alt in (("", "Outline of Kenya"), ("fr/", "Contour du pays\u202f: Kenya")):
        said = meta(shipped_site.read(f"{language}countries/kenya/"))
        assert said["og:image"] == f"{shipped_site.base_url}cards/kenya.png"
        assert said["og:image:alt"] == alt
    # South Africa lies around Lesotho: in the middle of its plate is a hole, drawn as sea.
    places = {"paper": (10, 10), "sea": (80, 80), "land": (250, 330), "hole": (398, 346)}
    with Image.open(shipped_site.folder / "cards/south-africa.png") as card:
        colours = {name: card.convert("RGB").getpixel(place) for name, place in places.items()}
    wanted = {"paper": "f7f2e6", "sea": "e2eae8", "land": "c0954d", "hole": "e2eae8"}
    for name, colour in wanted.items():
        off = zip(colours[name], bytes.fromhex(colour), strict=True)
        assert max(abs(is_ - was) for is_, was in off) < 4, f"{name}: {colours[name]}"


def test_a_site_may_do_without_cards(tmp_path) -> None:
    lay_over_sound_site(tmp_path, {PLAIN: SITE})
    assert run(tmp_path, "build").status == 0
    public = tmp_path / "public"
    assert sorted(card.name for card in (public / "cards").iterdir()) == ["kenya.png", "world.png"]
    story = public / "stories/science-club/index.html"
    assert meta(story.read_text())["og:image"] == "https://example.org/atlas/cards/kenya.png"
    lay_over_sound_site(tmp_path, {PLAIN: SITE + "social_cards: false\n"})
    assert run(tmp_path, "build").status == 0
    assert not (public / "cards").exists()
    assert "og:image" not in story.read_text()


@pytest.mark.parametrize(
    ("contact", "said"),
    [("atlas@example.org", "mailto:atlas@example.org"), ("https://example.org/tell", None)],
)
def test_security_txt_says_whom_to_tell_and_until_when(tmp_path, contact, said) -> None:
    """RFC 9116: Contact and Expires are required; less than a year is recommended."""
    lay_over_sound_site(tmp_path, {PLAIN: f"{SITE}contact: {contact}\n"})
    file = tmp_path / "public/.well-known/security.txt"
    until = set()
    for day in (datetime.date(2026, 1, 1), datetime.date(2026, 1, 31), datetime.date(2026, 12, 5)):
        assert run(tmp_path, "build", now=day.isoformat()).status == 0
        lines = dict(line.split(": ", 1) for line in file.read_text().splitlines())
        assert lines["Contact"] == (said or contact)
        assert lines["Canonical"] == "https://example.org/atlas/.well-known/security.txt"
        assert lines["Preferred-Languages"] == "en, fr"
        expires = datetime.datetime.fromisoformat(lines["Expires"]).date()
        assert 300 < (expires - day).days < 366
        until.add(expires)
    assert until == {datetime.date(2026, 12, 1), datetime.date(2027, 11, 1)}


def test_a_site_without_contact_has_no_security_txt(tmp_path) -> None:
    lay_over_sound_site(tmp_path, {})
    assert run(tmp_path, "build").status == 0
    assert not (tmp_path / "public/.well-known").exists()


def test_a_card_can_draw_every_outline() -> None:
    """Cards draw a part of SVG's path commands: those that the data has."""
    world = world_map()
    paths = [world.sphere, world.graticule, world.land, *world.shapes.values()]
    for code in countries():
        paths += [outline(code).path, outline(code).graticule]
    assert {letter for path in paths for letter in path if letter.isalpha()} <= set("MmLlhqz")
    for path in paths:
        assert all(len(line) > 1 for line in cards._lines(path)), path
        numbers = [number for line in cards._lines(path) for point in line for number in point]
        assert min(numbers) > -60, path
        assert max(numbers) < 1060, path
