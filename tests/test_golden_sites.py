"""Whole small sites and their whole output, file by file and byte by byte.

`RENEW=1` before the test command writes the expected trees anew; read what changed before keeping
it.
"""

import difflib
import io
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import msgspec
import pytest
from PIL import Image, ImageChops
from sites import GOLDEN, published, settings_for

from showcase.build import build
from showcase.pages import views

SITES = ("arabic", "sub-path", "every-collection", "ünïcode prøject")
PICTURES = (".avif", ".jpg", ".png", ".webp")
GEOMETRY = {"path", "graticule", "sphere", "land", "position"}  # test_geography.py has them
SHOWN = 8  # files whose differences are printed in full


@pytest.mark.parametrize("name", SITES)
def test_a_site_comes_out_as_expected_to_the_byte(name: str, tmp_path: Path) -> None:
    settings = settings_for(GOLDEN / name / "content", tmp_path / name)
    result = build(settings)
    assert [p for p in result.problems if p.severity == "error"] == []
    found = published(settings.out)
    expected = GOLDEN / name / "expected"
    if os.environ.get("RENEW"):
        renew(expected, found)
    differences = compared(published(expected), found)
    assert not differences, f"{name} differs (RENEW=1 accepts):\n" + "\n".join(differences)


def test_a_draft_leaves_no_trace_on_the_site(tmp_path: Path) -> None:
    settings = settings_for(GOLDEN / "every-collection" / "content", tmp_path)
    build(settings)
    traces = re.compile(rb"draft nobody|next year|time has passed|not-yet|next-year|secret")
    assert [name for name, data in published(settings.out).items() if traces.search(data)] == []


def test_drafts_and_later_stories_show_when_asked_for(tmp_path: Path) -> None:
    settings = settings_for(GOLDEN / "every-collection" / "content", tmp_path, drafts=True)
    build(settings)
    assert {"stories/not-yet/index.html", "stories/secret/index.html",
            "stories/next-year/index.html"} <= published(settings.out).keys()  # fmt: skip


def renew(expected: Path, found: Mapping[str, bytes]) -> None:
    shutil.rmtree(expected, ignore_errors=True)
    for name, data in found.items():
        place = expected / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def compared(expected: Mapping[str, bytes], found: Mapping[str, bytes]) -> list[str]:
    """What differs, in lines to read: names first, then the differences inside files."""
    lines = [f"missing: {name}" for name in sorted(expected.keys() - found.keys())]
    lines += [f"not expected: {name}" for name in sorted(found.keys() - expected.keys())]
    changed = [
        name
        for name in sorted(expected.keys() & found.keys())
        if not same(name, expected[name], found[name])
    ]
    for name in changed[:SHOWN]:
        lines += [f"changed: {name}", *changes(name, expected[name], found[name])]
    return lines + [f"changed: {name}" for name in changed[SHOWN:]]


def same(name: str, expected: bytes, found: bytes) -> bool:
    if PurePosixPath(name).suffix not in PICTURES:
        return expected == found
    # The encoders' own releases may round differently; a reader sees no difference of 4 in 256.
    one, other = Image.open(io.BytesIO(expected)), Image.open(io.BytesIO(found))
    if (one.format, one.mode, one.size) != (other.format, other.mode, other.size):
        return False
    return all(high <= 4 for _, high in extremes(ImageChops.difference(one, other)))


def extremes(image: Image.Image) -> list[tuple[float, float]]:
    return [channel.getextrema() for channel in image.split()]  # type: ignore[misc]


def changes(name: str, expected: bytes, found: bytes) -> list[str]:
    if PurePosixPath(name).suffix in PICTURES:
        return [f"  {len(expected)} bytes expected, {len(found)} found"]
    before, after = expected.decode().splitlines(), found.decode().splitlines()
    return [f"  {line}" for line in difflib.unified_diff(before, after, lineterm="", n=0)][2:]


def test_the_golden_theme_shows_every_field_that_a_page_has() -> None:
    theme = GOLDEN / "themes" / "golden"
    text = "".join(path.read_text(encoding="utf-8") for path in theme.rglob("*.*ml"))
    text += "".join(path.read_text(encoding="utf-8") for path in theme.rglob("*.txt"))
    shown = set(re.findall(r'\.(\w+)|\["(\w+)"\]', text))
    names = {name for pair in shown for name in pair}
    fields = {
        name
        for kind in vars(views).values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        for name in kind.__struct_fields__
    }
    assert sorted(fields - names - GEOMETRY) == []
