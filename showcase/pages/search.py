"""Search: its page, and the files that the browser reads in pieces (see `showcase.search`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from showcase.content.fields import KINDS, LEVELS, NEEDS
from showcase.data.geography import REGION_SLUGS, countries
from showcase.pages.context import Context
from showcase.pages.outputs import File, Output, Place
from showcase.pages.views import Link, SearchView
from showcase.pages.words import collection_label, kind_label, level_label, need_label
from showcase.search.index import Index, published_terms
from showcase.search.postings import encoded, number
from showcase.search.shards import Shard, as_json, endings, named, shards
from showcase.site.model import Site, Story
from showcase.storage import digest_of

CARDS = 8  # a block: the stories that a result list shows lie far apart, so few to a block
PAGE_CARDS = 64
FOLDER = "search/"
_PIECES = ("terms", "endings")


def is_piece(address: str) -> bool:
    """Say whether a file has a piece of the index, which other words may leave without one."""
    return address.startswith(tuple(f"{FOLDER}{part}/" for part in _PIECES))


def manifest_addresses(site: Site) -> list[str]:
    """Return the address of each language's manifest, the file that a search reads first."""
    home = site.config.default_language
    folders = ["" if code == home else f"{code}/" for code in site.languages]
    return [f"{folder}{FOLDER}index.json" for folder in folders]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of the index: files, and what every manifest says of them."""

    files: list[File]
    said: Mapping[str, object]


def piece_files(index: Index) -> Pieces:
    """Return the pieces, which all languages share."""
    terms, common = published_terms(index)
    parts = dict(zip(_PIECES, (shards(terms), endings(index.terms)), strict=True))
    files = [
        _file(f"{FOLDER}{part}/{one.name}.json", one.data)
        for part, found in parts.items()
        for one in found
    ]
    said: dict[str, object] = {part: _directory(found) for part, found in parts.items()}
    return Pieces(files, {**said, "common": " ".join(common)})


def manifest_anew(address: str, manifest: bytes, pieces: Pieces) -> File:
    """Return a manifest as it was published, but for what it says of the pieces."""
    said = {**msgspec.json.decode(manifest, type=dict[str, Any]), **pieces.said}
    return _file(address, as_json(said))


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets, which all languages share: the file of their columns, and its name."""

    file: File
    name: str
    every: Mapping[str, "_Facet"]


def facet_file(site: Site, index: Index) -> Facets:
    """Return the facets of all stories."""
    every = _facets(site, index)
    columns = as_json({name: _column(facet) for name, facet in every.items()})
    name = named(columns, set(), 10)
    return Facets(_file(f"{FOLDER}facets/{name}.json", columns), name, every)


def search_pages(
    context: Context, index: Index, pieces: Pieces, facets: Facets
) -> Iterator[Output]:
    """Yield the search page of a language, its manifest, cards and labels."""
    yield context.page(Place("search/"), "search.html", _view)
    cards = list(_blocks([_card(context, story) for story in index.stories], CARDS))
    pages = list(_blocks([_page_card(context, name) for name in index.pages], PAGE_CARDS))
    labels = as_json([_labels(context, name, facet) for name, facet in facets.every.items()])
    manifest = {
        **pieces.said,
        "facets": facets.name,
        "stories": len(index.stories),
        "pages": len(index.pages),
        "own": _own(context, index),
        "cards": "".join(name for name, _ in cards),
        "pageCards": "".join(name for name, _ in pages),
        "labels": named(labels, set(), 10),
        "words": _words(context),
    }
    for part, blocks in (("cards", cards), ("pages", pages)):
        for position, (name, data) in enumerate(blocks):
            yield _file(context_path(context, f"{part}/{position}-{name}.json"), data)
    yield _file(context_path(context, f"labels/{manifest['labels']}.json"), labels)
    yield _file(context_path(context, "index.json"), as_json(manifest))


def _view(context: Context, place: Place) -> SearchView:
    t = context.language.text
    return SearchView(
        **context.frame(place, t("Search"), t("Search all stories.")),
        heading=t("Search"),
        find=context.find_link(),
        browse=(
            Link(t("Stories"), context.url("stories/")),
            Link(t("Countries"), context.url("countries/")),
            Link(t("Topics"), context.url("topics/")),
        ),
    )


def context_path(context: Context, path: str) -> str:
    """Return the address in the output folder of a search file of the context's language."""
    return context.file_of(context.url(FOLDER + path))


def _file(address: str, data: bytes) -> File:
    return File(address, digest_of(data), partial(bytes, data))


def _directory(found: Sequence[Shard]) -> dict[str, str]:
    return {
        "starts": " ".join(one.start for one in found),
        "names": "".join(one.name for one in found),
    }


def _blocks(cards: Sequence[object], size: int) -> Iterator[tuple[str, bytes]]:
    """Yield blocks of cards with the short name that changes with their bytes."""
    rest = iter(cards)
    while block := list(islice(rest, size)):
        data = as_json(block)
        yield named(data, set(), 4), data


def _card(context: Context, story: Story) -> list[str]:
    """Return what a result shows of a story; the language is "" where it is the page's."""
    version = story.best(context.language.code)
    fields = version.fields
    language = version.language
    return [
        context.entry_url(story).removeprefix(context.site.config.base_path),
        fields.title,
        fields.summary,
        fields.kind,
        fields.institution.name,
        context.language.territory(fields.country),
        str(fields.year),
        language if language != context.language.code else "",
    ]


def _page_card(context: Context, name: str) -> list[str]:
    """Return address, label and sort of a page that leads on."""
    sort, _, code = name.partition(" ")
    if sort == "country":
        url, label = context.country_url(code), context.language.territory(code)
    elif sort == "topic":
        link = context.topic_link(context.topics[code][1])
        url, label = link.url, link.label
    else:
        entry = context.site.by_key[name]
        sort = entry.collection
        url, label = context.entry_url(entry), entry.best(context.language.code).fields.title
    return [url.removeprefix(context.site.config.base_path), label, sort]


def _own(context: Context, index: Index) -> str:
    """Return which stories are in the page's language, as postings; "" when all are."""
    code = context.language.code
    own = [(n, 1) for n, story in enumerate(index.stories) if code in story.versions]
    return "" if len(own) == len(index.stories) else encoded(own) or "!"


def _words(context: Context) -> dict[str, object]:
    language = context.language
    t = language.text
    return {
        "stories": language.forms("%(number)s story", "%(number)s stories"),
        "atLeast": language.forms("more than %(number)s story", "more than %(number)s stories"),
        "some": t("No story has all the words; these have some of them."),
        "none": t("No story found."),
        "advice": t("Try fewer words, or another spelling."),
        "all": t("All results"),
        "kinds": {kind: kind_label(language, kind) for kind in KINDS},
        "languages": {
            other.code: [language.language_name(other.code), other.direction]
            for other in context.languages
        },
        "types": {
            "country": t("Country"),
            "topic": t("Topic"),
            **{
                name: collection_label(language, name)
                for name in ("programmes", "partners", "events", "guides")
            },
        },
    }


# --- facets

FACETS = ("kind", "region", "country", "level", "topic", "needs", "year", "language")


@dataclass(frozen=True, slots=True)
class _Facet:
    """A facet: its values in one order for all languages, and each story's own."""

    values: tuple[str, ...]
    codes: tuple[Sequence[str], ...]


def _facets(site: Site, index: Index) -> dict[str, _Facet]:
    every = [story.fields for story in index.stories]
    codes: dict[str, Sequence[Sequence[str]]] = {
        "kind": [(fields.kind,) for fields in every],
        "region": [(countries()[fields.country].region,) for fields in every],
        "country": [(fields.country,) for fields in every],
        "level": [(fields.level,) for fields in every],
        "topic": [fields.topics for fields in every],
        "needs": [fields.needs for fields in every],
        "year": [(str(fields.year),) for fields in every],
        "language": [[x for x in site.languages if x in s.versions] for s in index.stories],
    }
    order: dict[str, Sequence[str]] = {
        "kind": KINDS,
        "region": tuple(REGION_SLUGS),
        "level": LEVELS,
        "topic": [topic.slug for topic in site.topics],
        "needs": NEEDS,
        "language": site.languages,
    }
    facets = {}
    for name in FACETS:
        found = {code for own in codes[name] for code in own}
        values = order.get(name) or sorted(found, reverse=name == "year")
        facets[name] = _Facet(tuple(x for x in values if x in found), tuple(codes[name]))
    return facets


def _column(facet: _Facet) -> dict[str, object]:
    """Return a facet's codes, and for each story the numbers of its own, as text."""
    place = {code: number(n) for n, code in enumerate(facet.values)}
    return {
        "values": facet.values,
        "of": " ".join("".join([place[code] for code in own]) for own in facet.codes),
    }


def _labels(context: Context, name: str, facet: _Facet) -> list[object]:
    """Return a facet's name, its label, and code and label of each value in reading order."""
    language = context.language
    t = language.text
    labelled: Mapping[str, tuple[str, Callable[[Any], str]]] = {
        "kind": (t("Kind"), lambda code: kind_label(language, code)),
        "region": (t("Region"), language.territory),
        "country": (t("Country"), language.territory),
        "level": (t("Level"), lambda code: level_label(language, code)),
        "topic": (t("Topic"), lambda code: context.topic_link(context.topics[code][1]).label),
        "needs": (t("What it needs"), lambda code: need_label(language, code)),
        "year": (t("Year"), str),
        "language": (t("Language"), language.language_name),
    }
    heading, label = labelled[name]
    values = [(code, label(code)) for code in facet.values]
    if name in ("country", "topic", "region"):
        values.sort(key=lambda value: language.order(value[1]))
    return [name, heading, values]
