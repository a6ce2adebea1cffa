"""SECURITY.md says what is so: its numbers are tried, its codes exist, its contact is right."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from sites import ROOT, lay_over_sound_site, run

import showcase
from showcase.diagnostics import CODES
from showcase.preview import server
from showcase.site import pictures

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+) \| ([\d,]+)(?: \w+)? \| (.+) \|$", TEXT, re.MULTILINE)
LIMITS = {what: (int(number.replace(",", "")), code.strip("`")) for what, number, code in ROWS}
FRONT = "---\ntitle: About\n---\n\n"


def text_of(size: int) -> dict[str, str]:
    return {"pages/about.md": (FRONT + "A" * size)[:size]}


def picture_of(size: int) -> dict[str, str]:
    return {"pages/about.md": FRONT + "![A](a.jpg)", "pages/a.jpg": "A" * size}


def folders(depth: int) -> dict[str, str]:
    return {"/".join(["pages", *["a"] * (depth - 1), "a.md"]): FRONT + "A"}


def quotes(depth: int) -> dict[str, str]:
    return {"pages/about.md": FRONT + "> " * depth + "A"}


def nested_fields(depth: int) -> dict[str, str]:
    return {"pages/about.md": f"---\ntitle: About\nx: {'[' * depth}{']' * depth}\n---\n\nA"}


def names(number: int) -> dict[str, str]:
    # The mapping itself counts as one.
    fields = "".join(f"a{n}: 1\n" for n in range((number - 3) // 2))
    odd = "x: []\n" if number % 2 else ""
    return {"pages/about.md": f"---\ntitle: About\n{fields}{odd}---\n\nA"}


CONTENT: Mapping[str, Callable[[int], dict[str, str]]] = {
    "a text file of `content/`": text_of,
    "a picture's file": picture_of,
    "folders in one another below `content/`": folders,
    "quotes and containers in one another, a list as two of them": quotes,
    "lists in one another in a field": nested_fields,
    "names and values of front matter": names,
}
OF_THE_PROGRAM = {
    "a picture": pictures._MOST_PIXELS,
    "threads of the preview": server._MOST_THREADS,
    "silence of a client of the preview": server._Handler.timeout,
}


def test_every_limit_that_is_named_is_tried() -> None:
    assert LIMITS.keys() == CONTENT.keys() | OF_THE_PROGRAM.keys()


@pytest.mark.parametrize("what", CONTENT)
def test_the_limit_is_the_number_that_is_named(tmp_path: Path, what: str) -> None:
    number, code = LIMITS[what]
    refused = []
    for size in (number, number + 1):
        files = {f"content/{path}": text for path, text in CONTENT[what](size).items()}
        out = run(lay_over_sound_site(tmp_path / str(size), files), "check", "--quiet").out
        refused.append(f"error[{code}]" in out)
    assert refused == [False, True]


@pytest.mark.parametrize("what", OF_THE_PROGRAM)
def test_the_limit_is_the_number_of_the_program(what: str) -> None:
    assert LIMITS[what][0] == OF_THE_PROGRAM[what]


def test_every_code_and_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`([^`\s]+)`", TEXT))
    headers = {"frame-ancestors", "unsafe-inline", "unsafe-eval"}
    codes = {name for name in named if re.fullmatch(r"[a-z]+(-[a-z]+)+", name)} - headers
    assert codes
    assert codes <= CODES.keys()
    made = {"public/", ".cache/", ".venv/"}
    files = {name for name in named if "/" in name} - made
    assert files
    assert [name for name in sorted(files) if not (ROOT / name).exists()] == []


def test_reports_go_to_the_contact_of_the_site_and_the_version_is_this_one() -> None:
    site = yaml.safe_load((ROOT / "content/site.yml").read_text(encoding="utf-8"))
    assert f"`{site['contact']}`" in TEXT
    assert f"version {showcase.__version__})" in TEXT
