"""Checks a printed archive against the record by the code on its cover: typed, scanned, photographed or in the PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.errors import UserError
from app.picture_file import DAMAGED, open_image
from app.printing import print_record
from app.printing.print_record import PrintRecord
from app.progress import Progress, Task
from app.records.history import HistoryEntry, household_history
from app.reports import catalogue, render, verification_code
from app.reports.household_context import load_context
from app.reports.verification_code import VerificationCode
from app.workbook.workbook import Workbook
from db.schema.household import Household

_PROGRESS_TEXT = "正在核对"
_MAX_BYTES = 60 << 20


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A part whose content differs from what was printed; `title` as in the table of contents."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """One printing compared with the record of today.

    Attributes:
        printed_at: local time, "YYYY-MM-DD hh:mm:ss.mmm"
        printed_by: operator
        reprinted_at: when the household was last printed, if that is later than this printing; "" otherwise
        changed_parts: parts whose content differs now; none if print and record agree
        first_changed_at: when the record was first changed after that printing, if the journal tells
        changes: what was changed since that printing, the newest first
    """

    household_id: str
    head_name: str
    file_no: str
    printed_at: str
    printed_by: str
    draft: bool
    reprinted_at: str
    changed_parts: tuple[ChangedPart, ...]
    first_changed_at: datetime | None
    changes: tuple[HistoryEntry, ...]

    @property
    def matches(self) -> bool:
        """Whether the print has the content of the record."""
        return not self.changed_parts

    @property
    def message(self) -> str:
        """The result in words for the officer."""
        printed = f"{self.head_name}户档案（{self.file_no}）{self.printed_at[:16]} 由{self.printed_by}打印"
        draft_note = "，是草稿" if self.draft else ""
        if self.matches:
            return f"{printed}{draft_note}，与工作簿里的记录一致。"
        parts = "、".join(part.title for part in self.changed_parts)
        since = f"，{self.first_changed_at:%Y-%m-%d %H:%M} 起" if self.first_changed_at else ""
        advice = (
            f"{self.reprinted_at[:16]} 已重新打印过，请用新的一份。"
            if self.reprinted_at
            else "请重新打印有变化的部分。"
        )
        return f"{printed}{draft_note}，与记录已不一致{since}：{parts}。{advice}"


def verify(workbook: Workbook, source: str | Path) -> Task[VerificationResult]:
    """Compare a print with the record.

    Args:
        source: the text of the QR code, the short code beside it, or a file: a photograph of the cover or the PDF

    Raises:
        UserError: no code is found, it was altered, or it belongs to an unknown household or printing
    """
    yield Progress(0, 2, _PROGRESS_TEXT)
    code = verification_code.parse(_read_code(source) if isinstance(source, Path) else source)
    yield Progress(1, 2, _PROGRESS_TEXT)
    with workbook.reading() as session:
        return _compare(session, code, _find_print(session, code))


def _find_print(session: Session, code: VerificationCode) -> PrintRecord:
    prints = print_record.find_prints(session, code.content)
    prints = [record for record in prints if not code.file_no or record.file_no == code.file_no] or prints
    if not prints:
        raise UserError(
            "这个校验码在本工作簿里没有打印记录：可能是别的村的档案，或在另一台电脑上打印、还没有交换过来。"
            "请先与同事交换数据，再核对。"
        )
    if code.file_no and prints[0].file_no != code.file_no:
        raise UserError(f"码上的档号“{code.file_no}”与打印记录“{prints[0].file_no}”对不上，码可能被改动过。")
    return prints[0]


def _compare(session: Session, code: VerificationCode, printed: PrintRecord) -> VerificationResult:
    household = session.get(Household, printed.household_id)
    if household is None or household.withdrawn:
        raise UserError(f"档号“{printed.file_no}”的户已不在名单里，无法核对。请到“户”页查看已撤回的户。")
    current = render.content_now(session, printed.household_id, list(printed.parts))
    titles = {part.name: part.title for part in catalogue.parts()}
    changed_parts = tuple(
        ChangedPart(name, titles.get(name, name)) for name in print_record.changed_parts(printed.parts, current)
    )
    changes = tuple(_changes_since(session, printed)) if changed_parts else ()
    latest = print_record.latest_print(session, printed.household_id)
    return VerificationResult(
        household_id=printed.household_id,
        head_name=load_context(session, printed.household_id).head_name,
        file_no=printed.file_no,
        printed_at=printed.printed_at,
        printed_by=printed.printed_by,
        draft=printed.draft,
        reprinted_at=latest.printed_at if latest and latest.printed_at > printed.printed_at else "",
        changed_parts=changed_parts,
        first_changed_at=changes[-1].at if changes else None,
        changes=changes,
    )


def _changes_since(session: Session, record: PrintRecord) -> Iterator[HistoryEntry]:
    try:
        printed = datetime.fromisoformat(record.printed_at)
    except ValueError:
        return
    for line in household_history(session, record.household_id):
        if line.at > printed and line.table != "archive_print":
            yield line


def _read_code(file: Path) -> str:
    """The code in one of our PDFs, or in a photograph."""
    try:
        if file.stat().st_size > _MAX_BYTES and file.suffix.lower() != ".pdf":
            raise UserError(f"“{file.name}”太大，不像一张照片。请选封面的照片或档案的 PDF。")
        with file.open("rb") as content:
            signature = content.read(5)
    except OSError as error:
        raise UserError(f"读不了文件“{file.name}”。请确认它还在原处，再试一次。") from error
    return _code_from_pdf(file) if signature == b"%PDF-" else _code_from_photo(file)


def _code_from_pdf(file: Path) -> str:
    import pikepdf

    try:
        with pikepdf.open(file) as pdf:
            text = str(pdf.docinfo.get("/Keywords", ""))
    except pikepdf.PasswordError as error:
        raise UserError(f"“{file.name}”有密码。请打开它，输入封面上的 12 位校验码来核对。") from error
    except (pikepdf.PdfError, OSError) as error:
        raise UserError(f"“{file.name}”已损坏，读不出来。请输入封面上的 12 位校验码来核对。") from error
    if not text:
        raise UserError(f"“{file.name}”里没有单户的校验码。装订成册的，请用各户封面上的校验码分别核对。")
    return text


def _code_from_photo(file: Path) -> str:
    import zxingcpp
    from PIL import Image

    try:
        with open_image(file) as image:
            image.draft("L", (2000, 2000))
            gray = image.convert("L")
        gray.thumbnail((3000, 3000))
        barcodes = zxingcpp.read_barcodes(gray, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    except (*DAMAGED, Image.DecompressionBombError) as error:
        raise UserError(f"“{file.name}”不是照片，也不是档案的 PDF。请选封面的照片，或直接输入校验码。") from error
    texts = [barcode.text for barcode in barcodes if barcode.text]
    if not texts:
        raise UserError("照片上没有找到封面的码。请在亮处把码拍正、拍大一些，或直接输入码旁的 12 位校验码。")
    return next((text for text in texts if text.startswith("HD1")), texts[0])
