"""Search: its page, and the files that the browser reads in pieces (see `showcase.search`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, cast

from showcase.content.fields import KINDS, LEVELS, NEEDS, StoryFields
from showcase.data.geography import REGION_SLUGS, countries
from showcase.pages.context import Context
from showcase.pages.outputs import File, Output
from showcase.pages.views import Link, SearchView
from showcase.pages.words import collection_label, kind_label, level_label, need_label
from showcase.search.index import Index, published_terms
from showcase.search.postings import encoded, number
from showcase.search.shards import Shard, as_json, endings, named, shards
from showcase.site.model import Story
from showcase.storage import digest_of

CARDS = 8  # a block: the stories that a result list shows lie far apart, so few to a block
PAGE_CARDS = 64
FOLDER = "search/"

Codes = Callable[[Story], Sequence[str]]


def search_files(context: Context, index: Index) -> tuple[list[File], dict[str, object]]:
    """Return the files that all languages share, and what every manifest says of them."""
    terms, common = published_terms(index)
    parts = {"terms": shards(terms), "endings": endings(index.terms)}
    files = [
        _file(context, f"{FOLDER}{part}/{one.name}.json", one.data)
        for part, found in parts.items()
        for one in found
    ]
    columns = as_json({name: _column(context, index, name) for name in FACETS})
    name = named(columns, set(), 10)
    files.append(_file(context, f"{FOLDER}facets/{name}.json", columns))
    said: dict[str, object] = {part: _directory(found) for part, found in parts.items()}
    return files, {**said, "common": " ".join(common), "facets": name}


def search_pages(context: Context, index: Index, shared: dict[str, object]) -> Iterator[Output]:
    """Yield the search page of a language, its manifest, cards and labels."""
    t = context.language.text
    view = SearchView(
        **context.frame("search/", t("Search"), t("Search all stories.")),
        heading=t("Search"),
        browse=(
            Link(t("Stories"), context.url("stories/")),
            Link(t("Countries"), context.url("countries/")),
            Link(t("Topics"), context.url("topics/")),
        ),
    )
    yield context.page("search/", "search.html", view)
    cards = list(_blocks([_card(context, story) for story in index.stories], CARDS))
    pages = list(_blocks([_page_card(context, name) for name in index.pages], PAGE_CARDS))
    labels = as_json([_labels(context, index, name) for name in FACETS])
    manifest = {
        **shared,
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
            yield _file(context, context_path(context, f"{part}/{position}-{name}.json"), data)
    yield _file(context, context_path(context, f"labels/{manifest['labels']}.json"), labels)
    yield _file(context, context_path(context, "index.json"), as_json(manifest))


def context_path(context: Context, path: str) -> str:
    """Return the address in the output folder of a search file of the context's language."""
    return context.file_of(context.url(FOLDER + path))


def _file(context: Context, address: str, data: bytes) -> File:
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
    item = context.items[story.slug]
    url = item.url.removeprefix(context.site.config.base_path)
    return [
        url, item.title, item.summary, item.kind, item.place, item.country, item.year,
        item.language,
    ]  # fmt: skip


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


def _codes(context: Context, name: str) -> Codes:
    """Return what gives a story's codes of a facet."""
    one: dict[str, Callable[[StoryFields], Sequence[str]]] = {
        "kind": lambda fields: [fields.kind],
        "region": lambda fields: [countries()[fields.country].region],
        "country": lambda fields: [fields.country],
        "level": lambda fields: [fields.level],
        "topic": lambda fields: fields.topics,
        "needs": lambda fields: fields.needs,
        "year": lambda fields: [str(fields.year)],
    }
    if name == "language":
        spoken = context.site.languages
        return lambda story: [code for code in spoken if code in story.versions]
    return lambda story: one[name](story.fields)


FACETS = ("kind", "region", "country", "level", "topic", "needs", "year", "language")


def _values(context: Context, index: Index, name: str) -> list[str]:
    """Return the codes of a facet in one order for all languages."""
    fixed: dict[str, Sequence[str]] = {
        "kind": KINDS,
        "region": tuple(REGION_SLUGS),
        "level": LEVELS,
        "topic": [topic.slug for topic in context.site.topics],
        "needs": NEEDS,
        "language": context.site.languages,
    }
    codes = _codes(context, name)
    found = {code for story in index.stories for code in codes(story)}
    if name in fixed:
        return [code for code in fixed[name] if code in found]
    return sorted(found, reverse=name == "year")


def _column(context: Context, index: Index, name: str) -> dict[str, object]:
    """Return a facet's codes, and for each story the numbers of its own, as text."""
    values = _values(context, index, name)
    place = {code: number(n) for n, code in enumerate(values)}
    codes = _codes(context, name)
    column = ("".join(place[code] for code in codes(story)) for story in index.stories)
    return {"values": values, "of": " ".join(column)}


def _labels(context: Context, index: Index, name: str) -> list[object]:
    """Return a facet's name, its label, and code and label of each value in reading order."""
    language = context.language
    t = language.text
    heading, label = cast(
        Mapping[str, tuple[str, Callable[[Any], str]]],
        {
            "kind": (t("Kind"), lambda code: kind_label(language, code)),
            "region": (t("Region"), language.territory),
            "country": (t("Country"), language.territory),
            "level": (t("Level"), lambda code: level_label(language, code)),
            "topic": (t("Topic"), lambda code: context.topic_link(context.topics[code][1]).label),
            "needs": (t("What it needs"), lambda code: need_label(language, code)),
            "year": (t("Year"), str),
            "language": (t("Language"), language.language_name),
        },
    )[name]
    values = [(code, label(code)) for code in _values(context, index, name)]
    if name in ("country", "topic", "region"):
        values.sort(key=lambda value: language.order(value[1]))
    return [name, heading, values]
