"""The same site comes out wherever, whenever, however and by whomever it is built.

The site has every collection, pictures and two languages. What is compared are whole trees: every
address, every byte, and who may read it.
"""

import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sites import GOLDEN, ROOT, TODAY, run

from showcase import parallel
from showcase.publish.ledger import FOLDER

Tree = dict[str, tuple[int, bytes]]


def tree(out: Path) -> Tree:
    """Return all that is published: the mode and the bytes of every file and folder."""
    return {
        path.relative_to(out).as_posix(): (
            stat.S_IMODE(path.stat().st_mode),
            b"a folder" if path.is_dir() else path.read_bytes(),
        )
        for path in sorted(out.rglob("*"))
        if FOLDER not in path.parts
    }


def copied(root: Path, order: Callable[[list[Path]], list[Path]] = list) -> Path:
    """Copy the site and its theme into a folder, file by file in an order."""
    sources = {
        "content": GOLDEN / "every-collection" / "content",
        "themes": GOLDEN / "themes",
    }
    for name, source in sources.items():
        for path in order(sorted(path for path in source.rglob("*") if path.is_file())):
            place = root / name / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    return root


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """What the site is when nothing is unusual."""
    root = copied(tmp_path_factory.mktemp("usual") / "site")
    assert run(root, "build", "--jobs", "1").status == 0
    found = tree(root / "public")
    assert {Path(name).suffix for name in found} >= {".html", ".xml", ".json", ".jpg", ".png",
                                                     ".ics", ".css", ".txt"}  # fmt: skip
    return found


def differing(found: Tree, expected: Tree) -> list[str]:
    names = sorted(found.keys() | expected.keys())
    return [name for name in names if found.get(name) != expected.get(name)]


# --- what surrounds a process

SURROUNDINGS: dict[str, dict[str, str]] = {
    "a hash seed": {"PYTHONHASHSEED": "1"},
    "another hash seed, east of the date line": {
        "PYTHONHASHSEED": "4294967295", "TZ": "Pacific/Kiritimati", "LANG": "ar_EG.UTF-8",
    },
    "no Unicode, west of the date line": {
        "PYTHONHASHSEED": "4711", "TZ": "Etc/GMT+12", "LC_ALL": "C", "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0", "LANGUAGE": "fr",
    },
    "another home": {"HOME": "/nonexistent", "LC_ALL": "tr_TR.UTF-8", "COLUMNS": "20"},
}  # fmt: skip


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_surroundings_do_not_show(expected: Tree, tmp_path: Path, surroundings: str) -> None:
    root = copied(tmp_path / "site")
    kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV") if name in os.environ}
    environment = {**kept, "PYTHONPATH": str(ROOT), **SURROUNDINGS[surroundings]}
    ended = subprocess.run(
        [sys.executable, "-m", "showcase", "build", "--content", str(root / "content"),
         "--now", TODAY.isoformat(), "--jobs", "2"],
        cwd=tmp_path, env=environment, capture_output=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert differing(tree(root / "public"), expected) == []


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o177])
def test_the_mask_of_the_user_does_not_show(expected: Tree, tmp_path: Path, mask: int) -> None:
    root = copied(tmp_path / "site")
    before = os.umask(mask)
    try:
        ended = run(root, "build")
    finally:
        os.umask(before)
    assert ended.status == 0
    assert differing(tree(root / "public"), expected) == []


@pytest.mark.parametrize("folder", [".", "content", "content/stories/ke", "/"])
def test_the_working_directory_does_not_show(
    expected: Tree, tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copied(tmp_path / "site")
    content = os.path.relpath(root / "content", root / folder)
    assert run(root / folder, "build", "--content", content).status == 0
    assert differing(tree(root / "public"), expected) == []


@pytest.mark.parametrize("name", ["a b", "日本", "#x%20&'\"", ".hidden", "content"])
def test_the_place_does_not_show(expected: Tree, tmp_path: Path, name: str) -> None:
    root = copied(tmp_path / name)
    ended = run(root, "build")
    assert ended.status == 0, ended.err
    found = tree(root / "public")
    assert differing(found, expected) == []
    assert [place for place, (_, data) in found.items() if str(tmp_path).encode() in data] == []


# --- the order of things


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_files_on_the_disk_does_not_show(
    expected: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    root = copied(tmp_path / "site", lambda paths: chance.sample(paths, len(paths)))

    class Shuffled:
        """What scandir gives, in an order that no file system need explain."""

        def __init__(self, *place: Any) -> None:
            with scandir(*place) as items:
                self._items = list(items)
            chance.shuffle(self._items)

        def __iter__(self) -> Any:
            return self

        def __next__(self) -> Any:
            if not self._items:
                raise StopIteration
            return self._items.pop()

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            return

    scandir, listdir = os.scandir, os.listdir
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", Shuffled)
        patch.setattr(os, "listdir", lambda *place: sorted(listdir(*place), key=hash))
        assert run(root, "build").status == 0
    assert differing(tree(root / "public"), expected) == []


@pytest.mark.parametrize("jobs", [2, 3, 4])
def test_the_number_of_processes_does_not_show(
    expected: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(parallel, "_WORTH_FORKING", 2)
    root = copied(tmp_path / "site")
    assert run(root, "build", "--jobs", str(jobs)).status == 0
    assert differing(tree(root / "public"), expected) == []


# --- what was there before


def test_the_clock_of_files_does_not_show(expected: Tree, tmp_path: Path) -> None:
    root = copied(tmp_path / "site")
    for number, path in enumerate(sorted(root.rglob("*"))):
        os.utime(path, (number * 1e7, number * 1e7))
    assert run(root, "build").status == 0
    assert differing(tree(root / "public"), expected) == []


@pytest.mark.parametrize("options", [[], ["--clean"]])
def test_a_copy_of_a_built_site_is_built_to_the_same(
    expected: Tree, tmp_path: Path, options: list[str]
) -> None:
    first = copied(tmp_path / "first")
    assert run(first, "build").status == 0
    shutil.copytree(first, tmp_path / "second", copy_function=shutil.copyfile)
    assert run(tmp_path / "second", "build", *options).status == 0
    assert differing(tree(tmp_path / "second" / "public"), expected) == []


def test_a_copy_of_the_program_makes_the_same(expected: Tree, tmp_path: Path) -> None:
    other = tmp_path / "copy of the program"
    shutil.copytree(
        ROOT / "showcase", other / "showcase", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copyfile(ROOT / "build.py", other / "build.py")
    copied(other)
    ended = subprocess.run(
        [sys.executable, "-m", "showcase", "build", "--now", TODAY.isoformat()],
        cwd=other, env={**os.environ, "PYTHONPATH": str(other)}, capture_output=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert differing(tree(other / "public"), expected) == []
