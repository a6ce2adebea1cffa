"""One file's bytes to one `Document`."""

import datetime
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import msgspec

from showcase.content import front_matter, markdown
from showcase.content.characters import HIDDEN, INSTEAD, hidden_characters
from showcase.content.documents import Body, Claim, Document
from showcase.content.fields import COLLECTIONS, Fields, TranslationFields
from showcase.content.front_matter import FrontMatter
from showcase.content.validation import validated
from showcase.diagnostics import Diagnostic
from showcase.storage import digest_of

_LARGE = 2**63  # MessagePack, which caches are written in, has no larger number
_NO_BODY = Body.of(("",))


def parse(
    data: bytes, path: str, collection: str, slug: str, language: str, original: bool
) -> Document:
    """Return the document that the file at `path` holds; what is wrong with it is in `problems`."""
    digest = digest_of(data)
    problems: list[Diagnostic] = []
    fields: Fields | TranslationFields | None = None
    front = FrontMatter()
    body = _NO_BODY
    source = ""
    text = _decoded(data, problems)
    parts = front_matter.split(text) if text is not None else None
    if text is not None and parts is None:
        problems.append(
            Diagnostic(
                "no-front-matter",
                "the file does not start with front matter",
                "",
                1,
                1,
                len(text.partition("\n")[0]),
                "start with a line ---, then the fields, then another line ---",
            )
        )
    if parts is not None:
        yaml_text, source, first_line = parts
        front = front_matter.parse(yaml_text, first_line=2)
        problems += front.problems
        body, body_problems = markdown.render(source, first_line)
        problems += body_problems
        if front.values or not front.problems:
            kind = COLLECTIONS[collection]
            fields, wrong = validated(kind.original if original else kind.translation, front)
            problems += wrong
            if front.problems:  # a field stands twice: nothing can rest on either value
                fields = None
        if not source.strip() and not front.problems:
            problems.append(
                Diagnostic("empty-body", "there is no text below the fields", "", first_line)
            )
    claims = _claims(front)
    return Document(
        path=path,
        collection=collection,
        slug=slug,
        language=language,
        digest=digest,
        text_digest=_text_digest(front.values, source),
        outline=_outline(fields, claims, body),
        fields=fields,
        packed_front=msgspec.Raw(msgspec.msgpack.encode(parts[0] if parts else "")),
        claims=claims,
        body=body,
        problems=tuple(replace(problem, path=path) for problem in problems),
    )


def _outline(fields: object, claims: object, body: Body) -> str:
    holes = [(hole.kind, hole.target, hole.alt) for hole in body.holes]
    parts = (fields, claims, body.headings, body.anchors, holes)
    return digest_of(msgspec.msgpack.encode(parts))


def _claims(front: FrontMatter) -> dict[str, Claim]:
    """Return the values that say something of other files, by their dotted way.

    `sources` is how many there are.
    """
    found: dict[str, Claim] = {}

    def note(way: str, value: Any) -> None:
        if isinstance(value, dict | list):
            for step, part in value.items() if isinstance(value, dict) else enumerate(value):
                note(f"{way}.{step}", part)
        elif isinstance(value, datetime.date):
            found[way] = value.isoformat()
        elif isinstance(value, int) and not -_LARGE < value < _LARGE:
            found[way] = str(value)
        else:
            found[way] = value

    for name, value in front.values.items():
        if name in _ON_OTHER_FILES:
            note(name, value)
        elif name == "sources" and isinstance(value, list):
            found[name] = len(value)
    return found


_ON_OTHER_FILES = frozenset(
    ("country", "topics", "programmes", "programme", "partners", "inspired_by", "outcomes", "cover")
)


def _decoded(data: bytes, problems: list[Diagnostic]) -> str | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        column = len(before.decode("utf-8-sig")) + 1
        problems.append(
            Diagnostic(
                "not-utf8",
                f"byte 0x{data[error.start]:02x} is not UTF-8",
                "",
                line,
                column,
                1,
                "save the file as UTF-8",
            )
        )
        return None
    # A form feed is white space to CommonMark (section 2.1), and an error to YAML and XML.
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    hidden = list(hidden_characters(text))
    problems += hidden
    return HIDDEN.sub(INSTEAD, text) if hidden else text  # reported once; the rest can be checked


def _text_digest(values: dict[str, Any], source: str) -> str:
    """Return the digest that `translates` holds: of the title, the summary and the text."""
    read = "\n".join([str(values.get("title", "")), str(values.get("summary", "")), source.strip()])
    return blake2b(read.encode(), digest_size=6).hexdigest()
