"""The links of a body: relative file paths to entries, anchors included."""

import posixpath
import re
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

from showcase.content.characters import bare_address
from showcase.content.documents import Document, Hole
from showcase.diagnostics import Diagnostic, nearest
from showcase.site.model import AnyEntry, Target, Version

_NOWHERE = Target("none")
_GUESSES = 20  # each compares with every file; who has more broken links in one has moved it


def resolved(
    document: Document,
    by_path: Mapping[str, tuple[AnyEntry, Version[Any]]],
    public: Mapping[str, AnyEntry],
    wrong: Container[str],
    pictures: frozenset[str],
) -> tuple[tuple[Target, ...], list[Diagnostic]]:
    """Return the target of each hole of a body, in order, and the broken ones' problems.

    `by_path` gives every sound entry by its file, `public` those on the site: a link to an entry
    that is held back is broken too, and says so, unless the link is held back with it. `wrong` are
    the files with problems of their own, which are enough: links to them are not blamed.
    """
    problems: list[Diagnostic] = []
    held_back = document.path not in by_path or by_path[document.path][0].key not in public

    def broken(hole: Hole, code: str, message: str, hint: str) -> Target:
        problems.append(
            Diagnostic(code, message, document.path, hole.line, hole.column, hole.length, hint)
        )
        return _NOWHERE

    def guess(like: Callable[[str, Iterable[str]], str], word: str, choices: Iterable[str]) -> str:
        return like(word, choices) if len(problems) < _GUESSES else ""

    def target_of(hole: Hole) -> Target:
        if hole.kind == "label":
            return _NOWHERE
        if hole.kind == "video":  # checked where it is written
            return Target("outside", hole.target)
        bare = bare_address(hole.target)
        if re.match(r"[^/?#]*:", bare) or bare.startswith(("/", "\\")):  # checked there too
            return Target("outside", hole.target)
        address, _, anchor = hole.target.partition("#")
        address, anchor = unquote(address), normalize("NFC", unquote(anchor))
        folder = posixpath.dirname(document.path)
        path = posixpath.normpath(posixpath.join(folder, address)) if address else document.path
        if path.startswith("../") or "\\" in path:
            return broken(
                hole, "outside-content", f"{hole.target!r} leads out of content/",
                "link to a file inside it",
            )  # fmt: skip
        if hole.kind == "picture":
            if path in pictures:
                return Target("picture", path)
            place = posixpath.dirname(path)
            beside = (one for one in pictures if posixpath.dirname(one) == place)
            match = guess(_most_like, path, beside)
            hint = (
                f"did you mean {_from(folder, match)}?" if match else "put the file beside this one"
            )
            return broken(hole, "missing-picture", f"there is no picture {address!r}", hint)
        if path in wrong:
            return _NOWHERE
        if path not in by_path:
            match = guess(_most_like, path, by_path)
            hint = (
                f"did you mean {_from(folder, match)}?"
                if match
                else "link to an entry's file, such as ../ke/a-story.md"
            )
            return broken(hole, "broken-link", f"there is no entry {address!r}", hint)
        leads_to, in_language = by_path[path]
        if leads_to.key not in public and not held_back:
            return broken(
                hole, "broken-link", f"{address!r} is a draft or not on the site today",
                "publish it first, or leave the link out",
            )  # fmt: skip
        anchors = in_language.document.body.anchors
        if anchor and anchor not in anchors:
            match = guess(nearest, anchor, anchors)
            hint = (
                f"did you mean #{match}?"
                if match
                else (
                    "its headings are " + ", ".join(f"#{a}" for a in anchors[:20])
                    if anchors
                    else "it has no headings"
                )
            )
            return broken(hole, "broken-anchor", f"there is no heading #{anchor} there", hint)
        shown = leads_to.best(document.language)
        return Target("entry", leads_to.key, _same_place(anchor, in_language, shown))

    return tuple([target_of(hole) for hole in document.body.holes]), problems


def _same_place(anchor: str, written: Version[Any], shown: Version[Any]) -> str:
    """Return the anchor, in the version that the reader is led to, of the heading meant.

    A link names a file of one language, and its reader gets the entry in the page's language: there
    the heading in the same position is meant. Where the two do not match, "" is the page's top.
    """
    if anchor in shown.document.body.anchors:
        return anchor
    before = [heading.level for heading in written.document.body.headings]
    after = [heading.level for heading in shown.document.body.headings]
    names = [heading.anchor for heading in written.document.body.headings]
    if before != after or anchor not in names:
        return ""
    return shown.document.body.headings[names.index(anchor)].anchor


def _most_like(path: str, files: Iterable[str]) -> str:
    """Return the file whose own name is most like that of `path`, or "" when none is near.

    Folders do not count: two stories of one country have those in common without being alike.
    """
    by_name = {_name(file): file for file in sorted(files, reverse=True)}
    match = nearest(_name(path), by_name, least=0.7)
    return by_name[match] if match else ""


def _name(path: str) -> str:
    """Return a file's name without its kind, which makes all of a kind alike."""
    return posixpath.splitext(posixpath.basename(path.removesuffix("/index.md")))[0]


def _from(folder: str, path: str) -> str:
    return posixpath.relpath(path, folder or ".")
