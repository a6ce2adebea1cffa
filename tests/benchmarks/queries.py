"""What somebody types who remembers a story: known-item queries, clean and with a typo."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.corpus import Subject

#: Words of titles that nobody remembers a story by.
STOP = frozenset(
    [
        "about",
        "after",
        "also",
        "among",
        "another",
        "before",
        "between",
        "could",
        "does",
        "from",
        "have",
        "into",
        "more",
        "most",
        "only",
        "other",
        "over",
        "same",
        "some",
        "such",
        "than",
        "that",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "under",
        "until",
        "what",
        "when",
        "where",
        "which",
        "while",
        "whose",
        "will",
        "with",
        "without",
        "would",
        "your",
    ]
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, of which sort, and the slugs of the stories it may mean."""

    sort: str
    text: str
    relevant: frozenset[str]


def known_items(
    subjects: Sequence[Subject], topics: dict[str, str], count: int, seed: int
) -> list[Query]:
    """Return queries for stories drawn at random, each sort as often as the others.

    Three content words of the title, in order; a person's name; a place and a topic's name. A
    query means the story it was made for, and every other of which it is just as true.
    """
    random = Random(seed)
    makers = (_title_words, _person, _place_and_topic)
    found: list[Query] = []
    while len(found) < count:
        query = makers[len(found) % 3](random.choice(subjects), subjects, topics, random)
        if query:
            found.append(query)
    return found


def with_typo(query: Query, random: Random) -> Query:
    """Return the query with one slip in one word of four letters or more, anywhere in it."""
    words = query.text.split()
    place = random.choice([n for n, word in enumerate(words) if len(word) >= 4])
    word = words[place]
    slips: list[Callable[[str, int], str]] = [
        lambda w, n: w[:n] + random.choice(LETTERS) + w[n + 1 :],
        lambda w, n: w[:n] + w[n + 1 :],
        lambda w, n: w[:n] + random.choice(LETTERS) + w[n:],
        lambda w, n: w[:n] + w[n + 1 : n + 2] + w[n] + w[n + 2 :],
    ]
    slipped = word
    while slipped == word:
        slipped = random.choice(slips)(word, random.randrange(len(word)))
    text = " ".join([*words[:place], slipped, *words[place + 1 :]])
    return Query(query.sort, text, query.relevant)


def reciprocal_rank(query: Query, addresses: Sequence[str]) -> float:
    """Return 1 / the position of the first right story among the addresses, 0 without one."""
    for position, address in enumerate(addresses, start=1):
        found = re.search(r"/stories/([^/]+)/", address)
        if found and found[1] in query.relevant:
            return 1 / position
    return 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _title_words(
    subject: Subject, subjects: Sequence[Subject], topics: dict[str, str], random: Random
) -> Query | None:
    words = [w for w in dict.fromkeys(_words(subject.title)) if len(w) >= 4 and w not in STOP]
    if len(words) < 3:
        return None
    chosen = [words[n] for n in sorted(random.sample(range(len(words)), 3))]
    relevant = {s.slug for s in subjects if set(chosen) <= set(_words(s.title))}
    return Query("title", " ".join(chosen), frozenset(relevant))


def _person(
    subject: Subject, subjects: Sequence[Subject], topics: dict[str, str], random: Random
) -> Query | None:
    if not subject.people:
        return None
    name = random.choice(subject.people)
    relevant = {s.slug for s in subjects if name in s.people}
    return _typed("person", name, relevant)


def _place_and_topic(
    subject: Subject, subjects: Sequence[Subject], topics: dict[str, str], random: Random
) -> Query | None:
    place, topic = _town(subject), random.choice(subject.topics)
    if not place:
        return None
    relevant = {s.slug for s in subjects if _town(s) == place and topic in s.topics}
    return _typed("place and topic", f"{place} {topics[topic]}", relevant)


def _typed(sort: str, text: str, relevant: set[str]) -> Query | None:
    long = any(len(word) >= 4 for word in text.split())
    return Query(sort, text.lower(), frozenset(relevant)) if long else None


def _town(subject: Subject) -> str:
    return subject.place.partition(",")[0]
