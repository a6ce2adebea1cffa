"""Sorted terms cut into pieces small enough for a weak connection.

Pieces follow the terms' prefixes, so a story more moves no cut but where a piece grows too large.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import msgspec

from showcase.storage import digest_of

#: The size of a piece in bytes before compression, which about halves it.
SHARD_SIZE = 6_000
#: Endings compress better.
ENDINGS_SIZE = 8_000


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece: it holds the terms from `start` up to the next piece's; `data` is JSON."""

    start: str
    name: str
    data: bytes


def shards(terms: Mapping[str, str]) -> tuple[Shard, ...]:
    """Return the terms with their postings, in pieces: JSON objects."""
    order = _sorted(terms)
    sizes = [len(term) + len(terms[term]) + 6 for term in order]
    return _named(
        (order[low - 1] if low else "", order[low], as_json({t: terms[t] for t in order[low:high]}))
        for low, high in cuts(order, sizes, SHARD_SIZE)
    )


def endings(terms: Mapping[str, str]) -> tuple[Shard, ...]:
    """Return the words that tolerate a typo, sorted from their end, in pieces: JSON strings.

    They find a word whose beginning is misspelt. A piece's `start` is an ending written backwards.
    """
    order = _sorted([term[::-1] for term in terms if len(term) >= 4 and term.isalpha()])
    return _named(
        (
            order[low - 1] if low else "",
            order[low],
            as_json(" ".join(word[::-1] for word in order[low:high])),
        )
        for low, high in cuts(order, [len(word) + 1 for word in order], ENDINGS_SIZE)
    )


def cuts(terms: Sequence[str], sizes: Sequence[int], limit: int) -> list[tuple[int, int]]:
    """Return the ranges of sorted terms that make pieces of at most `limit`.

    A range that is too large is parted by its terms' next letter, and neighbours that fit together
    are one again; a single term is never parted.
    """
    total = [0, *accumulate(sizes)]
    merged: list[tuple[int, int]] = []
    for low, high in _parted(terms, total, limit, 0, len(terms)) if terms else ():
        if merged and total[high] - total[merged[-1][0]] <= limit:
            merged[-1] = merged[-1][0], high
        else:
            merged.append((low, high))
    return merged


def _parted(
    terms: Sequence[str], total: Sequence[int], limit: int, low: int, high: int, depth: int = 0
) -> Iterator[tuple[int, int]]:
    """Yield ranges of terms that fit, parted after their next letter where they do not."""
    if total[high] - total[low] <= limit or high - low == 1:
        yield low, high
        return
    while low < high:
        end = _end_of(terms, low, high, depth + 1)
        yield from _parted(terms, total, limit, low, end, depth + 1)
        low = end


def _end_of(terms: Sequence[str], low: int, high: int, depth: int) -> int:
    """Return where the sorted terms from `low` on cease to begin with the same `depth` letters."""
    beginning = terms[low][:depth]
    return bisect_right(terms, beginning, low, high, key=lambda term: term[:depth])


def named(data: bytes, taken: set[str], length: int = 6) -> str:
    """Return a name for a file with these bytes, unlike those `taken`; it becomes one of them."""
    salt = 0
    while (name := _name(data, salt, length)) in taken:
        salt += 1
    taken.add(name)
    return name


def _named(pieces: Iterator[tuple[str, str, bytes]]) -> tuple[Shard, ...]:
    taken: set[str] = set()
    return tuple(
        Shard(_boundary(before, first), named(data, taken), data) for before, first, data in pieces
    )


def _boundary(before: str, first: str) -> str:
    """Return the shortest beginning of `first` that comes after `before`."""
    return next(
        first[:n] for n in range(len(first) + 1) if _utf16(first[:n]) > _utf16(before) or not before
    )


def _name(data: bytes, salt: int, length: int) -> str:
    value = int(digest_of(data, str(salt).encode()), 16)
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "".join(letters[value >> 5 * n & 31] for n in range(length))


def as_json(value: object) -> bytes:
    """Return a value as JSON without blanks."""
    return msgspec.json.encode(value)


def _sorted(terms: Collection[str]) -> list[str]:
    """Return terms as JavaScript sorts them; Python differs on characters beyond U+FFFF alone."""
    beyond = max("".join(terms), default="") > "\uffff"
    return sorted(terms, key=_utf16) if beyond else sorted(terms)


def _utf16(text: str) -> bytes:
    """Sort as JavaScript compares strings: by UTF-16 code units."""
    return text.encode("utf-16-be")
