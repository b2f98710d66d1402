"""An archive with photographs against what else could have made it, measured in one run.

The floors: reportlab's canvas as it comes, and our own canvas (one font object, isal) where it is
known already what stands where.
"""

import io
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pikepdf
import pytest
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.archive import binder, drawing
from app.archive.catalogue import chosen
from app.archive.pdf import PdfFile
from app.archive.pen import Pen
from app.archive.subject import subject
from app.archive.typesetting import Lines, fit
from app.progress import Progress, Work, finish
from tests.app.archive import filled, reading
from tests.builders import workbook

PARTS = [
    "cover", "contents", "overview", "information", "members", "living", "measures",
    "visits", "income", "photographs",
]  # fmt: skip
MOST = 1.0  # times the canvas as it comes
MOST_OF_OURS = 1.5  # times our canvas without reading and layout
LARGEST = 700_000  # bytes of an archive without its photographs
PHOTOS, ROUNDS = 8, 9

Mark = Callable[[Canvas], object]


class Recorder(Pen):
    """A pen that also remembers what was drawn, as calls to a canvas and as calls to a pen."""

    made: list["Recorder"] = []  # noqa: RUF012 - one list for all pages of a run

    def __init__(self, file: PdfFile, width: float, height: float) -> None:
        super().__init__(file, width, height)
        self.marks: list[Mark] = []
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.made.append(self)

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in (
            "lines",
            "line",
            "box",
            "shade",
            "picture",
            "rule",
            "dashes",
            "polyline",
            "edges",
            "ink",
            "watermark",
        ):
            return found

        def call(*given: Any) -> None:
            self.calls.append((name, given))
            found(*given)

        return call

    def runs(self, x: float, y: float, runs: Any, size: float, spacing: float = 0, grey: float = 0) -> None:
        super().runs(x, y, runs, size, spacing, grey)
        for name, text in runs:
            self.marks.append(lambda c, x=x, name=name, text=text: _string(c, x, y, name, text, size, spacing))
            x += size * len(text)

    def line(self, x1: float, y1: float, x2: float, y2: float, weight: float = 0.5) -> None:
        super().line(x1, y1, x2, y2, weight)
        self.marks.append(lambda c: c.line(x1, y1, x2, y2))

    def edges(self, left: float, bottom: float, right: float, top: float, weight: float = 0.5) -> None:
        super().edges(left, bottom, right, top, weight)
        for line in ((left, top, right, top), (left, bottom, right, bottom), (left, top, left, bottom)):
            self.marks.append(lambda c, line=line: c.line(*line))
        self.marks.append(lambda c: c.line(right, top, right, bottom))

    def box(self, x: float, y: float, width: float, height: float, weight: float = 0.6) -> None:
        super().box(x, y, width, height, weight)
        self.marks.append(lambda c: c.rect(x, y, width, height))

    def shade(self, x: float, y: float, width: float, height: float, grey: float = 0.94) -> None:
        super().shade(x, y, width, height, grey)
        self.marks.append(lambda c: c.rect(x, y, width, height, stroke=0, fill=1))

    def picture(self, picture: Any, x: float, y: float, width: float, height: float) -> None:
        super().picture(picture, x, y, width, height)
        self.marks.append(lambda c: c.drawImage(ImageReader(io.BytesIO(picture.data)), x, y, width, height))


def _string(canvas: Canvas, x: float, y: float, name: str, text: str, size: float, spacing: float) -> None:
    canvas.setFont(name, size)
    canvas.drawString(x, y, text, charSpace=spacing or None)


@pytest.fixture
def archive(tmp_path) -> Iterator[tuple[Any, str]]:
    book = workbook(tmp_path)
    with book.writing() as session:
        home = filled.full(session, photos=PHOTOS).id
    yield book, home
    book.close()


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _recorded(book: Any, home: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Recorder], bytes]:
    with monkeypatch.context() as patch:
        patch.setattr(drawing, "Pen", Recorder)
        Recorder.made.clear()
        pdf = finish(binder.preview(book, home, PARTS))
    return list(Recorder.made), pdf


def test_layout_costs_half_of_what_drawing_does(archive, monkeypatch, capsys):
    book, home = archive
    sides, pdf = _recorded(book, home, monkeypatch)

    def floor() -> bytes:
        out = io.BytesIO()
        file = PdfFile(out, "档案", "王书记")
        for side in sides:
            pen = Pen(file, side.width, side.height)
            for name, given in side.calls:
                if name == "lines":
                    _set(pen, *given)
                else:
                    getattr(pen, name)(*given)
            pen.finish()
        file.close()
        return out.getvalue()

    def ours() -> bytes:
        return finish(binder.preview(book, home, PARTS))

    with book.reading() as session:
        made, kept = list(drawing._made(session, home, chosen(PARTS))), subject(session, home)
        session.expunge_all()
    monkeypatch.setattr(drawing, "subject", lambda *_: kept)
    monkeypatch.setattr(drawing, "_made", lambda *_: made)  # the records are read already, and the quality check done
    monkeypatch.setattr(binder, "doubted", _all_doubted)
    assert abs(len(floor()) - len(pdf)) < 0.02 * len(pdf)
    pairs = [(_seconds(ours), _seconds(floor)) for _ in range(2 * ROUNDS)]
    mine, least = (min(times) for times in zip(*pairs, strict=True))  # the least disturbed of each
    with capsys.disabled():
        print(f"\n  layout and drawing {mine * 1000:.0f} ms, our canvas {least * 1000:.0f}, ratio {mine / least:.2f}")
    assert mine <= MOST_OF_OURS * least


def _set(pen: Pen, x: float, y: float, width: float, lines: Lines, grey: float = 0) -> None:
    """Draw a text as a program would that knows where it stands: its lines are still to be broken."""
    text = "\n".join("".join(piece for _, piece in line.runs) for line in lines.lines)
    pen.lines(x, y, width, fit(text, lines.style, width + 0.1), grey)


def _all_doubted(_: object, households: Sequence[str]) -> Work[frozenset[str]]:
    yield Progress(1, 1)
    return frozenset(households)


def test_an_archive_is_small(archive, capsys):
    book, home = archive
    pdf = finish(binder.preview(book, home))
    with pikepdf.open(io.BytesIO(pdf)) as read:
        pictures = {one.objgen: one for page in read.pages for one in page.Resources.get("/XObject", {}).values()}
        photographs = sum(len(one.read_raw_bytes()) for one in pictures.values())
    with capsys.disabled():
        print(f"\n  {(len(pdf) - photographs) / 1024:.0f} KB and {photographs / 1024:.0f} KB of photographs")
    assert len(pdf) - photographs <= LARGEST


def test_an_archive_costs_little_more_than_its_marks(archive, monkeypatch, capsys):
    book, home = archive
    sides, pdf = _recorded(book, home, monkeypatch)

    def floor() -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pageCompression=1)
        for side in sides:
            canvas.setPageSize((side.width, side.height))
            for mark in side.marks:
                mark(canvas)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    def ours() -> bytes:
        return finish(binder.preview(book, home, PARTS))

    assert 15 <= len(sides) <= 17
    assert len(reading.pages(floor())) == len(reading.pages(pdf))
    monkeypatch.setattr(rl_config, "useA85", 0)  # the floor at its best
    pairs = [(_seconds(ours), _seconds(floor)) for _ in range(ROUNDS)]
    mine, least = (statistics.median(times) for times in zip(*pairs, strict=True))
    with capsys.disabled():
        print(
            f"\n  archive of {len(sides)} pages, {PHOTOS} photographs: {mine * 1000:.0f} ms with reading and layout, "
            f"canvas alone {least * 1000:.0f} ms, ratio {mine / least:.2f}; {len(pdf) / 1024:.0f} KB"
        )
    assert mine <= MOST * least
