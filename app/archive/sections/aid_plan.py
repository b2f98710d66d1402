"""D02: what is planned or done for the household, a form a year: why it is poor, what it needs, what is to be done."""

from decimal import Decimal
from itertools import groupby

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Gap, Signature, Slot, Title, Whole
from app.archive.paper import CELL, LABEL, SMALL, SMALL_LABEL
from app.archive.subject import Subject, rows, subject
from app.archive.tables import Cell, Row, Table
from db.schema.aid import Measure, Visit

ORDER = 95
TITLE = "帮扶计划"
_COLUMNS = (10, 22, 55, 28, 25, 20, 10)
_HEADS = ("序号", "措施类别", "措施内容", "责任人（单位）", "完成时限", "预期增收（元）", "备注")


def section(session: Session, household_id: str) -> list[Block]:
    """The newest year first; nothing where nothing is planned."""
    home = subject(session, household_id)
    kept = rows(session, Measure, household_id)
    kept.sort(key=lambda one: (-(one.year or 0), one.started_on is None, one.started_on, one.id))
    blocks: list[Block] = []
    for year, group in groupby(kept, key=lambda one: one.year):
        of_year = list(group)
        needs = _needs(session, household_id, year)
        blocks += [*([Gap(8)] if blocks else []), Whole(_form(home, year, of_year, needs))]
    return blocks


def _needs(session: Session, household_id: str, year: int | None) -> str:
    """What the household asked for last at a visit, until the end of that year."""
    came = [one for one in rows(session, Visit, household_id) if one.asked_for and one.visited_on]
    came = [one for one in came if year is None or one.visited_on.year <= year]
    return max(came, key=lambda one: (one.visited_on, one.id)).asked_for if came else wording.EMPTY


def _form(home: Subject, year: int | None, kept: list[Measure], needs: str) -> list[Block]:
    household = home.household
    causes = "、".join(text for text in (household.cause_main, *(household.cause_other or ())) if text)
    about = [
        ("户情", f"家庭人口 {len(home.members)} 人，{_kind(home)}"),
        ("致贫原因", "；".join(text for text in (causes, household.cause_note) if text) or wording.EMPTY),
        ("需求", needs),
    ]
    heads = [Row([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADS], least=10)]
    gains = [one.expected_gain for one in kept if one.expected_gain is not None]
    total = wording.money(sum(gains, Decimal())) if gains else wording.EMPTY
    body = [_row(n, one) for n, one in enumerate(kept, 1)]
    body.append(
        Row([Cell("预期增收合计", LABEL, 5, shaded=True), Cell(total, SMALL.at("right"), 2, shaded=True)])
    )  # fmt: skip
    return [
        Title(f"{year}年度{TITLE}" if year else TITLE, "", kept[0].started_on),
        home.heading(),
        Table((28, 142), [Row([Cell(label, LABEL, shaded=True), Cell(text)]) for label, text in about], joined=True),
        Table(_COLUMNS, body, heads, padding=0.8),
        Signature([Slot(home.helper_word), Slot("户主签字", finger=True), Slot("村民委员会", seal=True)]),
    ]


def _kind(home: Subject) -> str:
    said = (home.household.household_attribute, home.household.household_kind, home.household.exit_status)
    return "、".join(dict.fromkeys(text for text in said if text)) or "户属性未填"


def _row(n: int, one: Measure) -> Row:
    middle = SMALL.at("center")
    what = "：".join(text for text in (one.title, one.content) if text)
    return Row(
        [
            Cell(str(n), middle),
            Cell(one.kind or wording.EMPTY, middle),
            Cell(what or wording.EMPTY, SMALL),
            Cell(one.responsible or wording.EMPTY, SMALL),
            Cell(wording.day(one.ended_on), middle),
            Cell(wording.money(one.expected_gain), SMALL.at("right")),
            Cell(one.note or "", CELL if len(one.note or "") < 3 else SMALL),
        ]
    )
