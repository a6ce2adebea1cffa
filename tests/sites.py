"""What several test files build: whole sites, in folders of their own."""

import contextlib
import datetime
import io
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from showcase.build import build
from showcase.cli import main
from showcase.config import Settings
from showcase.parallel import default_jobs

ROOT = Path(__file__).resolve().parents[1]
TODAY = datetime.date(2026, 11, 22)


# --- the shipped site


@dataclass(frozen=True)
class BuiltSite:
    """A built site: its folder and the address that it is built for."""

    folder: Path
    base_url: str

    def read(self, address: str) -> str:
        """Return the text of a file, or of a page by its address without host and base path."""
        place = address + "index.html" if address == "" or address.endswith("/") else address
        return (self.folder / place).read_text(encoding="utf-8")

    def pages(self) -> list[str]:
        """Return the addresses of all pages, redirects included, without the base path."""
        files = self.folder.rglob("*.html")
        return sorted(
            file.relative_to(self.folder).as_posix().removesuffix("index.html") for file in files
        )


PAGE_TYPES = (
    "home", "stories", "stories-2", "story", "countries", "country", "country-without-stories",
    "region", "topics", "topic", "level", "teachers", "schools", "faculties",
)  # fmt: skip


def page_types(site: BuiltSite, language: str = "") -> dict[str, str]:
    """Return one page of each type in a language other than the default one: the largest.

    Beyond PAGE_TYPES there are pages by their names, the collections and their entries, where the
    content has them; `404` is there in the default language alone.
    """
    home = f"{language}/" if language else ""

    def largest(pattern: str, stories: bool | None = None) -> str:
        found = [
            page
            for page in (site.folder / home).glob(f"{pattern}/index.html")
            if stories is None or stories == page.with_name("feed.xml").exists()
        ]
        if not found:
            return ""
        page = max(found, key=lambda page: (page.stat().st_size, page))
        return f"{page.parent.relative_to(site.folder).as_posix()}/"

    pages = {
        "home": home,
        "stories": largest("stories"),
        "stories-2": largest("stories/page/2"),
        "story": largest("stories/*"),
        "countries": largest("countries"),
        "country": largest("countries/*", stories=True),
        "country-without-stories": largest("countries/*", stories=False),
        "region": largest("regions/*"),
        "topics": largest("topics"),
        "topic": largest("topics/*"),
        "level": largest("levels/*"),
        "teachers": largest("teachers"),
        "schools": largest("schools"),
        "faculties": largest("faculties"),
        **{name: largest(name) for name in ("search", "find", "data", "offline")},
        **{name: largest(name) for name in ("about", "contribute", "accessibility", "privacy")},
        **{name: largest(name) for name in ("programmes", "partners", "events", "guides")},
        **{
            f"{name}-entry": largest(f"{name}/*")
            for name in ("programmes", "partners", "events", "guides")
        },
    }
    if not language:
        pages["404"] = "404.html"
    return {name: page for name, page in pages.items() if page or name == "home"}


def build_shipped(
    folder: Path,
    base_url: str,
    content: Path = ROOT / "content",
    theme: str = "default",
    languages: tuple[str, ...] = (),
) -> BuiltSite:
    """Build the shipped content, or a copy of it, into `folder`, in all languages if none said."""
    settings = Settings(
        content=content,
        themes=ROOT / "themes",
        out=folder / "public",
        cache=folder / ".cache",
        today=TODAY,
        base_url=base_url,
        theme=theme,
        languages=languages,
        jobs=default_jobs(),
    )
    result = build(settings)
    assert result.changes, f"the content has errors: {result.problems[:5]}"
    return BuiltSite(settings.out, base_url)


# --- a sound site to lay files over, and a way to run the program on it


STORY = """---
title: A science club in a village school
summary: Pupils build their instruments from what the village throws away.
country: KE
kind: teacher
level: secondary
topics: [stem]
year: 2020
published: 2026-01-15
institution:
  name: Keriko Secondary School
sources:
  - title: The club
    url: https://example.org/club
    publisher: Example News
---

## The challenge

The school has one computer.
"""

#: The files of a site in which nothing is wrong.
SOUND_SITE: Mapping[str, str] = {
    "content/site.yml": """title: Test atlas
tagline: Stories for tests
base_url: https://example.org/
languages: [en, fr]
social_cards: false
""",
    "content/topics.yml": """- slug: stem
  name: STEM
  description: Science and technology in class.
- slug: girls
  name: Girls' education
  description: What keeps girls in school.
""",
    "content/stories/ke/science-club.md": STORY,
}


@dataclass(frozen=True)
class Run:
    """What a run of the program came to: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        """The first line of each problem of a text report."""
        return [
            line for line in self.out.splitlines() if ": error[" in line or ": warning[" in line
        ]


def lay_over_sound_site(root: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Write a sound site with the default theme into `root`, and `files` over it.

    A file that is None is left out. Returns `root`.
    """
    shutil.copytree(ROOT / "themes" / "default", root / "themes" / "default", dirs_exist_ok=True)
    for path, content in {**SOUND_SITE, **files}.items():
        if content is not None:
            put(root / path, content)
    return root


def put(path: Path, content: str | bytes) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(root: Path, *arguments: str, now: str | None = TODAY.isoformat()) -> Run:
    """Run a command in the folder `root` on the fixed day; `now=None` leaves the day out."""
    out, err = io.StringIO(), io.StringIO()
    day = ["--now", now] if now else []
    status: object = None
    with contextlib.chdir(root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([*arguments, *day])
        except SystemExit as end:
            status = end.code
    assert isinstance(status, int), status
    return Run(status, out.getvalue(), err.getvalue())


def everything_in(folder: Path) -> dict[str, bytes]:
    """Return everything below a folder by its path, files with their bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"a folder"
        for path in sorted(folder.rglob("*"))
    }


# --- small sites with the golden theme

GOLDEN = ROOT / "tests" / "golden"


def settings_for(content: Path, work: Path, **others: object) -> Settings:
    """Return the settings that build `content` with the golden theme into `work`/public."""
    chosen: dict[str, object] = {
        "themes": GOLDEN / "themes",
        "out": work / "public",
        "cache": work / ".cache",
        "today": TODAY,
        **others,
    }
    return Settings(content=content, **chosen)  # type: ignore[arg-type]


def published(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every published file of a folder by its address."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.relative_to(folder).parts[0] != ".showcase"
    }
