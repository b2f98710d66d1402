"""C01-1: the household's page of the national information form, options printed in full."""

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Signature, Slot, Title
from app.archive.paper import CELL, LABEL
from app.archive.subject import Subject, first_photo, picture, subject
from app.archive.tables import Cell, Row, Shown, Table

ORDER = 40
TITLE = "贫困户信息采集表（基本情况）"
_GRID = (30, 55, 30, 55)
_FIELDS = (
    "bank_name", "bank_card_no", "ident_standard", "register_date", "household_attribute", "exit_status",
    "household_kind", "registration_state", "cause_main", "cause_other", "cause_note", "plan_exit_year", "exit_year",
    "return_year", "is_military_family", "is_one_child", "is_two_girls", "no_labour_fallback", "residents",
    "monitor_risks", "monitor_note", "note",
)  # fmt: skip


def section(session: Session, household_id: str) -> list[Block]:
    """The form with the head's picture, and places to sign."""
    home = subject(session, household_id)
    household = home.household
    return [
        Title(TITLE, home.whole_place, household.fill_date),
        home.heading(f"填表时间：{wording.day(household.fill_date)}"),
        Table((30, 25, 30, 55, 30), _head(session, home)),
        Table(_GRID, wording.grid("household", household, _FIELDS)),
        Signature([Slot(f"填表人 {household.filler or ''}".strip()), Slot("户主签字", finger=True)]),
    ]


def _head(session: Session, home: Subject) -> list[Row]:
    """Name and numbers of the head, beside the 30 × 40 mm picture."""
    head, household = home.head, home.household
    face = picture(session, first_photo(home, "户主照片"))
    about = [
        ("户主姓名", home.head_name, "户编号", home.number or wording.EMPTY),
        (
            "性别",
            (head.sex if head else None) or wording.EMPTY,
            "证件号码",
            (head.id_no if head else None) or wording.EMPTY,
        ),
        ("家庭人口", f"{len(home.members)}人", "联系电话", household.phone or wording.EMPTY),
        ("民族", (head.ethnic if head else None) or wording.EMPTY, "家庭住址", household.address or wording.EMPTY),
    ]
    shown = Cell(Shown(face, (28, 38), "户主照片"), rows=len(about))
    rows = []
    for n, (label, value, second, text) in enumerate(about):
        cells = [Cell(label, LABEL, shaded=True), Cell(value, CELL), Cell(second, LABEL, shaded=True), Cell(text, CELL)]
        rows.append(Row([*cells, shown] if n == 0 else cells, least=10.5))
    return rows
