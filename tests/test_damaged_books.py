"""Caches and books that are cut, flipped, swapped, lost, of another version or of another site.

A cache only saves time, and the books of an output folder are kept twice: with one of them harmed
the next build is right, with both it says what to do. None of them is ever believed blindly.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mishaps import (
    a_renaming,
    an_edit,
    bare_site,
    build_of,
    differing,
    few_countries,
    in_child,
    killed_at,
    noting,
)
from sites import published, run
from test_incremental import edit

from showcase import storage
from showcase.content import read as reading
from showcase.publish.ledger import FOLDER, NOTES

EXAMPLES = max(40, settings.default.max_examples // 10)
CACHES = (".cache/documents", ".cache/index")
EDITS = ".cache/edits"
BOOKS = tuple(f"public/{FOLDER}/{name}" for name in ("ledger", "claims", *NOTES, "journal"))
JOURNAL = (BOOKS[-1], f"public/{FOLDER}/staging/ledger")
#: Which of them there are in each state: the notes are withdrawn before the first move.
THERE = {
    "at rest": (*CACHES, *BOOKS[:-1]),
    "edited": (*CACHES, *BOOKS[:-1]),
    "other words": (*CACHES, EDITS, *BOOKS[:-1]),
    "cut off": (*CACHES, *BOOKS[:2], *JOURNAL),
}
EACH = [(name, file) for name, files in THERE.items() for file in files]
CHANGED = [pair for pair in EACH if pair[0] != "at rest"]


@dataclass(frozen=True)
class State:
    """A folder before a build, and what the build must end in."""

    folder: Path
    new: dict[str, bytes] = field(repr=False)

    def copy(self, name: str = "copy") -> Path:
        root = self.folder.parent / name
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.folder, root)
        return root


@pytest.fixture(scope="module", autouse=True)
def _small_world() -> Iterator[None]:
    with few_countries(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_FEW", 1)
        yield


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> dict[str, State]:
    """At rest with nothing to do, at rest after edits, and cut off half way through them."""
    root = bare_site(tmp_path_factory.mktemp("rest") / "site")
    time.sleep(0.1)  # what was written at this very moment may change again, so it is not noted
    assert run(root, "build").status == 0
    made = {"at rest": State(root, clean(root))}

    root = made["at rest"].copy("edited")
    an_edit(root)
    a_renaming(root)
    made["edited"] = State(root, clean(root))

    root = made["at rest"].copy("other words")
    edit(root / "content/stories/ke/third.md", "Nothing was", "Little was")
    time.sleep(0.1)  # as above
    assert run(root, "build").status == 0
    assert (root / EDITS).exists()
    edit(root / "content/stories/ke/third.md", "Little was", "Much was")
    made["other words"] = State(root, clean(root))

    traced = made["edited"].copy("traced")
    done = in_child(traced, build_of(traced), noting(traced)).operations
    moves = [n for n, what in enumerate(done) if what.startswith("os.rename public/.showcase/stag")]
    root = made["edited"].copy("cut off")
    in_child(root, build_of(root), killed_at(root, done, moves[len(moves) // 2]))
    assert (root / BOOKS[-1]).exists()
    made["cut off"] = State(root, made["edited"].new)
    return made


def clean(root: Path) -> dict[str, bytes]:
    """What a build of a site gives in an empty folder without a cache."""
    other = root.parent / "made anew"
    shutil.rmtree(other, ignore_errors=True)
    for part in ("content", "themes"):
        shutil.copytree(root / part, other / part)
    assert run(other, "build").status == 0
    return published(other / "public")


def assert_next_build_is_right(state: State, root: Path, both_harmed: bool = False) -> None:
    """The build ends in the bytes of a clean one, at once or after the way out that it names."""
    before = published(root / "public")
    ended = run(root, "build")
    assert "Traceback" not in ended.err
    if both_harmed and ended.status:
        assert (ended.status, "--adopt" in ended.err) == (2, True), ended.err
        assert differing(published(root / "public"), before) == []
        return
    assert ended.status == 0, ended.err
    assert differing(published(root / "public"), state.new) == []
    assert run(root, "build").out.startswith("Wrote 0 files")


# --- anything may have happened to the bytes


@st.composite
def harm(draw: st.DrawFn) -> Callable[[bytes], bytes | None]:
    """Something that happens to a file's bytes; None when the file is lost."""
    how = draw(st.sampled_from(["flip", "cut", "swap", "put in", "lose", "replace"]))
    place, other = draw(st.floats(0, 1)), draw(st.floats(0, 1))
    bit, junk = draw(st.integers(0, 7)), draw(st.binary(max_size=60))

    def act(data: bytes) -> bytes | None:
        at, to = sorted(min(int(x * len(data)), max(len(data) - 1, 0)) for x in (place, other))
        if how == "lose":
            return None
        if how == "replace" or not data:
            return junk
        if how == "flip":
            return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
        if how == "cut":
            return data[:at]
        if how == "swap":
            return data[to:] + data[at:to] + data[:at]
        return data[:at] + junk + data[to:]

    return act


def do(root: Path, file: str, act: Callable[[bytes], bytes | None]) -> None:
    path = root / file
    data = act(path.read_bytes())
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(THERE)).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.dictionaries(st.sampled_from(THERE[name]), harm(), min_size=1, max_size=3),
        )
    )
)
def test_any_harm_to_caches_and_books(
    states: dict[str, State], harmed: tuple[str, dict[str, Callable[[bytes], bytes | None]]]
) -> None:
    name, harms = harmed
    root = states[name].copy()
    for file, act in harms.items():
        do(root, file, act)
    assert_next_build_is_right(states[name], root, both_harmed={BOOKS[0], BOOKS[1]} <= set(harms))


@pytest.mark.parametrize(("name", "file"), EACH)
def test_each_of_them_lost(states: dict[str, State], name: str, file: str) -> None:
    root = states[name].copy()
    (root / file).unlink()
    assert_next_build_is_right(states[name], root)


def test_without_its_books_a_folder_is_refused_and_can_be_adopted(states: dict[str, State]) -> None:
    root = states["at rest"].copy()
    shutil.rmtree(root / "public" / FOLDER)
    refused = run(root, "build")
    assert refused.status == 2
    assert "say --adopt" in refused.err
    assert run(root, "build", "--adopt").status == 0
    assert differing(published(root / "public"), states["at rest"].new) == []


def test_a_staged_file_that_the_disk_lost_is_not_published(states: dict[str, State]) -> None:
    root = states["cut off"].copy()
    for path in (root / "public" / FOLDER / "staging").iterdir():
        if path.name.isdigit():
            path.write_bytes(b"")
    assert_next_build_is_right(states["cut off"], root)


def test_a_lost_journal_loses_no_page_and_leaves_none_behind(states: dict[str, State]) -> None:
    root = states["cut off"].copy()
    shutil.rmtree(root / "public" / FOLDER / "staging")
    (root / BOOKS[-1]).unlink()
    page = root / "content/stories/ke/third-renamed.md"
    page.rename(page.with_name("third-again.md"))
    assert_next_build_is_right(State(root, clean(root)), root)


# --- sealed, but not by us


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
).map(msgspec.msgpack.encode)  # fmt: skip


def reseal(path: Path, payload: bytes) -> None:
    """Put a payload into a kept file, of the same version and rightly sealed."""
    version = path.read_bytes().split(b"\n", 1)[0].decode().removeprefix("showcase ")
    storage.save(path, version, payload)


def payload_of(path: Path) -> bytes:
    return path.read_bytes().split(b"\n", 1)[1][16:]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(("edited", "public/.showcase/claims"), msgspec.msgpack.encode([""]))
@given(st.sampled_from(CHANGED), JUNK | st.binary())
def test_any_sealed_payload(
    states: dict[str, State], which: tuple[str, str], payload: bytes
) -> None:
    name, file = which
    root = states[name].copy()
    reseal(root / file, payload)
    assert_next_build_is_right(states[name], root)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([pair for pair in CHANGED if not pair[1].endswith(NOTES)]),
    st.randoms(use_true_random=False),
)
def test_any_part_of_a_payload_replaced_by_another_kind_of_value(
    states: dict[str, State], which: tuple[str, str], chance: Random
) -> None:
    name, file = which
    root = states[name].copy()
    top = [msgspec.msgpack.decode(payload_of(root / file))]
    holder: Any = top
    key: Any = 0
    while isinstance(holder[key], dict | list) and holder[key] and chance.random() < 0.9:
        holder = holder[key]
        key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    holder[key] = {"odd": [1.5]}
    reseal(root / file, msgspec.msgpack.encode(top[0]))
    assert_next_build_is_right(states[name], root)


@pytest.mark.parametrize("part", ["slugs", "keys", "bags"])
def test_an_index_whose_lists_do_not_match(states: dict[str, State], part: str) -> None:
    root = states["edited"].copy()
    whole = msgspec.msgpack.decode(payload_of(root / CACHES[1]))
    whole[part].pop()
    reseal(root / CACHES[1], msgspec.msgpack.encode(whole))
    assert_next_build_is_right(states["edited"], root)


@pytest.mark.parametrize("payload", [b"\xa2\xff\xfe", b"\x91" * 5000, b""])
@pytest.mark.parametrize(("name", "file"), CHANGED)
def test_payloads_that_no_decoder_likes(
    states: dict[str, State], name: str, file: str, payload: bytes
) -> None:
    root = states[name].copy()
    reseal(root / file, payload)
    assert_next_build_is_right(states[name], root)


# --- of another version, of another site


@pytest.mark.parametrize(("name", "file"), CHANGED)
def test_a_file_of_another_version(states: dict[str, State], name: str, file: str) -> None:
    root = states[name].copy()
    storage.save(root / file, "something 99", payload_of(root / file))
    assert_next_build_is_right(states[name], root)


@pytest.fixture(scope="module")
def another_site(tmp_path_factory: pytest.TempPathFactory, states: dict[str, State]) -> Path:
    """A site with stories at the same places that say something else."""
    root = states["cut off"].copy("another")
    shutil.rmtree(root / ".cache")
    shutil.rmtree(root / "public")
    for path in root.glob("content/stories/*/*.md"):
        path.write_text(
            path.read_text().replace(": The ", ": Quite another ").replace("Nothing", "All")
        )
    edit(root / "content/site.yml", "Atlas", "Another atlas")
    (root / "content/stories/ug/second.md").rename(root / "content/stories/ug/elsewhere.md")
    edit(root / "content/stories/ke/first.md", "second.md", "elsewhere.md")
    assert run(root, "build").status == 0
    edit(root / "content/stories/ke/third-renamed.md", " was", " may have been")
    time.sleep(0.1)  # as above
    assert run(root, "build").status == 0
    return root


@pytest.mark.parametrize(("name", "file"), [pair for pair in EACH if pair[1] not in JOURNAL])
def test_a_file_of_another_site(
    states: dict[str, State], another_site: Path, name: str, file: str
) -> None:
    root = states[name].copy()
    shutil.copy(another_site / file, root / file)
    assert_next_build_is_right(states[name], root)


@pytest.mark.parametrize("name", ["at rest", "edited"])
def test_all_caches_of_another_site(
    states: dict[str, State], another_site: Path, name: str
) -> None:
    root = states[name].copy()
    shutil.rmtree(root / ".cache")
    shutil.copytree(another_site / ".cache", root / ".cache")
    assert_next_build_is_right(states[name], root)


def test_a_journal_whose_files_are_of_another_site(states: dict[str, State]) -> None:
    root, other = states["edited"].copy(), states["cut off"].copy("other")
    shutil.rmtree(root / "public" / FOLDER / "staging", ignore_errors=True)
    shutil.copytree(other / "public" / FOLDER / "staging", root / "public" / FOLDER / "staging")
    for path in (root / "public" / FOLDER / "staging").iterdir():
        if path.name.isdigit():
            path.write_bytes(b"of another site")
    shutil.copy(other / BOOKS[-1], root / BOOKS[-1])
    assert_next_build_is_right(states["edited"], root)


# --- what is left lying about


def test_what_a_killed_build_was_writing_is_cleared_away_later(states: dict[str, State]) -> None:
    root = states["edited"].copy()
    old, young = root / ".cache/.documents.1.tmp", root / ".cache/.documents.2.tmp"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert_next_build_is_right(states["edited"], root)
    assert not old.exists()
    assert young.exists(), "its writer may be alive"
