"""Prints papers: blocks become the pages of a PDF, with what stands around them, one file or one a household."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy.orm import Session

from app.archive import fonts, furniture, wording
from app.archive.about import About
from app.archive.blocks import Block, NewLeaf, Piece
from app.archive.drawing import file_name
from app.archive.imprint import Printed
from app.archive.layout import stacked
from app.archive.locking import writing
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
    spell_missing: bool
    password: str


def preview(workbook: Workbook, name: str, about: About) -> Work[bytes]:
    """One printing of a paper, kept in memory only.

    Raises:
        KeyError: there is no such paper
        OfficeError: there is nothing to print in it, or what it is about is not chosen or gone
    """
    content = yield from sheets(workbook, name, about)
    if not content:
        raise OfficeError(_nothing(paper(name)))
    return content


def sheets(workbook: Workbook, name: str, about: About) -> Work[bytes]:
    """One printing for a printer; empty where there is nothing to print. As `preview` otherwise."""
    yield Progress(0, 1, "正在排版")
    run, file = _run(workbook, name), BytesIO()
    blocks, _ = _made(workbook, run, about)
    if not blocks:
        return b""
    pdf = PdfFile(file, about.title or run.paper.title, workbook.operator)
    _drawn(pdf, blocks, run)
    pdf.close()
    return file.getvalue()


def printable(workbook: Workbook, name: str, abouts: Sequence[About]) -> Work[None]:
    """Refuse what cannot be printed, before a printer has begun.

    Raises:
        MissingCharacters: a character cannot be printed
        OfficeError: there is nothing to print, or what it is about is not chosen or gone
    """
    run, some = _run(workbook, name, spell_missing=False), False
    for n, about in enumerate(abouts):
        if n % 20 == 0:
            yield Progress(n, len(abouts), "正在检查生僻字")
        some = bool(_made(workbook, run, about)[0]) or some
    if not some:
        raise OfficeError(_nothing(run.paper))


def print_papers(
    workbook: Workbook,
    name: str,
    abouts: Sequence[About],
    out: Path,
    *,
    spell_missing: bool = False,
    password: str = "",
) -> Work[Printed]:
    """Print a paper as PDF.

    Every file is written beside its place and renamed at the end, when all are whole. A household in which there is
    nothing to print is left out. The log keeps what was printed, how much of it and whether numbers were in full.

    Args:
        name: of a paper (app/archive/papers)
        abouts: what each printing is about; a paper about a household wants one household in each
        out: a file ending in .pdf that takes all, or a folder that gets a file for each
        spell_missing: print characters that no font has as 〔U+xxxx〕 instead of refusing
        password: what opens the files, "" for files that anybody may open

    Raises:
        KeyError: there is no such paper
        MissingCharacters: a character cannot be printed; nothing was written
        OfficeError: there is nothing to print, or the place cannot be written to
    """
    run, whole = _run(workbook, name, spell_missing, password), out.suffix.lower() == ".pdf"
    with Staged(out.parent if whole else out) as staged:
        bind = _one_file if whole else _own_files
        written, many = yield from bind(workbook, staged, abouts, run, out.name)
        if not written:
            raise OfficeError(_nothing(run.paper))
        yield Progress(len(abouts), len(abouts), "正在存盘")
        files = staged.keep()
    workbook.deed(deed(run.paper, abouts), written)
    return Printed(files, written, many)


def _one_file(
    workbook: Workbook, staged: Staged, abouts: Sequence[About], run: _Run, name: str
) -> Work[tuple[int, int]]:
    """All in one file; returns how many printings and pages it holds."""
    written = many = 0
    with staged.file(name) as file, writing(file, run.password) as content:
        pdf = PdfFile(content, run.paper.title, workbook.operator, archival=not run.password)
        for n, about in enumerate(abouts):
            yield Progress(n, len(abouts), "正在排版")
            blocks, _ = _made(workbook, run, about)
            if blocks:
                many += _drawn(pdf, blocks, run, many)
                written += 1
        if not written:
            raise OfficeError(_nothing(run.paper))
        pdf.close()
    return written, many


def _own_files(workbook: Workbook, staged: Staged, abouts: Sequence[About], run: _Run, _: str) -> Work[tuple[int, int]]:
    """A file for each; returns how many printings and pages they hold."""
    written = many = 0
    for n, about in enumerate(abouts):
        yield Progress(n, len(abouts), "正在排版")
        blocks, name = _made(workbook, run, about)
        if blocks:
            with staged.file(f"{name}.pdf") as file, writing(file, run.password) as content:
                pdf = PdfFile(content, run.paper.title, workbook.operator, archival=not run.password)
                many += _drawn(pdf, blocks, run)
                pdf.close()
            written += 1
    return written, many


def _made(workbook: Workbook, run: _Run, about: About) -> tuple[list[Block], str]:
    """A printing's blocks, none where there is nothing to print, and a name for its file."""
    with workbook.reading() as session:
        blocks = list(run.paper.make(session, about))
        name = _file_name(session, run.paper, about)
    if not run.spell_missing and (lacking := list(_lacking(run.paper, blocks))):
        raise MissingCharacters(lacking)
    return blocks, name


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


def _run(workbook: Workbook, name: str, spell_missing: bool = True, password: str = "") -> _Run:
    now = datetime.now()
    trace = f"内部资料，不得外传　{workbook.operator}　{wording.day(now.date())} {now:%H:%M} 打印"
    one = paper(name)
    duplex = bool(preferences.get(workbook, "duplex"))
    return _Run(one, duplex, trace if one.edge == "internal" else "", spell_missing, password)


def _nothing(one: Paper) -> str:
    return f"所选的内容里没有可以印成“{one.title}”的。请换一户，或先把要印的内容登记好。"


def _file_name(session: Session, one: Paper, about: About) -> str:
    if one.about != "household":
        return furniture.safe_name(about.title or one.title)
    return f"{file_name(session, about.households[0])}_{one.title}"


def _drawn(pdf: PdfFile, blocks: Sequence[Block], run: _Run, before: int = 0) -> int:
    """Draw one printing below so many pages; returns its own.

    Each of its forms has numbers and, printed on both sides, sheets of its own.
    """
    many = 0
    for form in _forms(blocks):
        sides = [side for leaf in form for side in stacked(leaf, *run.paper.format.frame)]
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


def _forms(blocks: Sequence[Block]) -> list[list[list[Block]]]:
    """The leaves of each form, and the blocks of each leaf."""
    forms: list[list[list[Block]]] = [[[]]]
    for block in blocks:
        if not isinstance(block, NewLeaf):
            forms[-1][-1].append(block)
        elif block.form and forms[-1] != [[]]:
            forms.append([[]])
        elif forms[-1][-1]:
            forms[-1].append([])
    return forms


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
