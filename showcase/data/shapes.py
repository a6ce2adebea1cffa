"""Plane geometry for `showcase.data.prepare`: simplification, projection and SVG path data.

Nothing here is needed to build a site.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, floor, hypot, radians, sin, sqrt

Point = tuple[float, float]
Line = list[Point]
Ring = list[int]
"""Numbers of arcs, end to end; a negative number `~n` is arc n backwards (as in TopoJSON)."""

Box = tuple[float, float, float, float]
"""Least x, least y, greatest x, greatest y; or west, south, east, north."""

EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Topology:
    """The source, arcs and all."""

    arcs: list[Line]
    """In degrees."""
    rings: dict[str, list[Ring]]
    """Code to the rings around its land, holes included."""


# Measures


def area(ring: Sequence[Point]) -> float:
    """Signed area of a closed ring in the plane."""
    pairs = itertools.pairwise(ring)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def box(points: Iterable[Point]) -> Box:
    """Least x, least y, greatest x, greatest y."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def within(point: Point, limits: Box) -> bool:
    """Whether the point lies in the box."""
    west, south, east, north = limits
    return west <= point[0] <= east and south <= point[1] <= north


def centre_of(ring: Line) -> Point:
    """The middle of the box around a ring."""
    west, south, east, north = box(ring)
    return (west + east) / 2, (south + north) / 2


def across(points: Sequence[Point]) -> float:
    """The longer side of the box around the points."""
    left, top, right, bottom = box(points)
    return max(right - left, bottom - top)


def kilometres(one: Point, other: Point) -> float:
    """Distance on the sphere between two places in degrees."""
    (lon1, lat1), (lon2, lat2) = one, other
    a, b, c = radians(lat1), radians(lat2), radians(lon2 - lon1)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(c / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def inside(point: Point, rings: Iterable[Sequence[Point]]) -> bool:
    """Whether the point lies in the rings, by the evenodd rule."""
    x, y = point
    odd = False
    for ring in rings:
        for (x1, y1), (x2, y2) in itertools.pairwise(ring):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                odd = not odd
    return odd


def middle(ring: Sequence[Point]) -> Point:
    """The centroid of a ring or, where that is outside, the inner point farthest from its edge."""
    whole = area(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        cross = x1 * y2 - x2 * y1
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    if whole and inside((x / (6 * whole), y / (6 * whole)), [ring]):
        return x / (6 * whole), y / (6 * whole)
    left, top, right, bottom = box(ring)
    steps = [n / 24 for n in range(1, 24)]
    grid = [(left + (right - left) * u, top + (bottom - top) * v) for u in steps for v in steps]
    within = [point for point in grid if inside(point, [ring])] or [ring[0]]
    edge = ring[:: max(1, len(ring) // 400)]
    return max(within, key=lambda p: min(hypot(p[0] - q[0], p[1] - q[1]) for q in edge))


# Topology


def points(ring: Ring, arcs: Sequence[Line]) -> Line:
    """The closed line that a ring's arcs make."""
    line: Line = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        line.extend(arc[1:] if line else arc)
    return line


def dissolve(rings: Iterable[Ring], arcs: Sequence[Line]) -> list[Ring]:
    """The rings around the union of what the given rings enclose.

    Arcs that are used both ways fall away: borders inside the union, and spikes in the source.
    """
    uses: dict[int, int] = defaultdict(int)
    for ring in rings:
        for number in ring:
            uses[max(number, ~number)] += 1 if number >= 0 else -1
    left = {number if uses[number] > 0 else ~number for number in uses if uses[number]}

    def start(number: int) -> Point:
        return arcs[number][0] if number >= 0 else arcs[~number][-1]

    starts: dict[Point, list[int]] = defaultdict(list)
    for number in sorted(left, reverse=True):
        starts[start(number)].append(number)
    joined: list[Ring] = []
    for first in sorted(left, key=lambda number: (max(number, ~number), number)):
        if first not in left:
            continue
        ring = [first]
        left.remove(first)
        while (end := start(~ring[-1])) != start(first):
            following = next(number for number in starts[end] if number in left)
            left.remove(following)
            ring.append(following)
        joined.append(ring)
    return joined


def simplify(arcs: Sequence[Line], threshold: float) -> list[Line]:
    """Visvalingam's algorithm on all arcs at once.

    Points are removed in order of the triangle they make with their neighbours, until every
    triangle left is larger than the threshold. Ends of arcs stay, so what shared an arc still
    does. A point also stays while another point lies in its triangle, so no lines come to cross.
    (M. Visvalingam, J. D. Whyatt 1993: Line generalisation by repeated elimination of points.)
    """
    cell = max(sqrt(threshold) * 2, 1e-9)
    grid: dict[tuple[int, int], dict[tuple[int, int], Point]] = defaultdict(dict)
    before: list[list[int]] = []
    after: list[list[int]] = []
    heap: list[tuple[float, int, int]] = []
    alive: list[int] = []

    def cell_of(point: Point) -> tuple[int, int]:
        return floor(point[0] / cell), floor(point[1] / cell)

    def triangle(a: int, n: int) -> tuple[Point, Point, Point]:
        arc = arcs[a]
        return arc[before[a][n]], arc[n], arc[after[a][n]]

    def weigh(a: int, n: int, floor_weight: float) -> None:
        weight = max(floor_weight, abs(_doubled(*triangle(a, n))) / 2)
        weights[a, n] = weight
        if weight < threshold:
            heapq.heappush(heap, (weight, a, n))

    weights: dict[tuple[int, int], float] = {}
    for a, arc in enumerate(arcs):
        before.append([n - 1 for n in range(len(arc))])
        after.append([n + 1 for n in range(len(arc))])
        alive.append(len(arc))
        for n, point in enumerate(arc):
            grid[cell_of(point)][a, n] = point
    for a, arc in enumerate(arcs):
        for n in range(1, len(arc) - 1):
            weigh(a, n, 0)

    def blocked(corners: tuple[Point, Point, Point]) -> bool:
        left, top, right, bottom = box(corners)
        for column in range(floor(left / cell), floor(right / cell) + 1):
            for row in range(floor(top / cell), floor(bottom / cell) + 1):
                for point in grid.get((column, row), {}).values():
                    if point not in corners and _in_triangle(point, *corners):
                        return True
        return False

    while heap:
        weight, a, n = heapq.heappop(heap)
        if weights.get((a, n)) != weight:
            continue
        arc = arcs[a]
        closed = arc[0] == arc[-1]
        if (closed and alive[a] <= 4) or blocked(triangle(a, n)):
            continue
        del weights[a, n], grid[cell_of(arc[n])][a, n]
        alive[a] -= 1
        last, following = before[a][n], after[a][n]
        after[a][last], before[a][following] = following, last
        for m in (last, following):
            if 0 < m < len(arc) - 1:
                weigh(a, m, weight)
    kept: list[Line] = []
    for a, arc in enumerate(arcs):
        inner = [arc[n] for n in range(1, len(arc) - 1) if (a, n) in weights]
        kept.append([arc[0], *inner, arc[-1]])
    return kept


def _doubled(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])


def _in_triangle(p: Point, a: Point, b: Point, c: Point) -> bool:
    one, two, three = _doubled(a, b, p), _doubled(b, c, p), _doubled(c, a, p)
    return (one >= 0 and two >= 0 and three >= 0) or (one <= 0 and two <= 0 and three <= 0)


def from_farthest(arc: Line) -> Line:
    """A closed arc turned to begin at a point that simplification should keep: its tip."""
    if arc[0] != arc[-1]:
        return arc
    x, y = sum(p[0] for p in arc) / len(arc), sum(p[1] for p in arc) / len(arc)
    tip = max(range(len(arc) - 1), key=lambda n: hypot(arc[n][0] - x, arc[n][1] - y))
    return arc[tip:-1] + arc[: tip + 1]


# Projection


@dataclass(frozen=True, slots=True)
class Azimuthal:
    """Lambert's azimuthal equal-area projection, on the unit sphere, y downwards."""

    longitude: float
    latitude: float

    def project(self, longitude: float, latitude: float) -> Point:
        """A place in degrees, on the plane."""
        along, up, middle = radians(longitude - self.longitude), radians(latitude), self._middle
        spread = 1 + sin(middle) * sin(up) + cos(middle) * cos(up) * cos(along)
        scale = sqrt(2 / max(spread, 1e-9))
        y = cos(middle) * sin(up) - sin(middle) * cos(up) * cos(along)
        return scale * cos(up) * sin(along), -scale * y

    def invert(self, x: float, y: float) -> Point:
        """Degrees; the longitude may be up to 180 degrees from the centre's either way."""
        rho = hypot(x, y)
        if rho == 0:
            return self.longitude, self.latitude
        c, middle, up = 2 * asin(min(1.0, rho / 2)), self._middle, -y
        latitude = asin(max(-1.0, min(1.0, cos(c) * sin(middle) + up * sin(c) * cos(middle) / rho)))
        bottom = rho * cos(middle) * cos(c) - up * sin(middle) * sin(c)
        return self.longitude + degrees(atan2(x * sin(c), bottom)), degrees(latitude)

    @property
    def _middle(self) -> float:
        return radians(self.latitude)


def on_plane(rings: Sequence[Line], *, polar: bool = False) -> tuple[Azimuthal, list[Line]]:
    """The rings in a projection centred on the largest of them, or on the south pole."""
    if polar:
        plane = Azimuthal(0, -90)
    else:
        plane = Azimuthal(*rings[0][0])
        for _ in range(3):
            flat = [[plane.project(*point) for point in ring] for ring in rings]
            largest = max(flat, key=lambda ring: abs(area(ring)))
            left, top, right, bottom = box(largest)
            plane = Azimuthal(*plane.invert((left + right) / 2, (top + bottom) / 2))
    return plane, [[plane.project(*point) for point in ring] for ring in rings]


# SVG path data


def number(tenths: int) -> str:
    """A number given in tenths, as short as SVG allows."""
    sign, (whole, rest) = "-" * (tenths < 0), divmod(abs(tenths), 10)
    return f"{sign}{whole or ('' if rest else 0)}{f'.{rest}' if rest else ''}"


def numbers(values: Iterable[int]) -> str:
    """Numbers given in tenths, with a space only where SVG cannot tell them apart."""
    text = ""
    last = ""
    for value in values:
        this = number(value)
        apart = this[0] == "-" or (this[0] == "." and "." in last) or not last
        text += this if apart else f" {this}"
        last = this
    return text


def path(rings: Iterable[Sequence[Point]], step: int = 1) -> str:
    """Closed rings as relative path data, rounded to `step` tenths of a unit.

    Rounding happens before the differences are taken, so it does not add up and neighbours
    that share points still do. Points that rounding has made needless are left out, and rings
    that it has made flat.
    """
    text = ""
    at = (0, 0)
    for ring in rings:
        line = _tidy([(_round(x, step), _round(y, step)) for x, y in ring[:-1]])
        if len(line) < 3:
            continue
        start, moves = line[0], list(line)
        first = (start[0] - at[0], start[1] - at[1])
        steps = [
            value
            for (x1, y1), (x2, y2) in itertools.pairwise(moves)
            for value in (x2 - x1, y2 - y1)
        ]
        text += "m" + numbers([*first, *steps]) + "z"
        at = start
    return text


def _round(value: float, step: int) -> int:
    return floor(value * 10 / step + 0.5) * step


def _tidy(line: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ring without points that repeat or lie on a line between their neighbours."""
    while True:
        kept = [
            here
            for last, here, following in zip(
                line[-1:] + line[:-1], line, line[1:] + line[:1], strict=True
            )
            if here != last
            and (here[0] - last[0]) * (following[1] - here[1])
            != (here[1] - last[1]) * (following[0] - here[0])
        ]
        if len(kept) == len(line):
            return kept
        line = kept


Curve = Callable[[float], Point]


def clip(
    curve: Curve, start: float, end: float, within: Callable[[Point], bool]
) -> list[tuple[float, float]]:
    """The stretches of a parametric curve that lie within a frame."""
    count = 720
    at = [start + (end - start) * n / count for n in range(count + 1)]

    def edge(inner: float, outer: float) -> float:
        for _ in range(40):
            half = (inner + outer) / 2
            inner, outer = (half, outer) if within(curve(half)) else (inner, half)
        return inner

    runs: list[tuple[float, float]] = []
    begun: float | None = None
    for n, t in enumerate(at):
        if within(curve(t)):
            if begun is None:
                begun = edge(t, at[n - 1]) if n else t
        elif begun is not None:
            runs.append((begun, edge(at[n - 1], t)))
            begun = None
    if begun is not None:
        runs.append((begun, at[-1]))
    return runs


def bend(curve: Curve, start: float, end: float, tolerance: float, step: int = 1) -> str:
    """Path data for a stretch of a curve: as few quadratic Bézier pieces as the tolerance lets."""
    pieces = 1
    while True:
        cuts = [start + (end - start) * n / pieces for n in range(pieces + 1)]
        error, text = 0.0, ""
        for a, b in itertools.pairwise(cuts):
            (x0, y0), (xm, ym), (x2, y2) = curve(a), curve((a + b) / 2), curve(b)
            x1, y1 = 2 * xm - (x0 + x2) / 2, 2 * ym - (y0 + y2) / 2
            for part in (0.15, 0.3, 0.7, 0.85):
                x, y = curve(a + (b - a) * part)
                on = [
                    (
                        (1 - t) ** 2 * x0 + 2 * t * (1 - t) * x1 + t * t * x2,
                        (1 - t) ** 2 * y0 + 2 * t * (1 - t) * y1 + t * t * y2,
                    )
                    for t in (part + shift / 50 for shift in range(-6, 7))
                ]
                error = max(error, min(hypot(x - u, y - v) for u, v in on))
            ends = [_round(value, step) for value in (x0, y0, x1, y1, x2, y2)]
            if not text:
                text = "M" + numbers(ends[:2])
            straight = hypot(xm - (x0 + x2) / 2, ym - (y0 + y2) / 2) < step / 20
            now = [ends[0], ends[1]] * 2
            moves = [value - base for value, base in zip(ends[2:], now, strict=True)]
            text += "l" + numbers(moves[2:]) if straight else "q" + numbers(moves)
        if error <= tolerance or pieces >= 12:
            return text
        pieces += 1
