"""The first stage: every file of content/ to its `Document`, cached where it is unchanged."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import msgspec

from showcase import parallel, storage
from showcase.content.documents import Body, Claim, Document
from showcase.content.fields import COLLECTIONS, RESERVED
from showcase.diagnostics import Diagnostic, did_you_mean

MOST_BYTES = 100_000  # of one text: four times the longest of the atlas, read in seconds at worst
_DEEPEST = 8  # folders below content/; an entry's own folder is the third
PICTURES = frozenset((".jpg", ".jpeg", ".png", ".webp"))
_VOCABULARIES = frozenset(("site.yml", "topics.yml"))
_NAME = re.compile(r"(?P<slug>[^.]+)(?:\.(?P<language>[A-Za-z-]+))?\.md")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_Rest = tuple[
    str,
    str,
    dict[str, tuple[int, int, int]],
    dict[str, Claim],
    Body,
    tuple[Diagnostic, ...],
]


@dataclass(frozen=True, slots=True)
class Content:
    """All that content/ holds.

    `pictures` are paths of picture files, relative to content/. `problems` are those of the tree
    itself; each document carries its own.
    """

    documents: tuple[Document, ...] = ()
    pictures: frozenset[str] = frozenset()
    problems: tuple[Diagnostic, ...] = ()
    parsed: int = 0


@dataclass(frozen=True, slots=True)
class Location:
    """A file to parse, and what its name says about it."""

    path: str
    collection: str
    slug: str
    language: str
    original: bool


class _Record(msgspec.Struct, array_like=True):
    path: str
    collection: str
    slug: str
    language: str
    original: bool
    fields: msgspec.Raw
    rest: msgspec.Raw


@dataclass(slots=True)
class DocumentCache:
    """Documents by path, kept between builds in one file and, in a preview, in memory."""

    file: Path
    documents: Mapping[str, tuple[Location, Document]] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def open(cls, folder: Path, clean: bool) -> "DocumentCache":
        """Return the cache of a folder; empty when `clean`, missing, damaged or of other code."""
        cache = cls(folder / "documents")
        payload = None if clean else storage.load(cache.file, _code_version())
        if payload is not None:
            cache.documents = _decoded(payload)
        return cache

    def save(self) -> None:
        """Write the cache if anything in it is new."""
        if self.changed:
            records = [
                _encoded(location, document) for location, document in self.documents.values()
            ]
            storage.save(self.file, _code_version(), msgspec.msgpack.encode(records))
            self.changed = False


def read(root: Path, languages: tuple[str, ...], cache: DocumentCache, jobs: int = 1) -> Content:
    """Return everything under the content folder `root`, whose default language comes first.

    Files whose bytes are as cached are not parsed again; the others are parsed by `jobs` processes.
    """
    problems: list[Diagnostic] = []
    locations: list[Location] = []
    pictures: set[str] = set()
    for path in sorted(_files(root, root, problems)):
        location = _location(path, languages, pictures, problems)
        if location:
            locations.append(location)

    def document(location: Location) -> tuple[Document | None, Diagnostic | None]:
        try:
            size = (root / location.path).stat().st_size
            if size > MOST_BYTES:
                return None, Diagnostic(
                    "too-large", f"the file has {size:,} bytes", location.path,
                    hint=f"at most {MOST_BYTES:,} fit; make two entries of it",
                )  # fmt: skip
            data = (root / location.path).read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            return None, Diagnostic("missing-file", f"cannot be read: {reason}", location.path)
        known = cache.documents.get(location.path)
        if known and known[0] == location:
            digest = blake2b(data, digest_size=16).hexdigest()
            if known[1].digest == digest:
                return known[1], None
        from showcase.content.parse import parse  # with nothing to parse it need not be loaded

        return (
            parse(
                data,
                location.path,
                location.collection,
                location.slug,
                location.language,
                location.original,
            ),
            None,
        )

    fresh: dict[str, tuple[Location, Document]] = {}
    parsed = 0
    for location, (found, problem) in zip(
        locations, parallel.each(document, locations, jobs), strict=True
    ):
        if problem:
            problems.append(problem)
        if found:
            known = cache.documents.get(location.path)
            parsed += not known or known[1].digest != found.digest
            fresh[location.path] = location, found
    cache.changed = cache.changed or fresh != cache.documents
    cache.documents = MappingProxyType(fresh)
    return Content(
        tuple(document for _, document in fresh.values()),
        frozenset(pictures),
        tuple(problems),
        parsed,
    )


def _files(folder: Path, root: Path, problems: list[Diagnostic]) -> Iterator[str]:
    """Yield every file below, as a POSIX path relative to the root; links never lead out of it."""
    try:
        items = sorted(os.scandir(folder), key=lambda item: item.name)
    except OSError as error:
        place = folder.relative_to(root).as_posix()
        problems.append(Diagnostic("missing-file", f"cannot be read: {error.strerror}", place))
        return
    for item in items:
        path = Path(item.path)
        place = path.relative_to(root).as_posix()
        shown = place.encode(errors="surrogateescape").decode(errors="replace")
        if item.name.startswith(".") or item.name.endswith("~"):
            continue
        if item.is_symlink():
            problems.append(
                Diagnostic(
                    "outside-content",
                    "a symbolic link is not followed",
                    shown,
                    hint="put the file itself here",
                )
            )
        elif shown != place:
            problems.append(
                Diagnostic("not-utf8", "the name is not UTF-8", shown,
                           hint="rename it with letters a-z, digits and hyphens")
            )  # fmt: skip
        elif RESERVED.fullmatch(item.name.partition(".")[0]):
            problems.append(
                Diagnostic("reserved-name", f"Windows cannot have a file called {item.name!r}",
                           place, hint="give it another name")
            )  # fmt: skip
        elif item.is_dir():
            if place.count("/") >= _DEEPEST:
                problems.append(
                    Diagnostic("too-deep", "the folder lies too deep", place,
                               hint="move what is in it to the folder of its collection")
                )  # fmt: skip
            else:
                yield from _files(path, root, problems)
        elif item.is_file():
            yield place


def _location(
    path: str, languages: tuple[str, ...], pictures: set[str], problems: list[Diagnostic]
) -> Location | None:
    """Return what a file's path says it is; None for pictures, vocabularies and strays."""
    parts = PurePosixPath(path).parts
    name = parts[-1]
    if len(parts) == 1:
        if name not in _VOCABULARIES:
            hint = did_you_mean(name, _VOCABULARIES) or "entries lie in the folder of a collection"
            problems.append(
                Diagnostic("stray-file", "the site does not use this file", path, hint=hint,
                           severity="warning")
            )  # fmt: skip
        return None
    collection = parts[0]
    if collection not in COLLECTIONS:
        folders = ", ".join(f"{name}/" for name in COLLECTIONS)
        problems.append(
            Diagnostic(
                "unknown-folder",
                f"{collection}/ is not a collection",
                path,
                hint=did_you_mean(collection, COLLECTIONS) or f"use {folders}",
            )
        )
        return None
    if PurePosixPath(name).suffix.lower() in PICTURES:
        pictures.add(path)
        return None
    match = _NAME.fullmatch(name)
    if not match:
        problems.append(
            Diagnostic("stray-file", "the site does not use this file", path,
                       hint="entries are named slug.md, or slug.fr.md in French",
                       severity="warning")
        )  # fmt: skip
        return None
    depth = len(parts) - (2 if collection == "stories" else 1)
    in_own_folder = match["slug"] == "index" and depth == 2
    if depth != 1 and not in_own_folder:
        named = parts[-2] if match["slug"] == "index" else match["slug"]
        place = "stories/ke" if collection == "stories" else collection
        problems.append(
            Diagnostic("wrong-folder", "the file is not where its collection looks for it", path,
                       hint=f"move it to {place}/{named}.md, or to {place}/{named}/index.md")
        )  # fmt: skip
        return None
    slug = parts[-2] if in_own_folder else match["slug"]
    if not _SLUG.fullmatch(slug):
        problems.append(
            Diagnostic("bad-slug", f"{slug!r} cannot be an address", path,
                       hint="rename it with lower-case letters a-z, digits and single hyphens")
        )  # fmt: skip
        return None
    language = match["language"] or languages[0]
    if match["language"] == languages[0]:
        problems.append(
            Diagnostic("unknown-language", f"no file names the default language, {language!r}",
                       path, hint=f"rename it to {match['slug']}.md")
        )  # fmt: skip
        return None
    if language not in languages:
        problems.append(
            Diagnostic("unknown-language", f"site.yml does not list the language {language!r}",
                       path, hint=did_you_mean(language, languages)
                       or f"the site's languages are {', '.join(languages)}")
        )  # fmt: skip
        return None
    return Location(path, collection, slug, language, not match["language"])


def _code_version() -> str:
    libraries = [f"{name} {version(name)}" for name in ("markdown-it-py", "pydantic", "pyyaml")]
    code = storage.code_digest("content", "data/geography", "diagnostics", "storage")
    return " ".join([code, *libraries])


def _encoded(location: Location, document: Document) -> _Record:
    rest: _Rest = (
        document.digest, document.text_digest, dict(document.places),
        dict(document.claims), document.body, document.problems,
    )  # fmt: skip
    return _Record(
        location.path, location.collection, location.slug, location.language, location.original,
        msgspec.Raw(msgspec.msgpack.encode(document.fields)),
        msgspec.Raw(msgspec.msgpack.encode(rest)),
    )  # fmt: skip


def _decoded(payload: bytes) -> dict[str, tuple[Location, Document]]:
    rest_of = msgspec.msgpack.Decoder(_Rest)
    originals = {c.name: msgspec.msgpack.Decoder(c.original | None) for c in COLLECTIONS.values()}
    translations = {
        c.name: msgspec.msgpack.Decoder(c.translation | None) for c in COLLECTIONS.values()
    }
    documents = {}
    try:
        for record in msgspec.msgpack.decode(payload, type=list[_Record]):
            decoders = originals if record.original else translations
            digest, text_digest, places, claims, body, problems = rest_of.decode(record.rest)
            location = Location(
                record.path, record.collection, record.slug, record.language, record.original
            )
            documents[record.path] = location, Document(
                record.path, record.collection, record.slug, record.language, digest, text_digest,
                decoders[record.collection].decode(record.fields), places, claims, body, problems,
            )  # fmt: skip
    except (ValueError, KeyError, RecursionError):  # sealed, but not by this code
        return {}
    return documents
