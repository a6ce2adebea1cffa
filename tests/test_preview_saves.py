"""What `serve` tells open pages after a save, and after another while it still builds."""

import json
from pathlib import Path

import pytest
from sites import STORY, TODAY, lay_over_sound_site

from showcase.config import Settings
from showcase.preview.serve import _Preview
from showcase.preview.server import State

PAGE = "/stories/science-club/"


class Saves:
    """A preview whose stages are taken one by one."""

    def __init__(self, root: Path) -> None:
        self.story = lay_over_sound_site(root, {}) / "content/stories/ke/science-club.md"
        settings = Settings(
            content=root / "content", themes=root / "themes", out=root / "public",
            cache=root / ".cache", today=TODAY, jobs=1,
        )  # fmt: skip
        self._page = settings.out / "stories/science-club/index.html"
        self._state = State()
        self._preview = _Preview(settings, self._state, quiet=True)
        self.build()

    def save(self, words: str) -> None:
        self.story.write_text(STORY.replace("one computer", words), "utf-8")

    def rewrite(self) -> list[str]:
        self._preview._saved.add(str(self.story))
        self._preview._rewrite()
        return self._told()

    def build(self) -> list[str]:
        self._preview.rebuild()
        return self._told()

    def shows(self, words: str) -> bool:
        return words in self._page.read_text("utf-8")

    def _told(self) -> list[str]:
        told: list[str] = json.loads(self._state.message())["changed"]
        return told


@pytest.fixture
def saves(tmp_path: Path) -> Saves:
    return Saves(tmp_path)


def test_a_page_that_was_shown_at_once_is_not_loaded_again_after_the_build(saves: Saves) -> None:
    saves.save("two computers")
    assert saves.rewrite() == [PAGE]
    assert saves.shows("two computers")
    assert PAGE not in saves.build()


def test_a_save_while_the_build_has_not_read_it_is_told_by_the_build(saves: Saves) -> None:
    saves.save("two computers")
    saves.rewrite()
    saves.save("three computers")
    assert PAGE in saves.build()
    assert saves.shows("three computers")


def test_a_text_that_the_build_has_read_is_not_shown_again(saves: Saves) -> None:
    saves.save("two computers")
    assert PAGE in saves.build()
    before = saves.build()
    assert saves.rewrite() == before
