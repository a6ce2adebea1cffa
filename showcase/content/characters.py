"""Characters that no text may hold: what cannot be seen, and what makes it read otherwise."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from showcase.diagnostics import Diagnostic

#: Controls other than tab and line feed; the embeddings and overrides of the bidirectional
#: algorithm (UAX 9), which reorder what stands after them, as in Trojan Source (CVE-2021-42574);
#: the byte-order mark within a text; and what XML 1.0 forbids. The marks and isolates that Arabic
#: and Hebrew need (U+061C, U+200E, U+200F, U+2066 to U+2069) are not among them.
HIDDEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ufffe\uffff]")
INSTEAD = "\ufffd"
_NAMES = {"\ufeff": "byte-order mark", "\ufffe": "not a character", "\uffff": "not a character"}


def bare_address(address: str) -> str:
    """Return an address decoded, without what browsers drop from it before they read its scheme."""
    return re.sub(r"[\x00-\x20\x7f-\xa0]", "", unquote(address))


def has_hidden(text: str) -> bool:
    """Say whether a text holds a hidden character."""
    # A text of printable characters holds none, and is told so ten times sooner.
    return not text.replace("\n", " ").isprintable() and bool(HIDDEN.search(text))


def hidden_characters(text: str, first_line: int = 1) -> Iterator[Diagnostic]:
    """Yield the first hidden character of every line; more of them are mended the same way."""
    for number, line in enumerate(text.split("\n") if has_hidden(text) else (), first_line):
        found = HIDDEN.search(line)
        if found:
            yield hidden_character(found[0], number, found.start() + 1, 1)


def hidden_character(character: str, line: int, column: int, length: int) -> Diagnostic:
    """Return the problem of a hidden character that takes `length` characters in its file."""
    name = _NAMES.get(character) or unicodedata.name(character, "control character").lower()
    return Diagnostic(
        "hidden-character",
        f"the character U+{ord(character):04X} ({name}) cannot stand in a text",
        "",
        line,
        column,
        length,
        "it cannot be seen: delete it; words of another direction go between U+2068 and U+2069"
        if name.startswith(("left-to-right", "right-to-left", "pop directional"))
        else "it cannot be seen: delete it, together with its neighbours if need be",
    )
