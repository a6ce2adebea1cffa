"""What the catalogues of a theme lack, and what they hold that the interface does not say."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import showcase
from showcase.diagnostics import Diagnostic

_Keywords = Mapping[str, tuple[int, ...] | None]

# The functions whose arguments are messages, and which of these, when not the first alone.
_IN_CODE: _Keywords = {"text": None, "t": None, "plural": (1, 2), "forms": (1, 2), "n": (1, 2)}
_IN_TEMPLATES: _Keywords = {"_": None, "ngettext": (1, 2)}
_TEMPLATES = (".html", ".xml", ".txt")


def catalogue_problems(folders: Sequence[Path], codes: Sequence[str]) -> list[Diagnostic]:
    """Return a warning for each message that a language lacks, and for each that nobody says.

    `folders` are those of the theme, its own first, then those it extends; `codes` the languages of
    the site. A message is what the page makers or a template of one of the folders say. English is
    what messages are written in: it needs no catalogue, and one that is there may hold a few.
    """
    said = _said(folders)
    problems: list[Diagnostic] = []
    for code in codes:
        paths = (folder / "locales" / f"{code}.po" for folder in folders)
        path = next(filter(Path.is_file, paths), None)
        if path:
            in_english = Locale.parse(code, sep="-").language == "en"
            problems += _problems_of(path, {} if in_english else said, said)
    return problems


def _problems_of(
    path: Path, wanted: Mapping[str, str], said: Mapping[str, str]
) -> Iterator[Diagnostic]:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    entries = {_singular(message): message for message in catalogue if message.id}
    for singular, place in wanted.items():
        if singular not in entries:
            yield _warning(
                "missing-message", f"{singular!r} has no translation", path, 0,
                f"{place} says it: add it as a msgid with its msgstr",
            )  # fmt: skip
    for singular, message in entries.items():
        line = message.lineno or 0
        if singular not in said:
            hint = "take it out"
            yield _warning("unused-message", f"nothing says {singular!r}", path, line, hint)
        elif lack := _lack(message, catalogue):
            yield _warning("missing-message", f"{singular!r} {lack}", path, line, "write it")


def _lack(message: Message, catalogue: Catalog) -> str:
    """Say what a message of a catalogue lacks; "" when it is whole."""
    if message.fuzzy:
        return "is marked fuzzy, and so not used"
    if not message.pluralizable:
        return "" if message.string else "has an empty msgstr"
    forms = cast(tuple[str, ...], message.string)
    there = sum(map(bool, forms[: catalogue.num_plurals]))
    many = catalogue.num_plurals
    return "" if there == many else f"has {there} of the {many} plural forms"


def _said(folders: Sequence[Path]) -> dict[str, str]:
    """Return every message of the interface, its plural left out, and one file that says it."""
    code = sorted((Path(showcase.__file__).parent / "pages").glob("*.py"))
    templates = [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in _TEMPLATES
    ]
    said: dict[str, str] = {}
    for paths, method, keywords in (
        (code, "python", _IN_CODE),
        (templates, "jinja2.ext:babel_extract", _IN_TEMPLATES),
    ):
        for path in paths:
            with path.open("rb") as file:
                for _, words, *_ in extract(method, file, keywords=keywords):
                    said.setdefault(words if isinstance(words, str) else words[0], path.name)
    return said


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _warning(code: str, message: str, path: Path, line: int, hint: str) -> Diagnostic:
    return Diagnostic(code, message, str(path), line, hint=hint, severity="warning")
