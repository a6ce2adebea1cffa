"""YAML front matter: plain data, and the place of every value in the file."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from showcase.content.characters import HIDDEN, INSTEAD, hidden_character, hidden_characters
from showcase.diagnostics import Diagnostic

#: The way to a value: names of fields and positions in lists, from the outside in.
Way = tuple[str | int, ...]

_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
)
_STILL_READ = ("yaml-duplicate-key", "hidden-character")  # problems that leave values to check
_DEEPEST = 12  # no collection nests deeper than three levels; this leaves room and stops bombs
_MOST_WORDS = 5000  # names and values; the atlas's topics, in seven languages, take 700
_LONG = 5000  # characters; only a longer text has as many, or nests so that libyaml's stack is full
_NO_BREAKS = "\u2028\u2029"  # line ends to YAML, not to an editor


class Place(NamedTuple):
    """Where a value stands: line and column from 1, and how many characters it takes."""

    line: int
    column: int
    length: int


@dataclass(slots=True)
class FrontMatter:
    """The values of a YAML text, and what is wrong.

    There are no values when the text cannot be read; with a key twice, its last value counts.
    """

    values: Any = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    node: yaml.Node | None = field(default=None, repr=False)
    first_line: int = 1

    def place_of(self, way: Way) -> Place | None:
        """Return where a value stands; positions in lists may also be written in digits."""
        _, value = self._nodes(way)
        return _place(value, self.first_line) if value else None

    def place_of_key(self, way: Way) -> Place | None:
        """Return where the name of a field stands."""
        key, _ = self._nodes(way)
        return _place(key, self.first_line) if key else None

    def _nodes(self, way: Way) -> tuple[yaml.Node | None, yaml.Node | None]:
        """Return the name, if it has one, and the value at the end of a way."""
        key, node = None, self.node
        for step in way:
            if isinstance(node, yaml.MappingNode):
                # Of a name that stands twice the last value counts.
                pairs = reversed(node.value)
                key, node = next((pair for pair in pairs if pair[0].value == str(step)), (None, None))
            elif isinstance(node, yaml.SequenceNode) and str(step).isdecimal():
                key, node = None, next(iter(node.value[int(step) :]), None)
            else:
                return None, None
        return key, node


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


def _construct_date(loader: _Loader, node: yaml.ScalarNode) -> datetime.date | str:
    """Return the date, or for one that no calendar has its text: the field's type refuses that."""
    try:
        return datetime.date.fromisoformat(node.value)
    except ValueError:
        return str(node.value)


def _construct_number(loader: _Loader, node: yaml.ScalarNode) -> int | str:
    try:
        return int(node.value)
    except ValueError:  # thousands of digits
        return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _construct_date)
_Loader.add_constructor("tag:yaml.org,2002:int", _construct_number)


def split(text: str) -> tuple[str, str, int] | None:
    """Return front matter, body and the line on which the body starts, or None without any.

    The front matter keeps its place: its first line is line 2 of the file.
    """
    start = _OPENING.match(text)
    end = start and _CLOSING.search(text, start.end() - 1)
    if not start or not end:
        return None
    line = text.count("\n", 0, end.end()) + 1
    return text[start.end() : end.start() + 1], text[end.end() :], line


_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"\n---[ \t]*(?:\n|\Z)")


def parse(text: str, first_line: int = 1, *, rows: bool = False) -> FrontMatter:
    """Return the mapping that the YAML `text` holds, or with `rows` the list.

    `first_line` is the text's line in its file, from 1.
    """
    result = FrontMatter(first_line=first_line)
    result.problems.extend(hidden_characters(text, first_line))
    if result.problems:
        text = HIDDEN.sub(INSTEAD, text)
    for line_end in _NO_BREAKS:
        text = text.replace(line_end, " ")
    loader = _Loader(text)
    try:
        beyond = list(_more_than_data(text, first_line))
        result.problems.extend(beyond)
        node = None if beyond else loader.get_single_node()
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
        escapes = "\\" in text
        values = _Reader(loader, first_line, result.problems, escapes).value(node, 0)
        if all(problem.code in _STILL_READ for problem in result.problems):
            result.values, result.node = values, node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "this is not YAML"
        hint = "put text that holds ': ' or '#' in double quotes, and indent with spaces"
        if mark and _is_tab(text, mark):
            problem, hint = "a tab stands where spaces should", "indent with spaces"
        if problem.startswith("but "):
            problem = f"{error.context} {problem}"
        result.problems.append(
            Diagnostic(
                "yaml-syntax",
                problem.rstrip("."),
                line=first_line + (mark.line if mark else 0),
                column=(mark.column if mark else 0) + 1,
                length=1,
                hint=hint,
            )
        )
    finally:
        loader.dispose()
    return result


def _is_tab(text: str, mark: yaml.Mark) -> bool:
    lines = text.split("\n")
    return mark.line < len(lines) and lines[mark.line][mark.column : mark.column + 1] == "\t"


def _more_than_data(text: str, first_line: int) -> Iterator[Diagnostic]:
    """Yield anchors and aliases, too deep a nesting and too many values, before any is built."""
    if "&" not in text and "*" not in text and len(text) < _LONG:
        return
    depth, words = -1, 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        anchor = getattr(event, "anchor", None)
        mark = event.start_mark
        line, column = (first_line + mark.line, mark.column + 1) if mark else (first_line, 1)
        if isinstance(event, yaml.AliasEvent):
            yield Diagnostic(
                "yaml-alias", f"*{anchor} is an alias: it repeats an earlier value", "",
                line, column, len(anchor or "") + 1,
                "write the value out again, or put text that starts with * in double quotes",
            )  # fmt: skip
        elif anchor:
            yield Diagnostic(
                "yaml-alias", f"&{anchor} is an anchor: it names a value to repeat it", "",
                line, column, len(anchor) + 1,
                "leave it out, or put text that starts with & in double quotes",
            )  # fmt: skip
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            yield _too_deep(line, column)
            return
        words += isinstance(event, yaml.ScalarEvent)
        if words > _MOST_WORDS:
            yield Diagnostic(
                "too-many", f"the fields have more than {_MOST_WORDS:,} names and values", "",
                line, column, 1, "leave out what is not needed",
            )  # fmt: skip
            return


def _too_deep(line: int, column: int) -> Diagnostic:
    return Diagnostic(
        "yaml-syntax", "the fields are nested too deeply", "", line, column, 1,
        "write a flat list",
    )  # fmt: skip


def _place(node: yaml.Node, first_line: int) -> Place:
    start, end = node.start_mark, node.end_mark
    ends_itself = isinstance(node, yaml.ScalarNode) or bool(getattr(node, "flow_style", False))
    one_line = ends_itself and start.line == end.line
    return Place(
        first_line + start.line, start.column + 1, end.column - start.column if one_line else 1
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads values out of a YAML tree, noting all that is not plain data."""

    loader: _Loader
    first_line: int
    problems: list[Diagnostic]
    escapes: bool  # only then can a value hold what the text does not

    def value(self, node: yaml.Node, depth: int) -> Any:
        if node.tag not in _PLAIN_TAGS:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self._problem(
                "yaml-tag",
                f"the tag {tag} is not allowed",
                "leave the tag out, or put text that starts with ! in double quotes",
                _place(node, self.first_line),
            )
            return None
        if depth > _DEEPEST:
            place = _place(node, self.first_line)
            self.problems.append(_too_deep(place.line, place.column))
            return None
        if isinstance(node, yaml.ScalarNode):
            if self.escapes:
                self._escaped(node)
            return node.value if node.tag == _TEXT else self.loader.construct_object(node)
        if node.tag not in _COLLECTIONS:  # !!str before a list, and the like: the loader objects
            return self.loader.construct_object(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self._mapping(node, depth)

    def _mapping(self, node: yaml.Node, depth: int) -> dict[str, Any]:
        names: dict[str, int] = {}
        values: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value
            if key.tag != _TEXT:
                hint = "write `name: value`; a number as a name goes in double quotes"
                at = _place(key, self.first_line)
                self._problem("wrong-type", "a field's name is a word", hint, at)
                continue
            line = self.first_line + key.start_mark.line
            if name in names:
                self._problem(
                    "yaml-duplicate-key",
                    f"`{name}` stands a second time, first on line {names[name]}",
                    "keep one of the two",
                    _place(key, self.first_line),
                )
            names.setdefault(name, line)
            if self.escapes:
                self._escaped(key)
            values[name] = self.value(value, depth + 1)
        return values

    def _problem(self, code: str, message: str, hint: str, at: Place) -> None:
        self.problems.append(Diagnostic(code, message, "", at.line, at.column, at.length, hint))

    def _escaped(self, node: yaml.ScalarNode) -> None:
        """Report the hidden character that a value holds by its number, as in `"\\u202E"`."""
        found = HIDDEN.search(node.value)
        if found:
            self.problems.append(hidden_character(found[0], *_place(node, self.first_line)))


_TEXT = "tag:yaml.org,2002:str"
_COLLECTIONS = ("tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")
