"""Diagnostics: every problem an editor can meet, with its place, its code and a way out."""

import difflib
import json
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from unicodedata import bidirectional, east_asian_width
from urllib.parse import quote

import showcase

Severity = Literal["error", "warning"]
Format = Literal["text", "json", "github", "sarif"]

#: Every code with the one line of help that `check --codes` prints. Codes are stable: editors
#: search for them and workflows may filter on them.
CODES: Mapping[str, str] = MappingProxyType(
    {
        "absolute-link": "A link inside the site is the relative path of the file it leads to.",
        "bad-slug": "File names are lower-case letters a-z, digits and single hyphens.",
        "broken-anchor": "A link's #anchor must be a heading of the entry it leads to.",
        "broken-link": "A link must lead to an entry that exists.",
        "broken-output-link": "A page of the finished site links to an address that has no page.",
        "consent-lapsed": "A picture whose consent has ended must be taken off the site.",
        "duplicate-address": "Two outputs claim the same address; one of them must move.",
        "duplicate-entry": "Two files hold the same entry in the same language.",
        "empty": "A required field is there but says nothing.",
        "empty-body": "The entry has front matter but no text.",
        "heading-level": "Headings start at ## and go down one level at a time.",
        "hidden-character": "Text holds no control characters and no marks that reverse its order.",
        "missing-field": "A required field is missing from the front matter.",
        "missing-file": "A file that the site needs does not exist.",
        "missing-message": "A catalogue has every text of the interface, in all plural forms.",
        "missing-picture": "A picture must lie beside the entry that shows it.",
        "no-front-matter": "A file starts with a line ---, its YAML fields, and another ---.",
        "no-original": "A translation needs the entry in the default language beside it.",
        "not-utf8": "Files are UTF-8 text.",
        "outcome-source": "An outcome names its source by its position in `sources`, from 1.",
        "outdated-translation": "The text has changed since this translation was made.",
        "outside-content": "Files are read from the content folder only, never through a way out.",
        "picture-alt": "A picture needs a description for those who cannot see it.",
        "picture-consent": "A cover says whether the people in it agreed to be shown.",
        "raw-html": "Text is Markdown; HTML is not allowed in it.",
        "repeated-value": "A list names each thing once, and a story not itself.",
        "reserved-name": "Windows keeps names such as con, aux and lpt1 for itself.",
        "stray-file": "A file that the site does not use.",
        "template": "A template of the theme has an error.",
        "too-deep": "Quotes, lists, containers and folders stand in one another a few times only.",
        "too-large": "A text has at most 100 kB, a picture at most 30 MB.",
        "too-long": "A text is longer than its place on cards and in search results allows.",
        "too-many": "A list has more or fewer items than allowed.",
        "unclosed-container": "A ::: container must be closed by a line of :::.",
        "unknown-container": "Containers are note, try-it, quote, gallery and video.",
        "unknown-country": "`country` is an ISO 3166-1 alpha-2 code, or XK.",
        "unknown-entry": "A field names an entry that does not exist.",
        "unknown-field": "The front matter holds a field that this kind of entry does not have.",
        "unknown-folder": "The folders of content/ are the collections.",
        "unknown-footnote": "A footnote mark must have its note, written `[^name]: text`.",
        "unknown-language": "A file's language suffix must be a language of site.yml.",
        "unknown-topic": "`topics` are slugs of topics.yml.",
        "unknown-value": "A field takes one of a fixed list of words.",
        "unreadable-picture": "A picture is a PNG, JPEG or WebP file that can be opened.",
        "unsafe-link": "Links use https, http or mailto.",
        "unused-message": "A catalogue holds only what the interface says.",
        "wrong-date": "Dates are written 2026-05-31.",
        "wrong-folder": "A story lies in the folder of its country.",
        "wrong-type": "A field holds another kind of value than it should.",
        "yaml-alias": "Front matter is plain data, without anchors (&) and aliases (*).",
        "yaml-duplicate-key": "A field stands twice in the front matter.",
        "yaml-syntax": "The front matter is not valid YAML.",
        "yaml-tag": "Front matter is plain data, without tags (!).",
    }
)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. `path` is POSIX style; `line` and `column` count from 1, 0 when unknown.

    `length` is how many characters the caret line marks; `hint` is the way out, said after it.
    """

    code: str
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    length: int = 0
    hint: str = ""
    severity: Severity = "error"


class SiteError(Exception):
    """The command line, `site.yml` or the theme is unusable: exit status 2, nothing written."""

    def __init__(self, message: str, problems: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


def nearest(word: str, choices: Iterable[str], least: float = 0.6) -> str:
    """Return the choice most like `word`, compared without case, or "" when none is near.

    `least` is the share of letters in common, 0 to 1, from which on a choice is near. No name is
    longer than 100 characters; what is takes time that grows with its square.
    """
    if len(word) > 100:
        return ""
    by_folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=least)
    return by_folded[found[0]] if found else ""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return "did you mean X?" for the nearest choice, or "" when none is near."""
    match = nearest(word, choices)
    return f"did you mean {match}?" if match else ""


def in_order(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the problems sorted by file, line and column, each once."""
    return sorted(
        set(problems), key=lambda d: (d.path, d.line, d.column, d.code, d.message, d.hint)
    )


def formatted(problems: Sequence[Diagnostic], style: Format, content: Path) -> str:
    """Return the problems as one text in the given format, ending in a newline unless empty.

    `content` is the folder that the problems' paths are relative to; what is printed is relative
    to the working directory, so that a terminal or a code host can open it.
    """
    match style:
        case "json":
            rows = [_as_mapping(d, content) for d in problems]
            return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
        case "sarif":
            return json.dumps(_sarif(problems, content), ensure_ascii=False, indent=2) + "\n"
        case "github":
            return "".join(_annotation(d, content) + "\n" for d in problems)
        case "text":
            return "".join("\n".join(_as_lines(d, content)) + "\n" for d in problems)


def shown_path(path: str, content: Path) -> str:
    """Return `path`, given relative to the content folder, relative to the working directory."""
    # Not resolve(): a symbolic link is named as it stands, not by what it leads to.
    whole = Path(os.path.normpath(content / path))
    try:
        return whole.relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return whole.as_posix()


def _as_lines(problem: Diagnostic, content: Path) -> Iterator[str]:
    place = shown_path(problem.path, content) if problem.path else "site"
    if problem.line:
        place += f":{problem.line}" + (f":{problem.column}" if problem.column else "")
    message = (
        problem.message if len(problem.message) <= _QUOTED else problem.message[:_QUOTED] + "…"
    )
    yield _visible(f"{place}: {problem.severity}[{problem.code}]: {message}")
    line = _source_line(content / problem.path, problem.line) if problem.line else ""
    if line.strip() not in ("", "---"):  # the rule above the fields says nothing
        first = max(0, problem.column - _QUOTED // 2) if len(line) > _QUOTED else 0
        line = _visible(line[first : first + _QUOTED].replace("\t", " "))
        yield f"    {line.rstrip()}"
        if problem.column:
            at = problem.column - 1 - first
            carets = "^" * max(1, _width(line[at : at + problem.length].rstrip()))
            yield _visible(f"    {' ' * _width(line[:at])}{carets} {problem.hint}".rstrip())
            return
    if problem.hint:
        yield _visible(f"    {problem.hint}")


_QUOTED = 300  # characters of a line or message; of a longer line, those around the problem


def _visible(text: str) -> str:
    """Return the text without what would steer a terminal or show it in another order."""
    if text.isprintable():
        return text
    return "".join(
        "\ufffd" if unicodedata.category(c) == "Cc" or bidirectional(c) in _REORDER else c
        for c in text
    )


_REORDER = ("LRE", "RLE", "LRO", "RLO", "PDF")  # classes of the bidirectional algorithm, UAX 9


@cache
def _source_lines(path: Path, modified: int) -> list[str]:
    # `modified` is part of the key only, so that a long preview never quotes an old line.
    try:
        # Not splitlines(): to editors and to the parsers only a line feed ends a line.
        return path.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    except OSError:
        return []


def _width(text: str) -> int:
    """Return how many columns of a terminal the text takes (Unicode Standard Annex 11)."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(c) in "WF")
        for c in text
    )


def _source_line(path: Path, number: int) -> str:
    try:
        lines = _source_lines(path, path.stat().st_mtime_ns)
    except OSError:
        return ""
    return lines[number - 1] if number <= len(lines) else ""


def _as_mapping(problem: Diagnostic, content: Path) -> dict[str, str | int]:
    return {
        "path": shown_path(problem.path, content) if problem.path else "",
        "line": problem.line,
        "column": problem.column,
        "length": problem.length,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _annotation(problem: Diagnostic, content: Path) -> str:
    """Return a GitHub Actions workflow command that annotates the line."""
    properties = {"file": shown_path(problem.path, content)} if problem.path else {}
    if problem.line:
        properties["line"] = str(problem.line)
    if problem.column:
        properties["col"] = str(problem.column)
        properties["endColumn"] = str(problem.column + max(1, problem.length))
    properties["title"] = problem.code

    def escape(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    fields = ",".join(
        f"{key}={escape(value).replace(':', '%3A').replace(',', '%2C')}"
        for key, value in properties.items()
    )
    message = problem.message + (f" ({problem.hint})" if problem.hint else "")
    return f"::{problem.severity} {fields}::{escape(_visible(message))}"


def _sarif(problems: Sequence[Diagnostic], content: Path) -> dict[str, object]:
    """Return a SARIF 2.1.0 log (OASIS Standard, section 3) of the problems."""
    codes = sorted({d.code for d in problems})

    def result(problem: Diagnostic) -> dict[str, object]:
        location: dict[str, object] = {
            "artifactLocation": {"uri": quote(shown_path(problem.path or "site.yml", content))}
        }
        if problem.line:
            region = {"startLine": problem.line}
            if problem.column:
                region["startColumn"] = problem.column
                region["endColumn"] = problem.column + max(1, problem.length)
            location["region"] = region
        message = problem.message + (f" ({problem.hint})" if problem.hint else "")
        return {
            "ruleId": problem.code,
            "ruleIndex": codes.index(problem.code),
            "level": problem.severity,
            "message": {"text": message},
            "locations": [{"physicalLocation": location}],
        }

    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "showcase",
                        "version": showcase.__version__,
                        "rules": [
                            {"id": code, "shortDescription": {"text": CODES[code]}}
                            for code in codes
                        ],
                    }
                },
                "results": [result(problem) for problem in problems],
            }
        ],
    }
