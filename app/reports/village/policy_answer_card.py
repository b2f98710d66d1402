"""一户一页: answers to what an inspector asks about a household, on one page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.checklists.results import household_trend
from app.pdf.flowables import Flowable, Heading, Title
from app.pdf.page_style import CELL, LABEL
from app.pdf.table import Cell, Table, TableRow
from app.records.field import field, field_label
from app.records.income import yearly_incomes
from app.records.row_views import assignment_rows, member_rows
from app.reports import formatting
from app.reports.household_context import HouseholdContext, household_records, load_context
from app.reports.ledger import LedgerColumn, ledger_table
from app.reports.parameters import ReportParameters
from db.schema.aid import Measure, Visit
from db.schema.household import LivingCondition

KEY = "answer_card"  # the name stored by earlier versions
TITLE = "答问卡（一户一页）"
GROUP = "卡片"
ORDER = 30
SUBJECT = "household"
_HOUSE_FIELDS = ("house_structure", "house_area", "danger_level", "water_safe", "toilet")
_MAX_MEMBERS = 9


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Members, income, housing and water, helper, measures, visits and the last score; no personal numbers."""
    (household_id,) = parameters.households
    context = load_context(session, household_id)
    present = [member for member in member_rows(session, household_id, parameters.today) if not member.left]
    columns = [
        LedgerColumn("姓名", 24),
        LedgerColumn("与户主关系", 22),
        LedgerColumn("年龄", 14, "right"),
        LedgerColumn("健康状况", 32),
        LedgerColumn("就学", 32),
        LedgerColumn("劳动和务工", 44),
    ]
    members = [
        [
            member.name,
            member.relation,
            "" if member.age is None else str(member.age),
            "、".join(member.health),
            member.school_status,
            "，".join(text for text in (member.labour, member.work_region and f"{member.work_region}务工") if text),
        ]
        for member in present[:_MAX_MEMBERS]
    ]
    return [
        Title(TITLE),
        context.header_line(),
        Heading(f"一、家庭成员（{len(present)}人）"),
        ledger_table(columns, members, min_height=7),
        Heading("二、常问的情况"),
        Table((34, 136), [_fact_row(label, text) for label, text in _common_questions(session, context)], min_height=9),
    ]


def _fact_row(label: str, text: str) -> TableRow:
    return TableRow([Cell(label, LABEL, shaded=True), Cell(text or formatting.EMPTY, CELL)])


def _common_questions(session: Session, context: HouseholdContext) -> list[tuple[str, str]]:
    household_id, household = context.household.id, context.household
    income = [
        f"{yearly.year}年人均 {formatting.money(yearly.per_capita)} 元"
        for yearly in yearly_incomes(session, household_id)[:3]
    ]
    helpers = [f"{item.helper}（{item.unit}）" for item in assignment_rows(session, household_id) if item.in_force]
    measures = household_records(session, Measure, household_id)
    latest = max((item.year or 0 for item in measures), default=0)
    measure_titles = [item.title or item.kind or "" for item in measures if (item.year or 0) == latest]
    visits = sorted(item.visited_on for item in household_records(session, Visit, household_id) if item.visited_on)
    rounds = household_trend(session, household_id)
    score = rounds[-1].result if rounds else None
    state = "，".join(
        text for text in (household.household_kind, context.monitored, household.registration_state) if text
    )
    exit_text = f"{household.exit_year}年脱贫" if household.exit_year else ""
    cause = "、".join(text for text in (household.cause_main, *(household.cause_other or ())) if text)
    score_text = (
        f"{score.points}分，{score.grade}（{rounds[-1].round_title}）" if score and score.points is not None else ""
    )
    return [
        ("户的情况", "，".join(text for text in (state, exit_text) if text)),
        (field_label("household", "cause_main"), cause),
        ("人均纯收入", "；".join(income)),
        ("住房和饮水", _house_facts(session, context)),
        (context.helper_word, "、".join(helpers)),
        ("帮扶措施", f"{latest}年：{'、'.join(dict.fromkeys(measure_titles))}" if latest else ""),
        ("走访", f"共 {len(visits)} 次，最近 {formatting.day(visits[-1])}" if visits else ""),
        ("四净两规范", score_text),
    ]


def _house_facts(session: Session, context: HouseholdContext) -> str:
    conditions = sorted(
        household_records(session, LivingCondition, context.household.id), key=lambda item: item.year or 0
    )
    if not conditions:
        return ""
    filled_fields = [
        field("living_condition", name) for name in _HOUSE_FIELDS if getattr(conditions[-1], name) is not None
    ]
    return "；".join(
        f"{item.label}：{formatting.format_field(item, getattr(conditions[-1], item.name))}" for item in filled_fields
    )
