"""The links of a body: relative file paths to entries, anchors included."""

import posixpath
from collections.abc import Container, Mapping
from typing import Any
from urllib.parse import unquote

from showcase.content.documents import Document, Hole
from showcase.diagnostics import Diagnostic, nearest
from showcase.site.model import AnyEntry, Target, Version

_NOWHERE = Target("none")


def resolved(
    document: Document,
    by_path: Mapping[str, tuple[AnyEntry, Version[Any]]],
    public: Mapping[str, AnyEntry],
    wrong: Container[str],
    pictures: frozenset[str],
) -> tuple[tuple[Target, ...], list[Diagnostic]]:
    """Return the target of each hole of a body, in order, and the broken ones' problems.

    `by_path` gives every sound entry by its file, `public` those on the site: a link to an entry
    that is held back is broken too, and says so. `wrong` are the files with problems of their own,
    which are enough: links to them are not blamed.
    """
    problems: list[Diagnostic] = []

    def broken(hole: Hole, code: str, message: str, hint: str) -> Target:
        problems.append(
            Diagnostic(code, message, document.path, hole.line, hole.column, hole.length, hint)
        )
        return _NOWHERE

    def target_of(hole: Hole) -> Target:
        if hole.kind == "label":
            return _NOWHERE
        if ":" in hole.target.partition("/")[0] or hole.target.startswith(("/", "\\")):
            return Target("outside", hole.target)
        address, _, anchor = hole.target.partition("#")
        address, anchor = unquote(address), unquote(anchor)
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
            match = nearest(path, pictures)
            hint = (
                f"did you mean {_from(folder, match)}?" if match else "put the file beside this one"
            )
            return broken(hole, "missing-picture", f"there is no picture {address!r}", hint)
        if path in wrong:
            return _NOWHERE
        if path not in by_path:
            match = nearest(path, by_path)
            hint = (
                f"did you mean {_from(folder, match)}?"
                if match
                else "link to an entry's file, such as ../ke/a-story.md"
            )
            return broken(hole, "broken-link", f"there is no entry {address!r}", hint)
        leads_to, in_language = by_path[path]
        if leads_to.key not in public:
            return broken(
                hole, "broken-link", f"{address!r} is a draft or not on the site today",
                "publish it first, or leave the link out",
            )  # fmt: skip
        anchors = in_language.document.body.anchors
        if anchor and anchor not in anchors:
            match = nearest(anchor, anchors)
            hint = (
                f"did you mean #{match}?"
                if match
                else (
                    "its headings are " + ", ".join(f"#{a}" for a in anchors)
                    if anchors
                    else "it has no headings"
                )
            )
            return broken(hole, "broken-anchor", f"there is no heading #{anchor} there", hint)
        return Target("entry", leads_to.key, anchor)

    return tuple([target_of(hole) for hole in document.body.holes]), problems


def _from(folder: str, path: str) -> str:
    return posixpath.relpath(path, folder or ".")
