"""The index: every story's terms as posting lists, patched where a story changed.

Stories are numbered oldest first, so that a new one comes last and moves no other's number.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from showcase import parallel, storage
from showcase.content.fields import StoryFields
from showcase.data.geography import countries
from showcase.languages import Language
from showcase.search.analysis import analyse
from showcase.search.names import country_names
from showcase.search.postings import (
    LEVELS,
    Posting,
    count,
    decoded,
    encoded,
    encoded_in_order,
    later,
    level_of,
    weighing,
)
from showcase.site.model import AnyEntry, Site, Story

#: What a word counts for in each field of a story; in its text it counts 1.
TITLE, PEOPLE, INSTITUTION, TOPIC, SUMMARY = 8, 6, 5, 3, 3
#: A country's name of one word; the words of a longer one share it, as Sudan and South Sudan must.
COUNTRY = 18

#: The least level of a word that stands in more than a text.
WEIGHTY = 3

_WORTH_PARTING = 2000  # below this many stories, joining lists costs more than parting them saves

PAGE_COLLECTIONS = ("programmes", "partners", "events", "guides")


@dataclass(frozen=True, slots=True)
class Index:
    """Posting lists by term, of the stories and of the pages that lead on.

    `stories` are in the order of their numbers; `pages` are names of countries (`country KE`),
    topics (`topic SLUG`) and entries (their key), in the order of theirs. `common` has the words
    that most stories have, with their weighty postings alone.
    """

    stories: tuple[Story, ...]
    terms: Mapping[str, str]
    common: Mapping[str, str]
    pages: tuple[str, ...]
    page_terms: Mapping[str, str]


class _State(msgspec.Struct):
    """What is kept between builds: each story with the key of its text and its terms, and lists."""

    slugs: list[str] = msgspec.field(default_factory=list)
    keys: list[str] = msgspec.field(default_factory=list)
    bags: list[str] = msgspec.field(default_factory=list)
    terms: dict[str, str] = msgspec.field(default_factory=dict)
    common: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(slots=True)
class IndexCache:
    """The index of the last build, in one file and, in a preview, in memory."""

    file: Path
    state: _State = field(default_factory=_State)
    changed: bool = False

    @classmethod
    def open(cls, folder: Path, clean: bool) -> "IndexCache":
        """Return the cache of a folder; empty when `clean`, missing, damaged or of other code."""
        cache = cls(folder / "index")
        state = None if clean else storage.load_as(_State, cache.file, _code_version())
        if state and len(state.slugs) == len(state.keys) == len(state.bags):
            cache.state = state
        return cache

    def save(self) -> None:
        """Write the cache if anything in it is new."""
        if self.changed:
            storage.save(self.file, _code_version(), msgspec.msgpack.encode(self.state))
            self.changed = False

    def forget(self) -> None:
        """Let go of the index in memory; the file stays."""
        self.state = _State()


def index(site: Site, languages: Mapping[str, Language], cache: IndexCache, jobs: int = 1) -> Index:
    """Return the index of a site; `cache` is brought up to date.

    Only stories whose text or names changed are analysed again, and only their terms' lists are
    written anew; the result is that of a build from nothing.
    """
    stories = tuple(reversed(site.stories))
    every = tuple(languages[code] for code in site.languages)
    names = _Names(site, every)
    keys = [names.key(story) for story in stories]
    before = cache.state
    state = _updated(before, stories, keys, names, jobs)
    if state is not before:
        cache.state, cache.changed = state, True
    pages, page_terms = _pages(site, every)
    lists = MappingProxyType(state.terms), MappingProxyType(state.common)
    return Index(stories, *lists, pages, page_terms)


def _updated(
    before: _State, stories: Sequence[Story], keys: list[str], names: "_Names", jobs: int
) -> _State:
    slugs = [story.slug for story in stories]
    if before.keys == keys and before.slugs == slugs:
        return before
    known = dict(zip(before.keys, before.bags, strict=True))
    new = [n for n, key in enumerate(keys) if key not in known]
    made = parallel.each(lambda n: _bag(stories[n], names), new, jobs)
    known |= {keys[n]: bag for n, bag in zip(new, made, strict=True)}
    bags = [known[key] for key in keys]
    if slugs[: len(before.slugs)] == before.slugs and before.slugs:
        terms = _patched(before, keys, bags)
    else:
        terms = _inverted(bags, jobs)
    return _State(slugs, keys, bags, terms, _common(len(bags), terms, before))


def _common(stories: int, terms: Mapping[str, str], before: _State) -> dict[str, str]:
    """Return the weighty postings of the words that more than half of the stories have."""
    most = max(stories // 2, 20)
    common = {}
    for term, text in terms.items():
        if len(text) > most and count(text) > most:
            known = before.common.get(term) if before.terms.get(term) == text else None
            common[term] = weighing(text, WEIGHTY) if known is None else known
    return common


def _inverted(bags: Sequence[str], jobs: int) -> dict[str, str]:
    """Return the posting lists of all stories, from nothing, each process a run of the stories."""
    size = -(-len(bags) // (jobs if len(bags) >= _WORTH_PARTING else 1)) or 1
    starts = range(0, len(bags), size)
    runs = parallel.each(lambda start: _run(bags, start, size), starts, jobs, least=2)
    terms: dict[str, str] = {}
    lasts: dict[str, int] = {}
    for start, (texts, ends) in zip(starts, runs, strict=True):
        for (term, text), end in zip(texts.items(), ends, strict=True):
            later_by = start - 1 - lasts.get(term, -1)
            terms[term] = terms.get(term, "") + (later(text, later_by) if later_by else text)
            lasts[term] = end
    # In order, as whatever writes them wants them: what is sorted already is soon sorted again.
    return {term: terms[term] for term in sorted(terms)}


def _run(bags: Sequence[str], start: int, size: int) -> tuple[dict[str, str], list[int]]:
    """Return the posting lists of some stories, as though none came before, and where each ends."""
    lists: dict[str, list[int]] = defaultdict(list)
    for document, bag in enumerate(bags[start : start + size]):
        for level, terms in enumerate(bag.split("\n"), document * 8):
            for postings in map(lists.__getitem__, terms.split()):
                postings.append(level)
    ends = [start + postings[-1] // 8 for postings in lists.values()]
    return {term: encoded_in_order(postings) for term, postings in lists.items()}, ends


def _patched(before: _State, keys: Sequence[str], bags: Sequence[str]) -> dict[str, str]:
    """Return the posting lists after some stories changed in place and some were added."""
    changes: dict[str, dict[int, int]] = defaultdict(dict)
    for document, (key, bag) in enumerate(zip(keys, bags, strict=True)):
        old = before.keys[document : document + 1]
        if old != [key]:
            levels = _levels(bag)
            gone = _levels(before.bags[document]) if old else {}
            for term in gone.keys() | levels.keys():
                if gone.get(term) != levels.get(term):
                    changes[term][document] = levels.get(term, 0)
    terms = dict(before.terms)
    for term, changed in changes.items():
        postings: dict[int, int] = dict(decoded(terms.get(term, ""))) | changed
        kept: list[Posting] = [(n, level) for n, level in sorted(postings.items()) if level]
        if kept:
            terms[term] = encoded(kept)
        else:
            del terms[term]
    return terms


def _levels(bag: str) -> dict[str, int]:
    lines = enumerate(bag.split("\n"), 1)
    return {term: level for level, terms in lines for term in terms.split()}


class _Names:
    """The names that a story bears through the site: its country's, and those of its topics,
    programmes and partners in every language.
    """

    def __init__(self, site: Site, languages: Sequence[Language]) -> None:
        self._countries = {code: country_names(code, languages) for code in site.by_country}
        self._topics = {t.slug: _texts(site, t.name, languages) for t in site.topics}
        self._entries = {
            entry.slug: _titles(entry)
            for name in ("programmes", "partners")
            for entry in site.entries.get(name, ())
        }
        self._known: dict[tuple[object, ...], tuple[str, str, str]] = {}

    def key(self, story: Story) -> str:
        """Return what stands for all that a story's terms come from."""
        texts = [version.document.digest for version in story.versions.values()]
        return "".join([*texts, self.of(story.fields)[2]])

    def of(self, fields: StoryFields) -> tuple[str, str, str]:
        """Return the country's names, the others, a line each, and the digest of both."""
        partners = tuple(given.partner for given in fields.partners if given.partner)
        way = (fields.country, fields.topics, fields.programmes, partners)
        if way not in self._known:
            country = "\n".join(self._countries[fields.country])
            topics = [name for slug in fields.topics for name in self._topics.get(slug, ())]
            slugs = (*fields.programmes, *partners)
            entries = [name for slug in slugs for name in self._entries.get(slug, ())]
            others = "\n".join([*topics, *entries])
            digest = storage.digest_of(country.encode(), others.encode())
            self._known[way] = country, others, digest
        return self._known[way]


def _bag(story: Story, names: _Names) -> str:
    """Return a story's terms: a line for each level, from 1 up."""
    weights: dict[str, int] = {}
    for version in story.versions.values():
        found = _weights(version.fields, version.document.body.text)
        if weights:
            found = {term: max(n, weights.get(term, 0)) for term, n in found.items()}
        weights |= found
    country, others, _ = names.of(story.fields)
    for term, weight in (*_weights_of_country(country), *_weights_of_names(others)):
        weights[term] = weights.get(term, 0) + weight
    lines: list[list[str]] = [[] for _ in LEVELS]
    rare = lines[0]
    for term, weight in weights.items():
        if weight == 1:  # most of a text's words stand in it once
            rare.append(term)
        else:
            lines[level_of(weight) - 1].append(term)
    return "\n".join(map(" ".join, lines))


@cache
def _weights_of_country(names: str) -> tuple[tuple[str, int], ...]:
    weights: dict[str, int] = {}
    for name in names.split("\n"):
        terms = analyse(name)
        for term in terms:
            weights[term] = max(weights.get(term, 0), COUNTRY // len(terms))
    return tuple(weights.items())


@cache
def _weights_of_names(names: str) -> tuple[tuple[str, int], ...]:
    return tuple((term, TOPIC) for term in dict.fromkeys(analyse(names)))


def _weights(fields: StoryFields, body: str) -> dict[str, int]:
    """Return the weight of each term of one version of a story: BM25F's weighted frequency.

    S. Robertson, H. Zaragoza (2009): The Probabilistic Relevance Framework: BM25 and Beyond,
    section 3.6, without normalising for length: stories are of one length, and a word more in one
    of them shall not change the weights of all its others.
    """
    partners = [given.name for given in fields.partners if given.name]
    institution = fields.institution
    body = "\n".join([*fields.subjects, *fields.recognition, *partners, body])
    weights = dict(Counter(analyse(body)))
    weighed = (
        (TITLE, fields.title),
        (PEOPLE, "\n".join(person.name for person in fields.people)),
        (INSTITUTION, f"{institution.name}\n{institution.place or ''}"),
        (SUMMARY, fields.summary),
    )
    for weight, text in weighed:
        for term in analyse(text):
            weights[term] = weights.get(term, 0) + weight
    return weights


def _pages(site: Site, languages: Sequence[Language]) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return the pages that lead on, with posting lists of their names in every language.

    A name that is one word weighs most: who types it wants that page.
    """
    named: dict[str, tuple[str, ...]] = {}
    for code in countries():
        named[f"country {code}"] = country_names(code, languages)
    for topic in site.topics:
        named[f"topic {topic.slug}"] = _texts(site, topic.name, languages)
    for name in PAGE_COLLECTIONS:
        for entry in site.entries.get(name, ()):
            named[entry.key] = _titles(entry)
    lists: dict[str, list[Posting]] = defaultdict(list)
    for page, names in enumerate(named.values()):
        levels: dict[str, int] = {}
        for one in names:
            terms = analyse(one)
            for term in terms:
                levels[term] = max(levels.get(term, 0), 9 - min(len(terms), 8))
        for term, level in levels.items():
            lists[term].append((page, level))
    return tuple(named), {term: encoded(postings) for term, postings in lists.items()}


def _titles(entry: AnyEntry) -> tuple[str, ...]:
    return tuple(version.fields.title for version in entry.versions.values())


def _texts(site: Site, texts: object, languages: Sequence[Language]) -> tuple[str, ...]:
    found = (site.config.text(texts, language.code) for language in languages)  # type: ignore[arg-type]
    return tuple(dict.fromkeys(found))


def published_terms(index: Index) -> tuple[dict[str, str], list[str]]:
    """Return the posting lists as a site publishes them, and the words that most stories have.

    Of such a word only the weighty postings are published: nobody is found by the others.
    """
    terms = {**index.terms, **index.common}
    for term, text in index.page_terms.items():
        terms[term] = f"{terms.get(term, '')}!{text}"
    return terms, sorted(index.common)


def _code_version() -> str:
    return storage.code_digest("search", "parallel", "storage")
