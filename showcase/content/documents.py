"""The `Document`: what one file says, a pure function of its bytes and its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from showcase.content.fields import Fields, TranslationFields
from showcase.diagnostics import Diagnostic

HoleKind = Literal["link", "picture", "label", "video"]


@dataclass(frozen=True, slots=True)
class Hole:
    """A gap in a body's HTML that only the whole site can fill.

    A link or picture is filled with its resolved address, a label with its word in the page's
    language. `target` is the address as written, or the label's name.
    """

    kind: HoleKind
    target: str
    line: int = 0
    column: int = 0
    length: int = 0
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body: its level (2 to 6), its anchor and its text."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A text rendered to HTML: hole number n stands between segments n and n + 1."""

    segments: tuple[str, ...]
    holes: tuple[Hole, ...]
    headings: tuple[Heading, ...]
    anchors: tuple[str, ...]
    text: str


#: A value of the front matter; a date is written out.
Claim = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Document:
    """A file of content/, parsed.

    `path` is relative to content/. `places` gives line, column and length of every value of the
    front matter, by its dotted way (`sources.0.url`), and `claims` the values among them that rest
    on other files; a file whose front matter is wrong has no `fields`, but it has these. `digest`
    is that of the file's bytes, `text_digest` that of what a translator reads.
    """

    path: str
    collection: str
    slug: str
    language: str
    digest: str
    text_digest: str
    fields: Fields | TranslationFields | None
    places: Mapping[str, tuple[int, int, int]]
    claims: Mapping[str, Claim]
    body: Body
    problems: tuple[Diagnostic, ...]

    def problem(self, code: str, message: str, way: str = "", hint: str = "") -> Diagnostic:
        """Return a diagnostic at a field of this file, or at its first line without one."""
        line, column, length = self.places.get(way, (1, 0, 0)) if way else (1, 0, 0)
        return Diagnostic(code, message, self.path, line, column, length, hint)
