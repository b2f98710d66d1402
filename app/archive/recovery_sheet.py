"""The recovery sheet: the one page that opens the workbook when every passphrase is forgotten."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.archive import wording
from app.archive.blocks import Block, Gap, Piece, Signature, Slot, Text, Title
from app.archive.layout import pages
from app.archive.output import Staged
from app.archive.paper import BODY, CELL, LABEL, LINE, MM, Style, sheet
from app.archive.pdf import PdfFile
from app.archive.pen import Pen
from app.archive.square import Square
from app.archive.tables import Cell, Row, Table
from app.workbook.workbook import Workbook

_GROUP = Style("hei_bold", 20, 32, "center")
_A_LINE = 4  # groups of the code in one line
_QR = 46 * MM
_RULES = (
    "一、这张纸等于钥匙。忘记口令时，打开工作簿，在“口令或恢复码”一栏输入上面的恢复码（横线可以不输），进去后立即改口令。",
    "二、请当面打印两份：一份锁进村委会保险柜，一份装入信封密封，交乡镇扶贫工作站保管。领用要登记。",
    "三、不要拍照、复印、用微信传送，不要存进电脑、U 盘和手机，不要与工作簿放在一起。",
    "四、没有口令，也没有这张纸，任何人都不能打开工作簿，技术人员也不能。",
    "五、怀疑这张纸被别人看过，请立即在“设置”里重做恢复单，旧的恢复码随即作废，旧纸当场销毁。",
)


@dataclass(frozen=True, slots=True)
class _Code:
    """The code in large groups."""

    code: str

    def pieces(self, width: float, tall: float) -> list[Piece]:
        groups = self.code.replace("-", " ").split()
        lines = [groups[n : n + _A_LINE] for n in range(0, len(groups), _A_LINE)]
        rows = [Row([Cell(group, _GROUP) for group in line], least=15) for line in lines]
        tables = [Table([1] * len(row.cells), [row]) for row in rows]
        return [piece for table in tables for piece in table.pieces(width, tall)]


@dataclass(frozen=True, slots=True)
class _Sign:
    """A QR sign of the code, drawn as squares."""

    code: str

    def pieces(self, width: float, tall: float) -> list[Piece]:
        square = Square(self.code, _QR)
        return [Piece(_QR + 14 * MM, lambda pen, x, y: square.draw(pen, x + (width - _QR) / 2, y - 7 * MM))]


def write_for(workbook: Workbook, code: str, out: Path) -> None:
    """The sheet of an open workbook, made today by whoever is at the keyboard; see `write`."""
    write(
        out,
        workbook_name=workbook.path.name,
        village=workbook.villages[0].name,
        operator=workbook.operator,
        code=code,
        made_on=date.today(),
    )


def write(out: Path, *, workbook_name: str, village: str, operator: str, code: str, made_on: date) -> Path:
    """Write the sheet; nothing is left where it could not be written.

    Args:
        code: the recovery code, its groups separated by "-" or spaces, printed as it must be typed

    Raises:
        OfficeError: the place cannot be written to
    """
    about = [("工作簿", workbook_name), ("行政村", village), ("制作人", operator), ("制作日期", wording.day(made_on))]
    rows = [
        Row([Cell(label, LABEL, shaded=True), Cell(value or wording.EMPTY, CELL)], least=9) for label, value in about
    ]
    blocks: list[Block] = [
        Title("恢 复 码", "驻村户档工作簿　绝密保管"),
        Table((35, 135), rows),
        Gap(6),
        _Code(code),
        _Sign(code),
        *(Text(rule, BODY) for rule in _RULES),
        Signature([Slot("制作人签字"), Slot("保管人签字")]),
        Text("保管处：　　　　　　　　　　　　　　　　编号：", LINE),
    ]
    with Staged(out.parent) as staged:
        with staged.file(out.name) as file:
            pdf = PdfFile(file, "恢复码", operator)
            for page in pages(blocks):
                side = sheet(landscape=False, back=False)
                pen = Pen(pdf, side.width, side.height)
                for down, piece in page.pieces:
                    piece.draw(pen, side.left, side.top - down)
                pen.finish()
            pdf.close()
        staged.keep()
    return out
