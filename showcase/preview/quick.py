"""The quick way after a save: words changed in one text change its own page, and that page alone.

What is left out, search above all, follows with the build that comes after it.
"""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from showcase.build import Built
from showcase.content.documents import Document
from showcase.content.parse import parse
from showcase.content.read import MOST_BYTES
from showcase.pages.outputs import Page
from showcase.publish.ledger import FOLDER
from showcase.render.templates import TemplateFaultError
from showcase.site.model import Entry, Version


def page_of(built: Built, content: Path, out: Path, path: str) -> str | None:
    """Write the page of a text anew, in the site that was built last; return its address.

    None when anything but the words between headings and links has changed, or may have: the whole
    site must tell then what that means.
    """
    found = [x for x in built.outputs if isinstance(x, Page) and x.source == path]
    entries = built.site.by_key.values()
    before = next(
        (v for e in entries for v in e.versions.values() if v.document.path == path), None
    )
    if len(found) != 1 or before is None:
        return None
    after = _read(content, before.document)
    if after is None or not _differ_in_words_alone(before.document, after):
        return None
    page = found[0]
    if not isinstance(page.make, partial) or not _stands_alone(before, page.make):
        return None
    version = replace(before, document=after)
    arguments = [version if argument is before else argument for argument in page.make.args]
    view = page.make.func(*arguments)
    waiting = out / FOLDER / "quick"
    try:
        data = built.templates.render(page.template, built.languages[page.language], view)
        waiting.write_bytes(data)
        os.replace(waiting, out / page.address)
    except (TemplateFaultError, OSError):  # the build says what is wrong
        return None
    return page.address


def _read(content: Path, before: Document) -> Document | None:
    try:
        data = (content / before.path).read_bytes()
    except OSError:
        return None
    if len(data) > MOST_BYTES:
        return None
    original = "." not in before.path.removesuffix(".md").rpartition("/")[2]
    return parse(
        data, before.path, before.collection, before.slug, before.language, original
    )  # fmt: skip


def _differ_in_words_alone(before: Document, after: Document) -> bool:
    sound = after.fields is not None and not before.problems and not after.problems
    # The build before may have read this very text already, and shown it.
    return sound and before.outline == after.outline and before.digest != after.digest


def _stands_alone(version: Version[Any], make: "partial[Any]") -> bool:
    """Say whether the page rests on a version that no translation is measured against."""
    entries = [argument for argument in make.args if isinstance(argument, Entry)]
    return any(version is not entry.original or len(entry.versions) == 1 for entry in entries)
