"""The `Document`: what one file says, a pure function of its bytes and its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import msgspec

from showcase.content import front_matter
from showcase.content.fields import Fields, TranslationFields
from showcase.content.front_matter import FrontMatter
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
    """A text rendered to HTML: hole number n stands between segments n and n + 1.

    What only its own page and the index need is kept packed, as MessagePack.
    """

    holes: tuple[Hole, ...]
    headings: tuple[Heading, ...]
    anchors: tuple[str, ...]
    packed: msgspec.Raw

    @classmethod
    def of(
        cls,
        segments: Sequence[str],
        holes: Sequence[Hole] = (),
        headings: Sequence[Heading] = (),
        anchors: Sequence[str] = (),
        text: str = "",
    ) -> "Body":
        """Return the body of HTML segments and of the words alone."""
        packed = msgspec.Raw(msgspec.msgpack.encode((segments, text)))
        return cls(tuple(holes), tuple(headings), tuple(anchors), packed)

    @property
    def segments(self) -> Sequence[str]:
        """The HTML before, between and after the holes."""
        return self._unpacked()[0]

    @property
    def text(self) -> str:
        """The words alone, one line a block."""
        return self._unpacked()[1]

    def _unpacked(self) -> tuple[list[str], str]:
        return _BODY.decode(self.packed)


_BODY = msgspec.msgpack.Decoder(tuple[list[str], str])


@lru_cache(maxsize=8)  # the problems of a file come together
def _front(packed: bytes) -> FrontMatter:
    return front_matter.parse(msgspec.msgpack.decode(packed, type=str), first_line=2)


#: A value of the front matter; a date is written out.
Claim = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Document:
    """A file of content/, parsed.

    `path` is relative to content/. `claims` are the values of the front matter that rest on other
    files, by their dotted way (`partners.0.partner`); a file whose front matter is wrong has no
    `fields`, but it has these. `digest` is that of the file's bytes, `text_digest` that of what a
    translator reads, `outline` that of all but the words between headings and links. The front
    matter itself is kept packed: only a problem asks where in it a value stands.
    """

    path: str
    collection: str
    slug: str
    language: str
    digest: str
    text_digest: str
    outline: str
    fields: Fields | TranslationFields | None
    packed_front: msgspec.Raw
    claims: Mapping[str, Claim]
    body: Body
    problems: tuple[Diagnostic, ...]

    def problem(self, code: str, message: str, way: str = "", hint: str = "") -> Diagnostic:
        """Return a diagnostic at a field of this file, or at its first line without one."""
        place = _front(bytes(self.packed_front)).place_of(tuple(way.split("."))) if way else None
        line, column, length = place or (1, 0, 0)
        return Diagnostic(code, message, self.path, line, column, length, hint)
