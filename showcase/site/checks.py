"""What a file says of other files: checked for every file, whatever else is wrong with it."""

import datetime
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from showcase.content.documents import Document
from showcase.content.fields import COLLECTIONS
from showcase.data.geography import countries
from showcase.diagnostics import Diagnostic, did_you_mean

_GUESSES = 20  # each compares with every entry; who has more unknown names in one has moved them

#: What the value at a place in the front matter names: an entry of a collection, or what else.
_NAMES = (
    (re.compile(r"programmes\.\d+|programme"), "programmes"),
    (re.compile(r"inspired_by\.\d+"), "stories"),
    (re.compile(r"partners\.\d+\.partner"), "partners"),
    (re.compile(r"topics\.\d+"), "topics"),
    (re.compile(r"outcomes\.\d+\.source"), "sources"),
)


@cache
def _about(way: str) -> str:
    return next((name for pattern, name in _NAMES if pattern.fullmatch(way)), "")


def checked(
    document: Document,
    originals: Mapping[str, Document],
    topics: Sequence[str],
    pictures: Collection[str],
    today: datetime.date,
) -> Iterator[Diagnostic]:
    """Yield the problems of a file's references to the rest of the site.

    `originals` has every entry's file by its key, sound or not, so that one wrong file does not
    make every reference to it wrong as well; `topics` are the slugs of the vocabulary, empty when
    that is wrong itself.
    """
    original = originals.get(f"{document.collection}/{document.slug}", document)
    guesses = _GUESSES
    for way, value in document.claims.items():
        about = _about(way)
        if about in COLLECTIONS and isinstance(value, str):
            for problem in _named(document, way, value, about, originals, guesses > 0):
                guesses -= 1
                yield problem
        if about == "topics" and topics and value not in topics:
            hint = did_you_mean(str(value), topics) or "the topics are listed in topics.yml"
            yield document.problem("unknown-topic", f"{value!r} is not a topic", way, hint)
        if about == "sources" and isinstance(value, int):
            yield from _sourced(document, way, value, original)
    if document.collection == "stories" and document is original:
        yield from _in_folder(document)
        if any(way.startswith("cover.") for way in document.claims):
            yield from _cover(document, pictures, today)
    elif "cover.image" in document.claims:
        yield from _translated_cover(document, original)


def _named(
    document: Document,
    way: str,
    slug: str,
    collection: str,
    originals: Mapping[str, Document],
    guess: bool,
) -> Iterator[Diagnostic]:
    if collection == document.collection and slug == document.slug:
        yield document.problem(
            "repeated-value",
            "a story cannot be inspired by itself",
            way,
            "name the story that the idea came from",
        )
    elif f"{collection}/{slug}" not in originals:
        names = (key.partition("/") for key in originals if guess)
        slugs = [name for folder, _, name in names if folder == collection]
        yield document.problem(
            "unknown-entry",
            f"there is no {slug!r} in {collection}/",
            way,
            did_you_mean(slug, slugs) or f"write {collection}/{slug}.md, or leave it out",
        )


def _sourced(document: Document, way: str, number: int, original: Document) -> Iterator[Diagnostic]:
    sources = original.claims.get("sources")
    if isinstance(sources, int) and 0 < sources < number:
        yield document.problem(
            "outcome-source",
            f"there is no source number {number}",
            way,
            "its only source is number 1"
            if sources == 1
            else f"its sources are numbered 1 to {sources}",
        )


def _in_folder(document: Document) -> Iterator[Diagnostic]:
    folder, country = document.path.split("/")[1], document.claims.get("country")
    if country in countries() and folder != str(country).lower():
        yield document.problem(
            "wrong-folder",
            f"the story of {country} lies in the folder {folder}/",
            "country",
            f"move it to stories/{str(country).lower()}/",
        )


def _cover(
    document: Document, pictures: Collection[str], today: datetime.date
) -> Iterator[Diagnostic]:
    claims = document.claims
    folder, image = document.path.rpartition("/")[0], claims.get("cover.image")
    if isinstance(image, str) and f"{folder}/{image}" not in pictures:
        beside = [path.rpartition("/")[2] for path in pictures if path.rpartition("/")[0] == folder]
        yield document.problem(
            "missing-picture",
            f"there is no picture {image!r} beside this story",
            "cover.image",
            did_you_mean(image, beside) or "put the file into the story's folder",
        )
    if "cover.alt" not in claims:
        hint = "add alt: with what the picture shows"
        yield document.problem("picture-alt", "the cover has no description", "cover", hint)
    if claims.get("cover.consent", claims.get("cover.consent.given")) not in (True, "yes"):
        yield document.problem(
            "picture-consent",
            "the cover does not say that the people in it agreed to be shown",
            "cover",
            "add consent: yes when they did (or nobody is in it); else take the picture out",
        )
    until = claims.get("cover.consent.until")
    if _is_past(until, today):
        yield document.problem(
            "consent-lapsed",
            f"the consent for the cover ended on {until}",
            "cover.consent.until",
            "renew the consent, or take the picture out",
        )


def _translated_cover(document: Document, original: Document) -> Iterator[Diagnostic]:
    """Yield what keeps a translation from showing the cover of its original in its own words."""
    if document.claims["cover.image"] != original.claims.get("cover.image"):
        yield document.problem(
            "missing-picture",
            f"the cover of {original.path} is another one, or it has none",
            "cover.image",
            "name the picture of the original, or leave the cover out",
        )
    if "cover.alt" not in document.claims:
        hint = "add alt: with what the picture shows"
        yield document.problem("picture-alt", "the cover has no description", "cover", hint)


def _is_past(day: object, today: datetime.date) -> bool:
    try:
        return isinstance(day, str) and datetime.date.fromisoformat(day) < today
    except ValueError:  # not a date, which is said where the field is checked
        return False
