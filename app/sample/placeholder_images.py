"""Simple drawings that stand for photographs in the sample village: no real house and no real person is shown."""

import io
from collections.abc import Callable, Sequence
from math import cos, sin
from random import Random

WIDTH, HEIGHT = 800, 600
_SUPERSAMPLING = 2  # drawn twice as large and brought down, so that edges are smooth
_QUALITY = 82
_WALLS = ("#f2efe6", "#e9dcc3", "#f6f4ef", "#dfd2bb")
_ROOFS = ("#5b6068", "#8c4a3a", "#6d5a4c", "#59636e")

Point = tuple[float, float]


class Drawing:
    """A sheet of 800 × 600 with the few shapes that the scenes need."""

    def __init__(self, shade: int) -> None:
        from PIL import Image, ImageDraw

        self.shade = shade
        self.rng = Random(shade)
        self._image = Image.new("RGB", (WIDTH * _SUPERSAMPLING, HEIGHT * _SUPERSAMPLING), "white")
        self._draw = ImageDraw.Draw(self._image)

    def rectangle(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self._draw.rectangle(
            [left * _SUPERSAMPLING, top * _SUPERSAMPLING, right * _SUPERSAMPLING, bottom * _SUPERSAMPLING], fill=colour
        )

    def polygon(self, points: Sequence[Point], colour: str) -> None:
        self._draw.polygon([(x * _SUPERSAMPLING, y * _SUPERSAMPLING) for x, y in points], fill=colour)

    def ellipse(self, x: float, y: float, radius_x: float, colour: str, radius_y: float = 0) -> None:
        vertical_radius = radius_y or radius_x
        self._draw.ellipse(
            [
                (x - radius_x) * _SUPERSAMPLING,
                (y - vertical_radius) * _SUPERSAMPLING,
                (x + radius_x) * _SUPERSAMPLING,
                (y + vertical_radius) * _SUPERSAMPLING,
            ],
            fill=colour,
        )

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        self._draw.line(
            [(x * _SUPERSAMPLING, y * _SUPERSAMPLING) for x, y in points],
            fill=colour,
            width=int(width * _SUPERSAMPLING),
            joint="curve",
        )

    def gradient(self, top: float, bottom: float, above: str, below: str) -> None:
        """A band whose colour runs from one to the other."""
        from PIL import ImageColor

        first, last = ImageColor.getrgb(above), ImageColor.getrgb(below)
        rows = int((bottom - top) * _SUPERSAMPLING)
        for row in range(rows):
            fraction = row / rows
            colour = tuple(round(a + (b - a) * fraction) for a, b in zip(first, last, strict=True))
            y = top * _SUPERSAMPLING + row
            self._draw.line([(0, y), (WIDTH * _SUPERSAMPLING, y)], fill=colour)

    def jpeg(self) -> bytes:
        out = io.BytesIO()
        self._image.reduce(_SUPERSAMPLING).save(out, "JPEG", quality=_QUALITY, optimize=True)
        return out.getvalue()


def draw_scene(scene: str, shade: int) -> bytes:
    """A JPEG of one scene; `shade` varies its colours and details.

    Raises:
        KeyError: there is no such scene
    """
    drawing = Drawing(shade)
    _SCENES[scene](drawing)
    return drawing.jpeg()


def _landscape(drawing: Drawing, ground: str = "#b9a98a") -> None:
    """Sky, two ranges of hills, and the ground in front."""
    drawing.gradient(0, 330, "#9cc7e8", "#e8f1f4")
    for base, colour, height in ((300, "#8fb0a0", 130), (330, "#6f9a78", 90)):
        slope: list[Point] = [
            (x, base - height * (0.5 + 0.5 * sin(x / 117 + base + drawing.shade))) for x in range(0, 801, 8)
        ]
        drawing.polygon([(0, 420), *slope, (800, 420)], colour)
    drawing.gradient(330, 600, "#93b06c", ground)


def _tree(drawing: Drawing, x: float, y: float, size: float, leaves: str = "#4e7d4a") -> None:
    drawing.rectangle(x - size * 0.08, y - size * 0.6, x + size * 0.08, y, "#6b4f3a")
    for dx, dy, scale in ((0, -1.0, 0.42), (-0.3, -0.75, 0.34), (0.3, -0.75, 0.34)):
        drawing.ellipse(x + dx * size, y + dy * size, scale * size, leaves)


def _person(drawing: Drawing, x: float, y: float, coat: str, size: float = 1, *, seated: bool = False) -> None:
    """A figure from behind or afar, without a face; `y` is where the feet or the seat are."""
    legs = 30 if seated else 78
    drawing.rectangle(x - 17 * size, y - legs * size, x - 3 * size, y, "#39424e")
    drawing.rectangle(x + 3 * size, y - legs * size, x + 17 * size, y, "#39424e")
    drawing.ellipse(x, y - (legs + 40) * size, 29 * size, coat, 48 * size)
    drawing.rectangle(x - 28 * size, y - (legs + 34) * size, x + 28 * size, y - (legs - 10) * size, coat)
    drawing.ellipse(x, y - (legs + 98) * size, 19 * size, "#e2bf9c")
    drawing.ellipse(x, y - (legs + 106) * size, 20 * size, "#2c2a29", 14 * size)


def _building(drawing: Drawing, left: float, top: float, right: float, bottom: float) -> None:
    """A house of one floor: wall, plinth, roof with tiles, door with couplets, windows."""
    wall, roof = _WALLS[drawing.shade % 4], _ROOFS[drawing.shade % 4]
    drawing.rectangle(left, top, right, bottom, wall)
    drawing.rectangle(left, bottom - 26, right, bottom, "#a9a49a")
    drawing.polygon([(left - 28, top + 8), (left + 40, top - 78), (right - 40, top - 78), (right + 28, top + 8)], roof)
    for tile in range(int(left) + 42, int(right) - 40, 14):
        drawing.line([(tile, top - 76), (tile + (tile - (left + right) / 2) * 0.14, top + 6)], "#4a4f55", 1)
    middle = (left + right) / 2
    drawing.rectangle(middle - 36, bottom - 128, middle + 36, bottom, "#7a4b33")
    drawing.line([(middle, bottom - 126), (middle, bottom)], "#4d2e1f", 2)
    for x in (middle - 50, middle + 42):
        drawing.rectangle(x, bottom - 124, x + 8, bottom - 20, "#c8322b")
    drawing.rectangle(middle - 34, bottom - 142, middle + 34, bottom - 132, "#c8322b")
    for x in (left + 36, right - 106):
        drawing.rectangle(x, top + 44, x + 70, top + 104, "#f7f7f5")
        drawing.rectangle(x + 4, top + 48, x + 33, top + 100, "#8fb3c4")
        drawing.rectangle(x + 37, top + 48, x + 66, top + 100, "#8fb3c4")


def _house(drawing: Drawing) -> None:
    _landscape(drawing, "#c3b79d")
    _tree(drawing, 80, 430, 130)
    _tree(drawing, 742, 420, 105, "#5d8f50")
    _building(drawing, 170, 250, 640, 430)
    drawing.polygon([(330, 432), (480, 432), (600, 600), (200, 600)], "#cfcabf")
    for n in range(5):
        drawing.ellipse(120 + n * 16, 462 + n % 2 * 8, 10, ("#d95f5f", "#e7b84b", "#c96fae")[n % 3])


def _yard(drawing: Drawing) -> None:
    _landscape(drawing, "#c9bda4")
    _building(drawing, 60, 220, 520, 420)
    drawing.polygon([(0, 440), (800, 430), (800, 600), (0, 600)], "#cdc7ba")


def _yard_before(drawing: Drawing) -> None:
    _yard(drawing)
    for _ in range(46):
        x, y = drawing.rng.randrange(80, 480), drawing.rng.randrange(430, 520)
        length = drawing.rng.randrange(30, 80)
        angle = drawing.rng.uniform(-0.5, 0.5)
        colour = drawing.rng.choice(("#8a6a45", "#75583a", "#9b7c53"))
        drawing.line([(x, y), (x + length * cos(angle), y + length * sin(angle))], colour, 5)
    for _ in range(34):
        x, y = drawing.rng.randrange(30, 780), drawing.rng.randrange(450, 590)
        drawing.ellipse(
            x, y, drawing.rng.randrange(4, 12), drawing.rng.choice(("#e9e9e4", "#5b7fa6", "#b8453c", "#d8d1c2")), 5
        )
    drawing.ellipse(640, 520, 90, "#7d8a86", 22)
    drawing.line([(520, 300), (790, 262)], "#3b3b3b", 2)
    for n, colour in enumerate(("#5b6f92", "#a8584f", "#c8b34e")):
        drawing.rectangle(565 + n * 70, 293 - n * 10, 610 + n * 70, 352 - n * 10, colour)


def _yard_after(drawing: Drawing) -> None:
    _yard(drawing)
    drawing.rectangle(570, 300, 770, 420, "#8b7c66")
    drawing.polygon([(552, 306), (668, 246), (788, 306)], "#6d5a4c")
    for row in range(5):
        for x in range(592, 756, 14):
            drawing.ellipse(x, 404 - row * 15, 7, ("#a9855a", "#8f6d47")[(x + row) % 2])
    for x, colour in ((536, "#2f7d4f"), (536 + 36, "#35618f")):
        drawing.rectangle(x - 14, 420, x + 14, 468, colour)
        drawing.rectangle(x - 17, 412, x + 17, 421, "#2b3b33")
    for n in range(11):
        drawing.ellipse(70 + n * 22, 452 + n % 2 * 6, 11, ("#d95f5f", "#e7b84b", "#c96fae", "#f3f0ea")[n % 4])
        drawing.ellipse(70 + n * 22, 466 + n % 2 * 6, 10, "#4e7d4a", 6)


def _field(drawing: Drawing) -> None:
    """Terraces of tea."""
    _landscape(drawing, "#5f8a4a")
    for row in range(9):
        y = 345 + row * row * 3.4
        height = 9 + row * 2.6
        for x in range(-20, 840, 22):
            green = ("#3f7a3c", "#4a8a45", "#36702f")[(x // 22 + row) % 3]
            drawing.ellipse(x + row * 7, y + 12 * sin(x / 140 + row / 2), 15 + row * 1.6, green, height)
    _person(drawing, 300, 470, "#b4463f", 0.8)
    _person(drawing, 520, 500, "#3f6ea5", 0.85)
    drawing.ellipse(300, 400, 32, "#d9c28a", 9)


def _orchard(drawing: Drawing) -> None:
    _landscape(drawing, "#a8b573")
    for y, size, step in ((385, 70, 130), (455, 105, 190), (560, 150, 265)):
        for x in range(40 + (y % 3) * 25, 830, step):
            _tree(drawing, x, y, size, "#5c9150")
            for _ in range(14):
                dx, dy = drawing.rng.uniform(-0.5, 0.5), drawing.rng.uniform(-1.25, -0.6)
                drawing.ellipse(
                    x + dx * size, y + dy * size, size * 0.05, drawing.rng.choice(("#e8837a", "#f0a08f", "#dd6a63"))
                )
    for x in (250, 300, 350):
        drawing.rectangle(x, 560, x + 44, 590, "#b98a52")
        for n in range(4):
            drawing.ellipse(x + 8 + n * 10, 560, 7, "#e8837a")


def _pond(drawing: Drawing) -> None:
    _landscape(drawing, "#7f9a63")
    drawing.ellipse(400, 470, 390, "#6fa3b0", 108)
    drawing.ellipse(400, 474, 372, "#88b9c3", 96)
    for _ in range(26):
        x, y = drawing.rng.randrange(110, 690), drawing.rng.randrange(400, 545)
        drawing.line([(x, y), (x + drawing.rng.randrange(20, 60), y)], "#b5d6dc", 2)
    for n in range(9):
        x, y = 230 + n * 43, 430 + (n * 37) % 90
        drawing.ellipse(x, y, 13, "#49697a", 5)
        drawing.polygon([(x - 12, y), (x - 22, y - 6), (x - 22, y + 6)], "#49697a")
    for x in (40, 120, 690, 764):
        _tree(drawing, x, 430, 80, "#477a45")
    _person(drawing, 620, 560, "#54606e", 0.9)
    drawing.line([(640, 470), (560, 430), (520, 452)], "#5d4a35", 3)


def _shed(drawing: Drawing) -> None:
    drawing.gradient(0, 600, "#d8d6cf", "#b9b2a4")
    drawing.polygon([(0, 0), (800, 0), (800, 70), (0, 120)], "#73655a")
    drawing.rectangle(0, 520, 800, 600, "#a39b8d")
    for x in range(20, 800, 195):
        drawing.rectangle(x, 250, x + 180, 540, "#c9c0ae")
        drawing.rectangle(x + 6, 262, x + 174, 534, "#9a8f7d")
        for n in range(3):
            px, py = x + 50 + (n * 47) % 90, 420 + n * 42
            drawing.ellipse(px, py, 38, "#2e2b2b", 22)
            drawing.ellipse(px + 36, py - 6, 16, "#2e2b2b", 14)
            drawing.ellipse(px + 49, py - 4, 6, "#8d6a66", 7)
            drawing.polygon([(px + 28, py - 16), (px + 34, py - 30), (px + 42, py - 16)], "#2e2b2b")
        for y in range(380, 530, 24):
            drawing.line([(x, y), (x + 180, y)], "#6d737a", 4)
    for x in (150, 420, 690):
        drawing.ellipse(x, 150, 26, "#f7eebd")
        drawing.ellipse(x, 150, 14, "#fffbe6")


def _interior(drawing: Drawing) -> None:
    """A room: wall with a coloured skirting, floor of tiles, a window."""
    drawing.rectangle(0, 0, 800, 420, ("#efe9dc", "#e8ecec")[drawing.shade % 2])
    drawing.rectangle(0, 340, 800, 420, ("#cfd9cf", "#d7d0c2")[drawing.shade % 2])
    drawing.gradient(420, 600, "#b9aa95", "#d5c8b4")
    for x in range(-400, 1300, 100):
        drawing.line([(x, 600), (400 + (x - 400) * 0.45, 420)], "#a89a86", 1.5)
    for y in (450, 495, 550):
        drawing.line([(0, y), (800, y)], "#a89a86", 1.5)
    drawing.rectangle(560, 90, 740, 260, "#f8f8f6")
    drawing.rectangle(568, 98, 646, 252, "#bcdcec")
    drawing.rectangle(654, 98, 732, 252, "#c9e4ef")


def _room(drawing: Drawing) -> None:
    _interior(drawing)
    drawing.rectangle(90, 70, 300, 230, "#c8322b")
    drawing.rectangle(102, 82, 288, 218, "#e7c266")
    drawing.ellipse(195, 150, 52, "#c8322b")
    drawing.rectangle(60, 300, 360, 326, "#84552f")
    drawing.rectangle(76, 326, 100, 440, "#6d4526")
    drawing.rectangle(320, 326, 344, 440, "#6d4526")
    drawing.rectangle(150, 268, 196, 300, "#f1f1ec")
    drawing.ellipse(260, 288, 16, "#4f7fa3", 13)
    drawing.rectangle(480, 300, 520, 392, "#2f7d4f")
    drawing.rectangle(484, 312, 516, 330, "#f4f4ee")
    drawing.polygon([(420, 440), (700, 440), (730, 520), (390, 520)], "#8d5d36")
    for x in (408, 700):
        drawing.rectangle(x, 520, x + 14, 590, "#6d4526")
    drawing.rectangle(520, 424, 600, 440, "#d9534a")


def _kitchen(drawing: Drawing) -> None:
    _interior(drawing)
    drawing.rectangle(0, 320, 520, 440, "#e9e9e5")
    for x in range(0, 520, 52):
        for y in (320, 360, 400):
            drawing.line([(x, y), (x + 52, y)], "#c3cac6", 1.5)
        drawing.line([(x, 320), (x, 440)], "#c3cac6", 1.5)
    drawing.rectangle(0, 304, 528, 322, "#6f7780")
    for x in (110, 300):
        drawing.ellipse(x, 304, 70, "#3a3d40", 14)
        drawing.ellipse(x, 300, 58, "#23262a", 9)
    drawing.rectangle(30, 90, 420, 220, "#a9784c")
    for x in (36, 166, 296):
        drawing.rectangle(x, 98, x + 118, 212, "#bd8a59")
        drawing.ellipse(x + 104, 156, 4, "#5d4129")
    for n in range(6):
        drawing.ellipse(450, 290 - n * 7, 34 - n, ("#f4f4f0", "#cfdbe2")[n % 2], 7)
    drawing.rectangle(560, 330, 760, 520, "#d9dee2")
    drawing.rectangle(568, 338, 752, 420, "#c8ced3")
    drawing.rectangle(568, 428, 752, 512, "#c8ced3")


def _visit(drawing: Drawing) -> None:
    _interior(drawing)
    drawing.rectangle(90, 80, 230, 200, "#f4f4ee")
    drawing.rectangle(98, 88, 222, 112, "#c8322b")
    for y in range(124, 194, 14):
        drawing.line([(108, y), (212, y)], "#8a8f94", 3)
    _person(drawing, 250, 470, "#3f6ea5", 1.35, seated=True)
    _person(drawing, 520, 470, ("#8a5a4b", "#7c6a8f")[drawing.shade % 2], 1.35, seated=True)
    if drawing.shade % 2:
        _person(drawing, 680, 500, "#4e7d4a", 1.2)
    drawing.polygon([(270, 420), (500, 420), (540, 500), (230, 500)], "#8d5d36")
    drawing.rectangle(246, 500, 262, 586, "#6d4526")
    drawing.rectangle(508, 500, 524, 586, "#6d4526")
    drawing.polygon([(340, 440), (402, 436), (408, 470), (342, 474)], "#f7f5ee")
    drawing.polygon([(404, 436), (466, 440), (468, 474), (410, 470)], "#efece2")
    drawing.ellipse(300, 452, 12, "#4f7fa3", 9)


def _tap(drawing: Drawing) -> None:
    drawing.rectangle(0, 0, 800, 600, "#dfe6e4")
    for x in range(0, 801, 80):
        drawing.line([(x, 0), (x, 430)], "#bfcac7", 2)
    for y in range(30, 431, 80):
        drawing.line([(0, y), (800, y)], "#bfcac7", 2)
    drawing.rectangle(100, 430, 700, 600, "#9aa3a5")
    drawing.rectangle(140, 452, 660, 600, "#c3cacb")
    drawing.line([(400, 60), (400, 190), (470, 190), (470, 240)], "#aeb6ba", 26)
    drawing.rectangle(372, 40, 428, 66, "#7f898e")
    drawing.ellipse(400, 178, 24, "#2f6fa8")
    drawing.rectangle(464, 250, 476, 500, "#bfe0ef")
    drawing.ellipse(470, 506, 96, "#6f9fb8", 26)
    drawing.ellipse(470, 500, 84, "#a9d3e4", 18)


def _road(drawing: Drawing) -> None:
    _landscape(drawing, "#93a868")
    bend = [(y, 400 + 110 * sin((y - 330) / 95)) for y in range(335, 606, 6)]
    left = [(x - (y - 315) * 0.62, y) for y, x in bend]
    right = [(x + (y - 315) * 0.62, y) for y, x in bend]
    drawing.polygon([*left, *reversed(right)], "#d4d2cc")
    drawing.line(left, "#f2f0ea", 4)
    drawing.line(right, "#f2f0ea", 4)
    for x, y, size in ((120, 420, 90), (250, 365, 50), (690, 400, 75), (610, 360, 44), (60, 560, 150)):
        _tree(drawing, x, y, size)
    for x, y, height in ((240, 430, 120), (640, 500, 190)):
        drawing.line([(x, y), (x, y - height), (x + height * 0.3, y - height - 4)], "#5c666d", 4)
        drawing.polygon(
            [(x - 16, y - height + 6), (x + 14, y - height - 14), (x + 16, y - height - 6), (x - 12, y - height + 14)],
            "#2d4a74",
        )
        drawing.ellipse(x + height * 0.3, y - height, 7, "#fff6cf")


def _paper(drawing: Drawing) -> None:
    """A page with a title, lines of writing and a seal, of which nothing can be read."""
    drawing.rectangle(0, 0, WIDTH, HEIGHT, "#fbfaf6")
    drawing.rectangle(290, 50, 510, 74, "#333333")
    for y in range(130, 500, 32):
        drawing.line([(80, y), (drawing.rng.randrange(520, 720), y)], "#6b6b6b", 5)
    drawing.ellipse(620, 500, 52, "#d9534f")
    drawing.ellipse(620, 500, 44, "#fbfaf6")


_SCENES: dict[str, Callable[[Drawing], None]] = {
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
    "paper": _paper,
}
