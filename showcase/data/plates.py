"""The plates of `showcase.data.prepare`: every country's outline on a graticule.

Nothing here is needed to build a site.
"""

from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor, hypot
from typing import Any

from showcase.data.shapes import (
    EARTH_KM,
    Azimuthal,
    Box,
    Curve,
    Line,
    Point,
    Topology,
    across,
    area,
    bend,
    box,
    centre_of,
    clip,
    from_farthest,
    on_plane,
    path,
    points,
    simplify,
    within,
)

Stretch = tuple[float, float, Curve]
"""Where a curve begins and ends, and the curve."""
FRAME, FILLED = 100, 80
OUTLINE_BYTES = 345
GRATICULE_BYTES = 160
DETAILED_BELOW = 1200.0
"""Kilometres across; smaller places are drawn from the 1:10 million source."""
PART = 0.025
"""Share of the largest island that an island must have to widen the frame."""
CHAINS = {"FM", "KI", "MH", "MV", "TK", "TV"}
"""Atolls far apart, drawn as marks."""
DOT = (
    "m54 50-.3 1.5-.9 1.3-1.3 .9"
    "-1.5 .3-1.5-.3-1.3-.9-.9-1.3-.3-1.5 .3-1.5 .9-1.3 1.3-.9 1.5-.3 1.5 .3 1.3 .9 .9 1.3z"
)
"""For what the source has no shape of: the Vatican City, which comes out flat."""
MAIN: dict[str, Box] = {
    "AS": (-171, -14.5, -170.4, -14.1),  # Tutuila
    "AU": (112, -44, 154.5, -10),
    "BQ": (-69, 12, -68, 12.5),  # Bonaire
    "CK": (-160, -21.5, -159.5, -21),  # Rarotonga
    "CL": (-76.5, -56.5, -66, -17),
    "CR": (-86.5, 8, -82, 11.5),
    "EC": (-81.5, -5.5, -75, 2),
    "ES": (-10, 35.9, 4.5, 44),
    "FR": (-5.5, 41, 10, 51.5),
    "GS": (-39, -55.2, -35.5, -53.5),  # South Georgia
    "IO": (72.2, -7.6, 72.6, -7.1),  # Diego Garcia
    "KI": (172, -3, 178, 4),  # the Gilbert Islands
    "KY": (-81.6, 19.1, -80.9, 19.5),  # Grand Cayman
    "MP": (145, 14, 146, 15.4),  # Saipan, Tinian, Rota
    "MU": (57, -21, 58, -19.8),  # Mauritius
    "MV": (72, -1, 74, 8),
    "NL": (3, 50.5, 7.5, 54),
    "NO": (4, 57.5, 32, 71.5),
    "NZ": (166, -47.5, 179, -34),
    "PF": (-150, -18, -149, -17.4),  # Tahiti and Moorea
    "PN": (-128.5, -24.5, -128.2, -24.2),  # Henderson
    "PT": (-10, 36.5, -6, 42.5),
    "PW": (134.3, 7.2, 134.8, 7.8),  # Babeldaob
    "SC": (55.2, -4.9, 56, -4.2),  # Mahé and Praslin
    "SH": (-6, -16.2, -5.5, -15.8),  # Saint Helena
    "TO": (-175.5, -21.6, -174.8, -21),  # Tongatapu
    "UM": (-178, 28, -177, 28.4),  # Midway
    "US": (-125, 24, -66, 50),
    "WF": (-176.4, -13.5, -176, -13.1),  # Wallis
    "YE": (42, 12, 54.7, 20),
    "ZA": (16, -35, 33, -22),
}
"""Where the main part lies, when size alone does not tell."""


def make_outlines(world: Topology, detail: Topology, codes: Sequence[str]) -> dict[str, Any]:
    """The content of `outlines.json`."""
    return {code: make_outline(code, world, detail) for code in codes}


def make_outline(code: str, world: Topology, detail: Topology) -> dict[str, Any]:
    """One country's plate."""
    rings = [points(ring, detail.arcs) for ring in detail.rings[code]]
    plane, kept = main_parts(code, rings)
    size = across([point for ring in kept for point in ring]) * EARTH_KM
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
    text = lozenges(framed) if code in CHAINS else short_path(framed)
    return plate(text or DOT, plane, scale, centre)


def is_main(code: str, ring: Line) -> bool:
    """Whether a ring belongs to the part that stands for the whole country."""
    return code not in MAIN or within(centre_of(ring), MAIN[code])


def lozenges(rings: Sequence[Line]) -> str:
    """A mark for each island, the largest first, where there is room for one."""
    marks: list[Point] = []
    for ring in sorted(rings, key=lambda ring: -abs(area(ring))):
        x, y = centre_of(ring)
        if all(hypot(x - u, y - v) >= 5 for u, v in marks):
            marks.append((x, y))
    shapes = [[(x - 2, y), (x, y - 2), (x + 2, y), (x, y + 2), (x - 2, y)] for x, y in marks]
    while len(path(shapes, step=10)) > OUTLINE_BYTES:
        shapes.pop()
    return path(shapes, step=10)


def main_parts(code: str, rings: Sequence[Line]) -> tuple[Azimuthal, list[Line]]:
    """The main land and what lies close to it, projected around its middle."""
    rings = [ring for ring in rings if is_main(code, ring)]
    plane, flat = on_plane(rings, polar=code == "AQ")
    order = sorted(range(len(flat)), key=lambda n: -abs(area(flat[n])))
    largest = abs(area(flat[order[0]]))
    wide = [flat[n] for n in order if abs(area(flat[n])) >= PART * largest or code in MAIN]
    left, top, right, bottom = box(point for ring in wide for point in ring)
    chosen = [rings[n] for n in order if fits(flat[n], (left, top, right, bottom))]
    if code != "AQ":
        plane = Azimuthal(*plane.invert((left + right) / 2, (top + bottom) / 2))
    return plane, [[plane.project(*point) for point in ring] for ring in chosen]


def fits(ring: Line, limits: Box) -> bool:
    """Whether the ring lies in the box."""
    left, top, right, bottom = box(ring)
    return left >= limits[0] and top >= limits[1] and right <= limits[2] and bottom <= limits[3]


def short_path(rings: list[Line]) -> str:
    """As much detail as the bytes allow."""
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
    west, south, east, north = west - 1, max(south - 1, -90), east + 1, min(north + 1, 90)
    if plane.latitude > -90:
        west, east = max(west, plane.longitude - 100), min(east, plane.longitude + 100)
        south, north = max(south, -78), min(north, 78)

    def parallel(latitude: float) -> Iterator[Stretch]:
        def curve(t: float) -> Point:
            return on_plate(t, latitude)

        for start, end in clip(curve, west, east, in_frame):
            yield start, end, curve

    def meridian(longitude: float) -> Iterator[Stretch]:
        def curve(t: float) -> Point:
            return on_plate(longitude, t)

        for start, end in clip(curve, south, north, in_frame):
            yield start, end, curve

    graticule, labels = "", []
    for low, high, draw, letters, side in (
        (south, north, parallel, "NS", 0),
        (west, east, meridian, "EW", 1),
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
    low: float, high: float, draw: Callable[[float], Iterator[Stretch]], letters: str, side: int
) -> tuple[str, list[list[Any]]]:
    """The widest step that puts two lines or more across the frame, and where to label them."""
    polar = low == -90 or high - low > 340  # Antarctica
    for step in STEPS:
        values = [n * step for n in range(ceil(low / step), floor(high / step) + 1)]
        if polar:
            values = [-90.0, 0, 90, 180] if side else [-80.0, -60]
        lines = [(value, list(draw(value))) for value in values if side or abs(value) < 90]
        text = ""
        marks: list[list[Any]] = []
        for value, stretches in lines:
            for start, end, curve in stretches:
                text += bend(curve, start, end, tolerance=1.0, step=10)
                marks.extend(
                    [round((x, y)[1 - side], 1), degrees_label(value, letters)]
                    for x, y in (curve(start), curve(end))
                    if (x < 0.1 if side == 0 else y > FRAME - 0.1)
                )
        if sum(bool(stretches) for _, stretches in lines) >= 2 and (marks or polar):
            return text, sorted(marks)
    raise ValueError(f"no step fits from {low} to {high}")


def in_frame(point: Point) -> bool:
    """Whether the point lies on the plate."""
    return 0 <= point[0] <= FRAME and 0 <= point[1] <= FRAME


def degrees_label(value: float, letters: str) -> str:
    """`4°S`, `12°30′E`; no letter where there is no side."""
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
