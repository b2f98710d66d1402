"""明白卡: what a household receives and may receive, and from whom, to be kept by the household."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.issues.policy_lines import PolicyLine, policy_lines
from app.pdf.flowables import Flowable, Heading, SignatureBlock, SignatureField, Title
from app.pdf.page_style import CELL, LABEL
from app.pdf.table import Cell, Table, TableRow
from app.policies.entitlement import RECEIVED, UNCLAIMED
from app.records.field import field_label
from app.records.income import yearly_incomes
from app.records.row_views import assignment_rows
from app.reports import formatting
from app.reports.household_context import HouseholdContext, household_records, load_context
from app.reports.ledger import LedgerColumn, format_sum, ledger_table
from app.reports.parameters import ReportParameters
from db.schema.aid import Measure

TITLE = "明白卡"
GROUP = "卡片"
ORDER = 20
SUBJECT = "household"
FRAME = "bare"
PARAMETERS = ("year",)
_MAX_MEASURES = 14  # that fit on one page
_MAX_POLICIES = 6
_ASKED = "驻村工作队"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Household, helper and the measures of the chosen year, or of the latest that has any."""
    (household_id,) = parameters.households
    context = load_context(session, household_id)
    measures = household_records(session, Measure, household_id)
    year = parameters.year or max((measure.year or 0 for measure in measures), default=0)
    of_year = sorted(
        (measure for measure in measures if (measure.year or 0) == year),
        key=lambda measure: (measure.kind or "", measure.id),
    )
    columns = [
        LedgerColumn(field_label("measure", "kind"), 28),
        LedgerColumn(field_label("measure", "title"), 58, "left"),
        LedgerColumn(field_label("measure", "quantity"), 24, "left"),
        LedgerColumn("金额（元）", 26, "right"),
        LedgerColumn(field_label("measure", "state"), 24),
    ]
    table_rows = [_measure_row(measure) for measure in of_year[:_MAX_MEASURES]]
    if len(of_year) > _MAX_MEASURES:
        table_rows.append([" ", f"另有 {len(of_year) - _MAX_MEASURES} 项，见措施台账", " ", " ", " "])
    total = [*[" "] * 3, format_sum(measure.amount for measure in of_year), " "]
    return [
        Title(f"帮扶政策{TITLE}", context.place),
        Table((28, 57, 28, 57), _facts(session, context), min_height=8.5),
        Heading(f"{year}年享受的帮扶措施" if year else "享受的帮扶措施"),
        ledger_table(columns, table_rows, body_style=CELL, header_style=LABEL, total=total),
        *_policies(policy_lines(session, household_id, states=(RECEIVED, UNCLAIMED), today=parameters.today)),
        SignatureBlock([SignatureField(context.helper_word), SignatureField("户主签字", fingerprint=True)]),
    ]


def _policies(lines: Sequence[PolicyLine]) -> list[Flowable]:
    """The policies that the household or its people have or may have, in the words of the village's library."""
    people: dict[str, list[PolicyLine]] = {}
    for line in lines:
        if line.is_open or line.issue is None:
            people.setdefault(line.entitlement.policy.id, []).append(line)
    if not people:
        return []
    columns = [
        LedgerColumn(field_label("policy", "name"), 44, "left"),
        LedgerColumn("享受人", 26),
        LedgerColumn("政策内容和补助标准", 90, "left"),
    ]
    rows = [_policy_row(of_policy) for of_policy in list(people.values())[:_MAX_POLICIES]]
    if len(people) > _MAX_POLICIES:
        rows.append([" ", " ", f"另有 {len(people) - _MAX_POLICIES} 项，请向{_ASKED}询问"])
    return [
        Heading("可以享受的政策"),
        ledger_table(columns, rows, body_style=CELL, header_style=LABEL),
    ]


def _policy_row(lines: Sequence[PolicyLine]) -> list[str]:
    texts = lines[0].entitlement.policy.texts
    told = "\n".join(text for text in (texts["content"] or texts["whom"], texts["standard"]) if text)
    return [lines[0].entitlement.policy.name, "、".join(line.whom for line in lines), told or formatting.EMPTY]


def _measure_row(measure: Measure) -> list[str]:
    return [
        measure.kind or "",
        measure.title or "",
        measure.quantity or "",
        formatting.money(measure.amount),
        measure.state or "",
    ]


def _facts(session: Session, context: HouseholdContext) -> list[TableRow]:
    household, village = context.household, context.village
    helper = next((assignment for assignment in assignment_rows(session, household.id) if assignment.in_force), None)
    latest_income = next(iter(yearly_incomes(session, household.id, latest=True)), None)
    income_text = (
        f"{formatting.money(latest_income.per_capita)}元（{latest_income.year}年）"
        if latest_income
        else formatting.EMPTY
    )
    facts = [
        ("户主", context.head_name),
        ("家庭人口", f"{len(context.members)}人"),
        (
            field_label("household", "household_kind"),
            "、".join(text for text in (household.household_kind, context.monitored) if text),
        ),
        (field_label("household", "exit_year"), f"{household.exit_year}年" if household.exit_year else ""),
        ("人均纯收入", income_text),
        (field_label("village", "sponsor_unit"), village.sponsor_unit if village else ""),
        (context.helper_word, helper.helper if helper else ""),
        (field_label("helper", "phone"), helper.phone if helper else ""),
        (field_label("village", "team_leader"), village.team_leader if village else ""),
        (context.terms.word("hotline_name"), context.terms.word("hotline")),
    ]
    pairs = [facts[n : n + 2] for n in range(0, len(facts), 2)]
    return [
        TableRow(
            [cell for label, text in pair for cell in (Cell(label, LABEL, shaded=True), Cell(text or formatting.EMPTY))]
        )
        for pair in pairs
    ]
