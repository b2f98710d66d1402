"""The recovery sheet: the one page that opens the workbook when every passphrase is forgotten."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from app.pdf.flowables import Flowable, Fragment, Paragraph, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import BODY, CELL, LABEL, LINE_TEXT, MM, TextStyle
from app.pdf.plain_document import write_plain_document
from app.pdf.qr_code import QrCode
from app.pdf.table import Cell, Table, TableRow
from app.printing.atomic_output import StagedOutput
from app.reports import formatting
from app.workbook.workbook import Workbook

_GROUP_STYLE = TextStyle("hei_bold", 20, 32, "center")
_GROUPS_PER_LINE = 4  # of the code
_QR_SIZE = 46 * MM
_INSTRUCTIONS = (
    "一、本恢复单等同工作簿密钥，请按涉密材料保管。忘记口令时，打开工作簿，在“口令或恢复码”一栏输入上面的恢复码（横线可以不输），进去后立即改口令。",
    "二、请当面打印两份：一份锁进村委会保险柜，一份装入信封密封，交乡（镇）政府保管。领用要登记。",
    "三、不要拍照、复印、用微信传送，不要存进电脑、U 盘和手机，不要与工作簿放在一起。",
    "四、没有口令，也没有本恢复单，任何人都不能打开工作簿，技术人员也不能。",
    "五、怀疑本恢复单被他人看过，请立即在“设置”里重做恢复单，旧的恢复码随即作废，旧纸当场销毁。",
)


@dataclass(frozen=True, slots=True)
class _RecoveryCodeText:
    """The code in large groups."""

    code: str

    def split(self, width: float, max_height: float) -> list[Fragment]:
        groups = self.code.replace("-", " ").split()
        lines = [groups[n : n + _GROUPS_PER_LINE] for n in range(0, len(groups), _GROUPS_PER_LINE)]
        rows = [TableRow([Cell(group, _GROUP_STYLE) for group in line], min_height=15) for line in lines]
        tables = [Table([1] * len(row.cells), [row]) for row in rows]
        return [fragment for table in tables for fragment in table.split(width, max_height)]


@dataclass(frozen=True, slots=True)
class _RecoveryQrCode:
    """The code as a QR code."""

    code: str

    def split(self, width: float, max_height: float) -> list[Fragment]:
        qr_code = QrCode(self.code, _QR_SIZE)
        return [
            Fragment(
                _QR_SIZE + 14 * MM, lambda canvas, x, y: qr_code.draw(canvas, x + (width - _QR_SIZE) / 2, y - 7 * MM)
            )
        ]


def write_for_workbook(workbook: Workbook, code: str, out: Path) -> None:
    """Write the sheet of an open workbook, dated today and naming the current operator; see `write`."""
    write(out, **_facts(workbook), code=code)


def pdf_for_workbook(workbook: Workbook, code: str) -> bytes:
    """The same for a printer; nothing of it is left on the disk."""
    file = BytesIO()
    _draw(file, **_facts(workbook), code=code)
    return file.getvalue()


def _facts(workbook: Workbook) -> dict[str, Any]:
    return {
        "workbook_name": workbook.path.name,
        "village": workbook.villages[0].name,
        "operator": workbook.operator,
        "made_on": date.today(),
    }


def write(out: Path, *, workbook_name: str, village: str, operator: str, code: str, made_on: date) -> Path:
    """Write the sheet; nothing is left behind if it cannot be written.

    Args:
        code: the recovery code, its groups separated by "-" or spaces, printed as it must be typed

    Raises:
        UserError: the place cannot be written to
    """
    with StagedOutput(out.parent) as staged:
        with staged.file(out.name) as file:
            _draw(file, workbook_name=workbook_name, village=village, operator=operator, code=code, made_on=made_on)
        staged.commit()
    return out


def _draw(file: BinaryIO, *, workbook_name: str, village: str, operator: str, code: str, made_on: date) -> None:
    facts = [
        ("工作簿", workbook_name),
        ("行政村", village),
        ("制作人", operator),
        ("制作日期", formatting.day(made_on)),
    ]
    table_rows = [
        TableRow([Cell(label, LABEL, shaded=True), Cell(value or formatting.EMPTY, CELL)], min_height=9)
        for label, value in facts
    ]
    flowables: list[Flowable] = [
        Title("恢 复 码", "驻村户档工作簿　绝密保管"),
        Table((35, 135), table_rows),
        Spacer(6),
        _RecoveryCodeText(code),
        _RecoveryQrCode(code),
        *(Paragraph(instruction, BODY) for instruction in _INSTRUCTIONS),
        SignatureBlock([SignatureField("制作人签字"), SignatureField("保管人签字")]),
        Paragraph("保管处：　　　　　　　　　　　　　　　　编号：", LINE_TEXT),
    ]
    write_plain_document(file, "恢复码", operator, flowables)
