"""Posting lists: which documents have a term and how much it weighs there, as printable text.

A posting is the step from the last document's number and a level from 1 to 8, written as one number
`(step - 1) * 8 + level - 1`: its last digit in base 57, the digits before it in base 34, each base
with characters of its own. `browser/index.js` reads them.
"""

import operator
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate, chain

#: The least weight, summed over the fields of a document, of each level.
LEVELS = (1, 2, 3, 5, 8, 12, 18, 28)

_LEVEL_OF = [sum(weight >= least for least in LEVELS) for weight in range(LEVELS[-1] + 1)]

LAST_DIGITS = "".join(map(chr, range(35, 92)))
DIGITS = "".join(map(chr, range(93, 127)))

_WITHOUT_DIGITS = str.maketrans("", "", DIGITS)
_NUMBER = re.compile(rf"[{re.escape(DIGITS)}]*[{re.escape(LAST_DIGITS)}]")

Posting = tuple[int, int]


def level_of(weight: int) -> int:
    """Return the level, 1 to 8, of a weight of at least 1."""
    return _LEVEL_OF[min(weight, LEVELS[-1])]


def encoded(postings: Iterable[Posting], last: int = -1) -> str:
    """Return postings, ascending by document, as text that follows one of the document `last`."""
    parts = []
    for document, level in postings:
        parts.append(number((document - last - 1) * 8 + level - 1))
        last = document
    return "".join(parts)


def encoded_in_order(postings: Sequence[int]) -> str:
    """Return postings as `encoded` does, each given as document * 8 + level - 1."""
    least = chain((0,), [(posting | 7) + 1 for posting in postings])  # of the document after each
    return "".join(map(number, map(operator.sub, postings, least)))


def later(text: str, documents: int) -> str:
    """Return the text of postings whose first one comes so many documents later."""
    first = text[: len(text) - len(text.lstrip(DIGITS)) + 1]
    return number(_value(first) + documents * 8) + text[len(first) :]


def decoded(text: str) -> list[Posting]:
    """Return what `encoded` made a text from."""
    postings: list[Posting] = []
    document = -1
    for value in map(_value, _NUMBER.findall(text)):
        document += value // 8 + 1
        postings.append((document, value % 8 + 1))
    return postings


def count(text: str) -> int:
    """Return how many postings a list has."""
    return len(text.translate(_WITHOUT_DIGITS))  # each ends in a character of another kind


def weighing(text: str, least: int) -> str:
    """Return a list without its postings of a level below `least`."""
    values = [*map(_value, _NUMBER.findall(text))]
    starts = chain((0,), accumulate([(value | 7) + 1 for value in values]))
    return encoded_in_order(
        [a + x for a, x in zip(starts, values, strict=False) if x % 8 + 1 >= least]
    )


class _Numbers(dict[int, str]):
    """Every number that was asked for, as text."""

    def __missing__(self, value: int) -> str:
        rest, last = divmod(value, 57)
        text = LAST_DIGITS[last]
        while rest:
            rest, digit = divmod(rest, 34)
            text = DIGITS[digit] + text
        self[value] = text
        return text


#: Returns a number of at least 0 as text that ends itself. Nothing is quicker to ask than a dict.
number = _Numbers().__getitem__


@cache
def _value(text: str) -> int:
    value = 0
    for character in text[:-1]:
        value = value * 34 + ord(character) - 93
    return value * 57 + ord(text[-1]) - 35
