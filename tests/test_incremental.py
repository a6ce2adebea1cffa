"""Whatever happened before a build, it ends in the bytes of a clean one, and writes no more.

The sequences of edits are Hypothesis's: each example is a small site that editors, theme authors,
crashes and strangers change in some order, with builds in between.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from sites import GOLDEN, ROOT, put, settings_for
from sites import published as files_of

from showcase import build as building
from showcase.build import Result, build
from showcase.content import parse as parsing
from showcase.content import read as reading
from showcase.diagnostics import SiteError
from showcase.pages import stories
from showcase.pages.plan import plan
from showcase.publish import publish as publishing

STORY = """---
title: {title}
summary: What happened in {slug}.
country: {code}
kind: {kind}
level: primary
topics: [one]
year: 2020
published: 2026-01-0{number}
institution:
  name: School of {slug}
inspired_by: [{inspired_by}]
sources:
  - title: Source
    url: https://example.org/{slug}
    publisher: The Paper
---

## The challenge

Nothing was there.{link}
"""


def story(
    slug: str, code: str, kind: str, number: int, inspired_by: str = "", link: str = ""
) -> str:
    title = f"The {slug.replace('-', ' ')}"
    return STORY.format(
        title=title, slug=slug, code=code, kind=kind, number=number, inspired_by=inspired_by,
        link=link,
    )  # fmt: skip


SITE = {
    "site.yml": """title: Atlas
tagline: Stories
base_url: https://example.org/
languages: [en]
theme: golden
""",
    "topics.yml": """- slug: one
  name: One
  description: The first.
- slug: two
  name: Two
  description: The second.
""",
    "stories/ke/first.md": story(
        "first", "KE", "teacher", 1, link=" See [the second](../ug/second.md#the-challenge)."
    ),
    "stories/ug/second.md": story("second", "UG", "school", 2, inspired_by="first"),
    "stories/ke/third.md": story("third", "KE", "faculty", 3),
    "pages/contribute.md": "---\ntitle: Contribute\n---\n\nWrite to us.\n",
}


@dataclass
class Work:
    """A folder with a site, its theme, its cache and its output, as an editor has it."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def out(self) -> Path:
        return self.root / "public"

    @property
    def stories(self) -> list[Path]:
        return sorted(
            path for path in self.content.glob("stories/*/*.md") if not path.name.endswith(".fr.md")
        )

    def chosen(self, number: int) -> Path:
        return self.stories[number % len(self.stories)]

    def build(self, **others: Any) -> Result:
        given = {"themes": self.root / "themes", **others}
        result = build(settings_for(self.content, self.root, **given))
        assert [p for p in result.problems if p.severity == "error"] == []
        return result

    def written(self) -> tuple[str, ...]:
        changes = self.build().changes
        assert changes
        return changes.written

    def clean(self) -> dict[str, bytes]:
        """What a build into an empty folder gives."""
        with tempfile.TemporaryDirectory() as folder:
            self.build(out=Path(folder) / "public", cache=Path(folder) / ".cache")
            return files_of(Path(folder) / "public")


@pytest.fixture(scope="module", autouse=True)
def _many_edits() -> Iterator[None]:
    """Let a site this small have edits that are kept beside the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_FEW", 1)
        yield


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return started(tmp_path)


def started(root: Path) -> Work:
    shutil.copytree(GOLDEN / "themes", root / "themes")
    for path, text in SITE.items():
        put(root / "content" / path, text)
    return Work(root)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- what may happen between two builds


def a_word(work: Work, number: int) -> None:
    edit(work.chosen(number), " was", f" {number} was")


def a_title(work: Work, number: int) -> None:
    path = work.chosen(number)
    path.write_text(re.sub("title: The", f"title: The {number}", path.read_text(), count=1))


def a_slug(work: Work, number: int) -> None:
    path = work.chosen(number)
    new = f"{path.stem}-{number}"
    translation = path.with_suffix(".fr.md")
    if translation.exists():
        translation.rename(path.with_name(f"{new}.fr.md"))
    for other in work.stories:
        text = other.read_text()
        text = text.replace(f"/{path.name}", f"/{new}.md")
        other.write_text(text.replace(f"inspired_by: [{path.stem}]", f"inspired_by: [{new}]"))
    path.rename(path.with_name(f"{new}.md"))


def an_addition(work: Work, number: int) -> None:
    slug, code = f"added-{number}", ("KE", "TZ", "FR", "FJ", "BR", "IN")[number]
    text = story(slug, code, "school", number + 1)
    put(work.content / "stories" / code.lower() / f"{slug}.md", text)


def a_deletion(work: Work, number: int) -> None:
    path = work.chosen(number)
    if len(work.stories) > 1:
        path.unlink()
        path.with_suffix(".fr.md").unlink(missing_ok=True)
        for other in work.stories:
            text = re.sub(rf"\[([^]]*)\]\([^)]*/{path.name}[^)]*\)", r"\1", other.read_text())
            other.write_text(text.replace(f"inspired_by: [{path.stem}]", "inspired_by: []"))


def a_translation(work: Work, number: int) -> None:
    site = work.content / "site.yml"
    site.write_text(site.read_text().replace("[en]", "[en, fr]"))
    text = f"---\ntitle: Le récit {number}\n---\n\n## Le défi\n\nIl n’y avait rien.\n"
    put(work.chosen(number).with_suffix(".fr.md"), text)


def a_topic(work: Work, number: int) -> None:
    topics = work.content / "topics.yml"
    topics.write_text(re.sub("name: .*", f"name: Topic {number}", topics.read_text(), count=1))


def the_site_title(work: Work, number: int) -> None:
    site = work.content / "site.yml"
    site.write_text(re.sub("title: .*", f"title: Atlas {number}", site.read_text(), count=1))


def a_template(work: Work, number: int) -> None:
    theme = work.root / "themes" / "golden"
    names = sorted([*theme.glob("templates/*"), *theme.glob("components/*/*.html")])
    with names[number * 3 % len(names)].open("a") as template:
        template.write(f"{{# of no effect #}}<i>{number}</i>" if number else "")


def the_style_sheet(work: Work, number: int) -> None:
    with (work.root / "themes/golden/components/parts/parts.css").open("a") as sheet:
        sheet.write(f"i {{ order: {number}; }}\n")


def touching(work: Work, number: int) -> None:
    for path in sorted(work.root.rglob("*")):
        if path.is_file() and (number % 2 or work.out not in path.parents):
            os.utime(path)


def a_lost_cache(work: Work, number: int) -> None:
    (work.root / ".cache" / ("documents", "edits")[number % 2]).unlink(missing_ok=True)


def a_damaged_cache(work: Work, number: int) -> None:
    cache = work.root / ".cache" / ("documents", "edits", "index")[number % 3]
    if cache.exists():
        data = cache.read_bytes()
        place = len(data) * number // 6
        cache.write_bytes(data[:place] + b"?" + (data[place + 1 :] if number % 2 else b""))


def tampering(work: Work, number: int) -> None:
    files = sorted(files_of(work.out)) if work.out.exists() else []
    for name in files[number :: max(1, len(files) // 3)]:
        if number % 3:
            (work.out / name).write_bytes(b"tampered")
        else:
            (work.out / name).unlink()


def a_lost_ledger(work: Work, number: int) -> None:
    work.build()
    for name in ("ledger", "claims"):
        (work.out / ".showcase" / name).unlink()
    with pytest.raises(SiteError, match="--adopt"):
        work.build()
    work.build(adopt=True)


def a_mistake_that_is_mended(work: Work, number: int) -> None:
    before = files_of(work.out) if work.out.exists() else {}
    path = work.chosen(number)
    text = path.read_text()
    path.write_text(text.replace("kind: ", "kind: un"))
    result = build(settings_for(work.content, work.root, themes=work.root / "themes"))
    assert result.errors
    assert (files_of(work.out) if work.out.exists() else {}) == before
    path.write_text(text)


def a_kill(work: Work, number: int) -> None:
    with killed_after(number * 5):
        try:
            work.build()
        except Killed:
            assert (work.out / ".showcase" / "journal").exists()


def a_build(work: Work, number: int) -> None:
    work.build()


Happening = Callable[[Work, int], None]
HAPPENINGS: list[Happening] = [
    a_word, a_title, a_slug, an_addition, a_deletion, a_translation, a_topic, the_site_title,
    a_template, the_style_sheet, touching, a_lost_cache, a_damaged_cache, tampering, a_lost_ledger,
    a_mistake_that_is_mended, a_kill, a_build,
]  # fmt: skip


class Killed(BaseException):
    """The process ends here."""


class killed_after:  # noqa: N801 - it reads as a clause
    """The moves of a build into place stop after some of them, as a kill or a cut would."""

    def __init__(self, moves: int) -> None:
        self.left = moves

    def replace(self, source: Path, target: Path) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1
        os.replace(source, target)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def __enter__(self) -> None:
        publishing.os = self  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        publishing.os = os  # type: ignore[attr-defined]


# --- the property


@settings(max_examples=8, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 5)), min_size=4, max_size=10))
@example([(a_build, 0), (a_word, 1), (a_build, 0), (tampering, 2), (a_word, 2), (a_build, 0)])
@example([(a_build, 0), (a_word, 1), (a_kill, 0), (a_word, 2), (a_kill, 1), (a_template, 0)])
@example([(a_build, 0), (a_deletion, 1), (a_kill, 1), (an_addition, 0), (a_lost_ledger, 0)])
@example([(a_build, 0), (a_translation, 0), (a_kill, 2), (a_slug, 0), (tampering, 1)])
def test_any_sequence_of_edits_ends_in_the_bytes_of_a_clean_build(
    happenings: list[tuple[Happening, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = started(Path(folder))
        for happening, number in happenings:
            happening(work, number)
        work.build()
        found = files_of(work.out)
        changes = work.build().changes
        assert changes is not None
        assert (changes.written, changes.removed) == ((), ())
        expected = work.clean()
        assert sorted(found) == sorted(expected)
        assert [name for name in found if found[name] != expected[name]] == []


# --- what exactly is written


def test_a_second_build_touches_no_file(work: Work) -> None:
    time.sleep(0.1)  # a file written at this very moment may change again, so none is noted
    work.build()
    before = {path: path.stat().st_mtime_ns for path in work.out.rglob("*") if path.is_file()}
    assert work.written() == ()
    lock = work.out / ".showcase" / "lock"
    after = {path: path.stat().st_mtime_ns for path in work.out.rglob("*") if path.is_file()}
    assert {k: v for k, v in after.items() if k != lock} == {
        k: v for k, v in before.items() if k != lock
    }


def test_a_word_in_a_story_writes_that_story_alone(work: Work) -> None:
    work.build()
    edit(work.content / "stories/ug/second.md", "Nothing was there", "Little was there")
    written = work.written()
    assert beside_search(written) == {"stories/second/index.html"}
    assert {name.split("/")[1] for name in set(written) - beside_search(written)} == {
        "terms", "endings", "index.json",
    }  # fmt: skip
    assert files_of(work.out) == work.clean()


def test_an_edit_is_parsed_once(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = parsing.parse

    def counted(data: bytes, path: str, *others: Any) -> Any:
        parsed.append(path)
        return parse(data, path, *others)

    work.build()
    monkeypatch.setattr(parsing, "parse", counted)
    for path in ("stories/ug/second.md", "stories/ke/third.md"):
        edit(work.content / path, "Nothing was there", "Little was there")
        work.build()
    assert parsed == ["stories/ug/second.md", "stories/ke/third.md"]


def test_other_words_alone_plan_the_pages_of_texts_alone(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned: list[set[str]] = []

    def counted(*given: Any, **others: Any) -> Any:
        outputs, problems = plan(*given, **others)
        planned.append({output.address for output in outputs})
        return outputs, problems

    monkeypatch.setattr(building, "plan", counted)
    work.build()
    edit(work.content / "stories/ug/second.md", "Nothing was there", "Little was there")
    work.build()
    (work.out / "index.html").write_text("tampered")
    edit(work.content / "stories/ug/second.md", "Little was there", "Much was there")
    work.build()
    edit(work.content / "stories/ug/second.md", "title: The second", "title: Their second")
    work.build()
    everything, of_words = planned[0], planned[1]
    pieces = ("search/terms/", "search/endings/")
    assert {x for x in of_words if not x.startswith(pieces)} == {
        "contribute/index.html",
        "search/index.json",
        *(f"stories/{slug}/index.html" for slug in ("first", "second", "third")),
    }
    assert [len(found) for found in planned[2:]] == [len(everything)] * 2
    assert files_of(work.out) == work.clean()


def test_a_manifest_of_other_bytes_is_not_built_upon(work: Work) -> None:
    work.build()
    manifest = work.out / "search/index.json"
    was, written = manifest.stat(), manifest.read_text()
    manifest.write_text(written.replace('"facets":"', '"facets":"x', 1)[: len(written)])
    os.utime(manifest, ns=(was.st_atime_ns, was.st_mtime_ns))
    edit(work.content / "stories/ug/second.md", "Nothing was there", "Little was there")
    work.build()
    assert files_of(work.out) == work.clean()


def test_a_word_in_a_story_makes_the_view_of_no_other_text(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = stories._story

    def counted(context: Any, place: Any, story: Any, *others: Any) -> Any:
        made.append(story.slug)
        return make(context, place, story, *others)

    monkeypatch.setattr(stories, "_story", counted)
    work.build()
    assert sorted(made) == ["first", "second", "third"]
    made.clear()
    edit(work.content / "stories/ug/second.md", "Nothing was there", "Little was there")
    work.build()
    assert made == ["second"]
    made.clear()
    edit(work.content / "stories/ug/second.md", "title: The second", "title: Their second")
    work.build()
    assert sorted(made) == ["first", "second", "third"], "a title may stand on any page"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("stories/in/solar-school/index.md", "## ", "## Once "),
        ("stories/in/solar-school/index.md", "kind: ", "# a note that says nothing\nkind: "),
        ("stories/in/solar-school/index.fr.md", "title: ", "title: Vraiment "),
        ("stories/ke/teachers-teach-teachers.md", "title: ", "title: How "),
        ("programmes/a-network.md", "title: ", "title: Once "),
        ("partners/sun-company.md", "title: ", "title: Once "),
        ("partners/sun-company.md", "---\n\n", "---\n\nA word more. "),
        ("pages/about.md", "title: ", "title: More "),
        ("topics.yml", "en: ", "en: Truly "),
        ("site.yml", "en: The", "en: A"),
    ],
)
def test_whatever_else_changes_ends_in_the_bytes_of_a_clean_build(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    shutil.copytree(GOLDEN / "every-collection" / "content", tmp_path / "content")
    shutil.copytree(GOLDEN / "themes", tmp_path / "themes")
    work = Work(tmp_path)
    work.build()
    edit(work.content / file, old, new)
    work.build()
    assert files_of(work.out) == work.clean()


def test_another_picture_of_the_same_name_is_on_the_page(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "every-collection" / "content", tmp_path / "content")
    shutil.copytree(GOLDEN / "themes", tmp_path / "themes")
    work = Work(tmp_path)
    work.build()
    Image.new("RGB", (640, 400), "#203040").save(work.content / "stories/in/solar-school/roof.jpg")
    work.build()
    assert files_of(work.out) == work.clean()


def test_files_belong_to_another_language_once_another_is_the_default_one(work: Work) -> None:
    edit(work.content / "site.yml", "languages: [en]", "languages: [en, fr]")
    time.sleep(0.1)  # so that the system vouches for the files from here on
    work.build()
    edit(work.content / "site.yml", "languages: [en, fr]", "languages: [fr, en]")
    work.build()
    assert files_of(work.out) == work.clean()


def beside_search(names: Iterable[str]) -> set[str]:
    """The names that are not those of the search index's pieces."""
    return {name for name in names if not re.match(r"(\w+/)?search/.*json", name)}


def test_a_title_writes_exactly_the_pages_that_show_it(work: Work) -> None:
    work.build()
    before = work.clean()
    edit(work.content / "stories/ug/second.md", "The second", "A title like no other")
    written = work.written()
    after = work.clean()
    assert set(written) == {name for name in after if before.get(name) != after[name]}
    showing = {name for name in after if b"A title like no other" in after[name]}
    assert beside_search(written) == beside_search(showing)
    assert {"index.html", "feed.xml", "stories/second/index.html", "stories/first/index.html",
            "countries/uganda/index.html", "topics/one/index.html"} <= set(written)  # fmt: skip


def test_a_renamed_story_leaves_no_page_and_no_folder_behind(work: Work) -> None:
    work.build()
    a_slug(work, 2)
    changes = work.build().changes
    assert changes is not None
    assert beside_search(changes.removed) == {"stories/second/index.html"}
    assert not (work.out / "stories/second").exists()
    assert (work.out / "stories/second-2/index.html").exists()


def test_a_country_whose_only_story_goes_loses_its_feed(work: Work) -> None:
    work.build()
    assert (work.out / "countries/uganda/feed.xml").exists()
    a_deletion(work, 2)
    work.build()
    assert not (work.out / "countries/uganda/feed.xml").exists()
    assert b"second" not in (work.out / "countries/uganda/index.html").read_bytes()


def test_the_style_sheet_gets_a_new_address_on_every_page(work: Work) -> None:
    work.build()
    (old,) = work.out.glob("assets/style.*.css")
    the_style_sheet(work, 1)
    work.build()
    (new,) = work.out.glob("assets/style.*.css")
    assert new.name != old.name
    assert new.name in (work.out / "stories/first/index.html").read_text()


def test_a_template_writes_the_pages_made_from_it(work: Work) -> None:
    work.build()
    with (work.root / "themes/golden/templates/story.html").open("a") as template:
        template.write("{# nothing to see #}")
    assert work.written() == ()  # made again, and the same bytes
    edit(work.root / "themes/golden/templates/story.html", 'class="summary"', 'class="lead"')
    assert work.written() == tuple(
        f"stories/{slug}/index.html" for slug in ("first", "second", "third")
    )


def test_what_a_template_includes_counts_as_its_own(work: Work) -> None:
    work.build()
    edit(work.root / "themes/golden/components/parts/parts.html", "because:", "reason:")
    work.build()
    assert b"reason:" in (work.out / "stories/first/index.html").read_bytes()


def test_a_message_of_the_catalogue_writes_the_pages_of_its_language(work: Work) -> None:
    a_translation(work, 0)
    work.build()
    edit(work.root / "themes/golden/locales/fr.po", "Récits", "Histoires")
    written = work.written()
    assert written
    assert {name for name in written if not name.startswith("fr/")} == set()
    assert b"Histoires" in (work.out / "fr/index.html").read_bytes()


def test_clean_makes_everything_again_and_changes_nothing(work: Work) -> None:
    work.build()
    before = files_of(work.out)
    changes = work.build(clean=True).changes
    assert changes is not None
    assert (changes.written, changes.removed) == ((), ())
    assert files_of(work.out) == before


def test_files_of_others_are_left_alone(work: Work) -> None:
    work.build()
    put(work.out / "CNAME", "atlas.example.org")
    put(work.out / "stories/second/note.txt", "mine")
    a_deletion(work, 2)
    work.build()
    assert (work.out / "CNAME").read_text() == "atlas.example.org"
    assert (work.out / "stories/second/note.txt").read_text() == "mine"
    assert not (work.out / "stories/second/index.html").exists()


# --- what must not show


def test_the_number_of_processes_does_not_show(work: Work, tmp_path: Path) -> None:
    one = tmp_path / "one"
    two = tmp_path / "two"
    work.build(jobs=1, out=one)
    work.build(jobs=2, out=two, cache=tmp_path / "other-cache")
    assert files_of(one) == files_of(two)


def test_hash_seed_time_zone_locale_and_folder_do_not_show(tmp_path: Path) -> None:
    surroundings: list[dict[str, str]] = [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANGUAGE": "fr"},
        {"PYTHONHASHSEED": "4711", "TZ": "America/Adak", "LC_ALL": "C.UTF-8", "LANG": "ar_EG"},
    ]
    trees = []
    for number, variables in enumerate(surroundings):
        root = tmp_path / f"folder {number}"
        shutil.copytree(GOLDEN / "every-collection" / "content", root / "content")
        shutil.copytree(GOLDEN / "themes", root / "themes")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
        subprocess.run(
            [sys.executable, "-m", "showcase", "build", "--now", "2026-11-22", "--quiet",
             "--content", str(root / "content"), "--jobs", str(number + 1)],
            cwd=root if number else tmp_path, env=environment, check=True, capture_output=True,
        )  # fmt: skip
        trees.append(files_of(root / "public"))
    assert trees[0] == trees[1]
    assert [name for name, data in trees[0].items() if str(tmp_path).encode() in data] == []


# --- kills


def endings() -> Iterator[tuple[str, Callable[[pytest.MonkeyPatch], None]]]:
    def at_the_removals(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(publishing, "_remove_empty_folders", kill)

    def before_the_ledger(patch: pytest.MonkeyPatch) -> None:
        def replace(source: Path, target: Path) -> None:
            if Path(target).name == "ledger":
                raise Killed
            os.replace(source, target)

        patch.setattr(publishing, "os", killed_after(0))
        patch.setattr(publishing.os, "replace", replace)

    def kill(*_: object) -> None:
        raise Killed

    yield "at the removals", at_the_removals
    yield "before the ledger", before_the_ledger
    for moves in (0, 1, 7):
        yield (
            f"after {moves} moves",
            lambda patch, n=moves: patch.setattr(publishing, "os", killed_after(n)),
        )


@pytest.mark.parametrize("ending", [pytest.param(how, id=name) for name, how in endings()])
def test_the_next_build_completes_one_that_was_killed(
    work: Work, monkeypatch: pytest.MonkeyPatch, ending: Callable[[pytest.MonkeyPatch], None]
) -> None:
    work.build()
    old = files_of(work.out)
    a_deletion(work, 2)
    the_site_title(work, 1)
    new = work.clean()
    with monkeypatch.context() as patch:
        ending(patch)
        with pytest.raises(Killed):
            work.build()
    assert (work.out / ".showcase" / "journal").exists()
    between = files_of(work.out)
    torn = [name for name, data in between.items() if data not in (old.get(name), new.get(name))]
    assert torn == [], "a page is half written"
    changes = work.build().changes
    assert changes is not None
    assert changes.written == (), "the journal was not completed: the build made pages again"
    assert files_of(work.out) == new
    assert not (work.out / ".showcase" / "journal").exists()


def test_a_build_killed_before_its_journal_changes_nothing(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object) -> None:
        raise Killed

    work.build()
    old = files_of(work.out)
    the_site_title(work, 1)
    with monkeypatch.context() as patch:
        patch.setattr(publishing.storage, "save", kill)
        with pytest.raises(Killed):
            work.build()
    assert files_of(work.out) == old
    work.build()
    assert files_of(work.out) == work.clean()


def test_a_folder_is_left_at_once_only_when_made_from_the_very_same(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.build()
    site = work.content / "site.yml"
    template = next((work.root / "themes").rglob("templates/story.html"))
    before, sound = site.read_bytes(), template.read_bytes()
    the_site_title(work, 1)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "os", killed_after(3))
        with pytest.raises(Killed):
            work.build()
    template.unlink()  # this build completes the killed one, and then publishes nothing of its own
    assert build(settings_for(work.content, work.root, themes=work.root / "themes")).errors
    template.write_bytes(sound)
    site.write_bytes(before)  # all is as for the first build, but for the folder
    work.build()
    assert files_of(work.out) == work.clean()
    assert work.written() == ()
