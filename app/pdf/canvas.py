"""A page being drawn on reportlab's canvas, in points from its lower left corner.

Texts and images belong to the element of the structure that `tag` named last; lines, shading and what is drawn while
none is named are artifacts, which a program that reads a page aloud passes over.
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from app.pdf.document import Jpeg, PdfDocument
from app.pdf.page_style import TextStyle
from app.pdf.ruling import Ruling, in_points, joined_rects
from app.pdf.structure import Element, text_entry
from app.pdf.text_layout import TextBlock, TextLine, TextRun, break_lines

_WATERMARK_GRAY = 0.9  # 0 is black, 1 white
_ARTIFACT, _END = "/Artifact BMC", "EMC"
_DESCENT = 0.12  # of the font size: how far the em box extends below the baseline


class PageCanvas:
    """One page. Whatever the order of the calls, shading lies under images, images under lines, and lines under text.

    Watermark, thin and dashed lines go to reportlab's canvas at once, the rest when the page is finished. A file has
    one unfinished page at a time.
    """

    def __init__(self, document: PdfDocument, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._document, self._canvas = document, document.canvas
        self._images: list[tuple[str, tuple[float, float, float, float, float, float], Element | None]] = []
        self._shades: dict[float, list[tuple[float, float, float, float]]] = {}
        self._rulings: dict[float, Ruling] = {}
        self._paths: dict[float, Any] = {}
        self._text_operators: list[str] = []
        self._text_origin: tuple[int, int] | None = (0, 0)  # of the line before, in hundredths of a point
        self._text_state = ("", 0.0, 0.0, 0.0)
        self._element: Element | None = None
        self._draws_artifacts = False
        self._marked: Element | str | None = ""  # what the last text belongs to: "" before the first, None an artifact
        self._canvas.setPageSize((width, height))
        self._canvas.saveState()
        self._canvas.addLiteral(_ARTIFACT)

    def finish(self) -> None:
        """End the page."""
        canvas = self._canvas
        for gray, rects in self._shades.items():
            canvas.addLiteral("\n".join([f"{gray:g} g", *joined_rects(rects), "f"]))
        canvas.addLiteral(_END)
        canvas.restoreState()
        for name, matrix, element in self._images:
            canvas.addLiteral(self._beginning(element))
            canvas.saveState()
            canvas.transform(*matrix)
            canvas.doForm(name)
            canvas.restoreState()
            canvas.addLiteral(_END)
        self._draw_lines()
        if self._text_operators:
            canvas.addLiteral("\n".join(["BT", *self._text_operators, _END, "ET"]))
        canvas.showPage()

    def _draw_lines(self) -> None:
        canvas = self._canvas
        if not self._rulings and not self._paths:
            return
        canvas.addLiteral(_ARTIFACT)
        for weight, ruling in self._rulings.items():
            canvas.addLiteral("\n".join([f"{weight:g} w", *ruling.operators(), "S"]))
        for weight, path in self._paths.items():
            canvas.setLineWidth(weight)
            canvas.drawPath(path)
        canvas.addLiteral(_END)

    def tag(self, element: Element | None) -> None:
        """Name the element that what is drawn next belongs to; None for what belongs to none."""
        self._element = None if self._draws_artifacts else element

    def attach(self, element: Element) -> None:
        """Give an element its place in the structure, whether or not anything of it is drawn: an empty cell."""
        if not self._draws_artifacts:
            self._document.structure.attach(element)

    @contextmanager
    def artifacts(self) -> Iterator[None]:
        """What is drawn within belongs to no element, whatever it says: the header of a table on a further page."""
        self._draws_artifacts, element = True, self._element
        self._element = None
        yield
        self._draws_artifacts, self._element = False, element

    def _beginning(self, element: Element | None) -> str:
        if element is None:
            return _ARTIFACT
        return f"/{element.kind} <</MCID {self._document.structure.add_content(element)}>> BDC"

    def _mark(self) -> None:
        """Begin the content of the element, unless the text before belongs to it too."""
        if self._element is self._marked:
            return
        if self._marked != "":
            self._text_operators.append(_END)
        self._marked = self._element
        self._text_operators.append(self._beginning(self._element))

    def draw_runs(
        self, x: float, y: float, runs: tuple[TextRun, ...], size: float, spacing: float = 0, gray: float = 0
    ) -> None:
        """Draw the runs of one line from x on, with the baseline at y; `spacing` is added after each character."""
        self._mark()
        position = self._move_to(round(100 * x), round(100 * y))
        for name, text in runs:
            font = self._document.font(name)
            text_state = (font.name, size, spacing, gray)
            if text_state != self._text_state:
                self._set_text_state(text_state)
            codes = "".join(map(font.codes.__getitem__, text))
            self._text_operators.append(f"{position} <{codes}> Tj")
            position = ""

    def _move_to(self, x: int, y: int) -> str:
        """The operator that begins a line at a place in hundredths of a point: told from where the line before began,
        because rows and columns of a table are alike in that, and deflate well."""
        origin, self._text_origin = self._text_origin, (x, y)
        if origin is None:  # the line before was turned
            return f"1 0 0 1 {in_points(x)} {in_points(y)} Tm"
        return f"{in_points(x - origin[0])} {in_points(y - origin[1])} Td"

    def _set_text_state(self, text_state: tuple[str, float, float, float]) -> None:
        name, size, spacing, gray = text_state
        previous = self._text_state
        self._text_state = text_state
        operators = f"/{name} {size:g} Tf" if (name, size) != previous[:2] else ""
        operators += f" {spacing:.3f} Tc" if spacing != previous[2] else ""
        operators += f" {gray:g} g" if gray != previous[3] else ""
        self._text_operators.append(operators)

    def text_block(self, x: float, y: float, width: float, block: TextBlock, gray: float = 0) -> None:
        """Draw a text block in a column of `width` whose upper left corner is (x, y)."""
        style = block.style
        baseline = y - (style.leading - style.size) / 2 - (1 - _DESCENT) * style.size
        for line in block.lines:
            if line.unprintable:
                self._document.note_unprintable(line.unprintable)
            if line.runs:
                shift, spacing = _align_line(line, style, width)
                self.draw_runs(x + shift, baseline, line.runs, style.size, spacing, gray)
            baseline -= style.leading

    def text(self, x: float, y: float, width: float, text: str, style: TextStyle, gray: float = 0) -> float:
        """Lay out and draw a text; returns its height."""
        block = break_lines(text, style, width)
        self.text_block(x, y, width, block, gray)
        return block.height

    def rotated_text(self, x: float, y: float, text: str, style: TextStyle, align: str, gray: float = 0) -> None:
        """Draw one line running downwards, to be read when the sheet is turned upright.

        Its baseline is at x; it starts (align "left"), ends ("right") or has its middle ("center") at y.
        """
        (line,) = break_lines(text, style, 10_000).lines
        if line.unprintable:
            self._document.note_unprintable(line.unprintable)
        self._mark()
        self._text_origin = None
        position = y + {"left": 0, "center": line.width / 2, "right": line.width}[align]
        for name, chunk in line.runs:
            font = self._document.font(name)
            self._set_text_state((font.name, style.size, 0, gray))
            self._text_operators.append(
                f"0 -1 1 0 {x:.2f} {position:.2f} Tm <{''.join(map(font.codes.__getitem__, chunk))}> Tj"
            )
            position -= break_lines(chunk, style, 10_000).width

    def watermark(self, text: str) -> None:
        """Draw a large grey text diagonally across the page, under everything drawn after it, without transparency."""
        style = TextStyle("song_bold", min(self.width, self.height) / len(text) * 0.62, 0)
        (line,) = break_lines(text, style, 10_000).lines
        diagonal = math.hypot(self.width, self.height)
        cos, sin = self.width / diagonal, self.height / diagonal
        x = self.width / 2 - line.width / 2 * cos + style.size / 3 * sin
        y = self.height / 2 - line.width / 2 * sin - style.size / 3 * cos
        operators = [f"q BT {_WATERMARK_GRAY:g} g {cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.2f} {y:.2f} Tm"]
        for name, chunk in line.runs:
            font = self._document.font(name)
            operators.append(f"/{font.name} {style.size:g} Tf <{''.join(map(font.codes.__getitem__, chunk))}> Tj")
        self._canvas.addLiteral(" ".join([*operators, "ET Q"]))

    def line(self, x1: float, y1: float, x2: float, y2: float, weight: float = 0.5) -> None:
        """Draw a line. Neighbouring cells both draw the line they share; it is printed once."""
        self._ruling(weight).add_line(x1, y1, x2, y2)

    def cell_border(self, left: float, bottom: float, right: float, top: float, weight: float = 0.5) -> None:
        """Draw the four lines around a cell."""
        self._ruling(weight).add_cell(left, bottom, right, top)

    def _ruling(self, weight: float) -> Ruling:
        if weight not in self._rulings:
            self._rulings[weight] = Ruling()
        return self._rulings[weight]

    def polyline(self, points: list[tuple[float, float]], weight: float = 1.2) -> None:
        """Draw one connected line through all points."""
        path = self._path(weight)
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)

    def outline_rect(self, x: float, y: float, width: float, height: float, weight: float = 0.6) -> None:
        """Draw a frame whose lower left corner is (x, y), as for `shade` and `image`."""
        self._path(weight).rect(x, y, width, height)

    def _path(self, weight: float) -> Any:
        if weight not in self._paths:
            self._paths[weight] = self._canvas.beginPath()
        return self._paths[weight]

    def hairline(self, x1: float, y1: float, x2: float, y2: float, gray: float = 0.75) -> None:
        """Draw a thin grey line under everything else."""
        self._canvas.setStrokeGray(gray)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(x1, y1, x2, y2)

    def dashed_rect(self, x: float, y: float, width: float, height: float, gray: float = 0.6) -> None:
        """Draw a dashed grey frame: space to be left clear for a seal, a fingerprint or a number."""
        self._canvas.setStrokeGray(gray)
        self._canvas.setLineWidth(0.5)
        self._canvas.setDash(2, 2)
        self._canvas.rect(x, y, width, height)
        self._canvas.setDash()

    def shade(self, x: float, y: float, width: float, height: float, gray: float = 0.94) -> None:
        """Fill a rectangle with grey, under all but the watermark."""
        self._shades.setdefault(gray, []).append((x, y, width, height))

    def fill_rects(self, rects: Iterable[tuple[float, float, float, float]]) -> None:
        """Draw black rectangles (x, y, width, height) under everything else."""
        operators = "\n".join(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re" for x, y, width, height in rects)
        self._canvas.addLiteral(f"q 0 g\n{operators}\nf Q")

    def checkbox(self, x: float, y: float, side: float, checked: bool) -> None:
        """Draw a checkbox as lines, because a font may lack the character."""
        self.outline_rect(x, y, side, side, 0.7)
        if checked:
            self.polyline(
                [
                    (x + 0.16 * side, y + 0.5 * side),
                    (x + 0.42 * side, y + 0.2 * side),
                    (x + 0.88 * side, y + 0.86 * side),
                ],
                1.3,
            )

    def image(self, jpeg: Jpeg, x: float, y: float, width: float, height: float, described: str) -> None:
        """Draw an image; `described`: what it shows, for who does not see it."""
        figure = None
        if not self._draws_artifacts:
            box = f"/A<</O/Layout/Placement/Block/BBox[{x:.2f} {y:.2f} {x + width:.2f} {y + height:.2f}]>>"
            cell = self._element if self._element is not None and self._element.parent is not None else None
            figure = Element("Figure", cell, text_entry("Alt", described) + box)
            self.attach(figure)
        self._images.append((self._document.embed_image(jpeg), (width, 0, 0, height, x, y), figure))


def _align_line(line: TextLine, style: TextStyle, width: float) -> tuple[float, float]:
    """The shift of a line to the right, and the space added after each of its characters."""
    free_width = width - line.width
    if style.align == "center":
        return free_width / 2, 0.0
    if style.align == "right":
        return free_width, 0.0
    characters = sum(len(text) for _, text in line.runs)
    if style.align == "full" and not line.is_last and characters > 1 and 0 < free_width < 2 * style.size:
        return 0.0, free_width / (characters - 1)
    return 0.0, 0.0
