"""Social cards: the picture that networks show beside a link, one for each country with stories.

A card has no words, so that one serves every language and no font is needed: title and summary
stand beside it as text.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from showcase.data.geography import outline, world_map
from showcase.pages.context import CARD_SIZE, Context, card_address
from showcase.pages.outputs import File
from showcase.pages.plates import locator, step
from showcase.storage import code_digest, digest_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Point = tuple[float, float]
_FINER = 2  # drawn at twice the size, then made smaller: edges come out smooth
_COLOURS = 48  # of the picture: those below, and what lies between them at their edges

#: The colours of the light scheme; the lands are the map's five steps.
_PALETTE = (
    "#f7f2e6", "#1b2632", "#e2eae8", "#bccbcb",
    "#ebe2cb", "#dcc189", "#c0954d", "#8d6326", "#553810",
)  # fmt: skip
_PAPER, _INK, _SEA, _GRATICULE, *_LANDS = range(len(_PALETTE))


def card_files(context: Context) -> Iterator[File]:
    """Yield the card of the world and of every country with stories, if the site has cards."""
    if not context.site.config.social_cards:
        return
    counts = {code: len(stories) for code, stories in context.site.by_country.items()}
    steps = {code: step(count) for code, count in counts.items()}
    made = f"{code_digest('pages/cards', 'data')} pillow {version('pillow')}"
    key = digest_of(made.encode(), repr(sorted(steps.items())).encode())
    yield File(card_address(""), key, partial(_of_world, MappingProxyType(steps)))
    for code in counts:
        yield File(card_address(code), f"{made} {code}", partial(_of_country, code))


def _of_country(code: str) -> bytes:
    """Return the card of a country: its plate, and where it lies."""
    from PIL import ImageDraw

    image = _sheet().copy()
    pen = ImageDraw.Draw(image)
    plate = _Place(64, 64, 502 / 100)
    shape = outline(code)
    pen.rectangle(plate.on_card([(0, 0), (100, 100)]), fill=_SEA)
    _draw(pen, plate, shape.graticule, _GRATICULE, 3)
    _fill(pen, plate, [(shape.path, _LANDS[2])], edge=_LANDS[4], width=2.5)
    pen.rectangle(plate.on_card([(0, 0), (100, 100)]), outline=_INK, width=2 * _FINER)
    world = locator(code)
    small, (width, height) = _small_world(), (world.width, world.height)
    (x, y), (left, top), (right, low) = small.points([(world.x, world.y), (0, 0), (width, height)])
    pen.line([x, top, x, low], _INK, _FINER)
    pen.line([left, y, right, y], _INK, _FINER)
    pen.circle((x, y), 8 * _FINER, _PAPER, _INK, 3 * _FINER)
    return _png(image)


def _of_world(steps: Mapping[str, int]) -> bytes:
    """Return the card of the world, each country in the colour of its step."""
    from PIL import ImageDraw

    world = world_map()
    scale = 1060 / world.width
    place = _Place(70, (CARD_SIZE[1] - world.height * scale) / 2, scale)
    image = _paper()
    pen = ImageDraw.Draw(image)
    _fill(pen, place, [(world.sphere, _SEA)])
    _draw(pen, place, world.graticule, _GRATICULE, 1)
    lands = [(path, _LANDS[steps.get(code, 0)]) for code, path in world.shapes.items()]
    _fill(pen, place, lands, edge=_PAPER, width=0.5)
    _draw(pen, place, world.sphere, _INK, 2)
    return _png(image)


@cache
def _sheet() -> "Image":
    """Return what is the same on every country's card: the paper, and the small world."""
    from PIL import ImageDraw

    image = _paper()
    pen, place, world = ImageDraw.Draw(image), _small_world(), world_map()
    _fill(pen, place, [(world.sphere, _SEA)])
    _fill(pen, place, [(world.land, _LANDS[1])])
    _draw(pen, place, world.sphere, _INK, 1.5)
    return image


def _paper() -> "Image":
    from PIL import Image, ImageColor, ImageDraw

    width, height = CARD_SIZE
    image = Image.new("P", (width * _FINER, height * _FINER), _PAPER)
    image.putpalette([part for colour in _PALETTE for part in ImageColor.getrgb(colour)])
    pen = ImageDraw.Draw(image)
    for inset, rule in ((24, 3), (31, 1)):
        box = [_FINER * x for x in (inset, inset, width - inset, height - inset)]
        pen.rectangle(box, outline=_INK, width=rule * _FINER)
    return image


def _png(image: "Image") -> bytes:
    from PIL.Image import Dither, Quantize

    small = image.convert("RGB").reduce(_FINER)
    few = small.quantize(_COLOURS, Quantize.FASTOCTREE, dither=Dither.NONE)
    data = io.BytesIO()
    few.save(data, "PNG", compress_level=6)
    return data.getvalue()


# --- drawing SVG path data


@dataclass(frozen=True, slots=True)
class _Place:
    """Where on the card a drawing goes: its upper left corner and its scale, in card pixels."""

    left: float
    top: float
    scale: float

    def points(self, line: Iterable[Point]) -> list[Point]:
        """Return points of the drawing in pixels of the fine picture."""
        x, y, scale = self.left * _FINER, self.top * _FINER, self.scale * _FINER
        return [(x + u * scale, y + v * scale) for u, v in line]

    def on_card(self, line: Iterable[Point]) -> list[float]:
        """Return the same as one list of numbers."""
        return [number for point in self.points(line) for number in point]


@cache
def _small_world() -> _Place:
    world = world_map()
    scale = 530 / world.width
    return _Place(606, (CARD_SIZE[1] - world.height * scale) / 2, scale)


def _draw(pen: "ImageDraw", place: _Place, path: str, colour: int, width: float) -> None:
    for line in _lines(path):
        pen.line(place.on_card(line), colour, round(width * _FINER), "curve")


def _fill(
    pen: "ImageDraw",
    place: _Place,
    shapes: Sequence[tuple[str, int]],
    edge: int | None = None,
    width: float = 0,
) -> None:
    """Fill shapes, the largest first: what lies in the hole of one then lies upon it."""
    rings = []
    for path, colour in shapes:
        found = [(_area(line), line) for line in _lines(path)]
        around = max(found, key=lambda ring: abs(ring[0]))[0] > 0
        rings += [
            # A hole runs the other way round; it comes before the land of the same size in it.
            (-abs(area), (area > 0) == around, colour, line)
            for area, line in found
        ]
    for _, is_land, colour, line in sorted(rings, key=lambda ring: ring[:2]):
        points = place.on_card(line)
        pen.polygon(points, fill=colour if is_land else _SEA)
        if edge is not None:
            pen.line(points, edge, round(width * _FINER), "curve")


def _area(line: Sequence[Point]) -> float:
    """Return twice the signed area within a closed line."""
    return sum(x * v - u * y for (x, y), (u, v) in pairwise(line))


_COMMAND = re.compile(r"([MmLlhqz])([^MmLlhqz]*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_CUTS = 8  # of a curve, into straight lines


def _lines(path: str) -> Iterator[list[Point]]:
    """Yield the lines of SVG path data, with the commands that `showcase.data` writes."""
    line: list[Point] = []
    x = y = 0.0
    for command, rest in _COMMAND.findall(path):
        numbers = [float(number) for number in _NUMBER.findall(rest)]
        if command in "Mm":
            if len(line) > 1:
                yield line
            if command == "M":
                x = y = 0.0
            line = []
        elif command == "z":
            x, y = line[0]
            line.append(line[0])
        elif command == "h":
            numbers = [number for dx in numbers for number in (dx, 0.0)]
        for n in range(0, len(numbers), 4 if command == "q" else 2):
            if command == "L":
                x, y = numbers[n], numbers[n + 1]
            elif command == "q":
                a, b, c, d = numbers[n : n + 4]
                for cut in range(1, _CUTS):
                    t = cut / _CUTS
                    part, rest_of = 2 * t * (1 - t), t * t
                    line.append((x + part * a + rest_of * c, y + part * b + rest_of * d))
                x, y = x + c, y + d
            else:
                x, y = x + numbers[n], y + numbers[n + 1]
            line.append((x, y))
    if len(line) > 1:
        yield line
