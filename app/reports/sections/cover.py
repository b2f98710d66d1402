"""A00: the cover: whose archive it is, and where it is filed."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.pdf.canvas import PageCanvas
from app.pdf.flowables import Flowable, Fragment, HeaderLine, Paragraph, Spacer, Volatile
from app.pdf.page_style import COVER, LABEL, LINE_TEXT, MM, SUBTITLE, TextStyle
from app.pdf.qr_code import QrCode
from app.pdf.table import Cell, Table, TableRow
from app.reports.deferred import Deferred
from app.reports.household_context import load_context
from app.reports.verification_code import VerificationCode

ORDER = 10
TITLE = "封面"
_LABEL_STYLE = TextStyle("hei", 14, 20, "center")
_VALUE_STYLE = TextStyle("fangsong", 14, 20)
_UNIT_STYLE = TextStyle("song_bold", 16, 26, "center")
_CODE_STYLE = TextStyle("hei", 12, 18)
_QR_SIZE = 26 * MM


def section(session: Session, household_id: str) -> list[Flowable]:
    """One page: file number, title, a grid of identifying facts, and the unit that made it."""
    context = load_context(session, household_id)
    facts = [
        ("户主姓名", context.head_name),
        ("户编号", context.number or "—"),
        ("村　　组", context.full_place),
        ("户 属 性", context.kinds or "—"),
        ("年　　度", Volatile(f"{context.day.year}年")),
        ("家庭人口", f"{len(context.members)}人"),
        ("建档单位", context.unit),
    ]
    rows = [TableRow([Cell(label, _LABEL_STYLE), Cell(value, _VALUE_STYLE)], min_height=13) for label, value in facts]
    archive_rows = [
        TableRow([Cell(text, LABEL) for text in ("全宗号", "目录号", "案卷号", "保管期限")]),
        TableRow(
            [Cell(text, LINE_TEXT.aligned("center")) for text in (context.fonds, "JF02", context.volume_no, "永久")],
            min_height=10,
        ),
    ]
    return [
        HeaderLine("", f"档号：{context.file_no}"),
        Spacer(26),
        Paragraph("一 户 一 档", COVER),
        Paragraph(Volatile(f"（{context.terms.word('volume')}）"), SUBTITLE),
        Spacer(18),
        Table((40, 110), rows, padding=3),
        Spacer(10),
        Table((1, 1, 1, 1), archive_rows),
        Spacer(10),
        Deferred(lambda summary: [_VerificationBlock(summary.code)]),
        Paragraph(context.unit, _UNIT_STYLE),
    ]


@dataclass(frozen=True, slots=True)
class _VerificationBlock:
    """The QR code, with a note on how to verify the archive."""

    code: VerificationCode

    def split(self, width: float, max_height: float) -> list[Fragment]:
        return [Fragment(_QR_SIZE + 6 * MM, lambda canvas, x, y: self._draw(canvas, x + 10 * MM, y, width - 20 * MM))]

    def _draw(self, canvas: PageCanvas, x: float, y: float, width: float) -> None:
        QrCode(self.code.payload, _QR_SIZE, "m", mask=3).draw(canvas, x, y)
        text_left, text_width = x + _QR_SIZE + 6 * MM, width - _QR_SIZE - 6 * MM
        y -= 4 * MM
        y -= canvas.text(text_left, y, text_width, f"校验码　{self.code.short_code}", _CODE_STYLE)
        instruction = "扫描左边的码或输入校验码，可核对本卷与工作簿里的记录是否一致。"
        canvas.text(text_left, y - 1 * MM, text_width, instruction, LINE_TEXT)
