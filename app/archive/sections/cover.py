"""A00: whose volume it is, and where it stands in the archive."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.archive.blocks import Between, Block, Gap, Passing, Piece, Text
from app.archive.paper import COVER, LABEL, LINE, MM, SUBTITLE, Style
from app.archive.pen import Pen
from app.archive.sign import Sign
from app.archive.square import Square
from app.archive.subject import Subject, subject
from app.archive.tables import Cell, Row, Table
from app.archive.volume import Later

ORDER = 10
TITLE = "封面"
_LABEL = Style("hei", 14, 20, "center")
_VALUE = Style("fangsong", 14, 20)
_UNIT = Style("song_bold", 16, 26, "center")
_SHORT = Style("hei", 12, 18)
_SIDE = 26 * MM


def section(session: Session, household_id: str) -> list[Block]:
    """One page: file number, title, a grid of what names the volume, and who made it."""
    home = subject(session, household_id)
    about = [
        ("户主姓名", home.head_name),
        ("户编号", home.number or "—"),
        ("村　　组", home.whole_place),
        ("户 属 性", _kind(home)),
        ("年　　度", Passing(f"{date.today().year}年")),
        ("家庭人口", f"{len(home.members)}人"),
        ("建档单位", home.unit),
    ]
    rows = [Row([Cell(label, _LABEL), Cell(value, _VALUE)], least=13) for label, value in about]
    file = [
        Row([Cell(text, LABEL) for text in ("全宗号", "目录号", "案卷号", "保管期限")]),
        Row([Cell(text, LINE.at("center")) for text in (home.fonds, "JF02", home.volume_no, "永久")], least=10),
    ]
    return [
        Between("", f"档号：{home.file_no}"),
        Gap(26),
        Text("一 户 一 档", COVER),
        Text("（扶贫户档案）", SUBTITLE),
        Gap(18),
        Table((40, 110), rows, padding=3),
        Gap(10),
        Table((1, 1, 1, 1), file),
        Gap(10),
        Later(lambda volume: [_Code(volume.sign)]),
        Text(home.unit, _UNIT),
    ]


@dataclass(frozen=True, slots=True)
class _Code:
    """The square sign, and beside it what it is good for."""

    sign: Sign

    def pieces(self, width: float, tall: float) -> list[Piece]:
        return [Piece(_SIDE + 6 * MM, lambda pen, x, y: self._draw(pen, x + 10 * MM, y, width - 20 * MM))]

    def _draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        Square(self.sign.text, _SIDE, "m", mask=3).draw(pen, x, y)
        beside, wide = x + _SIDE + 6 * MM, width - _SIDE - 6 * MM
        y -= 4 * MM
        y -= pen.text(beside, y, wide, f"校验码　{self.sign.short}", _SHORT)
        said = "扫描左边的码或输入校验码，可核对本卷与工作簿里的记录是否一致。"
        pen.text(beside, y - 1 * MM, wide, said, LINE)


def _kind(home: Subject) -> str:
    household = home.household
    said = (household.household_attribute, household.household_kind, household.exit_status)
    return "、".join(dict.fromkeys(text for text in said if text)) or "—"
