"""The command line: what it answers, how it ends, what it leaves alone."""

import os
import re
from pathlib import Path

import pytest
from sites import SOUND_SITE, STORY, Run, everything_in, lay_over_sound_site, put, run

from showcase import cli
from showcase.diagnostics import CODES

DONE, CONTENT_WRONG, USAGE_WRONG, OUR_FAULT = 0, 1, 2, 3
STORY_PAGE = "stories/{}/index.html"


@pytest.fixture(autouse=True)
def no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return lay_over_sound_site(tmp_path / "site", {})


def with_site_yml(root: Path, text: str) -> Path:
    return lay_over_sound_site(root, {"content/site.yml": text})


def refused(found: Run) -> str:
    """What a run that was refused says, in one piece.

    Problems that have a place go to standard output, as those of content do; the rest is said on
    standard error.
    """
    assert found.status == USAGE_WRONG
    assert bool(found.out) != bool(found.err)
    assert "Traceback" not in found.err
    return found.out + found.err


def add_story(site: Path, slug: str, old: str, new: str) -> Path:
    assert old in STORY
    return put(site / f"content/stories/ke/{slug}.md", STORY.replace(old, new))


# How runs end


def test_a_build_ends_in_a_sentence(site: Path) -> None:
    first = run(site, "build")
    assert first.status == DONE
    assert first.err == ""
    files = sum(
        path.is_file() and ".showcase" not in path.parts for path in (site / "public").rglob("*")
    )
    pattern = r"Wrote {} files?, left {} unchanged, removed {} in public/, in \d+\.\d\d s\."
    (line,) = first.out.splitlines()
    assert re.fullmatch(pattern.format(files, 0, 0), line)
    (line,) = run(site, "build").out.splitlines()
    assert re.fullmatch(pattern.format(0, files, 0), line)
    (site / "content/stories/ke/science-club.md").unlink()
    (line,) = run(site, "build").out.splitlines()
    removed = re.search(r"removed (\d+)", line)
    assert removed
    assert int(removed[1]) > 0


def test_the_sentence_counts_errors_and_warnings(site: Path) -> None:
    put(site / "content/notes.txt", "x")
    assert ": nothing to mend (1 warning), in " in run(site, "check").out
    add_story(site, "other", "country: KE", "country: Kenia")
    (*_, last) = run(site, "build").out.splitlines()
    assert re.fullmatch(r"Found 1 error and 1 warning in .* s; public/ is as it was\.", last)
    (*_, last) = run(site, "check").out.splitlines()
    assert re.fullmatch(r"Found 1 error and 1 warning in \S+ s\.", last)


def test_a_strict_run_with_warnings_alone_says_so(site: Path) -> None:
    put(site / "content/notes.txt", "x")
    found = run(site, "check", "--strict")
    assert found.status == CONTENT_WRONG
    assert found.out.splitlines()[-1].startswith("Found 0 errors and 1 warning in ")


def test_a_quiet_build_says_nothing_but_problems(site: Path) -> None:
    assert run(site, "build", "--quiet") == Run(DONE, "", "")
    add_story(site, "other", "country: KE", "country: Kenia")
    found = run(site, "build", "--quiet")
    assert found.status == CONTENT_WRONG
    assert len(found.problems) == 1
    assert "Found" not in found.out


def test_a_profile_tells_the_seconds_of_every_stage_in_order(site: Path) -> None:
    said = run(site, "build", "--profile").err.splitlines()
    stages = [line.split()[0] for line in said[1:]]
    assert stages == ["Starting", "Reading", "Assembling", "Indexing", "Planning", "Rendering",
                      "Publishing", "in"]  # fmt: skip
    seconds = [float(re.search(r"([0-9.]+) s ", line)[1]) for line in said[1:]]  # type: ignore[index]
    assert sum(seconds[:-1]) == pytest.approx(seconds[-1], abs=0.1)


def test_build_is_what_runs_without_a_command(site: Path) -> None:
    found = run(site)
    assert found.status == DONE
    assert found.out.startswith("Wrote ")
    assert (site / "public/index.html").is_file()
    assert run(site, "--quiet").out == ""


def test_a_fault_of_ours_shows_where_and_how_to_report_it(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the sky fell")

    monkeypatch.setattr(cli, "build", fail)
    found = run(site, "check")
    assert found.status == OUR_FAULT
    assert "Traceback" in found.err
    assert "RuntimeError: the sky fell" in found.err
    assert "report it" in found.err.splitlines()[-1] + found.err.splitlines()[-2]


def test_help_names_every_command(site: Path) -> None:
    found = run(site, "--help", now=None)
    assert found.status == DONE
    for command in ("build", "serve", "check", "new", "test"):
        assert re.search(rf"^  {command} +\S", found.out, re.MULTILINE)


# The command line is wrong


def test_a_misspelt_command_suggests_the_right_one(site: Path) -> None:
    assert "did you mean build?" in refused(run(site, "biuld"))
    assert "the commands are build, " in refused(run(site, "xyzzy"))


def test_a_misspelt_option_suggests_the_right_one(site: Path) -> None:
    assert "--drafts" in refused(run(site, "build", "--draft", "--quiet"))


def test_a_wrong_format_lists_the_formats(site: Path) -> None:
    assert "'sarif'" in refused(run(site, "check", "--format", "xml"))


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_language_that_the_site_does_not_have_is_refused(site: Path, command: str) -> None:
    said = refused(run(site, command, "--language", "de"))
    assert "--language de" in said
    assert "en, fr" in said


def test_languages_can_be_named_in_both_ways(site: Path) -> None:
    assert run(site, "build", "--language", "fr", "en", "--quiet").status == DONE
    assert (site / "public/fr/index.html").exists()
    assert run(site, "build", "--language", "en", "--quiet").status == DONE
    assert not (site / "public/fr").exists()
    both = ("--language", "en", "--language=fr")
    assert run(site, "build", *both, "--quiet").status == DONE
    assert (site / "public/fr/index.html").exists()


def test_a_misspelt_theme_suggests_the_right_one(site: Path) -> None:
    assert "did you mean default?" in refused(run(site, "build", "--theme", "defualt"))
    assert "there are: default" in refused(run(site, "build", "--theme", "xyzzy"))


def test_a_missing_content_folder_is_named(site: Path) -> None:
    said = refused(run(site, "build", "--content", "contents"))
    assert "no folder contents" in said
    assert "--content" in said


def test_a_content_folder_without_site_yml_is_no_content_folder(site: Path) -> None:
    (site / "content/site.yml").unlink()
    said = refused(run(site, "check"))
    assert "site.yml" in said
    assert "--content" in said


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "22.11.2026", "2026"])
def test_a_day_that_is_none_is_refused(site: Path, day: str) -> None:
    said = refused(run(site, "check", "--now", day, now=None))
    assert day in said
    assert "2026-11-22" in said


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_number_of_jobs_that_is_none_is_refused(site: Path, jobs: str) -> None:
    assert "--jobs" in refused(run(site, "check", "--jobs", jobs))


@pytest.mark.parametrize(
    "url",
    ["example.org", "ftp://example.org/", "/atlas/", "https://", "https://example.org/?a=b",
     "https://example.org/#a", "http://[::1", "https://exa mple.org/"],
)  # fmt: skip
def test_a_base_url_that_is_none_is_blamed_on_the_command_line(site: Path, url: str) -> None:
    said = refused(run(site, "build", "--base-url", url))
    assert "--base-url" in said
    assert "site.yml" not in said
    assert not (site / "public").exists()


def test_a_base_url_moves_the_whole_site(site: Path) -> None:
    assert run(site, "build", "--base-url", "https://host.example/atlas", "--quiet").status == DONE
    home = (site / "public/index.html").read_text(encoding="utf-8")
    assert 'href="https://host.example/atlas/"' in home
    assert 'href="/atlas/stories/"' in home
    assert "https://example.org/" not in home.replace("https://example.org/club", "")


def test_a_report_that_cannot_be_written_is_said_in_a_line(site: Path) -> None:
    found = run(site, "check", "--report", "nowhere/report.txt")
    assert found.status != DONE
    assert "nowhere/report.txt" in found.err
    assert "Traceback" not in found.err


# site.yml is wrong


def test_every_problem_of_site_yml_is_reported_with_its_line(tmp_path: Path) -> None:
    text = """title: Test atlas
tagline: ""
base_url: example.org
languages: [en, xx-nowhere]
colour: blue
theme: [default]
title: Another
"""
    said = refused(run(with_site_yml(tmp_path, text), "build"))
    places = re.findall(r"^content/site\.yml:(\d+):(\d+): error\[([a-z-]+)\]", said, re.MULTILINE)
    assert places == [
        ("2", "10", "empty"),
        ("3", "11", "unsafe-link"),
        ("4", "17", "unknown-language"),
        ("5", "1", "unknown-field"),
        ("6", "8", "wrong-type"),
        ("7", "1", "yaml-duplicate-key"),
    ]
    assert not (tmp_path / "public").exists()
    assert not (tmp_path / ".cache").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [a\n", "yaml-syntax"),
        ("- title\n", "wrong-type"),
        ("", "missing-field"),
        (SOUND_SITE["content/site.yml"].replace("[en, fr]", "5"), "`languages` should be a list"),
        (SOUND_SITE["content/site.yml"].replace("[en, fr]", "en"), "`languages` should be a list"),
        (SOUND_SITE["content/site.yml"].replace("[en, fr]", "[]"), "at least 1"),
        (SOUND_SITE["content/site.yml"].replace("[en, fr]", "[en, en]"), "twice"),
    ],
)
def test_a_site_yml_that_cannot_be_used(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(run(with_site_yml(tmp_path, text), "build", "--language", "en"))


def test_a_site_yml_that_is_not_utf8(site: Path) -> None:
    put(site / "content/site.yml", "title: Éduc\n".encode("latin-1"))
    assert "UTF-8" in refused(run(site, "build"))


def test_the_places_in_site_yml_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    with_site_yml(tmp_path / "a", "colour: blue\n" + SOUND_SITE["content/site.yml"])
    said = refused(run(tmp_path, "build", "--content", "a/content"))
    assert said.startswith("a/content/site.yml:1:1: error[unknown-field]")
    assert "    colour: blue\n    ^^^^^^" in said


# The day


def test_the_day_comes_from_the_option_then_from_the_environment(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = site / "public" / STORY_PAGE.format("later")
    add_story(site, "later", "published: 2026-01-15", "published: 2026-11-23")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")  # 2026-11-23 in UTC
    assert run(site, "build", "--quiet", now=None).status == DONE
    assert page.exists()
    assert run(site, "build", "--quiet", "--now", "2026-11-22", now=None).status == DONE
    assert not page.exists()


@pytest.mark.parametrize("epoch", ["soon", "1e9", "9" * 30])
def test_an_epoch_that_is_none_is_refused(
    site: Path, epoch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    said = refused(run(site, "check", now=None))
    assert "SOURCE_DATE_EPOCH" in said


def test_the_time_zone_does_not_move_the_day(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_story(site, "later", "published: 2026-01-15", "published: 2026-11-23")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795391999")  # a second before 2026-11-23 in UTC
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert run(site, "build", "--quiet", now=None).status == DONE
    assert not (site / "public" / STORY_PAGE.format("later")).exists()


# What is on the site


def mentions(site: Path, slug: str) -> list[str]:
    """The published files that name a story."""
    files = (path for path in (site / "public").rglob("*") if ".showcase" not in path.parts)
    return [path.name for path in files if path.is_file() and slug.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("slug", "new"),
    [
        ("half-written", "published: 2026-01-15\ndraft: true"),
        ("half-written", "published: 2026-01-15\ndraft: yes"),
        ("of-tomorrow", "published: 2026-11-23"),
    ],
)
def test_drafts_and_stories_of_a_later_day_are_held_back(site: Path, slug: str, new: str) -> None:
    add_story(site, slug, "published: 2026-01-15", new)
    page = site / "public" / STORY_PAGE.format(slug)
    assert run(site, "build", "--quiet").status == DONE
    assert mentions(site, slug) == []
    assert run(site, "build", "--quiet", "--drafts").status == DONE
    assert page.is_file()
    assert run(site, "build", "--quiet").status == DONE
    assert not page.exists()
    assert mentions(site, slug) == []


def test_a_story_appears_on_its_day(site: Path) -> None:
    add_story(site, "of-today", "published: 2026-01-15", "published: 2026-11-22")
    assert run(site, "build", "--quiet").status == DONE
    assert (site / "public" / STORY_PAGE.format("of-today")).is_file()


def test_a_story_that_has_expired_is_gone(site: Path) -> None:
    line = "published: 2026-01-15\nexpires: "
    add_story(site, "of-yesterday", "published: 2026-01-15", line + "2026-11-22")
    add_story(site, "of-this-week", "published: 2026-01-15", line + "2026-11-23")
    assert run(site, "build", "--quiet").status == DONE
    assert mentions(site, "of-yesterday") == []
    assert (site / "public" / STORY_PAGE.format("of-this-week")).is_file()


def test_a_draft_with_mistakes_is_checked_all_the_same(site: Path) -> None:
    add_story(site, "half-written", "kind: teacher", "kind: techer\ndraft: true")
    assert run(site, "check").status == CONTENT_WRONG


# check


def test_check_writes_nothing_at_all(site: Path) -> None:
    before = everything_in(site)
    assert run(site, "check").status == DONE
    assert run(site, "check", "--format", "json", "--strict", "--clean").status == DONE
    assert everything_in(site) == before
    assert run(site, "build").status == DONE
    add_story(site, "other", "country: KE", "country: UG")
    before = everything_in(site)
    assert run(site, "check").status == CONTENT_WRONG
    assert everything_in(site) == before


def test_check_lists_every_code_with_its_help(tmp_path: Path) -> None:
    found = run(tmp_path, "check", "--codes")
    assert found.status == DONE
    listed = dict(line.split(maxsplit=1) for line in found.out.splitlines())
    assert listed == dict(CODES)


# The folder that the site goes to


def test_a_folder_with_other_files_is_refused_and_adopt_keeps_them(site: Path) -> None:
    thesis = put(site / "public/thesis.odt", "years of work")
    said = refused(run(site, "build"))
    assert "thesis.odt" in said
    assert "--adopt" in said
    assert thesis.read_text() == "years of work"
    assert not (site / "public/index.html").exists()
    assert run(site, "build", "--adopt", "--quiet").status == DONE
    assert (site / "public/index.html").is_file()
    assert run(site, "build", "--quiet").status == DONE
    assert thesis.read_text() == "years of work"


def test_an_empty_folder_is_taken(site: Path) -> None:
    (site / "public").mkdir()
    assert run(site, "build", "--quiet").status == DONE


def test_a_foreign_file_in_the_way_is_not_overwritten(site: Path) -> None:
    assert run(site, "build", "--quiet").status == DONE
    ours = everything_in(site / "public")
    add_story(site, "other", "title: A science", "title: Another science")
    foreign = put(site / "public" / STORY_PAGE.format("other"), "mine")
    said = refused(run(site, "build"))
    assert "stories/other/index.html" in said
    assert foreign.read_text() == "mine"
    kept = everything_in(site / "public")
    assert {name: kept[name] for name in ours if not name.startswith(".showcase")} == {
        name: data for name, data in ours.items() if not name.startswith(".showcase")
    }
    foreign.unlink()
    assert run(site, "build", "--quiet").status == DONE
    assert "Another science" in foreign.read_text(encoding="utf-8")


def test_a_foreign_folder_in_the_way_is_not_overwritten(site: Path) -> None:
    assert run(site, "build", "--quiet").status == DONE
    add_story(site, "other", "title: A science", "title: Another science")
    mine = put(site / "public" / STORY_PAGE.format("other") / "mine.txt", "mine")
    assert "stories/other/index.html" in refused(run(site, "build"))
    assert mine.read_text() == "mine"


def test_a_file_where_the_folder_should_be_is_said_in_a_line(site: Path) -> None:
    put(site / "public", "a file")
    found = run(site, "build")
    assert found.status in (USAGE_WRONG, OUR_FAULT)
    assert "public" in found.err
    assert "Traceback" not in found.err
    assert (site / "public").read_text() == "a file"


@pytest.mark.parametrize("out", ["content", "content/site", ".", "themes/default"])
def test_the_site_is_never_written_among_its_own_sources(site: Path, out: str) -> None:
    before = everything_in(site)
    said = refused(run(site, "build", "--adopt", "--out", out))
    assert "--out" in said
    assert everything_in(site) == before


def test_out_is_relative_to_the_working_directory(site: Path) -> None:
    (site / "elsewhere").mkdir()
    found = run(site / "elsewhere", "build", "--content", "../content", "--out", "made")
    assert found.status == DONE
    assert " in made/, in " in found.out
    assert (site / "elsewhere/made/index.html").is_file()
    assert not (site / "public").exists()


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
def test_a_symbolic_link_out_of_the_content_is_not_followed(site: Path, tmp_path: Path) -> None:
    outside = put(tmp_path / "outside/secret.md", "---\ntitle: Secret\n---\n\nSecret\n")
    pages = site / "content/pages"
    pages.mkdir()
    (pages / "secret.md").symlink_to(outside)
    (site / "content/guides").symlink_to(outside.parent)
    found = run(site, "check", "--quiet")
    assert found.status == CONTENT_WRONG
    assert [line.partition(": error[")[0] for line in found.problems] == [
        "content/guides", "content/pages/secret.md",
    ]  # fmt: skip
    assert all("outside-content" in line for line in found.problems)
