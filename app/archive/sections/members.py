"""C01-2: the people of the household, one a row, on a sheet across."""

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Signature, Slot, Title
from app.archive.paper import SMALL, SMALL_LABEL
from app.archive.subject import subject
from app.archive.tables import Cell, Row, Table
from app.records.field import field
from db.schema.household import Member

ORDER = 50
TITLE = "贫困户信息采集表（家庭成员）"
LANDSCAPE = True
_COLUMNS = (8, 16, 8, 38, 14, 12, 14, 14, 22, 18, 20, 22, 10, 9, 9, 9, 9, 10)
_HEADS = (
    "序号", "姓名", "性别", "证件号码", "与户主关系", "民族", "政治面貌", "文化程度", "在校生状况", "健康状况",
    "劳动技能", "务工区域", "务工月数", "基本医保", "大病保险", "养老保险", "低保", "备注",
)  # fmt: skip


def section(session: Session, household_id: str) -> list[Block]:
    """Members who have not left."""
    home = subject(session, household_id)
    if not home.members:
        return []
    heads = [Row([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADS], least=11)]
    rows = [_row(n, one) for n, one in enumerate(home.members, 1)]
    return [
        Title(TITLE, "", home.household.fill_date),
        home.heading(),
        Table(_COLUMNS, rows, heads, padding=0.7, least=9),
        Signature([Slot("填表人"), Slot("户主签字", finger=True)]),
    ]


def _row(n: int, one: Member) -> Row:
    middle = SMALL.at("center")
    insured = "是" if one.med_ins or one.emp_med_ins else _yes_no(one.med_ins)
    pension = "是" if one.pension or one.emp_pension else _yes_no(one.pension)
    texts = [
        str(n),
        one.name,
        one.sex,
        one.id_no,
        one.relation,
        one.ethnic,
        one.political,
        one.education,
        one.school_status,
        "、".join(one.health or ()),
        one.labour,
        "".join(text for text in (one.work_region, one.work_place and f"（{one.work_place}）") if text),
        wording.said(field("member", "work_months"), one.work_months).removesuffix("月"),
        insured,
        _yes_no(one.serious_ins),
        pension,
        _yes_no(one.dibao),
        one.note,
    ]
    return Row([Cell(text or wording.EMPTY, middle) for text in texts])


def _yes_no(value: bool | None) -> str:
    return wording.EMPTY if value is None else "是" if value else "否"
