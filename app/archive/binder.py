"""Binds a household's sections into a volume with contents and page numbers, and volumes into PDF files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy.orm import Session

from app.archive import furniture, wording
from app.archive.blocks import Block, Title, Whole
from app.archive.catalogue import Part, chosen, nothing
from app.archive.imprint import Printed
from app.archive.layout import Page, pages
from app.archive.output import Staged
from app.archive.paper import sheet
from app.archive.pdf import PdfFile
from app.archive.pen import Pen
from app.archive.preflight import MissingCharacters, preflight, printable
from app.archive.subject import subject
from app.archive.volume import Entry, Later, Volume
from app.errors import OfficeError
from app.progress import Progress, Work
from app.workbook import preferences
from app.workbook.workbook import Workbook

__all__ = ["MissingCharacters", "Printed", "file_name", "preflight", "preview", "print_archives"]


@dataclass(frozen=True, slots=True)
class _Bound:
    """A part with its pages and the number of the first one."""

    part: Part
    pages: list[Page]
    first: int


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all volumes of one run share."""

    parts: tuple[Part, ...]
    duplex: bool
    trace: str


def print_archives(
    workbook: Workbook,
    households: Sequence[str],
    out: Path,
    sections: Sequence[str] | None = None,
    *,
    spell_missing: bool = False,
    password: str = "",
    reason: str = "",
) -> Work[Printed]:
    """Print household archives as PDF.

    Every file is written beside its place and renamed at the end, when all are whole; cancelled or refused, nothing is
    left behind and what was there stays.

    Args:
        households: ids, in the order in which they are bound
        out: a file ending in .pdf that takes all of them as one volume, or a folder that gets one file a household
        sections: names of parts (app/archive/catalogue); all if None
        spell_missing: print characters that no font has as 〔U+xxxx〕 instead of refusing
        password: what opens the files; with one they are locked (AES-256) and no PDF/A
        reason: why households with doubts are printed without the watermark of a draft

    Raises:
        MissingCharacters: a character cannot be printed; nothing was written
        OfficeError: no household chosen, one is gone, or the place cannot be written to
    """
    if not households:
        raise OfficeError("没有选择要打印的户，请先选择。")
    if not spell_missing:
        yield from printable(workbook, households)
    setting = _setting(workbook, sections)
    with Staged(out.parent if out.suffix.lower() == ".pdf" else out) as staged:
        bind = _one_volume if out.suffix.lower() == ".pdf" else _own_files
        many = yield from bind(workbook, staged, households, setting, out)
        yield Progress(len(households), len(households), "正在存盘")
        files = staged.keep()
    workbook.deed("打印一户一档", len(households))
    return Printed(files, len(households), many)


def _one_volume(
    workbook: Workbook, staged: Staged, households: Sequence[str], setting: _Setting, out: Path
) -> Work[int]:
    """All households in one file; returns its pages."""
    many = 0
    with staged.file(out.name) as file:
        pdf = PdfFile(file, _title(workbook, households), workbook.operator)
        for n, household in enumerate(households):
            yield Progress(n, len(households), "正在排版")
            many += _volume(workbook, pdf, household, setting, level=0 if len(households) == 1 else 1)
        pdf.close()
    return many


def _own_files(
    workbook: Workbook, staged: Staged, households: Sequence[str], setting: _Setting, out: Path
) -> Work[int]:
    """A file for each household; returns the pages of all."""
    many = 0
    for n, household in enumerate(households):
        yield Progress(n, len(households), "正在排版")
        with workbook.reading() as session:
            name = file_name(session, household)
        with staged.file(f"{name}.pdf") as file:
            pdf = PdfFile(file, _title(workbook, [household]), workbook.operator)
            many += _volume(workbook, pdf, household, setting, level=0)
            pdf.close()
    return many


def preview(workbook: Workbook, household: str, sections: Sequence[str] | None = None) -> Work[bytes]:
    """One household's archive as it would be printed, kept in memory only.

    Raises:
        OfficeError: there is no such household
    """
    yield Progress(0, 1, "正在排版")
    file = BytesIO()
    pdf = PdfFile(file, _title(workbook, [household]), workbook.operator)
    _volume(workbook, pdf, household, _setting(workbook, sections), level=0)
    pdf.close()
    return file.getvalue()


def _setting(workbook: Workbook, sections: Sequence[str] | None) -> _Setting:
    now = datetime.now()
    trace = f"内部资料，不得外传　{workbook.operator}　{wording.day(now.date())} {now:%H:%M} 打印"
    return _Setting(chosen(sections), bool(preferences.get(workbook, "duplex")), trace)


def _title(workbook: Workbook, households: Sequence[str]) -> str:
    if len(households) == 1:
        with workbook.reading() as session:
            return f"{subject(session, households[0]).head_name}户档案"
    return f"{'、'.join(village.name for village in workbook.villages)}一户一档（{len(households)}户）"


def file_name(session: Session, household: str) -> str:
    """户编号_户主.pdf, safe on Windows; never an ID number."""
    home = subject(session, household)
    return furniture.safe_name(f"{home.number or '无编号'}_{home.head_name.strip('（）')}")


def _volume(workbook: Workbook, pdf: PdfFile, household: str, setting: _Setting, level: int) -> int:
    """Draw one household's volume; returns its pages."""
    with workbook.reading() as session:
        home = subject(session, household)
        bound, total = _bound(session, household, setting)
        if level:
            pdf.bookmark(f"{home.number} {home.head_name}".strip())
        running = f"一户一档　{home.head_name}　{home.number}"
    at = 1
    for one in bound:
        for n in range(at, one.first):
            _draw(pdf, Page(False, ()), n, total, setting, running, bare=True)
        pdf.bookmark(one.part.title, level)
        for n, page in enumerate(one.pages, one.first):
            _draw(pdf, page, n, total, setting, running, bare=one.part.bare)
        at = one.first + len(one.pages)
    return total


def _draw(pdf: PdfFile, page: Page, number: int, total: int, setting: _Setting, running: str, *, bare: bool) -> None:
    back = setting.duplex and number % 2 == 0
    side = sheet(page.landscape, back)
    pen = Pen(pdf, side.width, side.height)
    for down, piece in page.pieces:
        piece.draw(pen, side.left, side.top - down)
    if not bare:
        furniture.draw(pen, side, f"第 {number} 页 共 {total} 页", running, setting.trace, page.landscape, back)
    pen.finish()


def _bound(session: Session, household: str, setting: _Setting) -> tuple[list[_Bound], int]:
    """Lay out twice: the table of contents and the closing note need the numbers that the first time finds."""
    made = list(_made(session, household, setting.parts))
    volume = _counted(made, [(part, pages(blocks, part.landscape)) for part, blocks in made], setting.duplex)[1]
    for _ in range(3):
        laid = [(part, pages([_told(block, volume) for block in blocks], part.landscape)) for part, blocks in made]
        bound, counted = _counted(made, laid, setting.duplex)
        if counted == volume:
            break
        volume = counted
    return bound, volume.pages


def _told(block: Block, volume: Volume) -> Block:
    return replace(block, volume=volume) if isinstance(block, Later) else block


def _made(session: Session, household: str, parts: Sequence[Part]) -> Iterator[tuple[Part, Sequence[Block]]]:
    for part in parts:
        blocks = part.make(session, household)
        if blocks:
            yield part, blocks
        elif part.when_empty == "none":
            yield part, nothing(part, session, household)


def _counted(
    made: Sequence[tuple[Part, Sequence[Block]]], laid: Sequence[tuple[Part, list[Page]]], duplex: bool
) -> tuple[list[_Bound], Volume]:
    bound, at = [], 1
    for part, sides in laid:
        at += 1 if duplex and at % 2 == 0 else 0  # printed on both sides, each part begins on a leaf of its own
        bound.append(_Bound(part, sides, at))
        at += len(sides)
    entries = tuple(
        Entry(one.part.code, one.part.title, one.first, len(one.pages), _dated(blocks), one.part.copies)
        for one, (_, blocks) in zip(bound, made, strict=True)
        if one.part.listed
    )
    photos = sum(getattr(block, "photographs", 0) for _, blocks in made for block in blocks)
    return bound, Volume(entries, at - 1, photos)


def _dated(blocks: Sequence[Block]) -> date | None:
    """The date of the first form that has one."""
    for block in blocks:
        found = block.dated if isinstance(block, Title) else _dated(block.blocks) if isinstance(block, Whole) else None
        if found:
            return found
    return None
