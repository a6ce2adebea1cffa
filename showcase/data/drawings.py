"""The drawings in the atlas's stories, made from figures that the stories give with their source.

`python -m showcase.data.drawings` draws all of them anew into content/; it needs the fonts DejaVu
Sans and, for Chinese, Noto Sans CJK (Debian: fonts-dejavu-core, fonts-noto-cjk). Letters are at
least 34 of 960 pixels, so that they can be read where a phone shows the drawing.
"""

import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH = 960
MARGIN = 44
PAPER, INK, QUIET, LINE = "#f7f2e6", "#1b2632", "#505b66", "#cfc5ae"
TEACHER, SCHOOL, FACULTY, WATER, CLAY = "#b23415", "#0b6270", "#762c68", "#a9c9cc", "#d9b98a"
_FONTS = {
    False: ("DejaVuSans.ttf", "NotoSansCJK-Regular.ttc"),
    True: ("DejaVuSans-Bold.ttf", "NotoSansCJK-Bold.ttc"),
}
_FINER = 2  # drawn at twice the size, then made smaller: edges come out smooth
_CHINESE = 2  # the place of Simplified Chinese in Noto's collection

Point = tuple[float, float]


class Sheet:
    """A sheet of paper to draw on, measured in pixels of the finished picture."""

    def __init__(self, height: int) -> None:
        self.image = Image.new("RGB", (WIDTH * _FINER, height * _FINER), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def text(
        self,
        place: Point,
        words: str,
        size: int = 34,
        colour: str = INK,
        bold: bool = False,
        anchor: str = "ls",
    ) -> None:
        """Write words; `anchor` says which of their corners stands at the place."""
        self.pen.text(_finer(place)[0], words, colour, _font(words, size, bold), anchor)

    def line(self, *points: Point, colour: str = INK, width: int = 3) -> None:
        """Draw a line through points."""
        self.pen.line(_finer(*points), colour, width * _FINER, "curve")

    def area(self, *points: Point, colour: str, edge: str | None = INK) -> None:
        """Fill the area between points."""
        self.pen.polygon(_finer(*points), colour, edge, 3 * _FINER)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        colour: str,
        edge: str | None = None,
    ) -> None:
        """Fill a rectangle."""
        self.pen.rectangle(_finer((left, top), (right, bottom)), colour, edge, 3 * _FINER)

    def round(self, centre: Point, radius: float, colour: str, edge: str | None = None) -> None:
        """Fill a circle."""
        x, y = centre
        corners = _finer((x - radius, y - radius), (x + radius, y + radius))
        self.pen.ellipse(corners, colour, edge, 3 * _FINER)

    def arrow(self, start: Point, end: Point, colour: str = INK) -> None:
        """Draw an arrow."""
        turn = math.atan2(end[1] - start[1], end[0] - start[0])
        sides = [
            (end[0] - 24 * math.cos(turn + side), end[1] - 24 * math.sin(turn + side))
            for side in (0.45, -0.45)
        ]
        self.line(
            start,
            (end[0] - 14 * math.cos(turn), end[1] - 14 * math.sin(turn)),
            colour=colour,
            width=5,
        )
        self.area(end, *sides, colour=colour, edge=None)

    def save(self, path: Path) -> None:
        """Write the picture, in few colours, because a drawing has no more."""
        small = self.image.resize(
            (WIDTH, self.image.height // _FINER), Image.Resampling.LANCZOS
        ).quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        path.parent.mkdir(parents=True, exist_ok=True)
        small.save(path, optimize=True)


def _finer(*points: Point) -> list[Point]:
    return [(x * _FINER, y * _FINER) for x, y in points]


def _font(words: str, size: int, bold: bool) -> ImageFont.FreeTypeFont:
    chinese = any("\u3000" <= letter <= "\u9fff" for letter in words)
    return ImageFont.truetype(
        _FONTS[bold][chinese], size * _FINER, index=_CHINESE if chinese else 0
    )


Bar = tuple[str, float, str]


def bars(
    path: Path,
    title: Sequence[str],
    groups: Sequence[tuple[str, Sequence[Bar]]],
    whole: float,
    colour: str,
    track: bool = True,
) -> None:
    """Draw bars of one scale that begins at nought, under headings; the last of a group is filled.

    A bar has its label, its length and how the length is written. `track` shows the whole.
    """
    heights = sum((64 if heading else 0) + 128 * len(rows) for heading, rows in groups)
    sheet = Sheet(MARGIN + 48 * len(title) + heights + 30)
    y = MARGIN + 30
    for words in title:
        sheet.text((MARGIN, y), words, 38, bold=True)
        y += 48
    full = WIDTH - 2 * MARGIN - 190
    for heading, rows in groups:
        if heading:
            y += 16
            sheet.text((MARGIN, y + 24), heading, 36)
            y += 48
        for number, (label, length, written) in enumerate(rows):
            sheet.text((MARGIN, y + 24), label, 34, QUIET)
            right = MARGIN + full * length / whole
            if track:
                sheet.box(MARGIN, y + 42, MARGIN + full, y + 98, PAPER, LINE)
            last = number == len(rows) - 1
            sheet.box(MARGIN, y + 42, right, y + 98, colour if last else QUIET)
            at = (MARGIN + full if track else right) + 18
            sheet.text((at, y + 84), written, 38, colour if last else INK, bold=True)
            y += 128
    sheet.save(path)


def dots(
    path: Path, title: Sequence[str], total: int, marked: int, legend: tuple[str, str], colour: str
) -> None:
    """Draw one dot for each child, those counted filled."""
    a_row, step = 14, 62
    rows = -(-total // a_row)
    top = MARGIN + 48 * len(title) + 40
    sheet = Sheet(top + rows * step + 140)
    for number, words in enumerate(title):
        sheet.text((MARGIN, MARGIN + 30 + 48 * number), words, 38, bold=True)
    for number in range(total):
        centre = MARGIN + 28 + number % a_row * step, top + number // a_row * step
        filled = number < marked
        sheet.round(centre, 22, colour if filled else PAPER, colour if filled else QUIET)
    y = top + rows * step + 20
    for number, (words, filled) in enumerate(zip(legend, (True, False), strict=True)):
        sheet.round(
            (MARGIN + 28, y + 52 * number),
            18,
            colour if filled else PAPER,
            colour if filled else QUIET,
        )
        sheet.text((MARGIN + 66, y + 12 + 52 * number), words)
    sheet.save(path)


def steps(
    path: Path,
    title: Sequence[str],
    texts: Sequence[Sequence[str]],
    colour: str,
    around: bool = False,
) -> None:
    """Draw steps below each other; with `around`, the last leads to the first again."""
    top = MARGIN + 48 * len(title) + 16
    heights = [40 + 46 * len(lines) for lines in texts]
    sheet = Sheet(top + sum(heights) + 60 * (len(texts) - 1) + MARGIN)
    for number, words in enumerate(title):
        sheet.text((MARGIN, MARGIN + 30 + 48 * number), words, 38, bold=True)
    right = WIDTH - MARGIN - (90 if around else 0)
    y, middles = top, []
    for number, (lines, height) in enumerate(zip(texts, heights, strict=True)):
        sheet.box(MARGIN, y, right, y + height, PAPER, INK)
        sheet.box(MARGIN, y, MARGIN + 84, y + height, colour)
        sheet.text((MARGIN + 42, y + height / 2), str(number + 1), 44, PAPER, True, "mm")
        for row, words in enumerate(lines):
            sheet.text((MARGIN + 112, y + 56 + 46 * row), words)
        middles.append(y + height / 2)
        if number < len(texts) - 1:
            middle = (MARGIN + right) / 2
            sheet.arrow((middle, y + height + 6), (middle, y + height + 54), colour)
        y += height + 60
    if around:
        side = right + 56
        sheet.line(
            (right + 4, middles[-1]),
            (side, middles[-1]),
            (side, middles[0]),
            colour=colour,
            width=5,
        )
        sheet.arrow((side, middles[0]), (right + 6, middles[0]), colour)
    sheet.save(path)


def timeline(
    path: Path, title: Sequence[str], rows: Sequence[tuple[str, str, str]], colour: str
) -> None:
    """Draw years down a line, each with a name and a country."""
    top, step = MARGIN + 48 * len(title) + 40, 98
    sheet = Sheet(top + step * len(rows) + 10)
    for number, words in enumerate(title):
        sheet.text((MARGIN, MARGIN + 30 + 48 * number), words, 38, bold=True)
    x = MARGIN + 150
    sheet.line((x, top), (x, top + step * (len(rows) - 1)), width=4)
    for number, (year, name, country) in enumerate(rows):
        y = top + step * number
        sheet.round((x, y), 15, colour, PAPER)
        sheet.text((x - 34, y + 13), year, 38, INK, True, "rs")
        sheet.text((x + 40, y + 4), name, 38)
        sheet.text((x + 40, y + 46), country, 34, QUIET)
    sheet.save(path)


def balloon_cart(path: Path, words: Sequence[str]) -> None:
    """Draw a cart that the air of a balloon drives."""
    title, balloon, straw, board, wheels, air, moves = words
    sheet = Sheet(640)
    sheet.text((MARGIN, MARGIN + 30), title, 38, bold=True)
    sheet.line((MARGIN, 560), (WIDTH - MARGIN, 560), colour=LINE, width=6)
    sheet.pen.ellipse(_finer((330, 190), (640, 400)), "#e3a08e", TEACHER, 4 * _FINER)
    sheet.area((640, 280), (672, 300), (640, 318), colour="#e3a08e", edge=TEACHER)
    sheet.box(664, 291, 820, 309, SCHOOL)
    sheet.line((700, 309), (700, 428), width=8)
    sheet.box(250, 428, 740, 464, CLAY, INK)
    for x in (330, 660):
        sheet.round((x, 505), 54, PAPER, INK)
        sheet.round((x, 505), 44, "#dfe8e8", INK)
        sheet.round((x, 505), 8, INK)
    sheet.arrow((832, 300), (916, 300), SCHOOL)
    sheet.text((916, 262), air, 34, SCHOOL, False, "rs")
    sheet.arrow((220, 446), (90, 446), TEACHER)
    sheet.text((MARGIN, 416), moves, 34, TEACHER)
    sheet.text((485, 308), balloon, 34, INK, False, "ms")
    sheet.text((724, 372), straw, 34, SCHOOL)
    sheet.text((495, 457), board, 34, INK, False, "ms")
    sheet.text((495, 532), wheels, 34, INK, False, "ms")
    sheet.save(path)


def flood_gauge(path: Path) -> None:
    """Draw a stream in section with a measuring stick and the level at which a siren sounds."""
    sheet = Sheet(760)
    sheet.text((MARGIN, MARGIN + 30), "How a stream can give warning", 38, bold=True)
    sheet.area(
        (MARGIN, 330),
        (220, 330),
        (330, 650),
        (700, 650),
        (775, 330),
        (916, 330),
        (916, 720),
        (MARGIN, 720),
        colour=CLAY,
        edge=None,
    )
    sheet.area((282, 510), (733, 510), (700, 650), (330, 650), colour=WATER, edge=None)
    sheet.line((282, 510), (733, 510), colour=SCHOOL, width=4)
    sheet.line((237, 380), (763, 380), colour=TEACHER, width=5)
    sheet.box(462, 250, 506, 650, PAPER, INK)
    for number in range(13):
        y = 640 - number * 30
        sheet.line((462, y), (484 if number % 2 else 498, y))
    sheet.text((524, 566), "usual level", 34)
    sheet.text((524, 430), "alarm level", 34, TEACHER)
    sheet.text((440, 300), "stick marked in cm", 34, INK, False, "rs")
    sheet.line((763, 380), (800, 380), (800, 320), colour=TEACHER, width=5)
    sheet.box(788, 190, 812, 330, INK)
    sheet.area((782, 160), (846, 124), (846, 236), (782, 200), colour=TEACHER)
    sheet.text((764, 192), "siren", 34, TEACHER, True, "rs")
    for radius in (34, 62):
        box = _finer((846 - radius, 180 - radius), (846 + radius, 180 + radius))
        sheet.pen.arc(box, -40, 40, TEACHER, 5 * _FINER)
    sheet.save(path)


def card_planetarium(path: Path) -> None:
    """Draw a dome of card with a lamp inside, whose light leaves through pinholes."""
    sheet = Sheet(700)
    sheet.text((MARGIN, MARGIN + 30), "A model planetarium, seen from the side", 38, bold=True)
    sheet.line((MARGIN, 150), (WIDTH - MARGIN, 150), width=6)
    sheet.text((MARGIN, 128), "ceiling of a dark room", 34, QUIET)
    base, radius, lamp = (480.0, 560.0), 210.0, (480.0, 515.0)
    holes = [
        (base[0] + 204 * math.cos(turn), base[1] + 204 * math.sin(turn))
        for turn in map(math.radians, (-120, -108, -90, -75, -61))
    ]
    corners = (base[0] - radius, base[1] - radius), (base[0] + radius, base[1] + radius)
    sheet.pen.arc(_finer(*corners), 180, 360, INK, 12 * _FINER)
    for hole in holes:
        sheet.round(hole, 10, PAPER)
        reach = (lamp[1] - 150) / (lamp[1] - hole[1])  # light goes straight on to the ceiling
        star = (lamp[0] + reach * (hole[0] - lamp[0]), 150.0)
        sheet.line(lamp, star, colour="#d9a520", width=3)
        sheet.round(star, 11, "#d9a520", INK)
    sheet.box(230, 560, 730, 582, CLAY, INK)
    sheet.box(464, 530, 496, 560, INK)
    sheet.round(lamp, 26, "#f1d36b", INK)
    sheet.text((530, 540), "lamp", 34)
    sheet.text((916, 440), "dome of card", 34, INK, False, "rs")
    sheet.text((MARGIN, 390), "pinholes of one", 34)
    sheet.text((MARGIN, 432), "constellation", 34)
    sheet.line((320, 382), (364, 380), width=3)
    sheet.text((480, 640), "the light through each hole makes a star", 34, QUIET, False, "ms")
    sheet.save(path)


def draw(content: Path) -> None:
    """Draw every picture into the folders of the stories that show them."""
    stories = content / "stories"
    bars(
        stories / "cl/geisha-bonilla-rapa-nui-television/attendance.png",
        ["Attendance at the school"],
        [("", [("2019", 73, "73 %"), ("2023", 93, "93 %")])],
        100,
        TEACHER,
    )
    bars(
        stories / "es/ana-hernandez-revuelta-codocencia/graduation.png",
        ["Students who graduated"],
        [("", [("2016", 71, "71 %"), ("2025", 98, "98 %")])],
        100,
        TEACHER,
    )
    ratlam = stories / "in/cm-rise-vinoba-ratlam-cycle-of-growth"
    bars(
        ratlam / "results.png",
        ["At school, and through the exam"],
        [
            ("Attendance", [("2022", 25, "25 %"), ("2024", 85, "85 %")]),
            ("Pupils who passed", [("before", 29, "29 %"), ("after", 82, "82 %")]),
        ],
        100,
        SCHOOL,
    )
    steps(
        ratlam / "cycle.png",
        ["The Cycle of Growth"],
        [
            ["Teachers are trained"],
            ["They are observed in class"],
            ["They hear feedback, one to one"],
            ["They are given recognition"],
        ],
        SCHOOL,
        around=True,
    )
    bars(
        stories / "gm/gambia-progressive-science-initiative/top-scores.png",
        ["Students with the best score"],
        [
            ("Physics", [("2012", 1, "1 %"), ("2015", 6, "6 %")]),
            ("Further mathematics", [("2012", 4, "4 %"), ("2015", 12, "12 %")]),
        ],
        12,
        FACULTY,
        track=False,
    )
    bars(
        stories / "mg/nosy-ankao-teacher-coaching-by-phone/french-tests.png",
        ["The teachers’ joint result in French"],
        [("", [("When 2021 began", 25, "25 %"), ("When it closed", 76, "76 %")])],
        100,
        SCHOOL,
    )
    samuel = stories / "my/samuel-isaiah-orang-asli-english"
    bars(
        samuel / "pass-rate.png",
        ["Average pass rate in English"],
        [("", [("2012", 30, "30 %"), ("2015 to 2018", 80, "80–85 %")])],
        100,
        TEACHER,
    )
    bars(
        samuel / "pass-rate.zh.png",
        ["英语平均及格率"],
        [("", [("2012年", 30, "30%"), ("2015年至2018年", 80, "80–85%")])],
        100,
        TEACHER,
    )
    bars(
        stories / "my/norhailmi-abdul-mutalib-science-blog/grade-a.png",
        ["Students with an A in science"],
        [("", [("2015", 3.9, "3.9 %"), ("2017", 29.85, "29.85 %")])],
        100,
        TEACHER,
    )
    bars(
        stories / "tz/open-university-tanzania-cl4stem/enrolment.png",
        ["Students enrolled in science", "at one school"],
        [("", [("earlier", 40, "40"), ("reported in December 2024", 75, "75")])],
        75,
        FACULTY,
        track=False,
    )
    bars(
        stories / "ng/university-of-ibadan-blended-learning-ambassadors/finished.png",
        ["Lecturers in the programme"],
        [("", [("invited", 35, "35"), ("registered", 32, "32"), ("finished", 27, "27")])],
        35,
        FACULTY,
    )
    bars(
        stories / "bw/university-of-botswana-elearning-team/lecturers.png",
        ["Who taught with e-learning, April 2006"],
        [("", [("Academic staff", 788, "788"), ("Users of e-learning", 145, "145")])],
        788,
        FACULTY,
    )
    fanjia = stories / "cn/fanjia-primary-school-village"
    dots(
        fanjia / "children.png",
        ["The children of the school, 2025"],
        70,
        38,
        ("38 from outside the village", "32 others"),
        SCHOOL,
    )
    dots(
        fanjia / "children.zh.png",
        ["学校的孩子，2025年"],
        70,
        38,
        ("38人来自村外", "其他32人"),
        SCHOOL,
    )
    steps(
        stories / "ng/morit-school-bottles-for-fees/bottles.png",
        ["From the street to the school fees"],
        [
            ["Parents sort plastic bottles", "and carry them to school"],
            ["Recycling companies", "weigh the load"],
            ["They pay cash for it"],
            ["One bottle counts as one naira", "of the fees"],
        ],
        SCHOOL,
    )
    cart = stories / "br/debora-garofalo-robotics-from-scrap"
    balloon_cart(
        cart / "cart.png",
        [
            "A cart driven by a balloon",
            "balloon",
            "straw",
            "board",
            "bottle caps",
            "air goes out",
            "cart moves",
        ],
    )
    balloon_cart(
        cart / "cart.pt.png",
        [
            "Um carrinho movido a balão",
            "balão",
            "canudo",
            "tábua",
            "tampinhas",
            "o ar sai",
            "ele anda",
        ],
    )
    flood_gauge(stories / "co/luis-emiro-ramirez-agromatica/gauge.png")
    card_planetarium(stories / "dk/krogaardskolen-straw-planetarium/model.png")
    timeline(
        content / "programmes/global-teacher-prize/winners.png",
        ["Winners whose work this atlas tells"],
        [
            ("2015", "Nancie Atwell", "United States"),
            ("2016", "Hanan Al Hroub", "Palestinian Territories"),
            ("2017", "Maggie MacDonnell", "Canada"),
            ("2018", "Andria Zafirakou", "United Kingdom"),
            ("2019", "Peter Tabichi", "Kenya"),
            ("2021", "Keishia Thorpe", "United States"),
            ("2023", "Sister Zeph", "Pakistan"),
            ("2025", "Mansour Al Mansour", "Saudi Arabia"),
        ],
        TEACHER,
    )


if __name__ == "__main__":
    draw(Path(__file__).parents[2] / "content")
