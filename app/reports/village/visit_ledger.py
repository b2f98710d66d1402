"""走访台账: the visits to the households, the latest first."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.records.field import field_label
from app.records.row_views import visit_rows
from app.reports import formatting
from app.reports.household_selection import group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "走访台账"
GROUP = "台账"
ORDER = 60
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("year",)
_SHOWN_FIELDS = (("visited_on", 29), ("visitors", 28), ("found", 62), ("asked_for", 44), ("promised", 40),
          ("carried_out", 34))  # fmt: skip


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Date, household, visitor, findings, requests and promises."""
    selection = select_households(session, parameters)
    households_by_id = {household.id: household for household in selection.households}
    table_rows = []
    for visit in visit_rows(session):
        household = households_by_id.get(visit.household_id)
        if household and (not parameters.year or (visit.visited_on and visit.visited_on.year == parameters.year)):
            texts = [visit.found, visit.asked_for, visit.promised, visit.carried_out]
            table_rows.append(
                [group_or_hamlet(household), household.head, formatting.day(visit.visited_on), visit.visitors, *texts]
            )
    columns = [LedgerColumn("村民组", 20), LedgerColumn("户主", 18)]
    columns += [
        LedgerColumn(field_label("visit", name), width_mm, "center" if name in ("visited_on", "visitors") else "left")
        for name, width_mm in _SHOWN_FIELDS
    ]
    return [
        Title(
            f"{selection.village}{TITLE}",
            f"{parameters.year}年" if parameters.year else f"截至 {formatting.day(parameters.today)}",
        ),
        selection.header_line(f"共 {len(selection.households)} 户，走访 {len(table_rows)} 次"),
        ledger_table(columns, table_rows),
        signature_row("填表人", "审核人"),
    ]
