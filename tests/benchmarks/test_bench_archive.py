"""An archive with photographs against what else could have made it, measured in one run.

The floors: reportlab's canvas as it comes, and our own canvas (one font object) where it is known already what stands
where. That of our own canvas is tagged as the archive is: it was not when tags came, so that what is measured as layout
was the writing of a structure that the floor did not have. Tags have a limit of their own against the same archive
without them.
"""

import io
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import cache
from typing import Any

import pikepdf
import pytest
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.pdf import fonts
from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument
from app.pdf.structure import Element
from app.pdf.text_layout import TextBlock, break_lines
from app.printing import archive_job
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview, preview_volume
from app.progress import Progress, Task, run_to_completion
from app.reports import render
from app.reports.catalogue import select_parts
from app.reports.household_context import load_context
from tests import full_household, pdf_reader
from tests.builders import workbook

PARTS = [
    "cover", "contents", "overview", "information", "members", "living", "measures",
    "visits", "income", "photographs",
]  # fmt: skip
MOST = 0.75  # times the canvas as it comes
MOST_OF_OURS = 1.25  # times our canvas without reading and layout
MOST_OF_UNTAGGED, LARGEST_OF_UNTAGGED = 1.25, 1.3  # times the time and the size without tags
VOLUME = 5  # households beside the first
LARGEST = 450 * 1024  # bytes of an archive without its photographs
PHOTOS, ROUNDS = 8, 9

Mark = Callable[[Canvas], object]


_DRAWING = (
    "text_block", "line", "outline_rect", "shade", "image", "hairline", "dashed_rect", "polyline", "cell_border",
    "fill_rects", "watermark", "rotated_text", "attach",
)  # fmt: skip


class Recorder(PageCanvas):
    """A page that also records what was drawn, as calls to reportlab's canvas and as calls to ours."""

    instances: list["Recorder"] = []  # noqa: RUF012 - one list for all pages of a run

    def __init__(self, file: PdfDocument, width: float, height: float) -> None:
        super().__init__(file, width, height)
        self.marks: list[Mark] = []
        self.canvas_calls: list[tuple[str, tuple[Any, ...], Element | None]] = []  # with what was tagged
        self._is_recording = True
        self.instances.append(self)

    def __getattribute__(self, name: str) -> Any:
        attribute = super().__getattribute__(name)
        if name not in _DRAWING:
            return attribute

        def call(*calls: Any) -> None:
            if not self._is_recording:  # part of a call that is recorded
                attribute(*calls)
            elif name != "attach" or not self._draws_artifacts:
                self.canvas_calls.append((name, calls, self._element))
                self._is_recording = False
                attribute(*calls)
                self._is_recording = True

        return call

    def draw_runs(self, x: float, y: float, runs: Any, size: float, spacing: float = 0, grey: float = 0) -> None:
        super().draw_runs(x, y, runs, size, spacing, grey)
        for name, text in runs:
            self.marks.append(lambda c, x=x, name=name, text=text: _string(c, x, y, name, text, size, spacing))
            x += size * len(text)

    def line(self, x1: float, y1: float, x2: float, y2: float, weight: float = 0.5) -> None:
        super().line(x1, y1, x2, y2, weight)
        self.marks.append(lambda c: c.line(x1, y1, x2, y2))

    def cell_border(self, left: float, bottom: float, right: float, top: float, weight: float = 0.5) -> None:
        super().cell_border(left, bottom, right, top, weight)
        for line in ((left, top, right, top), (left, bottom, right, bottom), (left, top, left, bottom)):
            self.marks.append(lambda c, line=line: c.line(*line))
        self.marks.append(lambda c: c.line(right, top, right, bottom))

    def outline_rect(self, x: float, y: float, width: float, height: float, weight: float = 0.6) -> None:
        super().outline_rect(x, y, width, height, weight)
        self.marks.append(lambda c: c.rect(x, y, width, height))

    def shade(self, x: float, y: float, width: float, height: float, grey: float = 0.94) -> None:
        super().shade(x, y, width, height, grey)
        self.marks.append(lambda c: c.rect(x, y, width, height, stroke=0, fill=1))

    def image(self, picture: Any, x: float, y: float, width: float, height: float, described: str) -> None:
        super().image(picture, x, y, width, height, described)
        self.marks.append(lambda c: c.drawImage(ImageReader(io.BytesIO(picture.data)), x, y, width, height))


class Untagged(PageCanvas):
    """A page on which nothing belongs to an element, as all were before there were tags."""

    def __init__(self, file: PdfDocument, width: float, height: float) -> None:
        super().__init__(file, width, height)
        self._draws_artifacts = True

    def artifacts(self) -> Any:
        return nullcontext()


@cache
def _stock_font(name: str) -> str:
    """The same font as reportlab itself reads it: what ours leaves out of it its own canvas needs."""
    stock = f"stock-{name}"
    # not by registerFont, which gives ours again: both have one face name
    pdfmetrics._fonts[stock] = TTFont(stock, str(fonts._font_path(name.removeprefix("hudang-"))))
    return stock


def _string(canvas: Canvas, x: float, y: float, name: str, text: str, size: float, spacing: float) -> None:
    canvas.setFont(_stock_font(name), size)
    canvas.drawString(x, y, text, charSpace=spacing or None)


@pytest.fixture
def archive(tmp_path) -> Iterator[tuple[Any, str]]:
    book = workbook(tmp_path)
    with book.writing() as session:
        household_id = full_household.add_full_household(session, photos=PHOTOS).id
    yield book, household_id
    book.close()


def _seconds(task: Callable[[], object]) -> float:
    began = time.process_time()
    task()
    return time.process_time() - began


def _recorded(book: Any, household_id: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Recorder], bytes]:
    with monkeypatch.context() as patch:
        patch.setattr(render, "PageCanvas", Recorder)
        Recorder.instances.clear()
        pdf = run_to_completion(preview(book, ArchiveJob([household_id], PARTS)))
    return list(Recorder.instances), pdf


def _again(element: Element | None, elements: dict[Element | None, Element | None]) -> Element | None:
    """The same element for another file, made once."""
    if element not in elements:
        elements[element] = Element(element.kind, _again(element.parent, elements), element.entries)
    return elements[element]


def _drawn(sides: Sequence[Recorder], *, tagged: bool) -> bytes:
    """The pages by our own canvas alone."""
    out = io.BytesIO()
    file = PdfDocument(out, "档案", "王书记")
    elements: dict[Element | None, Element | None] = {None: None}
    for side in sides:
        canvas = PageCanvas(file, side.width, side.height)
        for name, calls, element in side.canvas_calls:
            if tagged:
                canvas.tag(_again(element, elements))
            if name == "text_block":
                _set(canvas, *calls)
            elif name != "attach":
                getattr(canvas, name)(*calls)
            elif tagged:
                canvas.attach(_again(calls[0], elements))
        canvas.finish()
    file.close()
    return out.getvalue()


def _read_before(book: Any, household_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the records are read already, and the quality check done."""
    with book.reading() as session:
        made = list(render._build_parts(session, household_id, select_parts(PARTS), []))
        context = load_context(session, household_id)
        session.expunge_all()
    monkeypatch.setattr(render, "load_context", lambda *_: context)
    monkeypatch.setattr(render, "_build_parts", lambda *_: made)
    monkeypatch.setattr(archive_job, "households_with_errors", _all_with_errors)


def test_layout_costs_half_of_what_drawing_does(archive, monkeypatch, capsys):
    book, household_id = archive
    sides, pdf = _recorded(book, household_id, monkeypatch)
    _read_before(book, household_id, monkeypatch)

    def ours() -> bytes:
        return run_to_completion(preview(book, ArchiveJob([household_id], PARTS)))

    def floor() -> bytes:
        return _drawn(sides, tagged=True)

    assert abs(len(floor()) - len(pdf)) < 0.005 * len(pdf)
    assert _elements(floor()) == _elements(pdf)
    ours()
    rounds = [
        (_seconds(ours), _seconds(floor), _seconds(lambda: _drawn(sides, tagged=False))) for _ in range(2 * ROUNDS)
    ]
    mine, least, untagged = (min(times) for times in zip(*rounds, strict=True))  # the least disturbed of each
    with capsys.disabled():
        print(
            f"\n  layout and drawing {mine * 1000:.1f} ms, our canvas {least * 1000:.1f}, ratio {mine / least:.2f}; "
            f"without tags {untagged * 1000:.1f}, ratio {mine / untagged:.2f}"
        )
    assert mine <= MOST_OF_OURS * least


def _elements(content: bytes) -> int:
    """The table cells, headers and paragraphs in the structure of a file."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return sum(
            str(one.get("/S", "")) in ("/TD", "/TH", "/P") for one in pdf.objects if isinstance(one, pikepdf.Dictionary)
        )


def test_tags_cost_little(archive, monkeypatch, capsys):
    book, household_id = archive
    _read_before(book, household_id, monkeypatch)

    def printed(canvas: type[PageCanvas]) -> bytes:
        monkeypatch.setattr(render, "PageCanvas", canvas)
        return run_to_completion(preview(book, ArchiveJob([household_id], PARTS)))

    sizes = [len(content) - _photographs(content) for content in (printed(PageCanvas), printed(Untagged))]
    rounds = [(_seconds(lambda: printed(PageCanvas)), _seconds(lambda: printed(Untagged))) for _ in range(2 * ROUNDS)]
    times = [min(times) for times in zip(*rounds, strict=True)]
    ratios = [tagged / without for tagged, without in (times, sizes)]
    with capsys.disabled():
        print(f"\n  tagged {ratios[0]:.2f} times the time and {ratios[1]:.2f} times the size without photographs")
    assert ratios[0] <= MOST_OF_UNTAGGED
    assert ratios[1] <= LARGEST_OF_UNTAGGED


def test_tags_of_a_bound_volume_cost_little(archive, monkeypatch, capsys):
    """Households share fonts and pictures there, and no structure: the whole file with its photographs is held."""
    book, household_id = archive
    with book.writing() as session:
        others = [full_household.add_full_household(session, n, photos=4).id for n in range(2, 2 + VOLUME)]

    def printed(canvas: type[PageCanvas]) -> bytes:
        monkeypatch.setattr(render, "PageCanvas", canvas)
        return run_to_completion(preview_volume(book, ArchiveJob([household_id, *others])))

    size = len(printed(PageCanvas)) / len(printed(Untagged))
    rounds = [(_seconds(lambda: printed(PageCanvas)), _seconds(lambda: printed(Untagged))) for _ in range(ROUNDS)]
    tagged, untagged = (min(times) for times in zip(*rounds, strict=True))
    with capsys.disabled():
        print(f"\n  a volume of {1 + VOLUME}: {tagged / untagged:.2f} times the time and {size:.2f} times the size")
    assert tagged <= MOST_OF_UNTAGGED * untagged
    assert size <= LARGEST_OF_UNTAGGED


def _set(canvas: PageCanvas, x: float, y: float, width: float, lines: TextBlock, grey: float = 0) -> None:
    """Draw a text as a program would that knows where it stands: its lines are still to be broken."""
    text = "\n".join("".join(piece for _, piece in line.runs) for line in lines.lines)
    canvas.text_block(x, y, width, break_lines(text, lines.style, width + 0.1), grey)


def _all_with_errors(_: object, households: Sequence[str]) -> Task[frozenset[str]]:
    yield Progress(1, 1)
    return frozenset(households)


def _photographs(content: bytes) -> int:
    """The bytes of a file's photographs."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pictures = {one.objgen: one for page in pdf.pages for one in page.Resources.get("/XObject", {}).values()}
        return sum(len(one.read_raw_bytes()) for one in pictures.values())


def test_an_archive_is_small(archive, capsys):
    book, household_id = archive
    pdf = run_to_completion(preview(book, ArchiveJob([household_id])))
    photographs = _photographs(pdf)
    with capsys.disabled():
        print(f"\n  {(len(pdf) - photographs) / 1024:.0f} KB and {photographs / 1024:.0f} KB of photographs")
    assert len(pdf) - photographs <= LARGEST


def test_an_archive_costs_little_more_than_its_marks(archive, monkeypatch, capsys):
    book, household_id = archive
    sides, pdf = _recorded(book, household_id, monkeypatch)

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
        return run_to_completion(preview(book, ArchiveJob([household_id], PARTS)))

    assert 15 <= len(sides) <= 17
    assert len(pdf_reader.page_texts(floor())) == len(pdf_reader.page_texts(pdf))
    monkeypatch.setattr(rl_config, "useA85", 0)  # the floor at its best
    pairs = [(_seconds(ours), _seconds(floor)) for _ in range(ROUNDS)]
    mine, least = (statistics.median(times) for times in zip(*pairs, strict=True))
    with capsys.disabled():
        print(
            f"\n  archive of {len(sides)} pages, {PHOTOS} photographs: {mine * 1000:.0f} ms with reading and layout, "
            f"canvas alone {least * 1000:.0f} ms, ratio {mine / least:.2f}; {len(pdf) / 1024:.0f} KB"
        )
    assert mine <= MOST * least
