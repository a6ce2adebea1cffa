"""Builds that are killed, cannot write, or meet: no page is half, and the next build mends all.

The instants are file-system operations, chosen by a seed: half of them where the folder's own
books and the caches are written, half among the pages. At an opening for writing the file is left
half written, as a kill in the middle of a write leaves it.
"""

import os
import random
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mishaps
import pytest
from mishaps import (
    CHANGES,
    Ended,
    bare_site,
    build_of,
    differing,
    few_countries,
    files_of_at_most,
    full_disk_from,
    in_child,
    killed_at,
    noting,
    start,
    stopped_at,
    wait,
    without_privileges,
)
from sites import everything_in, published, run
from test_incremental import edit

from showcase import parallel
from showcase.cli import main
from showcase.publish.ledger import FOLDER, NOTES
from showcase.render.templates import Templates

INSTANTS = 34  # of each kind of build; six kinds make 204


@dataclass(frozen=True)
class Case:
    """A folder before a build, what is published there, and what the build must end in."""

    before: Path
    old: dict[str, bytes] = field(repr=False)
    new: dict[str, bytes] = field(repr=False)
    jobs: int
    operations: tuple[str, ...] = field(repr=False)

    def work(self, root: Path) -> Path:
        """Return a copy of the folder, as it was before the build."""
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.before, root)
        rest()
        return root

    def build(self, root: Path) -> Callable[[], None]:
        return build_of(root, "--jobs", str(self.jobs))

    def killed_at(self, root: Path, instant: int) -> Callable[[], None]:
        return killed_at(root, self.operations, instant)

    def instants(self, number: int) -> list[int]:
        """Choose operations: half among the books and caches, half among the rest."""
        chance = random.Random(self.before.name)
        every = range(len(self.operations))
        books = [n for n in every if is_book(self.operations[n])]
        rest = [n for n in every if not is_book(self.operations[n])]
        chosen = chance.sample(books, min(number // 2, len(books)))
        return sorted(chosen + chance.sample(rest, min(number - len(chosen), len(rest))))


def is_book(operation: str) -> bool:
    path = operation.split(" ", 1)[1]
    return path.startswith((".cache", f"public/{FOLDER}")) and not path.split("/")[-1].isdigit()


def nothing(root: Path) -> None:
    """Leave the folder as it is: the first build."""


KINDS = {
    "the first build": (nothing, 1),
    **{change.__name__.replace("_", " "): (change, 1) for change in CHANGES},
    "two processes": (mishaps.a_change_of_the_theme, 2),
}


@pytest.fixture(scope="module", autouse=True)
def _small_world() -> Iterator[None]:
    with few_countries(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "_WORTH_FORKING", 2)
        yield


def rest() -> None:
    """Wait until no file has been changed just now, so that every build notes its inputs."""
    time.sleep(0.1)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """Every kind of build, with its operations written down."""
    warm = bare_site(tmp_path_factory.mktemp("warm"))
    assert run(warm, "build").status == 0  # here: what is loaded now is loaded in every child
    made = {}
    for name, (change, jobs) in KINDS.items():
        before = bare_site(tmp_path_factory.mktemp("cases") / name)
        if change is not nothing:
            assert in_child(before, build_of(before)).status == 0
        change(before)
        old = published(before / "public") if (before / "public").exists() else {}
        root = tmp_path_factory.mktemp("clean") / "site"
        shutil.copytree(before, root)
        rest()
        ended = in_child(root, build_of(root, "--jobs", str(jobs)), noting(root))
        assert ended.status == 0, ended.err
        new = clean(root)
        assert published(root / "public") == new
        made[name] = Case(before, old, new, jobs, ended.operations)
    return made


def clean(root: Path) -> dict[str, bytes]:
    """What a build of a site gives in an empty folder without a cache."""
    other = root.parent / "made anew"
    shutil.rmtree(other, ignore_errors=True)
    for part in ("content", "themes"):
        shutil.copytree(root / part, other / part)
    assert in_child(other, build_of(other)).status == 0
    return published(other / "public")


def assert_whole(case: Case, root: Path) -> None:
    """Every published file is the old or the new one, and all are of one site at rest."""
    found = published(root / "public") if (root / "public").exists() else {}
    torn = [n for n, data in found.items() if data not in (case.old.get(n), case.new.get(n))]
    assert torn == [], "a page is half written"
    if not (root / "public" / FOLDER / "journal").exists():
        assert found in (case.old, case.new), "two sites are mixed and nothing says so"


def assert_next_build_completes(case: Case, root: Path) -> None:
    """The next build ends in the bytes of a clean one, and leaves nothing lying about."""
    ended = in_child(root, case.build(root))
    for _ in range(200):  # processes that outlive a killed build hold the folder until they end
        if "another build" not in ended.err:
            break
        time.sleep(0.05)
        ended = in_child(root, case.build(root))
    assert ended.status == 0, ended.err
    found = everything_in(root / "public")
    assert {name for name, data in found.items() if data == b"a folder"} == {
        FOLDER, *(parent.as_posix() for name in case.new for parent in Path(name).parents[:-1])
    }  # fmt: skip
    assert differing(published(root / "public"), case.new) == []
    books = {path.name for path in (root / "public" / FOLDER).iterdir()}
    # What they were made from is noted unless some file was changed at this very moment.
    books = {name for name in books if not name.endswith(".tmp")} - {*NOTES}
    assert books == {"claims", "ledger", "lock"}


# --- kills


@pytest.mark.parametrize("kind", KINDS)
def test_a_build_killed_at_any_instant(cases: dict[str, Case], tmp_path: Path, kind: str) -> None:
    case = cases[kind]
    instants = case.instants(INSTANTS)
    assert len(instants) == INSTANTS
    for instant in instants:
        root = case.work(tmp_path / "site")
        ended = in_child(root, case.build(root), case.killed_at(root, instant))
        print(instant, case.operations[instant])  # for who reads a failure
        assert ended.status == -signal.SIGKILL, ended.err
        assert_whole(case, root)
        assert_next_build_completes(case, root)


def test_a_build_one_of_whose_processes_is_killed(cases: dict[str, Case], tmp_path: Path) -> None:
    case = cases["two processes"]
    root = case.work(tmp_path / "site")

    def end_with_one_left() -> None:
        make = Templates.render

        def die(*given: Any) -> bytes:
            if os.getpid() == builder:
                return make(*given)
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError

        builder = os.getpid()
        Templates.render = die  # type: ignore[method-assign]

    ended = in_child(root, case.build(root), end_with_one_left)
    assert_one_clear_line(ended)
    assert "ended from outside" in ended.err
    assert differing(published(root / "public"), case.old) == []
    assert_next_build_completes(case, root)


def test_a_build_killed_twice_and_edited_in_between(cases: dict[str, Case], tmp_path: Path) -> None:
    case = cases["a renaming"]
    for first, second in zip(case.instants(6), reversed(case.instants(6)), strict=True):
        root = case.work(tmp_path / "site")
        in_child(root, case.build(root), case.killed_at(root, first))
        third = root / "content/stories/ke/third-renamed.md"
        third.rename(third.with_name("third-again.md"))
        in_child(root, case.build(root), case.killed_at(root, second))
        third.with_name("third-again.md").rename(third)
        assert_next_build_completes(case, root)


# --- writes that fail


def assert_one_clear_line(ended: Ended) -> None:
    """The build says what is wrong with which place, and ends with the status for it."""
    assert ended.status in (1, 3), ended.err
    (line,) = ended.err.splitlines()
    assert line.startswith("error: /"), line


@pytest.mark.parametrize("kind", ["the first build", "a deletion"])
def test_a_disk_that_is_full(cases: dict[str, Case], tmp_path: Path, kind: str) -> None:
    case = cases[kind]
    outcomes = set()
    for instant in case.instants(16):
        root = case.work(tmp_path / "site")
        ended = in_child(root, case.build(root), full_disk_from(root, instant))
        print(instant, case.operations[instant], ended.err)
        outcomes.add(ended.status)
        if ended.status:
            assert_one_clear_line(ended)
            assert "No space left on device" in ended.err
        expected = case.old if ended.status else case.new
        assert differing(published(root / "public"), expected) == []
        assert_next_build_completes(case, root)
    assert 3 in outcomes


@pytest.mark.parametrize("size", [0, 64, 500, 2000, 5000])
def test_a_limit_to_the_size_of_files(cases: dict[str, Case], tmp_path: Path, size: int) -> None:
    case = cases["an edit"]
    root = case.work(tmp_path / "site")
    ended = in_child(root, case.build(root), files_of_at_most(size))
    assert_one_clear_line(ended)
    assert "File too large" in ended.err
    assert differing(published(root / "public"), case.old) == []
    assert_next_build_completes(case, root)


READ_ONLY = ["public", f"public/{FOLDER}", "public/stories", "public/stories/third", ".cache"]


@pytest.mark.parametrize("folder", READ_ONLY)
def test_a_folder_that_cannot_be_written(
    cases: dict[str, Case], tmp_path: Path, folder: str
) -> None:
    case = cases["an edit"]
    root = case.work(tmp_path / "site")
    (root / folder).chmod(0o555)
    if folder == "public":  # all that it holds, as on a disk that is mounted for reading
        for path in (root / folder).rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        ended = in_child(root, case.build(root), without_privileges)
    finally:
        for path in [root / folder, *(root / folder).rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert_one_clear_line(ended)
    assert "Permission denied" in ended.err
    assert differing(published(root / "public"), case.old) == []
    assert_next_build_completes(case, root)


# --- builds that meet


@pytest.mark.parametrize("operation", ["open", "os.rename"])
def test_a_second_build_says_that_another_one_has_the_folder(
    cases: dict[str, Case], tmp_path: Path, operation: str
) -> None:
    case = cases["a change of the theme"]
    root = case.work(tmp_path / "site")
    staged = re.compile(rf"{operation} public/{FOLDER}/staging/\d+")
    instant = [n for n, done in enumerate(case.operations) if staged.fullmatch(done)][1]
    first = start(case.build(root), stopped_at(root, instant))
    os.waitpid(first.number, os.WUNTRACED)
    second = run(root, "build")
    try:
        assert_whole(case, root)  # while the first one stands still
    finally:
        os.kill(first.number, signal.SIGCONT)
    assert second.status == 2
    assert second.err == (
        f"error: another build is writing {root}/public; wait until it has finished\n"
    )
    assert wait(root, first).status == 0
    assert differing(published(root / "public"), case.new) == []
    assert_next_build_completes(case, root)


def test_builds_that_begin_together_leave_a_whole_site(
    cases: dict[str, Case], tmp_path: Path
) -> None:
    case = cases["an edit"]
    for _ in range(5):
        root = case.work(tmp_path / "site")
        children = [start(case.build(root)) for _ in range(3)]
        statuses = [wait(root, child).status for child in children]
        assert 0 in statuses
        assert set(statuses) <= {0, 2}
        assert differing(published(root / "public"), case.new) == []
        assert_next_build_completes(case, root)


def test_a_build_while_a_preview_runs(cases: dict[str, Case], tmp_path: Path) -> None:
    case = cases["an edit"]
    root = case.work(tmp_path / "site")
    content = str(root / "content")
    preview = start(
        lambda: main(["serve", "--port", "0", "--content", content]),
        lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # a job's may ignore it
    )
    try:
        said = b""
        while b"Serving http" not in said:
            said += os.read(preview.said, 1000)
        for number in range(4):
            edit(root / "content/site.yml", "title: Atlas", f"title: Atlas {number}")
            ended = in_child(root, case.build(root))
            assert (ended.status, "error" in ended.err) == (0, False), ended.err
        assert differing(published(root / "public"), clean(root)) == []
        home = root / ".cache" / "preview" / "index.html"
        for _ in range(200):
            if "Atlas 3 2 1 0" in home.read_text():
                break
            time.sleep(0.05)
        assert "Atlas 3 2 1 0" in home.read_text()
    finally:
        os.kill(preview.number, signal.SIGINT)
        ended = wait(root, preview)
    assert ended.status == 0, ended.err
    assert "Traceback" not in ended.err
