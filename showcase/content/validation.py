"""Data against its model: all errors at once, in an editor's words, at their place."""

import re
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from showcase.content.front_matter import FrontMatter, Place, Way
from showcase.diagnostics import Diagnostic, did_you_mean

Model = TypeVar("Model")


def validated(model: type[Model], front: FrontMatter) -> tuple[Model | None, list[Diagnostic]]:
    """Return what the front matter says as `model`, or None with everything wrong with it."""
    try:
        adapter: TypeAdapter[Model] = _adapter(model)  # type: ignore[arg-type]
        return adapter.validate_python(front.values), []
    except ValidationError as error:
        known = tuple(getattr(model, "__dataclass_fields__", ()))
        found = error.errors(include_url=False)
        # A list whose item is wrong is also said to be too short; the item's own problem is enough.
        inside = {tuple(d["loc"])[:n] for d in found for n in range(len(d["loc"]))}
        found = [d for d in found if d["type"] != "too_short" or tuple(d["loc"]) not in inside]
        return None, [_explained(d, front, known) for d in found]


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def _explained(detail: ErrorDetails, front: FrontMatter, known: tuple[str, ...]) -> Diagnostic:
    """Turn one of pydantic's findings into a diagnostic in an editor's words."""
    way: Way = tuple(detail["loc"])
    name = str(way[-1]) if way else ""
    field = f"`{'.'.join(str(step + 1) if isinstance(step, int) else step for step in way)}`"
    context = detail.get("ctx", {})
    place = front.place_of(way)
    while place is None and way:  # a missing field: the mapping that should hold it
        way = way[:-1]
        place = front.place_of(way)
    place = place or Place(1, 1, 1)
    hint = str(context.get("hint", ""))
    value = detail["input"]
    match detail["type"]:
        case "missing":
            at = Place(1, 0, 0) if not way else place
            return Diagnostic(
                "missing-field", f"{field} is missing", "", at.line, at.column, at.length,
                f"add a line `{name}: …`",
            )  # fmt: skip
        case "unexpected_keyword_argument" | "extra_forbidden":
            at = front.place_of_key(tuple(detail["loc"])) or place
            nested = len(detail["loc"]) > 1
            hint = did_you_mean(name, known) if not nested else ""
            return Diagnostic(
                "unknown-field", f"there is no field {field}", "", at.line, at.column, at.length,
                hint or "leave it out",
            )  # fmt: skip
        case "literal_error":
            choices = re.findall(r"'([^']+)'", str(context.get("expected", "")))
            return Diagnostic(
                "unknown-value", f"{value!r} is not a {_singular(detail['loc'])}", "", place.line,
                place.column, place.length,
                did_you_mean(str(value), choices) or "use one of: " + ", ".join(choices),
            )  # fmt: skip
        case "string_too_long":
            most = context["max_length"]
            message = f"{field} has {len(value)} characters, {len(value) - most} too many"
            return _here("too-long", message, place, f"at most {most} fit")
        case "too_long" | "too_short":
            least, most = context.get("min_length"), context.get("max_length")
            wanted = f"at most {most}" if most else f"at least {least}"
            items = "1 item" if len(value) == 1 else f"{len(value)} items"
            return _here("too-many", f"{field} has {items}", place, f"give {wanted}")
        case "string_pattern_mismatch":  # a topic's slug
            return _here("bad-slug", f"{value!r} cannot be an address", place, _SLUG_HINT)
        case "greater_than_equal" | "less_than_equal":
            return _here("wrong-type", f"{field} cannot be {value!r}", place, detail["msg"].lower())
        case code if code in _OWN_CODES:
            message = detail["msg"]
            return _here(code, f"{field} {message}" if code == "empty" else message, place, hint)
    wanted = _WANTED.get(detail["type"], detail["msg"].lower())
    return _here("wrong-type", f"{field} should be {wanted}, not {_shown(value)}", place, hint)


_SLUG_HINT = "write it with lower-case letters a-z, digits and single hyphens"
_OWN_CODES = frozenset(
    (
        "empty",
        "unknown-country",
        "unknown-language",
        "unsafe-link",
        "wrong-date",
        "wrong-type",
        "missing-field",
        "repeated-value",
        "reserved-name",
    )
)
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list, [one, two]",
    "dataclass_type": "fields of its own, indented below it",
}


def _here(code: str, message: str, place: Place, hint: str) -> Diagnostic:
    return Diagnostic(code, message, "", place.line, place.column, place.length, hint)


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "fields"
    if isinstance(value, list):
        return "a list"
    return repr(value)[:60]


def _singular(way: tuple[str | int, ...]) -> str:
    name = str(next((step for step in reversed(way) if isinstance(step, str)), ""))
    return {
        "needs": "need",
        "topics": "topic",
        "gave": "kind of support",
        "offers": "kind of support",
    }.get(name, name)
