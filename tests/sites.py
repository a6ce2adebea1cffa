"""What several test files build: whole sites, in folders of their own."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from showcase.build import build
from showcase.config import Settings

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

    Beyond PAGE_TYPES there are `about`, the collections and their entries, where the content has
    them; `404` is there in the default language alone.
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
        "about": largest("about"),
        **{name: largest(name) for name in ("programmes", "partners", "events", "guides")},
        **{
            f"{name}-entry": largest(f"{name}/*")
            for name in ("programmes", "partners", "events", "guides")
        },
    }
    if not language:
        pages["404"] = "404.html"
    return {name: page for name, page in pages.items() if page or name == "home"}


def build_shipped(folder: Path, base_url: str, content: Path = ROOT / "content") -> BuiltSite:
    """Build the shipped content, or a copy of it, with the default theme into `folder`."""
    settings = Settings(
        content=content,
        themes=ROOT / "themes",
        out=folder / "public",
        cache=folder / ".cache",
        today=TODAY,
        base_url=base_url,
        jobs=2,
    )
    result = build(settings)
    assert result.changes, f"the content has errors: {result.problems[:5]}"
    return BuiltSite(settings.out, base_url)
