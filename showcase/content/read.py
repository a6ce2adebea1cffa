"""The first stage: every file of content/ to its `Document`, cached where it is unchanged."""

import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from showcase import parallel, storage
from showcase.content.documents import Body, Claim, Document
from showcase.content.fields import COLLECTIONS, RESERVED
from showcase.diagnostics import Diagnostic, did_you_mean

MOST_BYTES = 100_000  # of one text: four times the longest of the atlas, read in seconds at worst
_DEEPEST = 8  # folders below content/; an entry's own folder is the third
PICTURES = frozenset((".jpg", ".jpeg", ".png", ".webp"))
_FEW = 50  # edits beyond one in so many documents are worth writing all of them anew
_VOCABULARIES = frozenset(("site.yml", "topics.yml"))
_NAME = re.compile(r"(?P<slug>[^.]+)(?:\.(?P<language>[A-Za-z-]+))?\.md")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

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


class _Record(msgspec.Struct, array_like=True, frozen=True):
    """What a file holds, as the cache has it and as workers hand it over."""

    digest: str
    text_digest: str
    outline: str
    packed_front: msgspec.Raw
    claims: dict[str, Claim]
    body: Body
    problems: tuple[Diagnostic, ...]
    fields: msgspec.Raw


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    """A record, where it belongs, and what the file system said of the file when it was read."""

    signature: storage.Signature | None
    location: Location
    record: msgspec.Raw


@dataclass(slots=True)
class DocumentCache:
    """Documents by path, kept between builds in two files and, in a preview, in memory.

    What few edits changed is kept beside the rest, which need not be written again for it.
    """

    file: Path
    kept: dict[str, _Kept] = field(default_factory=dict)
    documents: dict[str, tuple[_Kept, Document]] = field(default_factory=dict)
    changed: bool = False
    stored: Mapping[str, _Kept] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, clean: bool) -> "DocumentCache":
        """Return the cache of a folder; empty when `clean`, missing, damaged or of other code."""
        cache = cls(folder / "documents")
        files = (cache.file, cache._edits)
        stored, edits = (None if clean else storage.load(x, _code_version()) for x in files)
        try:
            if stored is not None:
                cache.stored = msgspec.msgpack.decode(stored, type=dict[str, _Kept])
                cache.kept = dict(cache.stored)
            if edits is not None:
                cache.kept |= msgspec.msgpack.decode(edits, type=dict[str, _Kept])
            for path in cache.kept:
                cache.document(path)
        except (ValueError, KeyError, RecursionError):  # sealed, but not by this code
            return cls(cache.file)
        return cache

    @property
    def _edits(self) -> Path:
        return self.file.with_name("edits")

    def save(self) -> None:
        """Write what is new in the cache."""
        if not self.changed:
            return
        edits = {path: one for path, one in self.kept.items() if self.stored.get(path) is not one}
        if self.kept.keys() >= self.stored.keys() and len(edits) <= len(self.stored) // _FEW:
            storage.save(self._edits, _code_version(), msgspec.msgpack.encode(edits))
        else:
            storage.save(self.file, _code_version(), msgspec.msgpack.encode(self.kept))
            self._edits.unlink(missing_ok=True)  # older ones would cost a second reading, no more
            self.stored = dict(self.kept)
        self.changed = False

    def document(self, path: str) -> Document:
        """Return the document of a file that has a record; raises `MsgspecError` for a bad one."""
        kept = self.kept[path]
        known = self.documents.get(path)
        if known is None or known[0] is not kept:
            known = self.documents[path] = kept, _document(kept)
        return known[1]


def read(root: Path, languages: tuple[str, ...], cache: DocumentCache, jobs: int = 1) -> Content:
    """Return everything under the content folder `root`, whose default language comes first.

    Files whose bytes are as cached are not parsed again; the others are parsed by `jobs` processes.
    """
    problems: list[Diagnostic] = []
    locations: list[tuple[Location, os.stat_result]] = []
    pictures: set[str] = set()
    for item, path in sorted(_files(root, "", problems), key=itemgetter(1)):
        location = _location(path, languages, pictures, problems)
        if location:
            locations.append((location, item.stat()))
    now = time.time_ns()

    def is_known(location: Location, found: os.stat_result) -> bool:
        """Say whether the cache has a file as the file system says that it is."""
        known = cache.kept.get(location.path)
        if known is None or known.signature is None or known.location != location:
            return False
        return known.signature == storage.signature(found, now)

    def record(work: tuple[Location, os.stat_result]) -> bytes | Diagnostic:
        """Return a file's record, the one in the cache if it is right, or what is wrong with it."""
        location, found = work
        known = cache.kept.get(location.path)
        if found.st_size > MOST_BYTES:
            return Diagnostic(
                "too-large", f"the file has {found.st_size:,} bytes", location.path,
                hint=f"at most {MOST_BYTES:,} fit; make two entries of it",
            )  # fmt: skip
        try:
            with open(os.path.join(root, location.path), "rb", buffering=0) as file:
                data = file.read()
        except OSError as error:
            reason = error.strerror or str(error)
            return Diagnostic("missing-file", f"cannot be read: {reason}", location.path)
        if known and known.location == location and _is_of(known.record, data):
            return bytes(known.record)
        return _recorded(
            parse(
                data,
                location.path,
                location.collection,
                location.slug,
                location.language,
                location.original,
            ),
        )

    unknown = [work for work in locations if not is_known(*work)]
    if unknown:  # with nothing to parse it need not be loaded, and no worker loads it again
        from showcase.content.parse import parse
    paths = [location.path for location, _ in unknown]
    made = dict(zip(paths, parallel.each(record, unknown, jobs), strict=True))
    kept: dict[str, _Kept] = {}
    parsed = 0
    for location, found in locations:
        known, new = cache.kept.get(location.path), made.get(location.path)
        if isinstance(new, Diagnostic):
            problems.append(new)
        elif new is not None:
            parsed += known is None or known.location != location or bytes(known.record) != new
            encoded = msgspec.Raw(new)
            kept[location.path] = _Kept(storage.signature(found, now), location, encoded)
        elif known:
            kept[location.path] = known
    cache.changed = cache.changed or kept != cache.kept
    cache.kept = kept
    documents = tuple(cache.document(path) for path in kept)
    return Content(documents, frozenset(pictures), tuple(problems), parsed)


def _files(
    root: Path, folder: str, problems: list[Diagnostic]
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Yield every file below with its POSIX path relative to the root; links are not followed."""
    try:
        items = sorted(os.scandir(root / folder), key=lambda item: item.name)
    except OSError as error:
        problems.append(
            Diagnostic("missing-file", f"cannot be read: {error.strerror}", folder or ".")
        )
        return
    for item in items:
        place = f"{folder}/{item.name}" if folder else item.name
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
                yield from _files(root, place, problems)
        elif item.is_file():
            yield item, place


def _location(
    path: str, languages: tuple[str, ...], pictures: set[str], problems: list[Diagnostic]
) -> Location | None:
    """Return what a file's path says it is; None for pictures, vocabularies and strays."""
    parts = path.split("/")
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
    if os.path.splitext(name)[1].lower() in PICTURES:
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


def _recorded(document: Document) -> bytes:
    return msgspec.msgpack.encode(
        _Record(
            document.digest,
            document.text_digest,
            document.outline,
            document.packed_front,
            dict(document.claims),
            document.body,
            document.problems,
            msgspec.Raw(msgspec.msgpack.encode(document.fields)),
        )
    )


def _is_of(record: msgspec.Raw, data: bytes) -> bool:
    """Say whether a record is that of a file with these bytes."""
    return _RECORD.decode(record).digest == storage.digest_of(data)


def _document(kept: _Kept) -> Document:
    at, record = kept.location, _RECORD.decode(kept.record)
    return Document(
        at.path, at.collection, at.slug, at.language, record.digest, record.text_digest,
        record.outline,
        _FIELDS[at.collection, at.original].decode(record.fields),
        record.packed_front, record.claims, record.body, record.problems,
    )  # fmt: skip


_RECORD = msgspec.msgpack.Decoder(_Record)
_FIELDS: Mapping[tuple[str, bool], msgspec.msgpack.Decoder[Any]] = MappingProxyType(
    {
        (collection.name, original): msgspec.msgpack.Decoder(kind | None)
        for collection in COLLECTIONS.values()
        for original, kind in ((True, collection.original), (False, collection.translation))
    }
)
