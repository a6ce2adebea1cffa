"""The index: what is stored is found again, and a change touches only what it must."""

import json
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import STORY, lay_over_sound_site, published, put, run

from showcase.search import index as indexing
from showcase.search.names import country_names
from showcase.search.postings import LEVELS, count, decoded, encoded, level_of, number, weighing
from showcase.search.shards import cuts, endings, shards

WORDS = st.text("abcdeéاب科x", min_size=1, max_size=6)


@given(st.dictionaries(st.integers(0, 60_000), st.integers(1, 8)))
def test_postings_come_back_as_they_went_in(levels: dict[int, int]) -> None:
    postings = sorted(levels.items())
    text = encoded(postings)
    assert decoded(text) == postings
    assert count(text) == len(postings)
    assert weighing(text, 4) == encoded([x for x in postings if x[1] >= 4])
    assert text.isascii()
    assert not set(text) & set('"\\! ')


FEW_WORDS = st.lists(st.sampled_from("abcdefg"), max_size=3, unique=True)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(FEW_WORDS, FEW_WORDS), max_size=60), st.integers(1, 4))
def test_processes_invert_as_one_would(
    stories: list[tuple[list[str], list[str]]], jobs: int
) -> None:
    bags, expected = [], defaultdict(list)
    for place, (light, heavy) in enumerate(stories):
        light = [word for word in light if word not in heavy]
        bags.append("\n".join([" ".join(light), "", "", " ".join(heavy), "", "", "", ""]))
        for level, words in ((1, light), (4, heavy)):
            for word in words:
                expected[word].append((place, level))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexing, "_WORTH_PARTING", 1)
        found = indexing._inverted(bags, jobs)
    assert list(found) == sorted(expected)
    assert {word: decoded(text) for word, text in found.items()} == expected


def test_a_level_says_how_much_a_term_weighs() -> None:
    assert [level_of(weight) for weight in LEVELS] == list(range(1, 9))
    assert level_of(1000) == 8
    assert len({number(n) for n in range(100_000)}) == 100_000


@given(st.lists(WORDS, unique=True), st.integers(1, 60))
def test_pieces_hold_every_term_once_and_are_small(words: list[str], limit: int) -> None:
    terms = sorted(words)
    sizes = [len(term) for term in terms]
    ranges = cuts(terms, sizes, limit)
    assert [n for low, high in ranges for n in range(low, high)] == list(range(len(terms)))
    assert all(sum(sizes[low:high]) <= limit or high - low == 1 for low, high in ranges)
    for (low, middle), (_, high) in pairwise(ranges):
        assert sum(sizes[low:high]) > limit, f"{terms[low:middle]} fit with what follows"


def utf16(text: str) -> bytes:
    return text.encode("utf-16-be")


@given(st.dictionaries(WORDS | st.text(min_size=1, max_size=3), st.just("#" * 500)))
def test_a_term_is_in_the_piece_that_its_place_says(terms: dict[str, str]) -> None:
    terms = {t: p for t, p in terms.items() if not re.search("[\ud800-\udfff]", t)}
    found = shards(terms)
    for term in terms:
        (*_, place) = (n for n, one in enumerate(found) if utf16(one.start) <= utf16(term))
        assert term in json.loads(found[place].data)
    assert len({one.name for one in found}) == len(found)


def test_endings_hold_the_words_that_tolerate_a_typo() -> None:
    found = endings(dict.fromkeys(["kenya", "abc", "kenia", "2019", "rwanda"], "#"))
    assert json.loads(found[0].data) == "rwanda kenia kenya", "sorted from their end"


def test_countries_go_by_the_names_that_visitors_type() -> None:
    names = {code: country_names(code, ()) for code in ("NL", "CI", "MM", "GB", "US", "DE")}
    assert "Holland" in names["NL"]
    assert "Ivory Coast" in names["CI"]
    assert "Burma" in names["MM"]
    assert "UK" in names["GB"]
    assert "USA" in names["US"]
    assert "Deutschland" in names["DE"]


# --- whole sites


LETTERS = [f"{a}{b}" for a in "bdgkmnprst" for b in "aeiou"]


def site_of(stories: int) -> dict[str, str]:
    nouns = ["garden", "robot", "choir", "radio", "bridge", "kitchen", "library", "compass"]
    words = [f"{a}{b}{c}" for a in nouns for b in "aeiou" for c in LETTERS]
    files = {}
    for n in range(stories):
        text = " ".join(words[(n * 37 + k * k) % len(words)] for k in range(200))
        files[f"content/stories/ke/story-{n:02}.md"] = STORY + f"\nText {text}.\n"
    return files


def search_files(root: Path) -> dict[str, bytes]:
    files = published(root / "public")
    return {name: data for name, data in files.items() if "search/" in name}


def test_one_word_changed_changes_the_pieces_that_hold_it(tmp_path: Path) -> None:
    files = site_of(40)
    lay_over_sound_site(tmp_path, files)
    assert run(tmp_path, "build").status == 0
    before = search_files(tmp_path)
    place, text = next(iter(files.items()))
    put(tmp_path / place, text.replace("Text ", "Zeppelin "))
    assert run(tmp_path, "build").status == 0
    after = search_files(tmp_path)
    new = {name for name in after if before.get(name) != after[name]}
    assert sum(name.startswith("search/terms/") for name in before) > 8
    # The word that came and the one that went; its ending; the manifests that name them.
    assert sum(name.startswith("search/terms/") for name in new) in (1, 2)
    assert sum(name.startswith("search/endings/") for name in new) == 1
    assert {"search/index.json", "fr/search/index.json"} <= new
    assert not any("cards/" in name or "facets/" in name for name in new)
    assert run(tmp_path, "build", "--clean", "--jobs", "1").status == 0
    assert search_files(tmp_path) == after


def test_a_new_story_a_removed_one_and_a_new_topic_end_as_from_nothing(tmp_path: Path) -> None:
    files = site_of(12)
    lay_over_sound_site(tmp_path, files)
    assert run(tmp_path, "build").status == 0
    later = STORY.replace("2026-01-15", "2026-02-15")
    put(tmp_path / "content/stories/ke/later.md", later + "\nA zebra.\n")
    assert run(tmp_path, "build").status == 0
    (tmp_path / "content/stories/ke/story-03.md").unlink()
    topics = (tmp_path / "content/topics.yml").read_text()
    put(tmp_path / "content/topics.yml", topics.replace("STEM", "Sciences"))
    assert run(tmp_path, "build").status == 0
    warm = search_files(tmp_path)
    assert run(tmp_path, "build", "--clean").status == 0
    assert search_files(tmp_path) == warm


def test_a_damaged_index_cache_costs_time_and_nothing_else(tmp_path: Path) -> None:
    lay_over_sound_site(tmp_path, site_of(4))
    assert run(tmp_path, "build").status == 0
    good = search_files(tmp_path)
    cache = tmp_path / ".cache" / "index"
    data = bytearray(cache.read_bytes())
    data[len(data) // 2] ^= 0x55
    cache.write_bytes(bytes(data))
    put(tmp_path / "content/stories/ke/science-club.md", STORY + "\nMore.\n")
    assert run(tmp_path, "build").status == 0
    put(tmp_path / "content/stories/ke/science-club.md", STORY)
    assert run(tmp_path, "build").status == 0
    assert search_files(tmp_path) == good


def test_a_check_writes_no_index(tmp_path: Path) -> None:
    lay_over_sound_site(tmp_path, {})
    assert run(tmp_path, "check").status == 0
    assert not (tmp_path / ".cache").exists()


def test_every_file_that_a_manifest_names_is_there(tmp_path: Path) -> None:
    lay_over_sound_site(tmp_path, site_of(30))
    assert run(tmp_path, "build").status == 0
    files = search_files(tmp_path)
    named = set()
    for folder in ("", "fr/"):
        manifest = json.loads(files[f"{folder}search/index.json"])
        for part in ("terms", "endings"):
            names = manifest[part]["names"]
            named |= {f"search/{part}/{names[n : n + 6]}.json" for n in range(0, len(names), 6)}
        for part, key in (("cards", "cards"), ("pages", "pageCards")):
            names = [manifest[key][n : n + 4] for n in range(0, len(manifest[key]), 4)]
            named |= {f"{folder}search/{part}/{n}-{name}.json" for n, name in enumerate(names)}
        named.add(f"search/facets/{manifest['facets']}.json")
        named.add(f"{folder}search/labels/{manifest['labels']}.json")
        named |= {f"{folder}search/index.json", f"{folder}search/index.html"}
    assert named == files.keys()
