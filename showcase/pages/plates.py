"""Plates and maps: outlines, patterns, coordinates."""

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import blake2b

from showcase.content.fields import Kind
from showcase.data.geography import countries, outline, project, world_map
from showcase.languages import Language
from showcase.pages.views import LargePlate, Locator, MapCountry, MapView, Margin, Pattern, Plate
from showcase.pages.words import letter_label

PATTERNS = 25  # the theme draws this many; a longer vocabulary starts again from the first
TURNS = 6


def story_plate(slug: str, code: str, kind: Kind, topic: int) -> Plate:
    """Return a story's cover: its country, its main topic's pattern, turned by its own slug.

    The turn keeps two stories of one country and topic apart; `topic` is the topic's position in
    the vocabulary.
    """
    shape = outline(code)
    turn = blake2b(slug.encode(), digest_size=1).digest()[0] % TURNS
    return Plate(code, shape.path, shape.graticule, kind, topic % PATTERNS, turn)


def large(language: Language, plate: Plate) -> LargePlate:
    """Return a plate with the coordinates of its graticule in the margins."""
    return LargePlate(plate, *_margins(language, plate.code))


@cache
def _margins(language: Language, code: str) -> tuple[tuple[Margin, ...], tuple[Margin, ...], str]:
    shape = outline(code)
    return (
        tuple(Margin(y, _degrees(language, label)) for y, label in shape.parallels),
        tuple(Margin(x, _degrees(language, label)) for x, label in shape.meridians),
        outline_label(language, code),
    )


def outline_label(language: Language, code: str) -> str:
    """Return what a country's outline shows, in words."""
    return language.text("Outline of %(country)s", country=language.territory(code))


@cache
def country_plate(code: str) -> Plate:
    """Return a country's plate without a pattern."""
    shape = outline(code)
    return Plate(code, shape.path, shape.graticule)


def patterns_of(plates: Iterable[Plate]) -> tuple[Pattern, ...]:
    """Return the patterns that plates use, each once: number, turn and kind."""
    return tuple(sorted({(p.pattern, p.turn, p.kind) for p in plates if p.pattern >= 0}))


@cache
def locator(code: str) -> Locator:
    """Return the small map with the middle of a country marked."""
    world = world_map()
    x, y = project(countries()[code].longitude, countries()[code].latitude)
    return Locator(
        world.width, world.height, world.sphere, world.land, round(x), round(min(y, world.height))
    )


def step(count: int) -> int:
    """Return the map's step, 0 to 4, for a number of stories."""
    return sum(count >= least for least in (1, 2, 3, 5))


def map_view(language: Language, counts: Mapping[str, int], urls: Mapping[str, str]) -> MapView:
    """Return the map with every country a link to its page."""
    world = world_map()

    def country(code: str) -> MapCountry:
        count = counts.get(code, 0)
        name = language.territory(code)
        stories = (
            language.plural("%(number)s story", "%(number)s stories", count)
            if count
            else language.text("no story yet")
        )
        x, y = world.dots.get(code, (-1.0, -1.0))
        label = language.text("%(country)s: %(stories)s", country=name, stories=stories)
        return MapCountry(urls[code], label, step(count), world.shapes.get(code, ""), x, y)

    return MapView(
        width=world.width,
        height=world.height,
        sphere=world.sphere,
        graticule=world.graticule,
        countries=tuple(country(code) for code in world.shapes if code not in world.dots),
        dots=tuple(country(code) for code in world.dots),
        legend=(language.text("no story yet"), "1", "2", "3–4", "5+"),
    )


def _degrees(language: Language, label: str) -> str:
    """Return a coordinate such as `4°S` with the compass point in the language."""
    if label[-1] in "NSEW":
        return label[:-1] + letter_label(language, label[-1])
    return label
