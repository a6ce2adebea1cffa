"""What `bench` measures is right: its corpus, built by several processes, from nothing and after
changes, comes to the bytes of a clean build by one.
"""

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
from benchmarks.corpus import write_corpus
from sites import ROOT, TODAY, published

from showcase import parallel
from showcase.build import Built, Caches, build
from showcase.config import Settings
from showcase.diagnostics import Diagnostic
from showcase.preview.quick import page_of
from showcase.render.templates import TemplateFaultError, Templates

STORIES = 220  # so many that every stage shares its work out


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The corpus, built from nothing by three processes."""
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, STORIES)
    settings = Settings(
        content=folder / "content", themes=ROOT / "themes", out=folder / "public",
        cache=folder / ".cache", today=TODAY, jobs=3,
    )  # fmt: skip
    assert build(settings).changes
    return settings


def clean(settings: Settings) -> Mapping[str, bytes]:
    """The files of a clean build by one process, in a folder of its own."""
    root = settings.out.parent
    alone = replace(settings, out=root / "clean", cache=root / "none", clean=True, jobs=1)
    assert build(alone).changes
    return published(alone.out)


def test_every_stage_shares_its_work_out(settings: Settings) -> None:
    assert STORIES >= parallel._WORTH_FORKING
    assert len(published(settings.out)) >= parallel._WORTH_FORKING


def test_built_from_nothing_by_several_processes(settings: Settings) -> None:
    assert published(settings.out) == clean(settings)


@pytest.mark.parametrize("jobs", [1, 3])
def test_built_after_a_change_to_a_text_a_title_and_a_removal(
    settings: Settings, jobs: int
) -> None:
    stories = sorted(settings.content.glob("stories/*/*.md"))
    text, title, gone = stories[jobs], stories[jobs + 10], stories[jobs + 20]
    text.write_text(text.read_text().replace("## ", "Unheardof it was.\n\n## ", 1))
    title.write_text(title.read_text().replace('title: "', 'title: "Another ', 1))
    gone.unlink()
    found = build(replace(settings, jobs=jobs))
    assert found.changes
    assert found.changes.removed
    assert published(settings.out) == clean(settings)


def test_a_file_put_back_with_its_old_time_and_size_is_seen(settings: Settings) -> None:
    story = sorted(settings.content.glob("stories/*/*.md"))[40]
    before = story.stat()
    text = story.read_text()
    story.write_text(text.replace("## The", "## Eht", 1))
    os.utime(story, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (story.stat().st_size, story.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    time.sleep(0.1)
    found = build(settings)
    assert found.changes
    assert f"stories/{story.stem}/index.html" in found.changes.written
    assert published(settings.out) == clean(settings)


def test_a_template_that_is_a_link_is_seen_to_change(settings: Settings, tmp_path: Path) -> None:
    themes = tmp_path / "themes"
    shutil.copytree(settings.themes, themes)
    template = themes / "default/templates/404.html"
    elsewhere = template.rename(tmp_path / "elsewhere.html")
    template.symlink_to(elsewhere)
    linked = replace(settings, themes=themes)
    time.sleep(0.1)
    assert build(linked).changes
    elsewhere.write_text(elsewhere.read_text().replace("</h1>", ".</h1>", 1))
    time.sleep(0.1)
    found = build(linked)
    assert found.changes
    assert found.changes.written == ("404.html",)
    assert build(settings).changes


# --- the preview's quick way


@pytest.fixture
def built(settings: Settings) -> Built:
    """The site as a preview holds it."""
    found = build(replace(settings, jobs=1, strict=False), Caches.open(settings), dry=False).built
    if found is None:  # the folder was current already
        os.utime(settings.content / "site.yml")
        found = build(replace(settings, jobs=1), Caches.open(settings)).built
    assert found
    return found


def saved(path: Path, old: str, new: str) -> str:
    """Change a file, and return its text as it was."""
    before = path.read_text()
    assert old in before
    path.write_text(before.replace(old, new, 1))
    return before


def test_words_alone_show_as_a_whole_build_would_show_them(
    settings: Settings, built: Built
) -> None:
    story = sorted(settings.content.glob("stories/*/*.md"))[60]
    saved(story, "## ", "Quicklyseen it was, and *marked*.\n\n## ")
    path = story.relative_to(settings.content).as_posix()
    address = page_of(built, settings.content, settings.out, path)
    assert address == f"stories/{story.stem}/index.html"
    shown = (settings.out / address).read_bytes()
    assert b"Quicklyseen" in shown
    assert shown == clean(settings)[address]
    assert build(settings).changes  # search and all else follow
    assert published(settings.out) == clean(settings)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title: "', 'title: "Another '),
        ("## ", "## Another "),
        ("## ", "[a link](https://example.org/)\n\n## "),
        ("## ", "<b>wrong</b>\n\n## "),
        ("country: ", "wrong: "),
    ],
    ids=["title", "heading", "link", "a mistake", "a wrong field"],
)
def test_whatever_may_change_more_waits_for_the_build(
    settings: Settings, built: Built, old: str, new: str
) -> None:
    story = sorted(settings.content.glob("stories/*/*.md"))[80]
    before = saved(story, old, new)
    path = story.relative_to(settings.content).as_posix()
    files = published(settings.out)
    try:
        assert page_of(built, settings.content, settings.out, path) is None
    finally:
        story.write_text(before)
    assert published(settings.out) == files


def test_a_page_that_cannot_be_made_waits_for_the_build_too(
    settings: Settings, built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = sorted(settings.content.glob("stories/*/*.md"))[90]
    before = saved(story, "## ", "Neverseen it was.\n\n## ")
    path = story.relative_to(settings.content).as_posix()
    files = published(settings.out)
    wrong = TemplateFaultError(Diagnostic("template", "there is no template"))
    for fault in (wrong, OSError(28, "No space left on device")):
        render = Mock(side_effect=fault)
        monkeypatch.setattr(Templates, "render", render)
        assert page_of(built, settings.content, settings.out, path) is None
        assert render.called
    story.write_text(before)
    assert published(settings.out) == files


@pytest.mark.parametrize("jobs", [1, 2, 5, 40])
def test_work_shared_out_comes_back_whole_and_in_order(jobs: int) -> None:
    """Whoever did it: some work takes long, and some workers get none."""
    items = range(1, 1002)
    done = parallel.each(lambda n: (time.sleep(0.001 * (n % 100 == 0)), n * n)[1], items, jobs)
    assert done == [n * n for n in items]
