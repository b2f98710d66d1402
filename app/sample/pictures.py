"""Simple drawings that stand for photographs in the sample village: no real house and no real person is shown."""

import io
from collections.abc import Callable, Sequence
from math import cos, sin
from random import Random

WIDTH, HEIGHT = 800, 600
_FINER = 2  # drawn twice as large and brought down, so that edges are smooth
_QUALITY = 82
_WALLS = ("#f2efe6", "#e9dcc3", "#f6f4ef", "#dfd2bb")
_ROOFS = ("#5b6068", "#8c4a3a", "#6d5a4c", "#59636e")

Point = tuple[float, float]


class Sketch:
    """A sheet of 800 × 600 with the few shapes that the scenes need."""

    def __init__(self, shade: int) -> None:
        from PIL import Image, ImageDraw

        self.shade = shade
        self.dice = Random(shade)
        self._image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), "white")
        self._pen = ImageDraw.Draw(self._image)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self._pen.rectangle([left * _FINER, top * _FINER, right * _FINER, bottom * _FINER], fill=colour)

    def shape(self, points: Sequence[Point], colour: str) -> None:
        self._pen.polygon([(x * _FINER, y * _FINER) for x, y in points], fill=colour)

    def round(self, x: float, y: float, across: float, colour: str, down: float = 0) -> None:
        high = down or across
        self._pen.ellipse(
            [(x - across) * _FINER, (y - high) * _FINER, (x + across) * _FINER, (y + high) * _FINER], fill=colour
        )

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        self._pen.line(
            [(x * _FINER, y * _FINER) for x, y in points], fill=colour, width=int(width * _FINER), joint="curve"
        )

    def fade(self, top: float, bottom: float, above: str, below: str) -> None:
        """A band whose colour runs from one to the other."""
        from PIL import ImageColor

        first, last = ImageColor.getrgb(above), ImageColor.getrgb(below)
        rows = int((bottom - top) * _FINER)
        for row in range(rows):
            part = row / rows
            colour = tuple(round(a + (b - a) * part) for a, b in zip(first, last, strict=True))
            y = top * _FINER + row
            self._pen.line([(0, y), (WIDTH * _FINER, y)], fill=colour)

    def jpeg(self) -> bytes:
        out = io.BytesIO()
        self._image.reduce(_FINER).save(out, "JPEG", quality=_QUALITY, optimize=True)
        return out.getvalue()


def drawn(scene: str, shade: int) -> bytes:
    """A JPEG of one scene; `shade` varies its colours and details.

    Raises:
        KeyError: there is no such scene
    """
    sketch = Sketch(shade)
    _SCENES[scene](sketch)
    return sketch.jpeg()


def _outside(on: Sketch, ground: str = "#b9a98a") -> None:
    """Sky, two ranges of hills, and the ground in front."""
    on.fade(0, 330, "#9cc7e8", "#e8f1f4")
    for base, colour, high in ((300, "#8fb0a0", 130), (330, "#6f9a78", 90)):
        slope: list[Point] = [(x, base - high * (0.5 + 0.5 * sin(x / 117 + base + on.shade))) for x in range(0, 801, 8)]
        on.shape([(0, 420), *slope, (800, 420)], colour)
    on.fade(330, 600, "#93b06c", ground)


def _tree(on: Sketch, x: float, y: float, size: float, leaves: str = "#4e7d4a") -> None:
    on.box(x - size * 0.08, y - size * 0.6, x + size * 0.08, y, "#6b4f3a")
    for dx, dy, part in ((0, -1.0, 0.42), (-0.3, -0.75, 0.34), (0.3, -0.75, 0.34)):
        on.round(x + dx * size, y + dy * size, part * size, leaves)


def _person(on: Sketch, x: float, y: float, coat: str, size: float = 1, *, seated: bool = False) -> None:
    """A figure from behind or afar, without a face; `y` is where the feet or the seat are."""
    legs = 30 if seated else 78
    on.box(x - 17 * size, y - legs * size, x - 3 * size, y, "#39424e")
    on.box(x + 3 * size, y - legs * size, x + 17 * size, y, "#39424e")
    on.round(x, y - (legs + 40) * size, 29 * size, coat, 48 * size)
    on.box(x - 28 * size, y - (legs + 34) * size, x + 28 * size, y - (legs - 10) * size, coat)
    on.round(x, y - (legs + 98) * size, 19 * size, "#e2bf9c")
    on.round(x, y - (legs + 106) * size, 20 * size, "#2c2a29", 14 * size)


def _building(on: Sketch, left: float, top: float, right: float, bottom: float) -> None:
    """A house of one floor: wall, plinth, roof with tiles, door with couplets, windows."""
    wall, roof = _WALLS[on.shade % 4], _ROOFS[on.shade % 4]
    on.box(left, top, right, bottom, wall)
    on.box(left, bottom - 26, right, bottom, "#a9a49a")
    on.shape([(left - 28, top + 8), (left + 40, top - 78), (right - 40, top - 78), (right + 28, top + 8)], roof)
    for tile in range(int(left) + 42, int(right) - 40, 14):
        on.line([(tile, top - 76), (tile + (tile - (left + right) / 2) * 0.14, top + 6)], "#4a4f55", 1)
    middle = (left + right) / 2
    on.box(middle - 36, bottom - 128, middle + 36, bottom, "#7a4b33")
    on.line([(middle, bottom - 126), (middle, bottom)], "#4d2e1f", 2)
    for x in (middle - 50, middle + 42):
        on.box(x, bottom - 124, x + 8, bottom - 20, "#c8322b")
    on.box(middle - 34, bottom - 142, middle + 34, bottom - 132, "#c8322b")
    for x in (left + 36, right - 106):
        on.box(x, top + 44, x + 70, top + 104, "#f7f7f5")
        on.box(x + 4, top + 48, x + 33, top + 100, "#8fb3c4")
        on.box(x + 37, top + 48, x + 66, top + 100, "#8fb3c4")


def _house(on: Sketch) -> None:
    _outside(on, "#c3b79d")
    _tree(on, 80, 430, 130)
    _tree(on, 742, 420, 105, "#5d8f50")
    _building(on, 170, 250, 640, 430)
    on.shape([(330, 432), (480, 432), (600, 600), (200, 600)], "#cfcabf")
    for n in range(5):
        on.round(120 + n * 16, 462 + n % 2 * 8, 10, ("#d95f5f", "#e7b84b", "#c96fae")[n % 3])


def _yard(on: Sketch) -> None:
    _outside(on, "#c9bda4")
    _building(on, 60, 220, 520, 420)
    on.shape([(0, 440), (800, 430), (800, 600), (0, 600)], "#cdc7ba")


def _yard_before(on: Sketch) -> None:
    _yard(on)
    for _ in range(46):
        x, y = on.dice.randrange(80, 480), on.dice.randrange(430, 520)
        long = on.dice.randrange(30, 80)
        turn = on.dice.uniform(-0.5, 0.5)
        colour = on.dice.choice(("#8a6a45", "#75583a", "#9b7c53"))
        on.line([(x, y), (x + long * cos(turn), y + long * sin(turn))], colour, 5)
    for _ in range(34):
        x, y = on.dice.randrange(30, 780), on.dice.randrange(450, 590)
        on.round(x, y, on.dice.randrange(4, 12), on.dice.choice(("#e9e9e4", "#5b7fa6", "#b8453c", "#d8d1c2")), 5)
    on.round(640, 520, 90, "#7d8a86", 22)
    on.line([(520, 300), (790, 262)], "#3b3b3b", 2)
    for n, colour in enumerate(("#5b6f92", "#a8584f", "#c8b34e")):
        on.box(565 + n * 70, 293 - n * 10, 610 + n * 70, 352 - n * 10, colour)


def _yard_after(on: Sketch) -> None:
    _yard(on)
    on.box(570, 300, 770, 420, "#8b7c66")
    on.shape([(552, 306), (668, 246), (788, 306)], "#6d5a4c")
    for row in range(5):
        for x in range(592, 756, 14):
            on.round(x, 404 - row * 15, 7, ("#a9855a", "#8f6d47")[(x + row) % 2])
    for x, colour in ((536, "#2f7d4f"), (536 + 36, "#35618f")):
        on.box(x - 14, 420, x + 14, 468, colour)
        on.box(x - 17, 412, x + 17, 421, "#2b3b33")
    for n in range(11):
        on.round(70 + n * 22, 452 + n % 2 * 6, 11, ("#d95f5f", "#e7b84b", "#c96fae", "#f3f0ea")[n % 4])
        on.round(70 + n * 22, 466 + n % 2 * 6, 10, "#4e7d4a", 6)


def _field(on: Sketch) -> None:
    """Terraces of tea."""
    _outside(on, "#5f8a4a")
    for row in range(9):
        y = 345 + row * row * 3.4
        high = 9 + row * 2.6
        for x in range(-20, 840, 22):
            green = ("#3f7a3c", "#4a8a45", "#36702f")[(x // 22 + row) % 3]
            on.round(x + row * 7, y + 12 * sin(x / 140 + row / 2), 15 + row * 1.6, green, high)
    _person(on, 300, 470, "#b4463f", 0.8)
    _person(on, 520, 500, "#3f6ea5", 0.85)
    on.round(300, 400, 32, "#d9c28a", 9)


def _orchard(on: Sketch) -> None:
    _outside(on, "#a8b573")
    for y, size, step in ((385, 70, 130), (455, 105, 190), (560, 150, 265)):
        for x in range(40 + (y % 3) * 25, 830, step):
            _tree(on, x, y, size, "#5c9150")
            for _ in range(14):
                dx, dy = on.dice.uniform(-0.5, 0.5), on.dice.uniform(-1.25, -0.6)
                on.round(x + dx * size, y + dy * size, size * 0.05, on.dice.choice(("#e8837a", "#f0a08f", "#dd6a63")))
    for x in (250, 300, 350):
        on.box(x, 560, x + 44, 590, "#b98a52")
        for n in range(4):
            on.round(x + 8 + n * 10, 560, 7, "#e8837a")


def _pond(on: Sketch) -> None:
    _outside(on, "#7f9a63")
    on.round(400, 470, 390, "#6fa3b0", 108)
    on.round(400, 474, 372, "#88b9c3", 96)
    for _ in range(26):
        x, y = on.dice.randrange(110, 690), on.dice.randrange(400, 545)
        on.line([(x, y), (x + on.dice.randrange(20, 60), y)], "#b5d6dc", 2)
    for n in range(9):
        x, y = 230 + n * 43, 430 + (n * 37) % 90
        on.round(x, y, 13, "#49697a", 5)
        on.shape([(x - 12, y), (x - 22, y - 6), (x - 22, y + 6)], "#49697a")
    for x in (40, 120, 690, 764):
        _tree(on, x, 430, 80, "#477a45")
    _person(on, 620, 560, "#54606e", 0.9)
    on.line([(640, 470), (560, 430), (520, 452)], "#5d4a35", 3)


def _shed(on: Sketch) -> None:
    on.fade(0, 600, "#d8d6cf", "#b9b2a4")
    on.shape([(0, 0), (800, 0), (800, 70), (0, 120)], "#73655a")
    on.box(0, 520, 800, 600, "#a39b8d")
    for x in range(20, 800, 195):
        on.box(x, 250, x + 180, 540, "#c9c0ae")
        on.box(x + 6, 262, x + 174, 534, "#9a8f7d")
        for n in range(3):
            px, py = x + 50 + (n * 47) % 90, 420 + n * 42
            on.round(px, py, 38, "#2e2b2b", 22)
            on.round(px + 36, py - 6, 16, "#2e2b2b", 14)
            on.round(px + 49, py - 4, 6, "#8d6a66", 7)
            on.shape([(px + 28, py - 16), (px + 34, py - 30), (px + 42, py - 16)], "#2e2b2b")
        for y in range(380, 530, 24):
            on.line([(x, y), (x + 180, y)], "#6d737a", 4)
    for x in (150, 420, 690):
        on.round(x, 150, 26, "#f7eebd")
        on.round(x, 150, 14, "#fffbe6")


def _inside(on: Sketch) -> None:
    """A room: wall with a coloured skirting, floor of tiles, a window."""
    on.box(0, 0, 800, 420, ("#efe9dc", "#e8ecec")[on.shade % 2])
    on.box(0, 340, 800, 420, ("#cfd9cf", "#d7d0c2")[on.shade % 2])
    on.fade(420, 600, "#b9aa95", "#d5c8b4")
    for x in range(-400, 1300, 100):
        on.line([(x, 600), (400 + (x - 400) * 0.45, 420)], "#a89a86", 1.5)
    for y in (450, 495, 550):
        on.line([(0, y), (800, y)], "#a89a86", 1.5)
    on.box(560, 90, 740, 260, "#f8f8f6")
    on.box(568, 98, 646, 252, "#bcdcec")
    on.box(654, 98, 732, 252, "#c9e4ef")


def _room(on: Sketch) -> None:
    _inside(on)
    on.box(90, 70, 300, 230, "#c8322b")
    on.box(102, 82, 288, 218, "#e7c266")
    on.round(195, 150, 52, "#c8322b")
    on.box(60, 300, 360, 326, "#84552f")
    on.box(76, 326, 100, 440, "#6d4526")
    on.box(320, 326, 344, 440, "#6d4526")
    on.box(150, 268, 196, 300, "#f1f1ec")
    on.round(260, 288, 16, "#4f7fa3", 13)
    on.box(480, 300, 520, 392, "#2f7d4f")
    on.box(484, 312, 516, 330, "#f4f4ee")
    on.shape([(420, 440), (700, 440), (730, 520), (390, 520)], "#8d5d36")
    for x in (408, 700):
        on.box(x, 520, x + 14, 590, "#6d4526")
    on.box(520, 424, 600, 440, "#d9534a")


def _kitchen(on: Sketch) -> None:
    _inside(on)
    on.box(0, 320, 520, 440, "#e9e9e5")
    for x in range(0, 520, 52):
        for y in (320, 360, 400):
            on.line([(x, y), (x + 52, y)], "#c3cac6", 1.5)
        on.line([(x, 320), (x, 440)], "#c3cac6", 1.5)
    on.box(0, 304, 528, 322, "#6f7780")
    for x in (110, 300):
        on.round(x, 304, 70, "#3a3d40", 14)
        on.round(x, 300, 58, "#23262a", 9)
    on.box(30, 90, 420, 220, "#a9784c")
    for x in (36, 166, 296):
        on.box(x, 98, x + 118, 212, "#bd8a59")
        on.round(x + 104, 156, 4, "#5d4129")
    for n in range(6):
        on.round(450, 290 - n * 7, 34 - n, ("#f4f4f0", "#cfdbe2")[n % 2], 7)
    on.box(560, 330, 760, 520, "#d9dee2")
    on.box(568, 338, 752, 420, "#c8ced3")
    on.box(568, 428, 752, 512, "#c8ced3")


def _visit(on: Sketch) -> None:
    _inside(on)
    on.box(90, 80, 230, 200, "#f4f4ee")
    on.box(98, 88, 222, 112, "#c8322b")
    for y in range(124, 194, 14):
        on.line([(108, y), (212, y)], "#8a8f94", 3)
    _person(on, 250, 470, "#3f6ea5", 1.35, seated=True)
    _person(on, 520, 470, ("#8a5a4b", "#7c6a8f")[on.shade % 2], 1.35, seated=True)
    if on.shade % 2:
        _person(on, 680, 500, "#4e7d4a", 1.2)
    on.shape([(270, 420), (500, 420), (540, 500), (230, 500)], "#8d5d36")
    on.box(246, 500, 262, 586, "#6d4526")
    on.box(508, 500, 524, 586, "#6d4526")
    on.shape([(340, 440), (402, 436), (408, 470), (342, 474)], "#f7f5ee")
    on.shape([(404, 436), (466, 440), (468, 474), (410, 470)], "#efece2")
    on.round(300, 452, 12, "#4f7fa3", 9)


def _tap(on: Sketch) -> None:
    on.box(0, 0, 800, 600, "#dfe6e4")
    for x in range(0, 801, 80):
        on.line([(x, 0), (x, 430)], "#bfcac7", 2)
    for y in range(30, 431, 80):
        on.line([(0, y), (800, y)], "#bfcac7", 2)
    on.box(100, 430, 700, 600, "#9aa3a5")
    on.box(140, 452, 660, 600, "#c3cacb")
    on.line([(400, 60), (400, 190), (470, 190), (470, 240)], "#aeb6ba", 26)
    on.box(372, 40, 428, 66, "#7f898e")
    on.round(400, 178, 24, "#2f6fa8")
    on.box(464, 250, 476, 500, "#bfe0ef")
    on.round(470, 506, 96, "#6f9fb8", 26)
    on.round(470, 500, 84, "#a9d3e4", 18)


def _road(on: Sketch) -> None:
    _outside(on, "#93a868")
    bend = [(y, 400 + 110 * sin((y - 330) / 95)) for y in range(335, 606, 6)]
    left = [(x - (y - 315) * 0.62, y) for y, x in bend]
    right = [(x + (y - 315) * 0.62, y) for y, x in bend]
    on.shape([*left, *reversed(right)], "#d4d2cc")
    on.line(left, "#f2f0ea", 4)
    on.line(right, "#f2f0ea", 4)
    for x, y, size in ((120, 420, 90), (250, 365, 50), (690, 400, 75), (610, 360, 44), (60, 560, 150)):
        _tree(on, x, y, size)
    for x, y, high in ((240, 430, 120), (640, 500, 190)):
        on.line([(x, y), (x, y - high), (x + high * 0.3, y - high - 4)], "#5c666d", 4)
        on.shape(
            [(x - 16, y - high + 6), (x + 14, y - high - 14), (x + 16, y - high - 6), (x - 12, y - high + 14)],
            "#2d4a74",
        )
        on.round(x + high * 0.3, y - high, 7, "#fff6cf")


_SCENES: dict[str, Callable[[Sketch], None]] = {
    "house": _house,
    "yard_before": _yard_before,
    "yard_after": _yard_after,
    "field": _field,
    "orchard": _orchard,
    "pond": _pond,
    "shed": _shed,
    "room": _room,
    "kitchen": _kitchen,
    "visit": _visit,
    "tap": _tap,
    "road": _road,
}
