"""What the engine answers on the shipped stories, run as it is published, in Node."""

import json
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from sites import ROOT, BuiltSite

from showcase.content.front_matter import parse, split
from showcase.data.geography import countries

Query = str | tuple[str, dict[str, Any]]


class Engine:
    """The engine of a built site."""

    def __init__(self, site: BuiltSite) -> None:
        self.site = site
        self.facets: list[dict[str, Any]] = []

    def answers(self, queries: Iterable[Query], language: str = "en") -> list[dict[str, Any]]:
        node = shutil.which("node")
        assert node, "Node runs the browser's side of search"
        (engine,) = (self.site.folder / "assets").glob("engine.*.js")
        asked = {
            "folder": str(self.site.folder),
            "engine": str(engine),
            "language": language,
            "root": re.sub(r"^https?://[^/]+", "", self.site.base_url),
            "queries": [(q, {}) if isinstance(q, str) else q for q in queries],
        }
        script = str(ROOT / "tests" / "search_engine.mjs")
        run = subprocess.run(
            [node, script], input=json.dumps(asked), capture_output=True, text=True, check=True
        )
        given = json.loads(run.stdout)
        self.facets = given["facets"]
        return given["answers"]

    def answer(self, query: str, language: str = "en", **options: Any) -> dict[str, Any]:
        return self.answers([(query, options)], language)[0]


def slugs(answer: dict[str, Any]) -> list[str]:
    return [card["url"].split("/")[-2] for card in answer["results"]]


@pytest.fixture(scope="module")
def engine(shipped_site: BuiltSite) -> Engine:
    return Engine(shipped_site)


@pytest.fixture(scope="module")
def stories() -> dict[str, dict[str, Any]]:
    """The front matter of every story in its first language, by slug."""
    found = {}
    for path in (ROOT / "content" / "stories").rglob("*.md"):
        slug = path.parent.name if path.name == "index.md" else path.stem
        parts = split(path.read_text(encoding="utf-8"))
        if "." not in slug and parts:
            found[slug] = parse(parts[0]).values
    return found


# --- what is found


@pytest.mark.parametrize(
    ("query", "language", "first"),
    [
        ("tabichi", "en", "peter-tabichi-science-club"),
        ("tabihci", "en", "peter-tabichi-science-club"),
        ("Peter Tabichi", "en", "peter-tabichi-science-club"),
    ],
)
def test_a_name_finds_its_story_first(
    engine: Engine, query: str, language: str, first: str
) -> None:
    assert slugs(engine.answer(query, language))[0] == first


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("kenya", "KE"), ("kenia", "KE"), ("xenya", "KE"), ("kneya", "KE"), ("кения", "KE"),
        ("肯尼亚", "KE"), ("cote divoire", "CI"), ("Côte d'Ivoire", "CI"), ("ivory coast", "CI"),
        ("deutschland", "DE"), ("رواندا", "RW"), ("holland", "NL"), ("burma", "MM"),
        ("uk", "GB"), ("usa", "US"), ("السودان", "SD"), ("سودان", "SD"), ("brasil", "BR"),
    ],
)  # fmt: skip
def test_a_country_is_found_by_any_of_its_names(
    engine: Engine, stories: dict[str, dict[str, Any]], query: str, code: str
) -> None:
    answer = engine.answer(query, count=3)
    assert answer["pages"][0]["url"] == f"/countries/{countries()[code].slug}/"
    assert {stories[slug]["country"] for slug in slugs(answer)} == {code}


def test_a_topic_leads_to_its_page(engine: Engine) -> None:
    (page, *_) = engine.answer("inclusive education")["pages"]
    assert (page["url"], page["type"]) == ("/topics/inclusive-education/", "Topic")


def test_all_words_are_wanted_first_and_some_when_none_has_all(engine: Engine) -> None:
    both, none = engine.answers(["sign language", "zambia chess"])
    assert not both["some"]
    assert all("sign" in " ".join(marks).lower() for marks in both["marks"][:3])
    assert none["some"]
    assert {"Zambia"} <= {card["country"] for card in none["results"][:3]}


def test_a_misspelt_word_among_others_is_forgiven(engine: Engine) -> None:
    right, wrong = engine.answers(["girls coding", "girls codng"])
    assert slugs(wrong)[0] == slugs(right)[0]


def test_quoted_words_stand_together(engine: Engine) -> None:
    answer = engine.answer('"open university"', count=50)
    assert answer["total"] == len(answer["results"]) > 2
    for card in answer["results"]:
        text = " ".join([card["title"], card["summary"], card["place"]]).lower()
        assert "open university" in text.replace("-", " ")
    loose = engine.answer("open university")
    assert loose["total"] > answer["total"]


def test_stories_in_the_pages_language_come_first(engine: Engine) -> None:
    answer = engine.answer("العلوم", "ar", count=30)
    languages = [card["language"] for card in answer["results"]]
    assert languages[0] == ""
    assert sorted(languages, key=bool) == languages
    assert {card["languageName"] for card in answer["results"] if card["language"]} <= {
        "الإنجليزية"
    }


def one_edit(word: str, chance: random.Random) -> str:
    """A typo anywhere, the first letter included; never the word itself."""
    slipped = word
    while slipped == word:
        n, letter = chance.randrange(len(word)), chance.choice("abcdefghijklmnopqrstuvwxyz")
        slipped = chance.choice(
            [
                word[:n] + letter + word[n + 1 :],
                word[:n] + word[n + 1 :],
                word[:n] + letter + word[n:],
                word[:n] + word[n + 1 : n + 2] + word[n] + word[n + 2 :],
            ]
        )
    return slipped


def test_a_typo_anywhere_in_a_name_still_finds_its_story(
    engine: Engine, stories: dict[str, dict[str, Any]]
) -> None:
    chance = random.Random(4)
    queries, wanted = [], []
    for slug, fields in sorted(stories.items()):
        for person in fields.get("people", ()):
            words = [w for w in person["name"].lower().split() if w.isascii() and w.isalpha()]
            if len(words) > 1 and all(len(word) > 4 for word in words):
                place = chance.randrange(len(words))
                words[place] = one_edit(words[place], chance)
                queries.append(" ".join(words))
                wanted.append(slug)
    assert len(queries) > 100
    answers = engine.answers(queries)
    missed = [
        (query, slug)
        for query, slug, answer in zip(queries, wanted, answers, strict=True)
        if slug not in slugs(answer)
    ]
    assert missed == []


# --- facets


def counted(
    stories: dict[str, dict[str, Any]], chosen: dict[str, Sequence[str]]
) -> dict[str, Counter[str]]:
    """For each facet how many stories have each value, given what is chosen in the others."""

    def values(fields: dict[str, Any], name: str) -> list[str]:
        found = {
            "kind": fields["kind"], "country": fields["country"], "level": fields["level"],
            "topic": fields["topics"], "needs": fields.get("needs", []),
            "year": str(fields["year"]), "region": countries()[fields["country"]].region,
        }[name]  # fmt: skip
        return [found] if isinstance(found, str) else found

    names = ("kind", "country", "level", "topic", "needs", "year", "region")
    return {
        name: Counter(
            value
            for fields in stories.values()
            if all(
                set(values(fields, other)) & set(codes)
                for other, codes in chosen.items()
                if other != name
            )
            for value in values(fields, name)
        )
        for name in names
    }


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"kind": ["teacher"]},
        {"kind": ["school", "faculty"], "region": ["002"]},
        {"topic": ["stem-and-coding"], "needs": ["nothing", "print"], "level": ["secondary"]},
        {"country": ["KE", "US"], "year": ["2019"]},
    ],
    ids=str,
)
def test_facets_count_exactly_in_any_combination(
    engine: Engine, stories: dict[str, dict[str, Any]], chosen: dict[str, list[str]]
) -> None:
    answer = engine.answer("", chosen=chosen, withCounts=True)
    for name, wanted in counted(stories, chosen).items():
        found = {code: n for code, n in answer["counts"][name].items() if n}
        assert found == dict(wanted), name


def test_facets_are_labelled_in_the_pages_language(engine: Engine) -> None:
    engine.answers(["x"], "ar")
    kinds = next(facet for facet in engine.facets if facet["name"] == "kind")
    assert kinds["label"] == "النوع" or not kinds["label"].isascii()
    assert [value["code"] for value in kinds["values"]] == ["teacher", "school", "faculty"]


def test_without_words_stories_come_as_the_list_has_them(
    engine: Engine, shipped_site: BuiltSite
) -> None:
    listed = re.findall(r'<h2><a href="/stories/([^/]+)/"', shipped_site.read("stories/"))
    assert slugs(engine.answer("", count=24)) == listed[:24]
    assert slugs(engine.answer("", first=4, count=8)) == listed[4:12]


# --- what it costs


def test_a_first_answer_downloads_little(engine: Engine) -> None:
    """The engine and the manifest come on top; `bench search` measures all of it."""
    queries = ["robotics kenya", "blind", "teacher training refugees", "girls coding", "music"]
    sizes = [
        sum(size for _, size in answer["loaded"])
        for answer in engine.answers([(query, {"count": 6}) for query in queries])
    ]
    assert max(sizes) < 25_000


def test_below_a_path_the_engine_finds_its_files(shipped_site_below: BuiltSite) -> None:
    answer = Engine(shipped_site_below).answer("tabichi")
    assert answer["results"][0]["url"] == "/atlas/stories/peter-tabichi-science-club/"
