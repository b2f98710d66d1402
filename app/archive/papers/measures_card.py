"""明白卡: on one page what a household is given and by whom, to be kept at home."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Heading, Signature, Slot, Title
from app.archive.ledger import Column, ledger, summed
from app.archive.paper import CELL, LABEL
from app.archive.subject import Subject, rows, subject
from app.archive.tables import Cell, Row, Table
from app.records.field import label_of
from app.records.income import nets
from app.records.lists import assignment_rows
from db.schema.aid import Measure

TITLE = "明白卡"
GROUP = "卡片"
ORDER = 20
ABOUT = "household"
EDGE = "bare"
ASKS = ("year",)
_MOST = 14  # measures that one page holds
_COMPLAINTS = "12317"  # 全国扶贫监督举报电话, 2018


def paper(session: Session, about: About) -> Sequence[Block]:
    """Household, helper and the measures of the year asked for, or of the latest that has any."""
    (household,) = about.households
    home = subject(session, household)
    kept = rows(session, Measure, household)
    year = about.year or max((one.year or 0 for one in kept), default=0)
    of_year = sorted((one for one in kept if (one.year or 0) == year), key=lambda one: (one.kind or "", one.id))
    columns = [
        Column(label_of("measure", "kind"), 28),
        Column(label_of("measure", "title"), 58, "left"),
        Column(label_of("measure", "quantity"), 24),
        Column("金额（元）", 26, "right"),
        Column(label_of("measure", "state"), 24),
    ]
    shown = [_row(one) for one in of_year[:_MOST]]
    if len(of_year) > _MOST:
        shown.append([" ", f"另有 {len(of_year) - _MOST} 项，见措施台账", " ", " ", " "])
    total = [*[" "] * 3, summed(one.amount for one in of_year), " "]
    return [
        Title(f"帮扶政策{TITLE}", home.place),
        Table((28, 57, 28, 57), _facts(session, home), least=8.5),
        Heading(f"{year}年享受的帮扶措施" if year else "享受的帮扶措施"),
        ledger(columns, shown, body=CELL, head=LABEL, total=total),
        Signature([Slot(home.helper_word), Slot("户主签字", finger=True)]),
    ]


def _row(one: Measure) -> list[str]:
    return [one.kind or "", one.title or "", one.quantity or "", wording.money(one.amount), one.state or ""]


def _facts(session: Session, home: Subject) -> list[Row]:
    household, village = home.household, home.village
    helper = next((one for one in assignment_rows(session, household.id) if one.in_force), None)
    latest = next(iter(nets(session, household.id, latest=True)), None)
    income = f"{wording.money(latest.per_head)}元（{latest.year}年）" if latest else wording.EMPTY
    about = [
        ("户主", home.head_name),
        ("家庭人口", f"{len(home.members)}人"),
        (label_of("household", "household_kind"), household.household_kind),
        (label_of("household", "exit_year"), f"{household.exit_year}年" if household.exit_year else ""),
        ("人均纯收入", income),
        (label_of("village", "sponsor_unit"), village.sponsor_unit if village else ""),
        (home.helper_word, helper.helper if helper else ""),
        (label_of("helper", "phone"), helper.phone if helper else ""),
        (label_of("village", "team_leader"), village.team_leader if village else ""),
        ("监督举报电话", _COMPLAINTS),
    ]
    pairs = [about[n : n + 2] for n in range(0, len(about), 2)]
    return [
        Row([cell for label, text in pair for cell in (Cell(label, LABEL, shaded=True), Cell(text or wording.EMPTY))])
        for pair in pairs
    ]
