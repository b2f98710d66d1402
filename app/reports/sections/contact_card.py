"""D01: the contact card for the door: helpers, their phones, and the hotline. Two on a sheet, to be cut."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import CutLine, Flowable, HeaderLine, KeepTogether, Paragraph, Spacer
from app.pdf.page_style import LABEL, LINE_TEXT, TextStyle
from app.pdf.table import Cell, ImageCell, Table, TableRow
from app.records.assignment import is_in_force
from app.reports import formatting
from app.reports.household_context import HouseholdContext, load_context
from db.schema.aid import Assignment, Helper

ORDER = 80
TITLE = "帮扶联系卡"
_TITLE_STYLE = TextStyle("song_bold", 18, 28, "center")
_VALUE_STYLE = TextStyle("fangsong", 12, 17)


def section(session: Session, household_id: str) -> list[Flowable]:
    """Nothing if the household has no helper now."""
    card_flowables = card(session, household_id)
    if not card_flowables:
        return []
    return [
        KeepTogether(card_flowables),
        Spacer(12),
        HeaderLine("", "（沿此线裁开，一份贴户内，一份存档）"),
        CutLine(),
        Spacer(6),
        KeepTogether(card_flowables),
    ]


def card(session: Session, household_id: str) -> list[Flowable]:
    """One card; nothing if the household has no helper now."""
    context = load_context(session, household_id)
    helpers = session.scalars(
        select(Helper)
        .join(Assignment, Assignment.helper_id == Helper.id)
        .where(Assignment.household_id == household_id, is_in_force(), ~Helper.withdrawn)
        .order_by(Assignment.started_on, Helper.name)
    ).all()
    return _card_flowables(context, helpers) if helpers else []


def _card_flowables(context: HouseholdContext, helpers: Sequence[Helper]) -> list[Flowable]:
    village = context.village
    flowables: list[Flowable] = [Paragraph(TITLE, _TITLE_STYLE), context.header_line()]
    for helper in helpers[:3]:
        flowables.append(Table((28, 40, 28, 46, 28), _helper_rows(context, helper)))
    leader = (village.team_leader if village else None) or formatting.EMPTY
    facts = [
        ("包村单位", (village.sponsor_unit if village else None) or formatting.EMPTY, "驻村第一书记", leader),
        (
            "第一书记电话",
            (village.team_phone if village else None) or formatting.EMPTY,
            context.terms.word("hotline_name"),
            context.terms.word("hotline"),
        ),
    ]
    rows = [
        TableRow(
            [
                Cell(left_label, LABEL, shaded=True),
                Cell(left_text, _VALUE_STYLE),
                Cell(right_label, LABEL, shaded=True),
                Cell(right_text, _VALUE_STYLE),
            ],
            min_height=9,
        )
        for left_label, left_text, right_label, right_text in facts
    ]
    return [*flowables, Table((28, 57, 28, 57), rows)]


def _helper_rows(context: HouseholdContext, helper: Helper) -> list[TableRow]:
    facts = [
        (context.helper_word, helper.name, "联系电话", helper.phone),
        ("单位", helper.unit, "职务", helper.post),
    ]
    rows = []
    for n, (left_label, left_text, right_label, right_text) in enumerate(facts):
        cells = [
            Cell(left_label, LABEL, shaded=True),
            Cell(left_text or formatting.EMPTY, _VALUE_STYLE),
            Cell(right_label, LABEL, shaded=True),
            Cell(right_text or formatting.EMPTY, _VALUE_STYLE),
        ]
        rows.append(
            TableRow(
                [*cells, Cell(ImageCell(None, (26, 34), "照片"), LINE_TEXT, row_span=2)] if n == 0 else cells,
                min_height=17,
            )
        )
    return rows
