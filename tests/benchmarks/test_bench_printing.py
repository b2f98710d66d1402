"""Many archives: against LibreOffice with the same content, in memory, and how fast a page is shown."""

import io
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import Mm, Pt

from app.archive.binder import preview, print_archives
from app.archive.blocks import Between, Block, Heading, Text, Title, Whole
from app.archive.catalogue import chosen
from app.archive.pdf import Jpeg
from app.archive.tables import Cell, Shown, Table, Ticks
from app.progress import finish
from tests.app.archive import filled
from tests.benchmarks.test_bench_archive import PARTS
from tests.builders import workbook

LEAST_FASTER = 12  # times LibreOffice
FILES = 6
MANY, MOST_MB, MOST_GROWTH_MB = 120, 200, 12
MOST_MS = 50  # to show a page


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[tuple[Any, str]]:
    book = workbook(tmp_path)
    with book.writing() as session:
        home = filled.full(session, photos=8).id
    yield book, home
    book.close()


def _text(cell: Cell) -> str:
    if isinstance(cell.content, Ticks):
        return " ".join(f"{'☑' if one in cell.content.chosen else '☐'}{one}" for one in cell.content.options)
    return cell.content if isinstance(cell.content, str) else ""


def _written(document: Any, blocks: Iterable[Block]) -> None:
    """The same content as a program that fills in a document would write it."""
    for block in blocks:
        match block:
            case Title() | Heading() | Text():
                document.add_paragraph(block.text)
            case Between():
                document.add_paragraph(f"{block.left}　{block.right}")
            case Whole():
                _written(document, block.blocks)
            case Table():
                _table(document, block)
            case _:
                shown = getattr(block, "picture", None)
                if isinstance(shown, Jpeg):
                    document.add_picture(io.BytesIO(shown.data), width=Mm(110))


def _table(document: Any, block: Table) -> None:
    table = document.add_table(rows=0, cols=len(block.columns))
    table.style = "Table Grid"
    for row in (*block.heads, *block.rows):
        cells = table.add_row().cells
        for cell, place in zip(row.cells, cells, strict=False):
            place.text = _text(cell)
            if isinstance(cell.content, Shown) and cell.content.picture:
                place.paragraphs[0].add_run().add_picture(io.BytesIO(cell.content.picture.data), width=Mm(50))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice Writer is not installed")
def test_archives_are_made_faster_than_libreoffice_converts_them(archive, tmp_path, capsys):
    book, home = archive
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(10.5)
    with book.reading() as session:
        for part in chosen(PARTS):
            _written(document, part.make(session, home))
            document.add_page_break()
    files = [tmp_path / f"{n}.docx" for n in range(FILES)]
    for file in files:
        document.save(file)

    def theirs() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*said, "--outdir", tmp_path / "out", *files], check=True, capture_output=True, timeout=300)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / FILES

    def ours() -> float:
        began = time.process_time()
        finish(preview(book, home, PARTS))
        return time.process_time() - began

    theirs()  # makes its profile
    ours()
    pairs = [(min(ours() for _ in range(FILES)), theirs()) for _ in range(2)]
    mine, other = (min(times) for times in zip(*pairs, strict=True))
    assert len(list((tmp_path / "out").glob("*.pdf"))) == FILES
    with capsys.disabled():
        print(f"\n  an archive {mine * 1000:.0f} ms, LibreOffice {other * 1000:.0f} ms, {other / mine:.1f} times")
    assert other >= LEAST_FASTER * mine


def _megabytes(process: int) -> float:
    said = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in said.splitlines() if line.startswith("VmRSS"))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="memory is read from /proc")
def test_a_batch_stays_at_one_size(tmp_path, capsys):
    book = workbook(tmp_path)
    with book.writing() as session:
        homes = [filled.full(session, n, photos=4).id for n in range(1, MANY + 1)]
    out = tmp_path / "档案"
    sizes: dict[int, list[float]] = {}
    began = time.perf_counter()
    work = print_archives(book, homes, out)
    for progress in work:
        if progress.doing == "正在打印" and progress.done >= MANY // 3:
            for process in (*(one.pid for one in active_children()), os.getpid()):
                if process:
                    sizes.setdefault(process, []).append(_megabytes(process))
    seconds = time.perf_counter() - began
    assert len(list(out.iterdir())) == MANY
    children = [seen for process, seen in sizes.items() if process != os.getpid()]
    with capsys.disabled():
        each = "、".join(f"{seen[0]:.0f} → {max(seen):.0f} MB" for seen in children)
        print(f"\n  {MANY} archives in {seconds:.0f} s ({seconds / MANY * 1000:.0f} ms each), processes {each}")
    assert len(children) == 2
    assert max(max(seen) for seen in children) <= MOST_MB
    assert max(max(seen) - seen[0] for seen in children) <= MOST_GROWTH_MB
    book.close()


def test_a_page_is_shown_at_once(archive, capsys, monkeypatch):
    if sys.platform != "win32":
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtPdf import QPdfDocument

    app = QGuiApplication.instance() or QGuiApplication([])
    book, home = archive
    content, document, buffer = finish(preview(book, home, PARTS)), QPdfDocument(), QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    times = []
    for page in range(document.pageCount()):
        points = document.pagePointSize(page)
        size = QSize(round(points.width() / 72 * 96), round(points.height() / 72 * 96))
        began = time.process_time()
        assert not document.render(page, size).isNull()
        times.append((time.process_time() - began) * 1000)
    document.close()
    del app
    with capsys.disabled():
        print(f"\n  {len(times)} pages shown in {statistics.median(times):.0f} ms each, at most {max(times):.0f} ms")
    assert statistics.median(times) <= MOST_MS
