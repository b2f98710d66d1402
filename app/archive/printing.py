"""Prints papers: blocks become the pages of a PDF, with what stands around them, one file or one a household."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from app.archive import fonts, furniture, wording
from app.archive.about import About
from app.archive.binder import file_name
from app.archive.blocks import Block, NewLeaf, Piece
from app.archive.imprint import Printed
from app.archive.layout import stacked
from app.archive.output import Staged
from app.archive.papers import Paper, paper
from app.archive.pdf import PdfFile
from app.archive.pen import Pen
from app.archive.preflight import Missing, MissingCharacters
from app.errors import OfficeError
from app.progress import Progress, Work
from app.workbook import preferences
from app.workbook.workbook import Workbook

_AROUND = 12  # characters of a text that are shown to say where a character is that cannot be printed


@dataclass(frozen=True, slots=True)
class _Run:
    """What all printings of one run share."""

    paper: Paper
    duplex: bool
    trace: str


def preview(workbook: Workbook, name: str, about: About) -> Work[bytes]:
    """One printing of a paper, kept in memory only.

    Raises:
        KeyError: there is no such paper
        OfficeError: there is nothing to print in it, or what it is about is not chosen or gone
    """
    yield Progress(0, 1, "正在排版")
    run, file = _run(workbook, name), BytesIO()
    with workbook.reading() as session:
        blocks = list(run.paper.make(session, about))
    if not blocks:
        raise OfficeError(_nothing(run.paper))
    pdf = PdfFile(file, about.title or run.paper.title, workbook.operator)
    _drawn(pdf, blocks, run)
    pdf.close()
    return file.getvalue()


def print_papers(
    workbook: Workbook, name: str, abouts: Sequence[About], out: Path, *, spell_missing: bool = False
) -> Work[Printed]:
    """Print a paper as PDF.

    Every file is written beside its place and renamed at the end, when all are whole. A household in which there is
    nothing to print is left out. The log keeps what was printed, how much of it and whether numbers were in full.

    Args:
        name: of a paper (app/archive/papers)
        abouts: what each printing is about; a paper about a household wants one household in each
        out: a file ending in .pdf that takes all, or a folder that gets a file for each
        spell_missing: print characters that no font has as 〔U+xxxx〕 instead of refusing

    Raises:
        KeyError: there is no such paper
        MissingCharacters: a character cannot be printed; nothing was written
        OfficeError: there is nothing to print, or the place cannot be written to
    """
    run, whole = _run(workbook, name), out.suffix.lower() == ".pdf"
    written = many = 0
    with Staged(out.parent if whole else out) as staged:
        one_file = _Volume(staged, out.name, run, workbook) if whole else None
        try:
            for n, about in enumerate(abouts):
                yield Progress(n, len(abouts), "正在排版")
                with workbook.reading() as session:
                    blocks = list(run.paper.make(session, about))
                    named = _file_name(session, run.paper, about)
                if not blocks:
                    continue
                if not spell_missing and (lacking := list(_lacking(run.paper, blocks))):
                    raise MissingCharacters(lacking)
                volume = one_file or _Volume(staged, f"{named}.pdf", run, workbook)
                many += volume.add(blocks)
                written += 1
                if not one_file:
                    volume.close()
            if not written:
                raise OfficeError(_nothing(run.paper))
            if one_file:
                one_file.close()
        finally:
            if one_file:
                one_file.abandon()
        yield Progress(len(abouts), len(abouts), "正在存盘")
        files = staged.keep()
    workbook.deed(deed(run.paper, abouts), written)
    return Printed(files, written, many)


def deed(one: Paper, abouts: Sequence[About]) -> str:
    """What the log says of a printing."""
    return f"打印{one.title}" + ("（完整号码）" if "full" in one.asks and any(about.full for about in abouts) else "")


def suggested_name(workbook: Workbook, name: str, abouts: Sequence[About]) -> str:
    """A file name for a printing, without its ending; safe on Windows, and never a number of a person."""
    one = paper(name)
    if one.about == "household" and len(abouts) == 1:
        with workbook.reading() as session:
            return _file_name(session, one, abouts[0])
    return furniture.safe_name(next((about.title for about in abouts if about.title), "") or one.title)


class _Volume:
    """One file that printings are added to."""

    def __init__(self, staged: Staged, name: str, run: _Run, workbook: Workbook) -> None:
        self._opened = staged.file(name)
        self._file: BinaryIO | None = self._opened.__enter__()
        self._run = run
        self._pdf = PdfFile(self._file, run.paper.title, workbook.operator)
        self._pages = 0

    def add(self, blocks: Sequence[Block]) -> int:
        """Returns how many pages were added."""
        many = _drawn(self._pdf, blocks, self._run, self._pages)
        self._pages += many
        return many

    def close(self) -> None:
        self._pdf.close()
        self._file = None
        self._opened.__exit__(None, None, None)

    def abandon(self) -> None:
        """Let go of a file that was not closed; `Staged` removes it."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _run(workbook: Workbook, name: str) -> _Run:
    now = datetime.now()
    trace = f"内部资料，不得外传　{workbook.operator}　{wording.day(now.date())} {now:%H:%M} 打印"
    one = paper(name)
    return _Run(one, bool(preferences.get(workbook, "duplex")), trace if one.edge == "internal" else "")


def _nothing(one: Paper) -> str:
    return f"所选的内容里没有可以印成“{one.title}”的。请换一户，或先把要印的内容登记好。"


def _file_name(session: Session, one: Paper, about: About) -> str:
    if one.about != "household":
        return furniture.safe_name(about.title or one.title)
    return f"{file_name(session, about.households[0])}_{one.title}"


def _drawn(pdf: PdfFile, blocks: Sequence[Block], run: _Run, before: int = 0) -> int:
    """Draw one printing below so many pages; returns its own. Each leaf has numbers and, printed on both sides, sheets
    of its own."""
    many = 0
    for leaf in _leaves(blocks):
        sides = stacked(leaf, *run.paper.format.frame)
        if run.duplex and run.paper.edge != "bare" and (before + many) % 2:
            _side(pdf, (), run, 0, 0)
            many += 1
        for number, pieces in enumerate(sides, 1):
            _side(pdf, pieces, run, number, len(sides))
        many += len(sides)
    return many


def _side(pdf: PdfFile, pieces: Sequence[tuple[float, Piece]], run: _Run, number: int, total: int) -> None:
    """One page; number 0 for an empty one."""
    back = run.duplex and number % 2 == 0
    side = run.paper.format.sheet(back)
    pen = Pen(pdf, side.width, side.height)
    for down, piece in pieces:
        piece.draw(pen, side.left, side.top - down)
    if run.paper.edge == "official" and total > 1:
        furniture.official_number(pen, side, number, back)
    elif run.paper.edge in ("internal", "plain") and number:
        said = f"第 {number} 页 共 {total} 页"
        furniture.draw(pen, side, said, "", run.trace, run.paper.format.across, back, archived=False)
    pen.finish()


def _leaves(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    leaf: list[Block] = []
    for block in blocks:
        if isinstance(block, NewLeaf):
            if leaf:
                yield leaf
            leaf = []
        else:
            leaf.append(block)
    if leaf:
        yield leaf


def _lacking(one: Paper, blocks: Sequence[Block]) -> Iterator[Missing]:
    """Characters of a printing that no font has, with the words around them."""
    for text in _texts(blocks):
        if lacking := fonts.missing(text):
            at = max(text.find(lacking[0]) - _AROUND // 2, 0)
            yield Missing("", one.title, "印出的内容", text[at : at + _AROUND], tuple(lacking))


def _texts(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, list | tuple):
        for one in found:
            yield from _texts(one)
    elif is_dataclass(found):
        for part in fields(found):
            yield from _texts(getattr(found, part.name))
