"""Prints household archives: as one bound volume, as a file a household, to a printer, or to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from app.archive import batch, drawing, imprint, locking, roll
from app.archive.draft import doubted
from app.archive.drawing import Drawn, Setting, file_name
from app.archive.imprint import Printed
from app.archive.locking import writing
from app.archive.output import Staged
from app.archive.pdf import PdfFile
from app.archive.preflight import MissingCharacters, preflight, printable
from app.errors import OfficeError
from app.progress import Progress, Work
from app.workbook.workbook import Workbook

__all__ = ["MissingCharacters", "Printed", "file_name", "preflight", "preview", "print_archives", "sheets"]

_A_FEW = 8  # households in files of their own appear together or not at all; more of them are a batch


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

    Every file is written beside its place and renamed when it is whole. One volume, or the files of a few households,
    appear together at the end; cancelled or refused, nothing is left behind and what was there stays. The files of many
    are a batch (app/archive/batch.py): those that are finished stay, and it can be gone on with.

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
    locking.check(password)
    if not spell_missing:
        yield from printable(workbook, households)
    setting = drawing.setting(workbook, sections, reason)
    one_file = out.suffix.lower() == ".pdf"
    if not one_file and len(households) > _A_FEW:
        return (yield from batch.begin(workbook, households, out, setting, password))
    with Staged(out.parent if one_file else out) as staged:
        doubts = yield from doubted(workbook, households)
        order = _Order(tuple(households), setting, doubts, password)
        drawn = yield from (
            _one_volume(workbook, staged, order, out.name) if one_file else _own_files(workbook, staged, order)
        )
        yield Progress(len(households), len(households), "正在存盘")
        files = staged.keep()
    imprint.remember(workbook, drawn)
    workbook.deed("打印一户一档", len(households))
    return Printed(files, len(drawn), sum(one.pages for one in drawn), sum(one.draft for one in drawn))


@dataclass(frozen=True, slots=True)
class _Order:
    """Households to print now, those of them whose quality check does not pass, and what locks their files."""

    households: tuple[str, ...]
    setting: Setting
    doubts: frozenset[str]
    password: str


def _one_volume(workbook: Workbook, staged: Staged, order: _Order, name: str) -> Work[list[Drawn]]:
    """All households in one file, at its front a roll of them where there are several."""
    if len(order.households) == 1:
        with staged.file(name) as file:
            return [_file(workbook, file, order, order.households[0])]
    title, duplex, firsts = _title(workbook, order.households), order.setting.duplex, []
    drawn: list[Drawn] = []
    with staged.file(name) as file, writing(file, order.password) as content:
        pdf = PdfFile(content, title, workbook.operator, archival=not order.password)
        front = roll.sides(len(order.households), duplex)
        pdf.bookmark(roll.TITLE, at="roll")
        for n, household in enumerate(order.households):
            yield Progress(n, len(order.households), "正在排版")
            if duplex and pdf.sides % 2:
                pdf.blank()
            firsts.append(front + pdf.sides + 1)
            doubts = household in order.doubts
            drawn.append(drawing.volume(workbook, pdf, household, order.setting, level=1, doubted=doubts))
        pdf.lead("roll")
        roll.draw(pdf, title, drawn, firsts, order.setting)
        pdf.to_front(front)
        pdf.close()
    return drawn


def _own_files(workbook: Workbook, staged: Staged, order: _Order) -> Work[list[Drawn]]:
    """A file for each household."""
    drawn = []
    for n, household in enumerate(order.households):
        yield Progress(n, len(order.households), "正在排版")
        with workbook.reading() as session:
            name = file_name(session, household)
        with staged.file(f"{name}.pdf") as file:
            drawn.append(_file(workbook, file, order, household))
    return drawn


def _file(workbook: Workbook, file: BinaryIO, order: _Order, household: str) -> Drawn:
    doubts, archival = household in order.doubts, not order.password
    with writing(file, order.password) as content:
        return drawing.file(workbook, content, household, order.setting, doubted=doubts, archival=archival)


def preview(workbook: Workbook, household: str, sections: Sequence[str] | None = None, reason: str = "") -> Work[bytes]:
    """One household's archive as it would be printed, kept in memory only, and not remembered as a printing.

    Raises:
        OfficeError: there is no such household
    """
    return (yield from _in_memory(workbook, household, sections, reason))[0]


def sheets(workbook: Workbook, household: str, sections: Sequence[str] | None = None, reason: str = "") -> Work[bytes]:
    """One household's archive for a printer: as `preview`, and remembered as a printing.

    Raises:
        OfficeError: there is no such household
    """
    content, drawn = yield from _in_memory(workbook, household, sections, reason)
    imprint.remember(workbook, [drawn])
    return content


def _in_memory(
    workbook: Workbook, household: str, sections: Sequence[str] | None, reason: str
) -> Work[tuple[bytes, Drawn]]:
    yield Progress(0, 1, "正在排版")
    setting = drawing.setting(workbook, sections, reason)
    doubts = yield from doubted(workbook, [household])
    file = BytesIO()
    drawn = drawing.file(workbook, file, household, setting, doubted=bool(doubts))
    return file.getvalue(), drawn


def _title(workbook: Workbook, households: Sequence[str]) -> str:
    return f"{'、'.join(village.name for village in workbook.villages)}一户一档（{len(households)}户）"
