"""帮扶台账: the helpers of each household, and households that must have one but have none."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.records.field import field, field_label
from app.records.row_views import AssignmentRow, HouseholdRow, assignment_rows
from app.reports import formatting
from app.reports.household_selection import group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.aid import Helper

TITLE = "帮扶台账"
GROUP = "台账"
ORDER = 30
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("full",)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One row for each helper of a household in force."""
    selection = select_households(session, parameters)
    assignments: dict[str, list[AssignmentRow]] = {}
    for assignment in assignment_rows(session):
        if assignment.in_force:
            assignments.setdefault(assignment.household_id, []).append(assignment)
    posts = {id: post or "" for id, post in session.execute(select(Helper.id, Helper.post))}
    table_rows = [
        row
        for household in selection.households
        for row in _table_rows(household, assignments.get(household.id, ()), posts, parameters.full)
    ]
    columns = [
        LedgerColumn("村民组", 24),
        LedgerColumn("户主", 20),
        LedgerColumn("人口", 12, "right"),
        LedgerColumn(field_label("household", "household_kind"), 26),
        LedgerColumn(selection.helper_word, 24),
        LedgerColumn(field_label("helper", "unit"), 54, "left"),
        LedgerColumn(field_label("helper", "post"), 32),
        LedgerColumn(field_label("helper", "phone"), 28),
        LedgerColumn(field_label("assignment", "started_on"), 29),
        LedgerColumn("最近走访", 29),
    ]
    return [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(),
        ledger_table(columns, table_rows),
        signature_row("填表人", "审核人"),
    ]


def _table_rows(
    household: HouseholdRow, assignments: Sequence[AssignmentRow], posts: dict[str, str], full: bool
) -> list[list[str]]:
    household_cells = [group_or_hamlet(household), household.head, str(household.size), household.kinds]
    if not assignments:
        missing = "（未安排）" if household.needs_helper else ""
        return [[*household_cells, missing, "", "", "", "", formatting.day(household.last_visit)]]
    phone = field("helper", "phone")
    return [
        [
            *household_cells,
            assignment.helper,
            assignment.unit,
            posts.get(assignment.helper_id, ""),
            phone.text(assignment.phone, hide=not full),
            formatting.day(assignment.started_on),
            formatting.day(household.last_visit),
        ]
        for assignment in assignments
    ]
