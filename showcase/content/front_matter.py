"""YAML front matter: plain data, with the place of every value in the file."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from showcase.diagnostics import Diagnostic

#: The way to a value: names of fields and positions in lists, from the outside in.
Way = tuple[str | int, ...]

_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
)
_DEEPEST = 12  # no collection nests deeper than three levels; this leaves room and stops bombs


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: line and column from 1, and how many characters it takes."""

    line: int
    column: int
    length: int


@dataclass(slots=True)
class FrontMatter:
    """The values of a YAML text, the place of each and of each key, and what is wrong."""

    values: Any = field(default_factory=dict)
    places: dict[Way, Place] = field(default_factory=dict)
    keys: dict[Way, Place] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)


class _Loader(yaml.CSafeLoader):
    """The C loader with the YAML 1.2 meaning of plain words.

    In YAML 1.1 `NO` (Norway) is false, `12:30` is 750 and `010` is 8; editors mean the words.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:0|[1-9][0-9]*)?\.[0-9]+$", "-+.0123456789"),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def split(text: str) -> tuple[str, str, int] | None:
    """Return front matter, body and the line on which the body starts, or None without any.

    The front matter keeps its place: its first line is line 2 of the file.
    """
    if not re.match(r"---[ \t]*\n", text):
        return None
    end = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE).search(text, text.index("\n") + 1)
    if end is None:
        return None
    start = text.index("\n") + 1
    return text[start : end.start()], text[end.end() :], text.count("\n", 0, end.end()) + 1


def parse(text: str, first_line: int = 1, *, rows: bool = False) -> FrontMatter:
    """Return the mapping that the YAML `text` holds, or with `rows` the list.

    `first_line` is the text's line in its file, from 1.
    """
    result = FrontMatter()
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return result
        if not isinstance(node, yaml.SequenceNode if rows else yaml.MappingNode):
            result.problems.append(
                Diagnostic(
                    "wrong-type",
                    "this must be a list, each item after a hyphen"
                    if rows
                    else "the fields must be written as `name: value`, one a line",
                    line=first_line + node.start_mark.line,
                    column=1,
                )
            )
            return result
        result.problems.extend(_check(node, first_line, set(), 0))
        if not result.problems:
            _note_places(node, (), first_line, result)
            result.values = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        result.problems.append(
            Diagnostic(
                "yaml-syntax",
                (error.problem or "this is not YAML").rstrip("."),
                line=first_line + (mark.line if mark else 0),
                column=(mark.column if mark else 0) + 1,
                length=1,
                hint="put text that holds ': ' or '#' in double quotes, and indent with spaces",
            )
        )
    except yaml.YAMLError as error:  # a control character: the reader gives no mark
        result.problems.append(
            Diagnostic("yaml-syntax", str(error).splitlines()[0], line=first_line)
        )
    except ValueError as error:  # a date such as 2026-02-31
        line, column = _impossible_date(text)
        result.problems.append(
            Diagnostic(
                "wrong-date",
                f"no such day: {error}",
                line=first_line + line,
                column=column,
                length=10,
                hint="write a date as year-month-day, 2026-05-31",
            )
        )
    finally:
        loader.dispose()
    return result


def _place(node: yaml.Node, first_line: int) -> Place:
    start, end = node.start_mark, node.end_mark
    one_line = isinstance(node, yaml.ScalarNode) and start.line == end.line
    return Place(
        first_line + start.line, start.column + 1, end.column - start.column if one_line else 1
    )


def _check(node: yaml.Node, first_line: int, seen: set[int], depth: int) -> Iterator[Diagnostic]:
    """Yield what makes the tree more than plain data: aliases, tags, keys twice, depth."""
    place = _place(node, first_line)

    def problem(code: str, message: str, hint: str, at: Place = place) -> Diagnostic:
        return Diagnostic(code, message, "", at.line, at.column, at.length, hint)

    if id(node) in seen:
        yield problem(
            "yaml-alias", "an alias (*) repeats an earlier value", "write the value out again"
        )
        return
    seen.add(id(node))
    if node.tag not in _PLAIN_TAGS:
        yield problem("yaml-tag", f"the tag {node.tag} is not allowed", "leave the tag out")
    if depth > _DEEPEST:
        yield problem("yaml-syntax", "the fields are nested too deeply", "write a flat list")
        return
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _check(item, first_line, seen, depth + 1)
    elif isinstance(node, yaml.MappingNode):
        names: dict[str, int] = {}
        for key, value in node.value:
            at = _place(key, first_line)
            if not isinstance(key, yaml.ScalarNode) or not key.tag.endswith(":str"):
                yield problem("wrong-type", "a field's name is a word", "", at)
                continue
            if key.value in names:
                yield problem(
                    "yaml-duplicate-key",
                    f"`{key.value}` stands a second time, first on line {names[key.value]}",
                    "keep one of the two",
                    at,
                )
            names.setdefault(key.value, at.line)
            yield from _check(value, first_line, seen, depth + 1)


def _note_places(node: yaml.Node, way: Way, first_line: int, result: FrontMatter) -> None:
    result.places[way] = _place(node, first_line)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            result.keys[(*way, key.value)] = _place(key, first_line)
            _note_places(value, (*way, key.value), first_line, result)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            _note_places(item, (*way, position), first_line, result)


def _impossible_date(text: str) -> tuple[int, int]:
    """Return line (from 0) and column (from 1) of the first date that no calendar has."""
    for found in re.finditer(r"\b(\d{4})-(\d{2})-(\d{2})\b", text):
        try:
            datetime.date(*map(int, found.groups()))
        except ValueError:
            line = text.count("\n", 0, found.start())
            return line, found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
    return 0, 1
