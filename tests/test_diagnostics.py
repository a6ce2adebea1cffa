"""Every diagnostic: a folder of tests/diagnostics/ provokes each, with the exact text expected.

A folder's files are laid over a sound site; `removed.txt` names files of that site to take out.
RENEW=1 in the environment writes the texts anew; read them before committing them.
"""

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sites import STORY, everything_in, lay_over_sound_site, run

from showcase.diagnostics import CODES

FOLDER = Path(__file__).parent / "diagnostics"
EXPECTED = "expected.txt"
REMOVED = "removed.txt"
MANY = "many-at-once"  # not a code: thirteen problems of two files in one run
CASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
HEAD = re.compile(
    r"(?P<path>.+?)(:(?P<line>\d+))?(:(?P<column>\d+))?: \w+\[(?P<code>[a-z0-9-]+)\]: "
)


def site_of(case: str, root: Path) -> Path:
    """The sound site with a case's files over it."""
    folder = FOLDER / case
    files: dict[str, str | bytes | None] = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (EXPECTED, REMOVED)
    }
    if (folder / REMOVED).exists():
        files |= dict.fromkeys((folder / REMOVED).read_text().split())
    return lay_over_sound_site(root, files)


def test_every_code_has_a_folder_and_every_folder_a_code() -> None:
    assert set(CASES) - {MANY} == set(CODES)


def test_a_sound_site_has_no_problems(tmp_path: Path) -> None:
    site = lay_over_sound_site(tmp_path, {})
    found = run(site, "check", "--quiet", "--strict")
    assert (found.status, found.out, found.err) == (0, "", "")


@pytest.mark.parametrize("case", CASES)
def test_the_report_reads_as_expected(case: str, tmp_path: Path) -> None:
    found = run(site_of(case, tmp_path), "check", "--quiet")
    if os.environ.get("RENEW"):
        (FOLDER / case / EXPECTED).write_text(found.out, encoding="utf-8")
    assert found.out == (FOLDER / case / EXPECTED).read_text(encoding="utf-8")
    codes = {HEAD.match(line)["code"] for line in found.problems}  # type: ignore[index]
    assert case in codes or case == MANY
    assert found.err == ""
    assert found.status == int(any(": error[" in line for line in found.problems))


def places_in_text(out: str) -> list[tuple[str, int, int, str]]:
    """Path, line, column and code of each problem of a text report."""
    found = [
        HEAD.match(line) for line in out.splitlines() if "error[" in line or "warning[" in line
    ]
    return [
        (match["path"], int(match["line"] or 0), int(match["column"] or 0), match["code"])
        for match in found
        if match
    ]


# All at once


def test_one_run_reports_thirteen_problems_of_two_files(tmp_path: Path) -> None:
    site = site_of(MANY, tmp_path)
    places = places_in_text(run(site, "check", "--quiet").out)
    in_story = {code for path, *_, code in places if path.endswith("wind-turbine.md")}
    in_page = {code for path, *_, code in places if path.endswith("about.md")}
    assert len(places) == 13
    assert (len(in_story), len(in_page)) == (10, 3)
    assert places == sorted(places)


def test_a_build_with_errors_leaves_the_published_site_as_it_was(tmp_path: Path) -> None:
    site = lay_over_sound_site(tmp_path, {})
    assert run(site, "build", "--quiet").status == 0
    before = everything_in(site / "public")
    assert "stories/science-club/index.html" in before
    found = run(site_of(MANY, site), "build")
    assert found.status == 1
    assert everything_in(site / "public") == before
    assert found.out.splitlines()[-1].startswith("Found 13 errors in ")
    assert found.out.splitlines()[-1].endswith("; public/ is as it was.")


def test_a_build_with_errors_makes_no_output_folder(tmp_path: Path) -> None:
    site = site_of(MANY, tmp_path)
    assert run(site, "build", "--quiet").status == 1
    assert not (site / "public").exists()


def test_one_wrong_file_does_not_make_the_links_to_it_wrong(tmp_path: Path) -> None:
    wrong = STORY.replace("kind: teacher", "kind: techer")
    page = (
        "---\ntitle: About\n---\n\nSee [the club](../stories/ke/science-club.md#the-challenge).\n"
    )
    files = {"content/stories/ke/science-club.md": wrong, "content/pages/about.md": page}
    places = places_in_text(run(lay_over_sound_site(tmp_path, files), "check", "--quiet").out)
    assert [code for *_, code in places] == ["unknown-value"]


def test_an_unreadable_vocabulary_does_not_make_every_topic_wrong(tmp_path: Path) -> None:
    site = lay_over_sound_site(tmp_path, {"content/topics.yml": "- slug: [stem\n"})
    places = places_in_text(run(site, "check", "--quiet").out)
    assert [code for *_, code in places] == ["yaml-syntax"]


def test_carets_stand_under_wide_characters(tmp_path: Path) -> None:
    page = "---\ntitle: 关于\n---\n\n见[故事](没有.md)。\n"
    site = lay_over_sound_site(tmp_path, {"content/pages/about.md": page})
    lines = run(site, "check", "--quiet").out.splitlines()
    assert lines[0].startswith("content/pages/about.md:5:7: error[broken-link]")
    # A Chinese character takes two columns of a terminal: 3 of them and 3 brackets come before.
    assert lines[2].startswith("    " + " " * 9 + "^" * 7 + " ")


def test_a_line_separator_does_not_shift_the_quoted_line(tmp_path: Path) -> None:
    page = "---\ntitle: About\u2028us\n---\n\nOne\u2028line\x0c.\n\n[Gone](gone.md)\n"
    site = lay_over_sound_site(tmp_path, {"content/pages/about.md": page})
    lines = run(site, "check", "--quiet").out.split("\n")
    assert lines[0].startswith("content/pages/about.md:7:8: ")
    assert lines[1] == "    [Gone](gone.md)"


# Strictness


def test_warnings_fail_only_a_strict_run(tmp_path: Path) -> None:
    site = site_of("stray-file", tmp_path)
    assert run(site, "check").status == 0
    assert run(site, "check", "--strict").status == 1
    assert run(site, "build", "--strict").status == 1
    assert not (site / "public").exists()
    assert run(site, "build").status == 0


# Formats


@pytest.fixture(params=[MANY, "stray-file", "duplicate-address", "broken-output-link"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return site_of(request.param, tmp_path)


def test_json_agrees_with_the_text(site: Path) -> None:
    text = run(site, "check", "--quiet")
    found = run(site, "check", "--format", "json")
    rows: list[dict[str, Any]] = json.loads(found.out)
    assert [
        (row["path"] or "site", row["line"], row["column"], row["code"]) for row in rows
    ] == places_in_text(text.out)
    assert all(row["message"] and row["severity"] in ("error", "warning") for row in rows)
    assert found.status == text.status
    assert len(found.err.splitlines()) == 1, "the closing sentence goes to standard error"


def test_github_annotations_agree_with_the_text(site: Path) -> None:
    text = run(site, "check", "--quiet")
    found = run(site, "check", "--format", "github", "--quiet")
    places = []
    for line in found.out.splitlines():
        match = re.fullmatch(r"::(error|warning) ([^:]*)::(.+)", line)
        assert match, line
        fields = dict(field.split("=", 1) for field in match[2].split(","))
        line_number, column = int(fields.get("line", 0)), int(fields.get("col", 0))
        places.append((fields.get("file", "site"), line_number, column, fields["title"]))
    assert places == places_in_text(text.out)
    assert found.status == text.status


def test_sarif_is_whole_and_agrees_with_the_text(site: Path) -> None:
    text = run(site, "check", "--quiet")
    found = run(site, "check", "--format", "sarif", "--quiet")
    log: dict[str, Any] = json.loads(found.out)
    assert log["version"] == "2.1.0"
    assert "sarif-2.1.0" in log["$schema"]
    (only_run,) = log["runs"]
    driver = only_run["tool"]["driver"]
    assert driver["name"] == "showcase"
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(set(rules)) == len(rules)
    places = []
    for result in only_run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        uri, region = physical["artifactLocation"]["uri"], physical.get("region", {})
        assert not uri.startswith("/")
        assert region.get("startLine", 1) >= 1
        assert region.get("endColumn", 2) > region.get("startColumn", 1)
        place = region.get("startLine", 0), region.get("startColumn", 0)
        places.append((unquote(uri), *place, result["ruleId"]))
    # SARIF wants a file for every result: a problem of the whole site lies in site.yml.
    wanted = [
        ("content/site.yml" if p == "site" else p, *rest) for p, *rest in places_in_text(text.out)
    ]
    assert places == wanted
    assert found.status == text.status


def test_sarif_addresses_are_uris_even_with_spaces(tmp_path: Path) -> None:
    found = run(site_of("stray-file", tmp_path), "check", "--format", "sarif", "--quiet")
    results = json.loads(found.out)["runs"][0]["results"]
    locations = [result["locations"][0]["physicalLocation"] for result in results]
    uris = [location["artifactLocation"]["uri"] for location in locations]
    assert uris == ["content/notes.txt", "content/pages/About%20us.docx"]


@pytest.mark.parametrize("style", ["json", "github", "sarif", "text"])
def test_a_sound_site_has_an_empty_report_in_every_format(style: str, tmp_path: Path) -> None:
    out = run(lay_over_sound_site(tmp_path, {}), "check", "--quiet", "--format", style).out
    if style == "sarif":
        assert json.loads(out)["runs"][0]["results"] == []
    else:
        assert out.strip() == ("[]" if style == "json" else "")


def test_the_report_file_holds_what_is_printed(site: Path) -> None:
    found = run(site, "check", "--quiet", "--format", "sarif", "--report", "report.sarif")
    assert (site / "report.sarif").read_text(encoding="utf-8") == found.out
    assert found.out


def test_paths_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    site = site_of("unknown-topic", tmp_path / "some" / "site")
    above = run(tmp_path, "check", "--quiet", "--content", "some/site/content")
    inside = run(site / "content", "check", "--quiet", "--content", ".")
    name = "stories/ke/wind-turbine.md"
    assert {path for path, *_ in places_in_text(above.out)} == {f"some/site/content/{name}"}
    assert {path for path, *_ in places_in_text(inside.out)} == {name}
    assert "^^^ did you mean stem?" in above.out, "the line is quoted from the file all the same"


def test_a_comma_in_a_file_name_does_not_split_a_github_annotation(tmp_path: Path) -> None:
    page = "---\ntitle: About\n---\n\nWe.\n"
    site = lay_over_sound_site(tmp_path, {"content/pages/about, us.md": page})
    (line,) = run(site, "check", "--format", "github", "--quiet").out.splitlines()
    assert line.startswith("::error file=content/pages/about%2C us.md,title=bad-slug::")
