"""Countries, their outlines and the map of the world, as prepared by `showcase.data.prepare`.

Everything here is read from four JSON files beside this module. Shapes and borders are those of
Natural Earth and imply no opinion on anyone's claims.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt
from types import MappingProxyType
from typing import Any

REGION_SLUGS: Mapping[str, str] = MappingProxyType(
    {"002": "africa", "019": "americas", "142": "asia", "150": "europe", "009": "oceania"}
)

CENTRAL_MERIDIAN = 11.5
"""The map's edge is then at 168.5° W, through the Bering Strait; no country is torn."""
SOUTHERN_EDGE = -57.0
"""South of Cape Horn; Antarctica lies outside the frame."""
MAP_WIDTH = 1000
MAP_MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory with an ISO 3166-1 code, or Kosovo."""

    code: str
    """ISO 3166-1 alpha-2, or XK."""
    numeric: str
    """M49 and ISO numeric code, three digits; empty for XK."""
    slug: str
    """From the English CLDR name, ASCII: `kenya`, `cote-divoire`, `united-states`."""
    region: str
    """M49 region (see `REGION_SLUGS`); empty for Antarctica."""
    subregion: str
    """M49 subregion, `014` for Eastern Africa; in the Americas 021, 013, 029 or 005."""
    un_member: bool
    neighbours: tuple[str, ...]
    """By land, longest border first, at most eight; for islands the four nearest countries."""
    borders: bool
    """True when the neighbours share a land border, False when they are merely the nearest."""
    latitude: float
    longitude: float
    """The middle of the main land, in degrees with one decimal."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A country's plate: 100 × 100 units, north up, in a projection centred on the country."""

    path: str
    """SVG path data, to be filled with either rule."""
    graticule: str
    """SVG path data of a few meridians and parallels that cross the frame."""
    parallels: tuple[tuple[float, str], ...]
    """Where parallels meet the left edge: y and a label like `4°S`, from the top down."""
    meridians: tuple[tuple[float, str], ...]
    """Where meridians meet the lower edge: x and a label like `38°E`, from left to right."""


@dataclass(frozen=True, slots=True)
class WorldMap:
    """The world in Equal Earth, without Antarctica."""

    width: int
    height: int
    sphere: str
    """The earth's edge, closed below by the parallel where the map ends."""
    graticule: str
    """Every 30 degrees."""
    shapes: Mapping[str, str]
    """Code to path data, to be filled with the evenodd rule."""
    dots: Mapping[str, tuple[float, float]]
    """Code to x, y of every place too small to see or hit; some have a shape as well."""
    land: str
    """All land as one much simplified silhouette, for a small locator map (evenodd)."""


@cache
def countries() -> Mapping[str, Country]:
    """All 249 codes of ISO 3166-1 and XK, sorted by code."""
    return MappingProxyType(
        {
            code: Country(
                code=code,
                numeric=row["numeric"],
                slug=row["slug"],
                region=row["region"],
                subregion=row["subregion"],
                un_member=row["un_member"],
                neighbours=tuple(row["neighbours"]),
                borders=row["borders"],
                latitude=row["latitude"],
                longitude=row["longitude"],
            )
            for code, row in _read("countries.json").items()
        }
    )


@cache
def endonyms() -> Mapping[str, tuple[str, ...]]:
    """Every country's names in the languages that are official there, by its code."""
    rows = _read("endonyms.json").items()
    return MappingProxyType({code: tuple(names) for code, names in rows})


@cache
def outline(code: str) -> Outline:
    """The plate of a country; KeyError for a code that is not in `countries()`."""
    row = _outlines()[code]
    return Outline(
        path=row["path"],
        graticule=row["graticule"],
        parallels=tuple((at, label) for at, label in row["parallels"]),
        meridians=tuple((at, label) for at, label in row["meridians"]),
    )


@cache
def world_map() -> WorldMap:
    """The map of the world for the home page."""
    row = _read("map.json")
    return WorldMap(
        width=row["width"],
        height=row["height"],
        sphere=row["sphere"],
        graticule=row["graticule"],
        shapes=MappingProxyType(row["shapes"]),
        dots=MappingProxyType({code: (x, y) for code, (x, y) in row["dots"].items()}),
        land=row["land"],
    )


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Equal Earth, in units of `WorldMap`, y downwards.

    B. Šavrič, T. Patterson, B. Jenny (2018): The Equal Earth map projection. International
    Journal of Geographical Information Science 33 (3), 454-465. The central meridian is
    `CENTRAL_MERIDIAN`; longitudes are taken the short way round from there, so that a point
    on the map's edge (168.5° W) comes out on its left.
    """
    from_centre = (longitude - CENTRAL_MERIDIAN + 180) % 360 - 180
    x, y = _equal_earth(radians(from_centre), radians(latitude))
    return MAP_WIDTH / 2 + x * _SCALE, MAP_MARGIN + (_TOP - y) * _SCALE


def _equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """The projection itself, on the unit sphere, in radians, y upwards."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = asin(sqrt(3) / 2 * sin(latitude))
    square = theta * theta
    sixth = square**3
    slope = a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)
    x = 2 * sqrt(3) * longitude * cos(theta) / (3 * slope)
    y = theta * (a1 + a2 * square + sixth * (a3 + a4 * square))
    return x, y


_TOP = _equal_earth(0, radians(90))[1]
_SCALE = (MAP_WIDTH / 2 - MAP_MARGIN) / _equal_earth(radians(180), 0)[0]


@cache
def _outlines() -> dict[str, Any]:
    return _read("outlines.json")


def _read(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data
