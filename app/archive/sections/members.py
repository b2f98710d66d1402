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
_SHORT = 8  # letters of a note that stand well in its column
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
    rows = [row for n, one in enumerate(home.members, 1) for row in _rows(n, one)]
    return [
        Title(TITLE, "", home.household.fill_date),
        home.heading(),
        Table(_COLUMNS, rows, heads, padding=0.7, least=9),
        Signature([Slot("填表人"), Slot("户主签字", finger=True)]),
    ]


def _rows(n: int, one: Member) -> list[Row]:
    """A member's line; a note too long for its narrow column stands below it, held to it by the number."""
    middle = SMALL.at("center")
    if len(one.note or "") <= _SHORT:
        return [Row([Cell(str(n), middle), *_said(one, one.note)])]
    below = Cell(f"备注：{one.note}", SMALL, span=len(_COLUMNS) - 1)
    return [Row([Cell(str(n), middle, rows=2), *_said(one, "见下")]), Row([below])]


def _said(one: Member, note: str | None) -> list[Cell]:
    """All but the number."""
    insured = "是" if one.med_ins or one.emp_med_ins else _yes_no(one.med_ins)
    pension = "是" if one.pension or one.emp_pension else _yes_no(one.pension)
    texts = [
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
        note,
    ]
    return [Cell(text or wording.EMPTY, SMALL.at("center")) for text in texts]


def _yes_no(value: bool | None) -> str:
    return wording.EMPTY if value is None else "是" if value else "否"
