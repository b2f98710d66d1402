"""Draws one household's volume: its parts laid out with contents and page numbers, and what stands around pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy.orm import Session

from app.archive import furniture, wording
from app.archive.blocks import Block, Title, Whole
from app.archive.catalogue import Part, chosen, nothing
from app.archive.draft import WATERMARK
from app.archive.fingerprint import Fingerprint, fingerprint
from app.archive.layout import Page, pages
from app.archive.paper import sheet
from app.archive.pdf import PdfFile
from app.archive.pen import Pen
from app.archive.sign import Sign
from app.archive.subject import Subject, subject
from app.archive.volume import Entry, Later, Volume
from app.workbook import preferences
from app.workbook.workbook import Workbook

_REASON = 40  # characters of it at the foot of each page; the record keeps the whole


@dataclass(frozen=True, slots=True)
class Setting:
    """What all volumes of one run share. `sections`: names of parts, all if None; `reason`: why no drafts are made."""

    sections: tuple[str, ...] | None
    duplex: bool
    trace: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One household's volume as it was drawn; `at`: when its records were read, local time."""

    household_id: str
    at: datetime
    title: str
    name: str
    place: str
    pages: int
    sign: Sign
    parts: Fingerprint
    draft: bool
    reason: str


@dataclass(frozen=True, slots=True)
class _Bound:
    """A part with its pages and the number of the first one."""

    part: Part
    pages: list[Page]
    first: int


@dataclass(frozen=True, slots=True)
class _Look:
    """What stands around the pages of one volume."""

    setting: Setting
    total: int
    running: str
    draft: bool


def setting(workbook: Workbook, sections: Sequence[str] | None, reason: str = "") -> Setting:
    """What is printed now, by whoever is at the keyboard.

    Raises:
        KeyError: there is no part of such a name
    """
    chosen(sections)
    now = datetime.now()
    trace = f"内部资料，不得外传　{workbook.operator}　{wording.day(now.date())} {now:%H:%M} 打印"
    wanted = None if sections is None else tuple(sections)
    return Setting(wanted, bool(preferences.get(workbook, "duplex")), trace, reason.strip())


def said(session: Session, household: str, sections: Sequence[str] | None) -> Fingerprint:
    """What a volume of these parts would say if it were printed now."""
    return fingerprint(list(_made(session, household, chosen(sections))))


def file_name(session: Session, household: str) -> str:
    """户编号_户主, safe on Windows; never an ID number."""
    home = subject(session, household)
    return furniture.safe_name(f"{home.number or '无编号'}_{home.head_name.strip('（）')}")


def file(
    workbook: Workbook,
    content: BinaryIO,
    household: str,
    setting: Setting,
    *,
    doubted: bool = False,
    archival: bool = True,
) -> Drawn:
    """Write one household's volume as a file of its own, whose keywords are the code on its cover.

    Args:
        doubted: its quality check does not pass: a draft, unless the setting has a reason
        archival: whether it says that it is PDF/A
    """
    pdf = PdfFile(content, "", workbook.operator, archival=archival)
    drawn = volume(workbook, pdf, household, setting, doubted=doubted)
    pdf.title, pdf.keywords = drawn.title, drawn.sign.text
    pdf.close()
    return drawn


def volume(
    workbook: Workbook, pdf: PdfFile, household: str, setting: Setting, level: int = 0, *, doubted: bool
) -> Drawn:
    """Draw one household's volume; `level` of its parts' bookmarks, below its own where it is not 0."""
    at = datetime.now()
    with workbook.reading() as session:
        home = subject(session, household)
        made = list(_made(session, household, chosen(setting.sections)))
        drawn = _drawn(home, at, fingerprint(made), doubted, setting)
        bound, total = _bound(made, drawn, setting.duplex)
    if level:
        pdf.bookmark(drawn.name)
    look = _Look(setting, total, f"一户一档　{home.head_name}　{home.number}", drawn.draft)
    if doubted and setting.reason:
        shown = setting.reason if len(setting.reason) <= _REASON else f"{setting.reason[:_REASON]}…"
        look = replace(look, setting=replace(setting, trace=f"{setting.trace}\n带疑点打印，理由：{shown}"))
    number = 1
    for one in bound:
        for n in range(number, one.first):
            _draw(pdf, Page(False, ()), n, look, bare=True)
        pdf.bookmark(one.part.title, level)
        for n, page in enumerate(one.pages, one.first):
            _draw(pdf, page, n, look, bare=one.part.bare)
        number = one.first + len(one.pages)
    return replace(drawn, pages=total)


def _drawn(home: Subject, at: datetime, parts: Fingerprint, doubted: bool, setting: Setting) -> Drawn:
    return Drawn(
        household_id=home.household.id,
        at=at,
        title=f"{home.head_name}户档案",
        name=f"{home.number} {home.head_name}".strip(),
        place=home.household.group_name or home.household.hamlet or wording.EMPTY,
        pages=0,
        sign=Sign(home.file_no, parts.whole),
        parts=parts,
        draft=doubted and not setting.reason,
        reason=setting.reason if doubted else "",
    )


def _draw(pdf: PdfFile, page: Page, number: int, look: _Look, *, bare: bool) -> None:
    back = look.setting.duplex and number % 2 == 0
    side = sheet(page.landscape, back)
    pen = Pen(pdf, side.width, side.height)
    if look.draft:
        pen.watermark(WATERMARK)
    for down, piece in page.pieces:
        piece.draw(pen, side.left, side.top - down)
    if not bare:
        said = f"第 {number} 页 共 {look.total} 页"
        furniture.draw(pen, side, said, look.running, look.setting.trace, page.landscape, back)
    pen.finish()


def _bound(made: Sequence[tuple[Part, Sequence[Block]]], drawn: Drawn, duplex: bool) -> tuple[list[_Bound], int]:
    """Lay out twice what needs the numbers that the first time finds: the table of contents, the closing note."""
    laid = [(part, pages(blocks, part.landscape)) for part, blocks in made]
    volume = _counted(made, laid, drawn, duplex)[1]
    for _ in range(3):
        laid = [
            (part, pages([_told(block, volume) for block in blocks], part.landscape) if _waits(blocks) else sides)
            for (part, blocks), (_, sides) in zip(made, laid, strict=True)
        ]
        bound, counted = _counted(made, laid, drawn, duplex)
        if counted == volume:
            break
        volume = counted
    return bound, volume.pages


def _waits(blocks: Sequence[Block]) -> bool:
    return any(isinstance(block, Later) for block in blocks)


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
    made: Sequence[tuple[Part, Sequence[Block]]], laid: Sequence[tuple[Part, list[Page]]], drawn: Drawn, duplex: bool
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
    return bound, Volume(entries, at - 1, photos, drawn.sign)


def _dated(blocks: Sequence[Block]) -> date | None:
    """The date of the first form that has one."""
    for block in blocks:
        found = block.dated if isinstance(block, Title) else _dated(block.blocks) if isinstance(block, Whole) else None
        if found:
            return found
    return None
