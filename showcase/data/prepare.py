"""Makes `countries.json`, `map.json` and `outlines.json`, which `showcase.data.geography` reads.

    python -m showcase.data.prepare

It fetches two packages with `npm pack` into a temporary folder (or takes them from the folder
named with `--packages`) and needs Babel; nothing else. The same input gives the same bytes.

- `world-atlas` 2.0.2: TopoJSON of Natural Earth 4.1.0 at 1:50 million (map, large outlines) and
  1:10 million (small outlines, borders). Natural Earth is in the public domain; the packaging
  is under the ISC licence.
- `cldr-core` 48.2.0: UN M49 regions, UN members, ISO 3166-1 codes. Unicode License V3.
- Babel, as installed: English names for the slugs, also from CLDR.

Shapes and borders are the source's. Where it draws land that has no ISO code, `ADOPTED` says
which country that land is shown with; where ISO has a code for land that the source draws as a
part of another state, `SPLIT` cuts it out. Neither says anything about whose it is.
"""

import argparse
import gzip
import json
import re
import subprocess
import tarfile
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, hypot
from pathlib import Path
from typing import Any

from babel import Locale

from showcase.data import geography
from showcase.data.shapes import (
    Azimuthal,
    Line,
    Point,
    Ring,
    across,
    area,
    bend,
    box,
    clip,
    dissolve,
    from_farthest,
    inside,
    kilometres,
    middle,
    path,
    points,
    simplify,
)

PACKAGES = {"world-atlas": "2.0.2", "cldr-core": "48.2.0"}
HERE = Path(__file__).parent
Box = tuple[float, float, float, float]
"""West, south, east, north."""

# What the source draws and ISO does not know -------------------------------------------------

ADOPTED: dict[str, str] = {
    "Somaliland": "SO",
    "N. Cyprus": "CY",
    "Cyprus U.N. Buffer Zone": "CY",
    "Akrotiri": "CY",  # British bases on the island
    "Dhekelia": "CY",
    "Kosovo": "XK",
    "Siachen Glacier": "IN",  # Natural Earth draws who is in control; so does this map
    "USNB Guantanamo Bay": "CU",
    "Baikonur": "KZ",  # leased to Russia
    "Coral Sea Is.": "AU",
    "Ashmore and Cartier Is.": "AU",
    "Indian Ocean Ter.": "CX",  # and CC, see SPLIT
}
LEFT_OUT = {
    "Bajo Nuevo Bank",  # reefs that several states claim and nobody lives on
    "Serranilla Bank",
    "Scarborough Reef",
    "Spratly Is.",
    "Clipperton I.",  # uninhabited, a French possession without an ISO code
}
SPLIT: dict[str, list[tuple[str, Box]]] = {
    "FR": [
        ("GF", (-55, 2, -51, 6)),
        ("GP", (-62, 15.7, -60.9, 16.6)),
        ("MQ", (-61.4, 14.2, -60.7, 15)),
        ("RE", (55, -21.6, 56, -20.7)),
        ("YT", (44.8, -13.2, 45.5, -12.5)),
    ],
    "NO": [("SJ", (10, 74, 35, 81)), ("SJ", (-10, 70.5, -7, 71.5)), ("BV", (3, -55, 4, -54))],
    "NL": [("BQ", (-69, 12, -68, 12.5)), ("BQ", (-63.5, 17.2, -62.5, 18))],
    "NZ": [("TK", (-173, -10, -170, -8))],
    "CX": [("CC", (96, -13, 98, -11))],
}
NUMERIC_WITHOUT_ISO = {"XK"}
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "IC", "QO", "TA"}
"""In CLDR's containment, but reserved codes or groupings."""
NOT_DRAWN: dict[str, Point] = {"BV": (3.4, -54.4), "CC": (96.8, -12.2), "TK": (-171.8, -9.2)}
"""Longitude and latitude, should the source have no shape."""
UNPEOPLED = {"AQ", "BV", "GS", "HM", "IO", "TF", "UM"}
"""Nobody lives there, so they are not offered as the nearest countries of others."""

SHORT_NAMES = {"HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar", "PS": "Palestine"}
"""CLDR's short variants, which Babel leaves out."""

# The map -------------------------------------------------------------------------------------

MAP_SIMPLIFY = 0.20
"""Square units of the map; the smallest triangle that a coast or border may turn."""
MAP_ISLAND = 0.9
"""Square units; islands smaller than this are left out (about 1200 square kilometres)."""
MAP_DOT = 8.0
"""Units; a country less wide and high than this gets a dot."""
DOT_APART = 3.2
LAND_SIMPLIFY = 8.0
LAND_ISLAND = 30.0

# The outlines --------------------------------------------------------------------------------

FRAME, FILLED = 100, 80
OUTLINE_BYTES = 345
GRATICULE_BYTES = 160
DETAILED_BELOW = 1200.0
"""Kilometres across; smaller places are drawn from the 1:10 million source."""
PART = 0.025
"""Share of the largest island that an island must have to widen the frame."""
MAIN: dict[str, Box] = {
    "AU": (112, -44, 154.5, -10),
    "CL": (-76.5, -56.5, -66, -17),
    "CR": (-86.5, 8, -82, 11.5),
    "EC": (-81.5, -5.5, -75, 2),
    "ES": (-10, 35.9, 4.5, 44),
    "FR": (-5.5, 41, 10, 51.5),
    "NL": (3, 50.5, 7.5, 54),
    "NO": (4, 57.5, 32, 71.5),
    "NZ": (166, -47.5, 179, -34),
    "PT": (-10, 36.5, -6, 42.5),
    "US": (-125, 24, -66, 50),
    "YE": (42, 12, 54.7, 20),
    "ZA": (16, -35, 33, -22),
}
"""Where the main part lies, when size alone does not tell."""


@dataclass(frozen=True, slots=True)
class Topology:
    arcs: list[Line]
    """In degrees."""
    rings: dict[str, list[Ring]]
    """Code to the rings around its land, holes included."""


@dataclass(frozen=True, slots=True)
class Territory:
    numeric: str
    region: str
    subregion: str
    un_member: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--packages", type=Path, help="a folder with both .tgz files")
    given: Path | None = parser.parse_args().packages
    with tempfile.TemporaryDirectory() as temporary:
        folder = given or fetch(Path(temporary))
        cldr = "package/supplemental/{}.json".format
        codes = member(folder, "cldr-core", cldr("codeMappings"))
        containment = member(folder, "cldr-core", cldr("territoryContainment"))
        coarse = member(folder, "world-atlas", "package/countries-50m.json")
        fine = member(folder, "world-atlas", "package/countries-10m.json")
    territories = read_territories(codes, containment)
    by_numeric = {row.numeric: code for code, row in territories.items() if row.numeric}
    world, detail = read_topology(coarse, by_numeric), read_topology(fine, by_numeric)

    write("countries.json", make_countries(territories, detail), lines=True)
    write("map.json", make_map(world, detail, sorted(territories)))
    write("outlines.json", make_outlines(world, detail, sorted(territories)), lines=True)


# Sources -------------------------------------------------------------------------------------


def fetch(folder: Path) -> Path:
    for name, version in PACKAGES.items():
        command = ["npm", "pack", "--silent", f"{name}@{version}"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder


def member(folder: Path, package: str, name: str) -> dict[str, Any]:
    with tarfile.open(folder / f"{package}-{PACKAGES[package]}.tgz") as archive:
        file = archive.extractfile(name)
        assert file is not None, name
        data: dict[str, Any] = json.load(file)
        return data


def read_territories(codes: dict[str, Any], containment: dict[str, Any]) -> dict[str, Territory]:
    mappings = codes["supplemental"]["codeMappings"]
    groups = containment["supplemental"]["territoryContainment"]
    members = set(groups["UN"]["_contains"])
    found = {"AQ": ("", "")}
    for region in geography.REGION_SLUGS:
        for subregion in groups[region]["_contains"]:
            for code in groups[subregion]["_contains"]:
                found[code] = (region, subregion)
    return {
        code: Territory(
            numeric="" if code in NUMERIC_WITHOUT_ISO else mappings[code]["_numeric"],
            region=found[code][0],
            subregion=found[code][1],
            un_member=code in members,
        )
        for code in sorted(found)
        if code not in NOT_ISO and len(code) == 2
    }


def read_topology(data: dict[str, Any], by_numeric: dict[str, str]) -> Topology:
    (scale_x, scale_y), (left, top) = data["transform"]["scale"], data["transform"]["translate"]
    arcs: list[Line] = []
    for steps in data["arcs"]:
        x = y = 0
        arc: Line = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((round(x * scale_x + left, 6), round(y * scale_y + top, 6)))
        arcs.append(arc)
    rings: dict[str, list[Ring]] = defaultdict(list)
    for item in data["objects"]["countries"]["geometries"]:
        name = item["properties"]["name"]
        if name in LEFT_OUT:
            continue
        code = ADOPTED[name] if name in ADOPTED else by_numeric[item["id"]]
        polygons = item["arcs"] if item["type"] == "MultiPolygon" else [item["arcs"]]
        for polygon in polygons:
            owner = code_of(code, points(polygon[0], arcs))
            rings[owner].extend(polygon)
    return Topology(arcs, {code: dissolve(rings[code], arcs) for code in sorted(rings)})


def code_of(code: str, ring: Line) -> str:
    west, south, east, north = box(ring)
    for part, limits in SPLIT.get(code, []):
        if within(((west + east) / 2, (south + north) / 2), limits):
            return part
    return code


def within(point: Point, limits: Box) -> bool:
    west, south, east, north = limits
    return west <= point[0] <= east and south <= point[1] <= north


# Countries -----------------------------------------------------------------------------------


def make_countries(territories: dict[str, Territory], detail: Topology) -> dict[str, Any]:
    names = Locale("en").territories
    middles = {code: place(code, detail) for code in territories}
    land = neighbours_by_land(detail)
    near = nearest(detail, [code for code in territories if code not in land], middles)
    return {
        code: {
            "numeric": row.numeric,
            "slug": slug(SHORT_NAMES.get(code, names[code])),
            "region": row.region,
            "subregion": row.subregion,
            "un_member": row.un_member,
            "neighbours": (land.get(code) or near[code])[: 8 if code in land else 4],
            "borders": code in land,
            "latitude": round(middles[code][1], 1),
            "longitude": round(middles[code][0], 1),
        }
        for code, row in territories.items()
    }


def slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).replace("’", "")
    ascii_only = plain.encode("ascii", "ignore").decode().replace(".", "").replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\(Burma\)", "", ascii_only).lower()).strip("-")


def place(code: str, detail: Topology) -> Point:
    """The middle of the largest piece of land, in degrees."""
    if code == "AQ":
        return 0.0, -90.0
    if code not in detail.rings:
        return NOT_DRAWN[code]
    plane, rings = on_plane(code, [points(ring, detail.arcs) for ring in detail.rings[code]])
    longitude, latitude = plane.invert(*middle(max(rings, key=lambda ring: abs(area(ring)))))
    return (longitude + 180) % 360 - 180, latitude


def on_plane(code: str, rings: Sequence[Line]) -> tuple[Azimuthal, list[Line]]:
    """The rings in a projection centred on the largest of them."""
    if code == "AQ":
        plane = Azimuthal(0, -90)
    else:
        plane = Azimuthal(*rings[0][0])
        for _ in range(3):
            flat = [[plane.project(*point) for point in ring] for ring in rings]
            left, top, right, bottom = box(max(flat, key=lambda ring: abs(area(ring))))
            plane = Azimuthal(*plane.invert((left + right) / 2, (top + bottom) / 2))
    return plane, [[plane.project(*point) for point in ring] for ring in rings]


def neighbours_by_land(detail: Topology) -> dict[str, list[str]]:
    owners: dict[int, set[str]] = defaultdict(set)
    for code, rings in detail.rings.items():
        for ring in rings:
            for number in ring:
                owners[max(number, ~number)].add(code)
    shared: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for number, codes in owners.items():
        if len(codes) == 2:
            arc = detail.arcs[number]
            length = sum(kilometres(p, q) for p, q in zip(arc, arc[1:], strict=False))
            one, other = sorted(codes)
            shared[one][other] += length
            shared[other][one] += length
    return {
        code: sorted(lengths, key=lambda other: (-lengths[other], other))
        for code, lengths in shared.items()
    }


def nearest(
    detail: Topology, islands: Sequence[str], middles: dict[str, Point]
) -> dict[str, list[str]]:
    """The countries whose coasts come closest to each island's, nearest first.

    Coasts are taken in pieces of a few points, and pieces farther off than what was found
    already are passed over.
    """
    plane = Azimuthal(0, 0)
    pieces: dict[str, list[tuple[Point, float, Line]]] = {}
    for code, (longitude, latitude) in middles.items():
        coast = [
            arc[n : n + 24]
            for number in sorted({max(n, ~n) for ring in detail.rings.get(code, []) for n in ring})
            for arc in [detail.arcs[number][::4] or detail.arcs[number]]
            for n in range(0, len(arc), 24)
        ] or [[(longitude, latitude)]]
        pieces[code] = [
            (part[len(part) // 2], max(kilometres(part[len(part) // 2], p) for p in part), part)
            for part in coast
        ]
    del plane

    def apart(one: str, other: str, limit: float) -> float:
        best = limit
        for here, reach, part in pieces[one]:
            for there, span, others in pieces[other]:
                if kilometres(here, there) - reach - span < best:
                    closest = min(kilometres(p, q) for p in part for q in others)
                    best = min(best, closest)
        return best

    result: dict[str, list[str]] = {}
    for code in islands:
        by_middle = sorted(
            (other for other in middles if other != code and other not in UNPEOPLED),
            key=lambda other: kilometres(middles[code], middles[other]),
        )
        found: list[tuple[float, str]] = []
        for other in by_middle:
            limit = found[3][0] if len(found) > 3 else 1e5
            distance = apart(code, other, limit)
            if distance < limit:
                found = sorted([*found, (distance, other)])[:4]
        result[code] = [other for _, other in found]
    return result


# The map -------------------------------------------------------------------------------------


def make_map(world: Topology, detail: Topology, codes: Sequence[str]) -> dict[str, Any]:
    rings = {code: rings for code, rings in world.rings.items() if code != "AQ"}
    flat = [[geography.project(*point) for point in arc] for arc in world.arcs]
    rings = {
        code: [ring for ring in rings[code] if is_whole(ring, world.arcs) and is_visible(ring, flat)]
        for code in rings
    }
    used = {max(n, ~n) for code in rings for ring in rings[code] for n in ring}
    chosen = sorted(used)
    arcs = list(flat)
    for number, arc in zip(
        chosen, simplify([from_farthest(flat[n]) for n in chosen], MAP_SIMPLIFY), strict=True
    ):
        arcs[number] = arc
    shapes = {code: path(points(ring, arcs) for ring in rings[code]) for code in sorted(rings)}
    shapes = {code: text for code, text in shapes.items() if text}

    dots: dict[str, Point] = {}
    for code in codes:
        if code == "AQ":
            continue
        large = [points(ring, arcs) for ring in rings.get(code, [])] if code in shapes else []
        if not large or max(across(ring) for ring in large) < MAP_DOT:
            dots[code] = geography.project(*place(code, detail))

    width = geography.MAP_WIDTH
    height = geography.project(geography.CENTRAL_MERIDIAN, geography.SOUTHERN_EDGE)[1]
    return {
        "width": width,
        "height": floor(height + geography.MAP_MARGIN + 0.5),
        "sphere": sphere(),
        "graticule": map_graticule(),
        "shapes": shapes,
        "dots": {
            code: [round(x, 1), round(y, 1)] for code, (x, y) in keep_apart(dots).items()
        },
        "land": silhouette(rings, flat),
    }


def is_whole(ring: Ring, arcs: Sequence[Line]) -> bool:
    """False for the one island that the map's edge cuts through, Umnak in the Aleutians."""
    xs = [geography.project(*point)[0] for point in points(ring, arcs)]
    if max(xs) - min(xs) < geography.MAP_WIDTH / 2:
        return True
    assert len(xs) < 50, "the edge of the map cuts through more than a small island"
    return False


def is_visible(ring: Ring, flat: Sequence[Line]) -> bool:
    """Islands below the threshold go; land that has neighbours stays, or gaps would open."""
    return len(ring) > 1 or abs(area(points(ring, flat))) >= MAP_ISLAND


def silhouette(rings: dict[str, list[Ring]], flat: Sequence[Line]) -> str:
    whole = dissolve([ring for code in sorted(rings) for ring in rings[code]], flat)
    lines = [points(ring, flat) for ring in whole]
    lines = [from_farthest(line) for line in lines if abs(area(line)) >= LAND_ISLAND]
    return path(simplify(lines, LAND_SIMPLIFY), step=10)


def meridian(longitude: float, south: float, north: float) -> str:
    def curve(t: float) -> Point:
        return geography.project(longitude, t)

    return bend(curve, south, north, tolerance=0.3)


def map_graticule() -> str:
    south, centre = geography.SOUTHERN_EDGE, geography.CENTRAL_MERIDIAN
    text = "".join(meridian(longitude, south, 90) for longitude in range(-150, 181, 30))
    for latitude in (-30, 0, 30, 60):
        left, y = geography.project(centre - 180, latitude)
        right = 2 * geography.project(centre, latitude)[0] - left
        text += bend(lambda t, y=y: (t, y), left, right, 1)  # type: ignore[misc]
    return text


def sphere() -> str:
    south, centre = geography.SOUTHERN_EDGE, geography.CENTRAL_MERIDIAN

    def edge(t: float) -> Point:
        """Up the left side and down the right."""
        x, y = geography.project(centre - 180, t if t <= 90 else 180 - t)
        return (x, y) if t <= 90 else (geography.MAP_WIDTH - x, y)

    left = bend(edge, south, 90, tolerance=0.15)
    right = bend(edge, 90.000001, 180 - south, tolerance=0.15)
    return f"{left}L{right[1:]}z"


def keep_apart(dots: dict[str, Point]) -> dict[str, Point]:
    """Moves crowded dots a little, so that each can be seen."""
    moved = dict(dots)
    for _ in range(200):
        for one in sorted(moved):
            for other in sorted(moved):
                (x1, y1), (x2, y2) = moved[one], moved[other]
                gap = hypot(x2 - x1, y2 - y1)
                if one < other and gap < DOT_APART - 0.01:
                    push = (DOT_APART - gap) / 2 / (gap or 1)
                    dx, dy = (x2 - x1) * push, (y2 - y1) * push
                    moved[one], moved[other] = (x1 - dx, y1 - dy), (x2 + dx, y2 + dy)
    return moved


# The outlines --------------------------------------------------------------------------------


def make_outlines(world: Topology, detail: Topology, codes: Sequence[str]) -> dict[str, Any]:
    return {code: make_outline(code, world, detail) for code in codes}


def make_outline(code: str, world: Topology, detail: Topology) -> dict[str, Any]:
    rings = [points(ring, detail.arcs) for ring in detail.rings.get(code, [])]
    if not rings:
        plane, scale, centre = Azimuthal(*NOT_DRAWN[code]), 0.0001, (0.0, 0.0)
        return plate("m47 50a3 3 0 1 0 6 0 3 3 0 1 0-6 0z", plane, scale, centre)
    plane, kept = main_parts(code, rings)
    size = across(point for ring in kept for point in ring) * 6371
    if size > DETAILED_BELOW and code in world.rings:
        rings = [points(ring, world.arcs) for ring in world.rings[code]]
        plane, kept = main_parts(code, rings)
    left, top, right, bottom = box(point for ring in kept for point in ring)
    scale = max(right - left, bottom - top) / FILLED
    centre = ((left + right) / 2, (top + bottom) / 2)
    framed = [
        [(50 + (x - centre[0]) / scale, 50 + (y - centre[1]) / scale) for x, y in ring]
        for ring in kept
    ]
    return plate(short_path(framed), plane, scale, centre)


def main_parts(code: str, rings: Sequence[Line]) -> tuple[Azimuthal, list[Line]]:
    """The main land and what lies close to it, projected around its middle."""
    if code in MAIN:
        rings = [ring for ring in rings if within(centre_of(ring), MAIN[code])]
    plane, flat = on_plane(code, rings)
    order = sorted(range(len(flat)), key=lambda n: -abs(area(flat[n])))
    largest = abs(area(flat[order[0]]))
    wide = [flat[n] for n in order if abs(area(flat[n])) >= PART * largest or code in MAIN]
    left, top, right, bottom = box(point for ring in wide for point in ring)
    chosen = [rings[n] for n in order if fits(flat[n], (left, top, right, bottom))]
    if code != "AQ":
        plane = Azimuthal(*plane.invert((left + right) / 2, (top + bottom) / 2))
    return plane, [[plane.project(*point) for point in ring] for ring in chosen]


def centre_of(ring: Line) -> Point:
    west, south, east, north = box(ring)
    return (west + east) / 2, (south + north) / 2


def fits(ring: Line, limits: Box) -> bool:
    left, top, right, bottom = box(ring)
    return (
        left >= limits[0] and top >= limits[1] and right <= limits[2] and bottom <= limits[3]
    )


def short_path(rings: list[Line]) -> str:
    """As much detail as the bytes allow. Islands that come out tiny are drawn as small lozenges
    when the country has nothing larger."""
    threshold = 0.12
    rings = [from_farthest(ring) for ring in rings]
    largest = max(abs(area(ring)) for ring in rings)
    while True:
        least = min(threshold * 3.5, largest)
        rings = simplify([ring for ring in rings if abs(area(ring)) >= least], threshold)
        text = path(rings, step=10)
        if len(text) <= OUTLINE_BYTES:
            return text
        threshold *= 1.12


def plate(text: str, plane: Azimuthal, scale: float, centre: Point) -> dict[str, Any]:
    """The outline with the meridians and parallels of its frame."""

    def on_plate(longitude: float, latitude: float) -> Point:
        x, y = plane.project(longitude, latitude)
        return 50 + (x - centre[0]) / scale, 50 + (y - centre[1]) / scale

    places = [
        plane.invert(centre[0] + (u - 50) * scale, centre[1] + (v - 50) * scale)
        for u in range(0, FRAME + 1, 4)
        for v in range(0, FRAME + 1, 4)
    ]
    west, south, east, north = box(places)
    reach = (west, max(south, -90.0), east, min(north, 90.0))

    def parallel(latitude: float) -> Iterator[tuple[float, float, Any]]:
        def curve(t: float) -> Point:
            return on_plate(t, latitude)

        for start, end in clip(curve, reach[0] - 5, reach[2] + 5, in_frame):
            yield start, end, curve

    def meridian_lines(longitude: float) -> Iterator[tuple[float, float, Any]]:
        def curve(t: float) -> Point:
            return on_plate(longitude, t)

        for start, end in clip(curve, max(reach[1] - 5, -90), min(reach[3] + 5, 90), in_frame):
            yield start, end, curve

    graticule, labels = "", []
    for low, high, draw, letters, side in (
        (reach[1], reach[3], parallel, "NS", 0),
        (reach[0], reach[2], meridian_lines, "EW", 1),
    ):
        piece, marks = lines_at_round_degrees(low, high, draw, letters, side)
        graticule += piece
        labels.append(marks)
    return {
        "path": text,
        "graticule": graticule,
        "parallels": labels[0],
        "meridians": labels[1],
    }


SECOND = 1 / 3600
STEPS = [
    *(60, 45, 40, 30, 20, 15, 10, 5, 4, 3, 2, 1),
    *(minutes / 60 for minutes in (30, 20, 15, 10, 5, 4, 3, 2, 1)),
    *(seconds * SECOND for seconds in (30, 20, 15, 10, 5)),
]


def lines_at_round_degrees(
    low: float, high: float, draw: Any, letters: str, side: int
) -> tuple[str, list[Any]]:
    """The widest step that puts two to four lines across the frame, and where to label them."""
    for step in STEPS:
        values = [n * step for n in range(floor(low / step), floor(high / step) + 2)]
        runs = [(value, list(draw(value))) for value in values if letters != "NS" or abs(value) < 90]
        runs = [(value, found) for value, found in runs if found]
        if len(runs) < 2:
            continue
        text = ""
        marks: list[Any] = []
        for value, found in runs:
            for start, end, curve in found:
                text += bend(curve, start, end, tolerance=0.8, step=10)
                for t in (start, end):
                    x, y = curve(t)
                    if side == 0 and x < 0.1:
                        marks.append([round(y, 1), degrees_label(value, letters)])
                    if side == 1 and y > FRAME - 0.1:
                        marks.append([round(x, 1), degrees_label(value, letters)])
        return text, sorted(marks)
    raise ValueError(f"no step fits from {low} to {high}")


def in_frame(point: Point) -> bool:
    return 0 <= point[0] <= FRAME and 0 <= point[1] <= FRAME


def degrees_label(value: float, letters: str) -> str:
    if letters == "EW":
        value = (value + 180) % 360 - 180
    seconds = round(abs(value) * 3600)
    whole, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    text = f"{whole}°"
    if minutes or rest:
        text += f"{minutes:02}′"
    if rest:
        text += f"{rest:02}″"
    if seconds == 0 or (letters == "EW" and seconds == 180 * 3600):
        return text
    return text + letters[value < 0]


# Output --------------------------------------------------------------------------------------


def write(name: str, data: dict[str, Any], *, lines: bool = False) -> None:
    compact = {"ensure_ascii": False, "separators": (",", ":")}
    if lines:
        rows = [f"{json.dumps(key)}:{json.dumps(data[key], **compact)}" for key in data]  # type: ignore[arg-type]
        text = "{\n" + ",\n".join(rows) + "\n}\n"
    else:
        text = json.dumps(data, **compact) + "\n"  # type: ignore[arg-type]
    (HERE / name).write_text(text, encoding="utf-8")
    packed = len(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{name}: {len(text.encode())} bytes, {packed} under gzip")


if __name__ == "__main__":
    main()
