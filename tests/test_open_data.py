"""The open data says what the pages say, in files that programs and spreadsheets read safely."""

import csv
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sites import STORY, BuiltSite, lay_over_sound_site, run

from showcase.content.fields import Person
from showcase.pages.data import cell


@pytest.fixture(scope="module")
def stories(shipped_site: BuiltSite) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shipped_site.read("data/stories.json"))["stories"]
    return found


def table(site: BuiltSite) -> list[dict[str, str]]:
    text = (site.folder / "data/stories.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_data_has_every_story_that_has_a_page(
    shipped_site: BuiltSite, stories: list[dict[str, Any]]
) -> None:
    pages = {page for page in shipped_site.pages() if re.fullmatch(r"stories/[^/]+/", page)}
    pages -= {"stories/page/"}
    assert len(stories) == len(pages) > 100
    assert {story["url"].removeprefix(shipped_site.base_url) for story in stories} == pages


def test_a_countrys_count_is_that_of_its_page(
    shipped_site: BuiltSite, stories: list[dict[str, Any]]
) -> None:
    features = json.loads(shipped_site.read("data/countries.geojson"))["features"]
    by_country = Counter(story["country"] for story in stories)
    assert {f["id"]: f["properties"]["stories"] for f in features} == {
        f["id"]: by_country[f["id"]] for f in features
    }
    assert sum(f["properties"]["stories"] for f in features) == len(stories)
    for feature in features:
        said = feature["properties"]
        assert said["stories"] == said["teacher"] + said["school"] + said["faculty"]
        assert -180 <= feature["geometry"]["coordinates"][0] <= 180
        page = shipped_site.read(said["url"].removeprefix(shipped_site.base_url))
        count = re.search(r'<p class="meta">(\d+) stor(?:y|ies)', page)
        assert (int(count[1]) if count else 0) == said["stories"], said["name"]


def test_the_table_has_the_same_stories_and_no_cell_of_it_is_a_formula(
    shipped_site: BuiltSite, stories: list[dict[str, Any]]
) -> None:
    rows = table(shipped_site)
    assert [row["slug"] for row in rows] == [story["slug"] for story in stories]
    assert [row["title"].removeprefix("'") for row in rows] == [s["title"] for s in stories]
    assert all(None not in row and None not in row.values() for row in rows)
    assert not [text for row in rows for text in row.values() if text.startswith(tuple("=+-@\t\r"))]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_begins_like_a_formula_stays_a_text(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell([text, "b"]) == f"'{text}; b"


def test_items_and_their_parts_are_told_apart_in_a_cell() -> None:
    assert cell([Person("Ada", "head"), Person("Bo")]) == "Ada | head; Bo"
    assert cell(None) == ""
    assert cell(2020) == "2020"


def test_the_page_explains_every_field_in_order(
    shipped_site: BuiltSite, stories: list[dict[str, Any]]
) -> None:
    for language in ("", "ar/"):
        page = shipped_site.read(f"{language}data/")
        explained = re.findall(r"<dt><code>(\w+)</code>", page)
        assert explained == list(stories[0]) == list(table(shipped_site)[0])


class Blocks(HTMLParser):
    """The data blocks of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside = False
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside = False


def things(page: str) -> dict[str, dict[str, Any]]:
    """What a page says to search engines, by type."""
    (block,) = Blocks(page).found
    return {thing["@type"]: thing for thing in json.loads(block)["@graph"]}


def test_a_story_tells_search_engines_what_it_is(
    shipped_site: BuiltSite, stories: list[dict[str, Any]]
) -> None:
    for story in stories:
        page = shipped_site.read(story["url"].removeprefix(shipped_site.base_url))
        said = things(page)
        article = said["Article"]
        assert article["headline"] == story["title"]
        assert article["datePublished"] == story["published"]
        assert article["url"] == story["url"]
        assert article["citation"] == [source["url"] for source in story["sources"]]
        way = [step["item"] for step in said["BreadcrumbList"]["itemListElement"]]
        assert way[0] == shipped_site.base_url
        assert way[-1].startswith(f"{shipped_site.base_url}countries/")


def test_the_data_is_a_dataset_with_its_files(shipped_site: BuiltSite) -> None:
    said = things(shipped_site.read("ar/data/"))["Dataset"]
    assert said["license"].startswith("https://")
    for file in said["distribution"]:
        assert (
            shipped_site.folder / file["contentUrl"].removeprefix(shipped_site.base_url)
        ).is_file()


def test_no_title_can_end_a_data_block(tmp_path: Path) -> None:
    title = "</script><script>alert(1)</script><!--"
    story = STORY.replace("title: A science club in a village school", f"title: '{title}'")
    root = lay_over_sound_site(tmp_path, {"content/stories/ke/science-club.md": story})
    assert run(root, "build").status == 0
    page = (root / "public/stories/science-club/index.html").read_text(encoding="utf-8")
    assert things(page)["Article"]["headline"] == title
