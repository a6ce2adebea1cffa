"""The shipped content: a story for every country, true to its facts and in words of its own.

Facts lie beside the checkout, in `../shared/story-facts/`; without them what they decide is
skipped. Each test names all the stories at fault at once. With `-s` a table of counts is printed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from statistics import quantiles
from typing import Any, NoReturn

import pytest
import textstat
import yaml
from sites import ROOT

from showcase.content import front_matter
from showcase.data.geography import REGION_SLUGS, countries

CONTENT = ROOT / "content"
FACTS = ROOT.parent / "shared" / "story-facts"

COLLECTIONS = ("stories", "programmes", "partners", "events", "guides", "pages")
KINDS = ("teacher", "school", "faculty")
BODY_WORDS = range(150, 401)
READING_EASE = (45, 90)
"""From a little below Flesch's "fairly difficult" (50 to 60) to the end of "easy" (80 to 90)."""
RUN = 8
"""So many words in a row are a quotation; fewer may be chance."""
OWN_NUMBERS = frozenset(["zh"])
"""Languages that write large figures in words of their own: 5万 for 50,000."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SEPARATOR = "[.,\u2009\u00a0\u202f]"
_FIGURE = re.compile(rf"(?<!\d)\d{{1,3}}(?: \d{{3}})+(?!\d)|\d+(?:{_SEPARATOR}\d+)*")
_ADDRESS = re.compile(r"\]\([^)]*\)")
_LINK = re.compile(r"\]\(([^)\s]+?\.md)(?:#[^)]*)?\)")

Run = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A file of the content; `language` is empty for an original."""

    path: Path
    slug: str
    language: str
    fields: Mapping[str, Any]
    body: str

    @property
    def place(self) -> str:
        return self.path.relative_to(CONTENT).as_posix()

    @cached_property
    def prose(self) -> str:
        """The body without headings, fences and the addresses of links."""
        text = re.sub(r"^(?:#+ |:::).*$", "", self.body, flags=re.MULTILINE)
        return _ADDRESS.sub("]", text)

    @cached_property
    def words(self) -> list[str]:
        return _WORD.findall(self.prose)


def entries(collection: str) -> Iterator[Entry]:
    for path in sorted((CONTENT / collection).rglob("*.md")):
        stem, _, language = path.stem.partition(".")
        parts = front_matter.split(path.read_text(encoding="utf-8"))
        assert parts, f"{path} has no front matter"
        parsed = front_matter.parse(parts[0])
        assert not parsed.problems, f"{path}: {parsed.problems}"
        slug = path.parent.name if stem == "index" else stem
        yield Entry(path, slug, language, parsed.values, parts[1])


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value, names of fields, addresses and positions of sources aside."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in ("url", "source"):
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif value is not None:
        yield str(value)


def told(story: Entry, original: Entry) -> str:
    """Return all that a story says, its sources aside.

    A translation has the fields that it leaves out from its original.
    """
    fields = {**original.fields, **story.fields}
    said = ("title", "summary", "institution", "people", "recognition", "outcomes")
    return "\n".join([*texts([fields.get(name) for name in said]), _ADDRESS.sub("]", story.body)])


def figures(text: str) -> set[str]:
    """Return the numbers in digits: 1,200, 1 200 and 1.200 are 1200; 0,5 is 0.5; 03 is 3."""
    found = set()
    for figure in _FIGURE.findall(text):
        whole = re.sub(rf"(?:{_SEPARATOR}| )(?=\d{{3}}(?!\d))", "", figure)
        parts = re.split(_SEPARATOR, whole)
        found.add(".".join([str(int(parts[0])), *parts[1:]]))
    return found


def folded(words: Iterable[str]) -> Run:
    return tuple(word.lower().replace("’", "'") for word in words)


def runs(words: Iterable[str]) -> Iterator[Run]:
    """Yield every run of so many words, one from each word on."""
    row = folded(words)
    return (row[at : at + RUN] for at in range(len(row) - RUN + 1))


def quotations(story: Entry, elsewhere: Mapping[Run, str]) -> Iterator[str]:
    """Yield every stretch of the body that stands elsewhere too, with the place.

    A run is none when at least half of its words have a capital letter: it is a name or title.
    """
    capital = [word != word.lower() for word in story.words]
    found = [
        elsewhere.get(run, "") if 2 * sum(capital[at : at + RUN]) < RUN else ""
        for at, run in enumerate(runs(story.words))
    ]
    for place, stretch in groupby(enumerate(found), key=lambda item: item[1]):
        if place:
            at = [position for position, _ in stretch]
            words = " ".join(story.words[at[0] : at[-1] + RUN])
            yield f"{story.place}: “{words}”, as in {place}"


def fail(what: str, offenders: Sequence[str]) -> NoReturn:
    pytest.fail("\n  ".join([f"{len(offenders)} × {what}:", *offenders]), pytrace=False)


@pytest.fixture(scope="module")
def content() -> Mapping[str, list[Entry]]:
    return {collection: list(entries(collection)) for collection in COLLECTIONS}


@pytest.fixture(scope="module")
def stories(content: Mapping[str, list[Entry]]) -> dict[str, Entry]:
    """The originals of the stories by slug."""
    return {story.slug: story for story in content["stories"] if not story.language}


@pytest.fixture(scope="module")
def facts() -> dict[str, Mapping[str, Any]]:
    """The facts by the slug of their story."""
    if not FACTS.is_dir():
        pytest.skip("no ../shared/story-facts/ beside the checkout to hold the stories against")
    files = [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in sorted(FACTS.glob("*.yml"))]
    return {story["id"]: story for file in files for story in file}


# --- what there is


def test_every_member_of_the_united_nations_has_a_story(stories: dict[str, Entry]) -> None:
    told = {story.fields["country"] for story in stories.values()}
    members = {code for code, country in countries().items() if country.un_member}
    assert len(members) == 193
    if missing := sorted(members - told):
        fail("a country without a story", missing)


def test_every_kind_region_collection_and_language_is_there(
    content: Mapping[str, list[Entry]], stories: dict[str, Entry]
) -> None:
    ease = quantiles([reading_ease(story) for story in stories.values()])
    languages = front_matter.parse((CONTENT / "site.yml").read_text(encoding="utf-8"))
    rows = [
        ("stories", len(stories)),
        ("countries", len({story.fields["country"] for story in stories.values()})),
        *counted("kind", KINDS, (story.fields["kind"] for story in stories.values())),
        *counted(
            "region",
            REGION_SLUGS.values(),
            (
                REGION_SLUGS[countries()[story.fields["country"]].region]
                for story in stories.values()
            ),
        ),
        *counted(
            "translations",
            languages.values["languages"][1:],
            (story.language for story in content["stories"] if story.language),
        ),
        *((name, sum(not e.language for e in content[name])) for name in COLLECTIONS[1:]),
    ]
    table = [f"{name:26}{count:6}" for name, count in rows]
    print(
        "", *table, "{:26}{:6.0f}{:6.0f}{:6.0f}".format("reading ease, quartiles", *ease), sep="\n"
    )
    if none := [name for name, count in rows if not count]:
        fail("nothing of what the site has pages for", none)


def counted(title: str, expected: Iterable[str], found: Iterable[str]) -> list[tuple[str, int]]:
    counts = Counter(found)
    return [(f"{title}: {name}", counts[name]) for name in dict.fromkeys([*expected, *counts])]


def test_every_story_lies_in_the_folder_of_its_country(stories: dict[str, Entry]) -> None:
    wrong = [
        f"{story.place}: {story.fields['country']}"
        for story in stories.values()
        if story.place.split("/")[1] != story.fields["country"].lower()
    ]
    if wrong:
        fail("a story in another country's folder", wrong)


def test_no_two_stories_have_the_same_slug(content: Mapping[str, list[Entry]]) -> None:
    places = defaultdict(list)
    for story in content["stories"]:
        places[story.slug, story.language].append(story.place)
    if twice := [" and ".join(found) for found in places.values() if len(found) > 1]:
        fail("a slug used twice", twice)


# --- how stories are written


def test_every_story_names_a_source(stories: dict[str, Entry]) -> None:
    if without := [story.place for story in stories.values() if not story.fields.get("sources")]:
        fail("a story without a source", without)


def test_every_story_has_a_body_of_150_to_400_words(stories: dict[str, Entry]) -> None:
    wrong = [
        f"{story.place}: {len(story.words)}"
        for story in stories.values()
        if len(story.words) not in BODY_WORDS
    ]
    if wrong:
        fail("a story too short or too long", wrong)


def test_stories_read_neither_hard_nor_like_a_primer(stories: dict[str, Entry]) -> None:
    low, high = READING_EASE
    ease = {story.place: reading_ease(story) for story in stories.values()}
    wrong = [f"{place}: {value:.0f}" for place, value in ease.items() if not low <= value <= high]
    if wrong:
        fail(f"a Flesch reading ease not between {low} and {high}", wrong)


def reading_ease(story: Entry) -> float:
    """Return Flesch's reading ease of the body: 206.8 less for long sentences and long words."""
    return float(textstat.flesch_reading_ease(story.prose))


def test_no_two_stories_share_a_run_of_words(stories: dict[str, Entry]) -> None:
    tellers: dict[Run, set[str]] = defaultdict(set)
    for story in stories.values():
        for run in runs(story.words):
            tellers[run].add(story.slug)
    shared = []
    for story in stories.values():
        earlier = {run: min(tellers[run]) for run in runs(story.words)}
        elsewhere = {run: slug for run, slug in earlier.items() if slug != story.slug}
        shared += quotations(story, elsewhere)
    if shared:
        fail(f"a run of {RUN} words or more in two stories", shared)


# --- what the facts say


def test_stories_are_not_written_in_the_words_of_their_facts(
    stories: dict[str, Entry], facts: dict[str, Mapping[str, Any]]
) -> None:
    copied = []
    for story in stories.values():
        noted = {
            run: f"fact {number}"
            for number, fact in enumerate(facts.get(story.slug, {}).get("facts", []), 1)
            for run in runs(_WORD.findall(fact["text"]))
        }
        copied += quotations(story, noted)
    if copied:
        fail(f"a run of {RUN} words or more out of the facts", copied)


def test_every_figure_stands_in_the_facts(
    stories: dict[str, Entry], facts: dict[str, Mapping[str, Any]]
) -> None:
    unknown = [
        f"{story.place}: {figure}"
        for story in stories.values()
        for figure in sorted(
            figures(told(story, story)) - figures("\n".join(texts(facts.get(story.slug, {}))))
        )
    ]
    if unknown:
        fail("a figure that the facts do not give", unknown)


def test_country_kind_level_and_year_are_those_of_the_facts(
    stories: dict[str, Entry], facts: dict[str, Mapping[str, Any]]
) -> None:
    wrong = [f"{story.place}: no facts" for slug, story in stories.items() if slug not in facts]
    wrong += [
        f"{stories[slug].place}: {name} {stories[slug].fields[name]}, in the facts {known[name]}"
        for slug, known in facts.items()
        if slug in stories
        for name in ("country", "kind", "level", "year")
        if stories[slug].fields[name] != known[name]
    ]
    if wrong:
        fail("a story that differs from its facts", wrong)


# --- how entries hang together


def test_every_entry_that_another_names_is_there(content: Mapping[str, list[Entry]]) -> None:
    there = {name: {e.slug for e in found if not e.language} for name, found in content.items()}
    broken = [
        f"{entry.place}: {collection}/{slug}"
        for entry in all_of(content)
        for collection, slug in references(entry.fields)
        if slug not in there[collection]
    ]
    broken += [
        f"{entry.place}: {target}"
        for entry in all_of(content)
        for target in _LINK.findall(entry.body)
        if "://" not in target and not (entry.path.parent / target).is_file()
    ]
    if broken:
        fail("a reference to an entry that is not there", broken)


def references(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the collection and slug of every entry that the front matter names."""
    yield from (("stories", slug) for slug in fields.get("inspired_by", []))
    yield from (("programmes", slug) for slug in fields.get("programmes", []))
    yield from (
        ("partners", row["partner"]) for row in fields.get("partners", []) if "partner" in row
    )
    if "programme" in fields:
        yield "programmes", fields["programme"]


def all_of(content: Mapping[str, list[Entry]]) -> Iterator[Entry]:
    for found in content.values():
        yield from found


# --- translations


def test_a_translation_has_all_sections_of_its_original(
    content: Mapping[str, list[Entry]], stories: dict[str, Entry]
) -> None:
    wrong = []
    for story in content["stories"]:
        if story.language:
            have, want = (
                len(re.findall(r"^## ", text, re.MULTILINE))
                for text in (story.body, stories[story.slug].body)
            )
            if have != want:
                wrong.append(f"{story.place}: {have} sections, in the original {want}")
    if wrong:
        fail("a translation with other sections", wrong)


def test_a_translation_has_the_figures_of_its_original(
    content: Mapping[str, list[Entry]], stories: dict[str, Entry]
) -> None:
    wrong = []
    for story in content["stories"]:
        if story.language and story.language not in OWN_NUMBERS:
            original = stories[story.slug]
            have, want = figures(told(story, original)), figures(told(original, original))
            if have != want:
                lost, added = (
                    ", ".join(sorted(rest)) or "-" for rest in (want - have, have - want)
                )
                wrong.append(f"{story.place}: without {lost}; with {added} besides")
    if wrong:
        fail("a translation with other figures", wrong)
