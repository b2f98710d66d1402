"""What is drawn on one page, in points from its lower left corner, on reportlab's canvas."""

import math
from collections.abc import Iterable
from typing import Any

from app.archive.paper import Style
from app.archive.pdf import Jpeg, PdfFile
from app.archive.typesetting import Line, Lines, Run, fit

_WATERMARK = 0.9  # how light it is
_RISE = 0.12  # of the size: how far the em box goes below the base line


class Pen:
    """Shades lie under pictures, pictures under lines, lines under text, whatever is drawn first.

    Shades go to the canvas at once, the rest when the page is finished. A file has one unfinished page at a time.
    """

    def __init__(self, file: PdfFile, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._file, self._canvas = file, file.canvas
        self._pictures: list[tuple[str, float, float, float, float, float, float]] = []
        self._lines: dict[float, dict[tuple[float, float, float, float], None]] = {}
        self._paths: dict[float, Any] = {}
        self._texts: list[str] = []
        self._font = ("", 0.0, 0.0, 0.0)
        self._canvas.setPageSize((width, height))
        self._canvas.saveState()

    def finish(self) -> None:
        """End the page."""
        canvas = self._canvas
        canvas.restoreState()
        for name, *placed in self._pictures:
            canvas.saveState()
            canvas.transform(*placed)
            canvas.doForm(name)
            canvas.restoreState()
        for weight, lines in self._lines.items():
            canvas.setLineWidth(weight)
            canvas.lines(lines)
        for weight, path in self._paths.items():
            canvas.setLineWidth(weight)
            canvas.drawPath(path)
        if self._texts:
            canvas.addLiteral("\n".join(["BT", *self._texts, "ET"]))
        canvas.showPage()

    def runs(self, x: float, y: float, runs: tuple[Run, ...], size: float, spacing: float = 0, grey: float = 0) -> None:
        """One line's runs from x on, the base line at y; `spacing` is added after each character."""
        place = f"1 0 0 1 {x:.2f} {y:.2f} Tm"
        for name, text in runs:
            font = self._file.font(name)
            setting = (font.name, size, spacing, grey)
            if setting != self._font:
                self._set(setting)
            codes = "".join(map(font.codes.__getitem__, text))
            self._texts.append(f"{place} <{codes}> Tj")
            place = ""

    def _set(self, setting: tuple[str, float, float, float]) -> None:
        name, size, spacing, grey = setting
        before = self._font
        self._font = setting
        said = f"/{name} {size:g} Tf" if (name, size) != before[:2] else ""
        said += f" {spacing:.3f} Tc" if spacing != before[2] else ""
        said += f" {grey:g} g" if grey != before[3] else ""
        self._texts.append(said)

    def lines(self, x: float, y: float, width: float, lines: Lines, grey: float = 0) -> None:
        """A set text in a column of `width` whose upper left corner is (x, y)."""
        style = lines.style
        base = y - (style.pitch - style.size) / 2 - (1 - _RISE) * style.size
        for line in lines.lines:
            if line.runs:
                shift, spacing = _placed(line, style, width)
                self.runs(x + shift, base, line.runs, style.size, spacing, grey)
            base -= style.pitch

    def text(self, x: float, y: float, width: float, text: str, style: Style, grey: float = 0) -> float:
        """Set and draw a text; returns its height."""
        lines = fit(text, style, width)
        self.lines(x, y, width, lines, grey)
        return lines.height

    def sideways(self, x: float, y: float, text: str, style: Style, align: str, grey: float = 0) -> None:
        """One line that runs downwards, as read when the sheet is turned upright.

        Its base line is at x; it begins (align "left") or ends ("right") at y.
        """
        (line,) = fit(text, style, 10_000).lines
        at = y + line.width if align == "right" else y
        for name, piece in line.runs:
            font = self._file.font(name)
            self._set((font.name, style.size, 0, grey))
            self._texts.append(f"0 -1 1 0 {x:.2f} {at:.2f} Tm <{''.join(map(font.codes.__getitem__, piece))}> Tj")
            at -= fit(piece, style, 10_000).width

    def watermark(self, text: str) -> None:
        """A large grey text across the page, under everything that is drawn after it: no transparency."""
        style = Style("song_bold", min(self.width, self.height) / len(text) * 0.62, 0)
        (line,) = fit(text, style, 10_000).lines
        slope = math.hypot(self.width, self.height)
        cos, sin = self.width / slope, self.height / slope
        x = self.width / 2 - line.width / 2 * cos + style.size / 3 * sin
        y = self.height / 2 - line.width / 2 * sin - style.size / 3 * cos
        said = [f"q BT {_WATERMARK:g} g {cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.2f} {y:.2f} Tm"]
        for name, piece in line.runs:
            font = self._file.font(name)
            said.append(f"/{font.name} {style.size:g} Tf <{''.join(map(font.codes.__getitem__, piece))}> Tj")
        self._canvas.addLiteral(" ".join([*said, "ET Q"]))

    def line(self, x1: float, y1: float, x2: float, y2: float, weight: float = 0.5) -> None:
        """A line; neighbouring cells draw theirs both, it is printed once."""
        self._lines.setdefault(weight, {})[x1, y1, x2, y2] = None

    def edges(self, left: float, bottom: float, right: float, top: float, weight: float = 0.5) -> None:
        """The four lines around a cell."""
        lines = self._lines.setdefault(weight, {})
        lines[left, top, right, top] = lines[left, bottom, right, bottom] = None
        lines[left, top, left, bottom] = lines[right, top, right, bottom] = None

    def polyline(self, points: list[tuple[float, float]], weight: float = 1.2) -> None:
        """One bent line through all points."""
        path = self._path(weight)
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)

    def box(self, x: float, y: float, width: float, height: float, weight: float = 0.6) -> None:
        """A frame; (x, y) is its lower left corner, as for `shade` and `picture`."""
        self._path(weight).rect(x, y, width, height)

    def _path(self, weight: float) -> Any:
        if weight not in self._paths:
            self._paths[weight] = self._canvas.beginPath()
        return self._paths[weight]

    def rule(self, x1: float, y1: float, x2: float, y2: float, grey: float = 0.75) -> None:
        """A thin grey line under everything else."""
        self._canvas.setStrokeGray(grey)
        self._canvas.setLineWidth(0.4)
        self._canvas.line(x1, y1, x2, y2)

    def dashes(self, x: float, y: float, width: float, height: float, grey: float = 0.6) -> None:
        """A grey frame of dashes: a place that is kept clear for a seal, a print or a number."""
        self._canvas.setStrokeGray(grey)
        self._canvas.setLineWidth(0.5)
        self._canvas.setDash(2, 2)
        self._canvas.rect(x, y, width, height)
        self._canvas.setDash()

    def shade(self, x: float, y: float, width: float, height: float, grey: float = 0.94) -> None:
        self._canvas.setFillGray(grey)
        self._canvas.rect(x, y, width, height, stroke=0, fill=1)

    def ink(self, boxes: Iterable[tuple[float, float, float, float]]) -> None:
        """Black boxes (x, y, width, height), under everything else."""
        drawn = "\n".join(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re" for x, y, width, height in boxes)
        self._canvas.addLiteral(f"q 0 g\n{drawn}\nf Q")

    def tick(self, x: float, y: float, side: float, chosen: bool) -> None:
        """A square to tick, drawn, because fonts may lack the sign."""
        self.box(x, y, side, side, 0.7)
        if chosen:
            self.polyline(
                [
                    (x + 0.16 * side, y + 0.5 * side),
                    (x + 0.42 * side, y + 0.2 * side),
                    (x + 0.88 * side, y + 0.86 * side),
                ],
                1.3,
            )

    def picture(self, picture: Jpeg, x: float, y: float, width: float, height: float) -> None:
        self._pictures.append((self._file.picture(picture), width, 0, 0, height, x, y))


def _placed(line: Line, style: Style, width: float) -> tuple[float, float]:
    """How far a line is moved to the right, and what is added after each of its characters."""
    free = width - line.width
    if style.align == "center":
        return free / 2, 0.0
    if style.align == "right":
        return free, 0.0
    many = sum(len(text) for _, text in line.runs)
    if style.align == "full" and not line.ends and many > 1 and 0 < free < 2 * style.size:
        return 0.0, free / (many - 1)
    return 0.0, 0.0
