"""Makes the files that `showcase.data.geography` reads: countries, map, outlines, endonyms.

    python -m showcase.data.prepare

It fetches two packages with `npm pack` into a temporary folder (or takes them from the folder
named with `--packages`) and needs Babel; nothing else. The same input gives the same bytes.

- `world-atlas` 2.0.2: TopoJSON of Natural Earth 4.1.0 at 1:50 million (map, large outlines) and
  1:10 million (small outlines, borders). Natural Earth is in the public domain; the packaging
  is under the ISC licence.
- `cldr-core` 48.2.0: UN M49 regions, UN members, ISO 3166-1 codes. Unicode License V3.
- Babel, as installed: English names for the slugs and countries' names for themselves, also CLDR.

Shapes and borders are the source's. Where it draws land that has no ISO code, `ADOPTED` says
which country that land is shown with; where ISO has a code for land that the source draws as a
part of another state, `SPLIT` cuts it out. Neither says anything about whose it is.
"""

import argparse
import gzip
import itertools
import json
import re
import subprocess
import tarfile
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import floor, hypot
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from showcase.data import geography
from showcase.data.plates import is_main, make_outlines
from showcase.data.shapes import (
    Box,
    Line,
    Point,
    Ring,
    Topology,
    across,
    area,
    bend,
    box,
    dissolve,
    from_farthest,
    kilometres,
    middle,
    on_plane,
    path,
    points,
    simplify,
    within,
)

PACKAGES = {"world-atlas": "2.0.2", "cldr-core": "48.2.0"}
HERE = Path(__file__).parent
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
TOWNS: dict[str, Point] = {"KI": (173.0, 1.4)}
"""Longitude and latitude of where people live, should the largest island be elsewhere: Tarawa."""
UNPEOPLED = {"AQ", "BV", "GS", "HM", "IO", "TF", "UM"}
"""Nobody lives there, so they are not offered as the nearest countries of others."""

SHORT_NAMES = {"HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar", "PS": "Palestine"}
"""CLDR's short variants, which Babel leaves out."""

# The map -------------------------------------------------------------------------------------

MAP_SIMPLIFY = 0.42
"""Square units of the map; the smallest triangle that a coast or border may turn."""
MAP_ISLAND = 1.0
"""Square units; islands smaller than this are left out (about 1300 square kilometres)."""
MAP_STEP = 2
"""Tenths of a unit to which coordinates are rounded; a quarter of a pixel on a wide screen."""
MAP_DOT = 8.0
"""Units; a country less wide and high than this gets a dot."""
DOT_APART = 3.2
LAND_SIMPLIFY = 17.0
"""As `MAP_SIMPLIFY`, for the silhouette of all land."""
LAND_ISLAND = 110.0


@dataclass(frozen=True, slots=True)
class Territory:
    """A country as CLDR knows it."""

    numeric: str
    region: str
    subregion: str
    un_member: bool


def main() -> None:
    """Reads both packages and writes the four files."""
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
    write("endonyms.json", make_endonyms(sorted(territories)), lines=True)


# Sources -------------------------------------------------------------------------------------


def fetch(folder: Path) -> Path:
    """Has npm put the packages into the folder."""
    for name, version in PACKAGES.items():
        command = ["npm", "pack", "--silent", f"{name}@{version}"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder


def member(folder: Path, package: str, name: str) -> dict[str, Any]:
    """A JSON file out of a package."""
    with tarfile.open(folder / f"{package}-{PACKAGES[package]}.tgz") as archive:
        file = archive.extractfile(name)
        assert file is not None, name
        data: dict[str, Any] = json.load(file)
        return data


def read_territories(codes: dict[str, Any], containment: dict[str, Any]) -> dict[str, Territory]:
    """Every ISO 3166-1 code and XK, sorted."""
    mappings = codes["supplemental"]["codeMappings"]
    groups = containment["supplemental"]["territoryContainment"]
    members = set(groups["UN"]["_contains"])
    found = {"AQ": ("", "")}
    for region in geography.REGION_SLUGS:
        for subregion in sorted({*groups[region]["_contains"]} - NOT_ISO):
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
    """The source with its land under ISO codes."""
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
    """The code of a piece of land, which may have one of its own."""
    west, south, east, north = box(ring)
    for part, limits in SPLIT.get(code, []):
        if within(((west + east) / 2, (south + north) / 2), limits):
            return part
    return code


# Countries -----------------------------------------------------------------------------------


def make_countries(territories: dict[str, Territory], detail: Topology) -> dict[str, Any]:
    """The content of `countries.json`."""
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
    """An English name as a part of an address."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).replace("’", "")
    ascii_only = plain.encode("ascii", "ignore").decode().replace(".", "").replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\(Burma\)", "", ascii_only).lower()).strip("-")


def make_endonyms(codes: Sequence[str]) -> dict[str, Any]:
    """The content of `endonyms.json`: each country's name in the languages official there."""
    found: dict[str, list[str]] = {}
    for code in codes:
        names: dict[str, None] = {}
        for language in get_official_languages(code, regional=True, de_facto=True):
            try:
                name = Locale.parse(language, sep="_").territories.get(code)
            except (UnknownLocaleError, ValueError):
                continue
            if name:
                names[name] = None
        found[code] = list(names)
    return found


def place(code: str, detail: Topology) -> Point:
    """The middle of the largest piece of land, in degrees."""
    if code == "AQ":
        return 0.0, -90.0
    if code in TOWNS:
        return TOWNS[code]
    land = [points(ring, detail.arcs) for ring in detail.rings[code]]
    plane, rings = on_plane([ring for ring in land if is_main(code, ring)])
    longitude, latitude = plane.invert(*middle(max(rings, key=lambda ring: abs(area(ring)))))
    return (longitude + 180) % 360 - 180, latitude


def neighbours_by_land(detail: Topology) -> dict[str, list[str]]:
    """Who shares arcs with whom, longest border first."""
    owners: dict[int, set[str]] = defaultdict(set)
    for code, rings in detail.rings.items():
        for ring in rings:
            for number in ring:
                owners[max(number, ~number)].add(code)
    shared: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for number, codes in owners.items():
        if len(codes) == 2:
            arc = detail.arcs[number]
            length = sum(kilometres(p, q) for p, q in itertools.pairwise(arc))
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
    reaches = {
        code: max(kilometres(middles[code], here) + span for here, span, _ in parts)
        for code, parts in pieces.items()
    }

    def apart(one: str, other: str, limit: float) -> float:
        best = limit
        between = kilometres(middles[one], middles[other])
        if between - reaches[one] - reaches[other] >= limit:
            return limit
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
    """The content of `map.json`."""
    rings = {code: rings for code, rings in world.rings.items() if code != "AQ"}
    flat = [[geography.project(*point) for point in arc] for arc in world.arcs]
    rings = {
        code: [
            ring for ring in rings[code] if is_whole(ring, world.arcs) and is_visible(ring, flat)
        ]
        for code in rings
    }
    used = {max(n, ~n) for code in rings for ring in rings[code] for n in ring}
    chosen = sorted(used)
    arcs = list(flat)
    for number, arc in zip(
        chosen, simplify([from_farthest(flat[n]) for n in chosen], MAP_SIMPLIFY), strict=True
    ):
        arcs[number] = arc
    shapes = {
        code: path((points(ring, arcs) for ring in rings[code]), MAP_STEP) for code in sorted(rings)
    }
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
        "dots": {code: [round(x, 1), round(y, 1)] for code, (x, y) in keep_apart(dots).items()},
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
    """All land without borders, in whole units."""
    whole = dissolve([ring for code in sorted(rings) for ring in rings[code]], flat)
    lines = [points(ring, flat) for ring in whole]
    lines = [from_farthest(line) for line in lines if abs(area(line)) >= LAND_ISLAND]
    return path(simplify(lines, LAND_SIMPLIFY), step=20)


def map_graticule() -> str:
    """Meridians and parallels every 30 degrees."""
    south, centre = geography.SOUTHERN_EDGE, geography.CENTRAL_MERIDIAN
    text = ""
    for longitude in range(-150, 181, 30):
        text += bend(partial(geography.project, longitude), south, 90, tolerance=0.3)
    for latitude in (-30, 0, 30, 60):
        left, y = geography.project(centre - 180, latitude)
        text += f"M{left:.1f} {y:.1f}h{geography.MAP_WIDTH - 2 * left:.1f}"
    return text


def sphere() -> str:
    """The earth's edge, cut off in the south."""
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


# Output --------------------------------------------------------------------------------------


def write(name: str, data: dict[str, Any], *, lines: bool = False) -> None:
    """Writes a file beside this one and says how large it is."""
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
