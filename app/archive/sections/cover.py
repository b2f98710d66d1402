"""A00: whose volume it is, and where it stands in the archive."""

from datetime import date

from sqlalchemy.orm import Session

from app.archive.blocks import Between, Block, Gap, Text
from app.archive.paper import COVER, LABEL, LINE, SUBTITLE, Style
from app.archive.subject import Subject, subject
from app.archive.tables import Cell, Row, Table

ORDER = 10
TITLE = "封面"
_LABEL = Style("hei", 14, 20, "center")
_VALUE = Style("fangsong", 14, 20)
_UNIT = Style("song_bold", 16, 26, "center")


def section(session: Session, household_id: str) -> list[Block]:
    """One page: file number, title, a grid of what names the volume, and who made it."""
    home = subject(session, household_id)
    about = [
        ("户主姓名", home.head_name),
        ("户编号", home.number or "—"),
        ("村　　组", home.whole_place),
        ("户 属 性", _kind(home)),
        ("年　　度", f"{date.today().year}年"),
        ("家庭人口", f"{len(home.members)}人"),
        ("建档单位", home.unit),
    ]
    rows = [Row([Cell(label, _LABEL), Cell(value, _VALUE)], least=13) for label, value in about]
    file = [
        Row([Cell(text, LABEL) for text in ("全宗号", "目录号", "案卷号", "保管期限")]),
        Row([Cell(text, LINE.at("center")) for text in (_fonds(home), "JF02", _volume_no(home), "永久")], least=10),
    ]
    return [
        Between("", f"档号：{_file_no(home)}"),
        Gap(26),
        Text("一 户 一 档", COVER),
        Text("（扶贫户档案）", SUBTITLE),
        Gap(18),
        Table((40, 110), rows, padding=3),
        Gap(10),
        Table((1, 1, 1, 1), file),
        Gap(16),
        Text(home.unit, _UNIT),
    ]


def _kind(home: Subject) -> str:
    household = home.household
    said = (household.household_attribute, household.household_kind, household.exit_status)
    return "、".join(dict.fromkeys(text for text in said if text)) or "—"


def _fonds(home: Subject) -> str:
    return (home.village.archive_class if home.village else None) or "—"


def _volume_no(home: Subject) -> str:
    """What the household's number adds to its village's."""
    return home.number.removeprefix(home.household.village) or home.number or "—"


def _file_no(home: Subject) -> str:
    """全宗号-分类号-案卷号, the class being JF, 02 for households and the village code."""
    return f"{_fonds(home)}-JF02{home.household.village}-{_volume_no(home)}"
