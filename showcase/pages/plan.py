"""The third stage: the site to all its outputs, each address claimed once."""

from collections.abc import Iterator, Mapping, Sequence

from showcase.diagnostics import Diagnostic
from showcase.languages import Language
from showcase.pages.calendars import calendars
from showcase.pages.cards import card_files
from showcase.pages.context import Context
from showcase.pages.countries import country_pages
from showcase.pages.data import data_files, data_pages
from showcase.pages.entries import entry_pages
from showcase.pages.find import find_data, find_pages
from showcase.pages.home import home_pages
from showcase.pages.listings import listing_pages
from showcase.pages.machines import feeds, in_json, machine_pages, redirects
from showcase.pages.offline import offline_pages
from showcase.pages.outputs import File, Output
from showcase.pages.pictures import picture_outputs
from showcase.pages.search import (
    Pieces,
    facet_file,
    manifest_anew,
    piece_files,
    search_pages,
)
from showcase.pages.stories import Rings, story_pages
from showcase.search.index import Index
from showcase.site.model import Site


def plan(
    site: Site,
    languages: Mapping[str, Language],
    index: Index,
    manifests: Mapping[str, bytes] | None = None,
) -> tuple[tuple[Output, ...], list[Diagnostic]]:
    """Return every output of the site, sorted by address, and the addresses claimed twice.

    With the `manifests` of search as published, only the outputs that may differ when nothing but
    words of texts does: the pages of texts, the index's pieces, and the manifests.
    """
    every = tuple(languages[code] for code in site.languages)
    contexts = [Context(site, language, every) for language in every]
    rings = Rings(site.stories)
    if manifests is None:  # many pages will ask
        rings.close()
    pieces = piece_files(index)
    outputs: list[Output] = [*pieces.files, *_of_texts(contexts, rings)]
    if manifests is None:
        outputs += _of_the_outline(contexts, index, pieces)
        outputs += machine_pages({c.language.code: c for c in contexts}, contexts[0], outputs)
    else:
        outputs += [manifest_anew(*manifest, pieces) for manifest in manifests.items()]
    return _each_address_once(outputs)


def _of_texts(contexts: Sequence[Context], rings: Rings) -> Iterator[Output]:
    for context in contexts:
        yield from story_pages(context, rings)
        yield from entry_pages(context)


def _of_the_outline(contexts: Sequence[Context], index: Index, pieces: Pieces) -> Iterator[Output]:
    site, first = contexts[0].site, contexts[0]
    facets = facet_file(site, index)
    yield facets.file
    answers = find_data(site, index)
    yield answers.file
    yield from data_files(first)
    for context in contexts:
        yield from search_pages(context, index, pieces, facets)
        yield from home_pages(context)
        yield from listing_pages(context)
        yield from country_pages(context)
        yield from calendars(context)
        for feed in feeds(context):
            yield feed
            yield in_json(feed)
        yield from redirects(context)
        yield from find_pages(context, answers)
        yield from data_pages(context)
    yield from offline_pages(contexts)
    yield from card_files(first)
    # Copies of one picture beside several entries have one address, and are one file.
    once = {found.digest: (found, path) for path, found in site.pictures.items()}
    for found, path in once.values():
        yield from picture_outputs(found, path)


def _each_address_once(
    outputs: list[Output],
) -> tuple[tuple[Output, ...], list[Diagnostic]]:
    claimed: dict[str, Output] = {}
    problems = []
    for output in outputs:
        # Some file systems and hosts do not tell letter cases apart.
        other = claimed.setdefault(output.address.casefold(), output)
        if other is output or _is_same(output, other):
            continue
        blamed, first = (output, other) if output.source else (other, output)
        problems.append(
            Diagnostic(
                "duplicate-address",
                f"the address /{output.address.removesuffix('index.html')} is already that of "
                f"{first.source or 'a page of the site itself'}",
                blamed.source,
                1,
                hint="rename one of the two files, or take its alias out",
            )
        )
    return tuple(sorted(claimed.values(), key=lambda output: output.address)), problems


def _is_same(one: Output, other: Output) -> bool:
    """Say whether two outputs are one file: it is made without a template, at one address."""
    return (
        isinstance(one, File)
        and isinstance(other, File)
        and (one.address, one.key) == (other.address, other.key)
    )
