"""问题整改台账: every problem handed over, from its finding to the day it was closed and verified."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.records.field import field, field_label
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.rectification import Rectification

TITLE = "问题整改台账"
GROUP = "走访与整改"
ORDER = 30
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("year",)
_SHOWN_FIELDS = (("number", 18), ("source", 22), ("found_on", 28), ("problem", 48), ("responsible", 18), ("plan", 36),
          ("due_on", 28), ("outcome", 34), ("closed_on", 28), ("followup_on", 28))  # fmt: skip
_LEFT_ALIGNED = ("problem", "plan", "outcome")


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """By the day of finding; problems of the village itself are included unless households were chosen."""
    selection = select_households(session, parameters)
    heads_by_household = {household.id: household.head for household in selection.households}
    table_rows = []
    query = select(Rectification).where(~Rectification.withdrawn)
    for rectification in session.scalars(
        query.order_by(Rectification.found_on, Rectification.number, Rectification.id)
    ):
        of_village = rectification.household_id is None and not parameters.households
        in_year = not parameters.year or (
            rectification.found_on is not None and rectification.found_on.year == parameters.year
        )
        if in_year and (of_village or rectification.household_id in heads_by_household):
            head_name = heads_by_household.get(rectification.household_id or "", "村级")
            table_rows.append([head_name, *(_field_text(rectification, name) for name, _ in _SHOWN_FIELDS)])
    columns = [LedgerColumn("户主", 18)]
    for name, width_mm in _SHOWN_FIELDS:
        columns.append(
            LedgerColumn(field_label("rectification", name), width_mm, "left" if name in _LEFT_ALIGNED else "center")
        )
    return [
        Title(
            f"{selection.village}{TITLE}",
            f"{parameters.year}年" if parameters.year else f"截至 {formatting.day(parameters.today)}",
        ),
        selection.header_line(f"共 {len(table_rows)} 条"),
        ledger_table(columns, table_rows),
        signature_row("填表人", "审核人"),
    ]


def _field_text(rectification: Rectification, name: str) -> str:
    return formatting.format_field(field("rectification", name), getattr(rectification, name))
