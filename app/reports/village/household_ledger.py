"""户台账: the households of the village, one in each row."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.records.field import field, field_label
from app.records.row_views import HouseholdRow
from app.reports import formatting
from app.reports.household_selection import HouseholdSelection, group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "户台账"
GROUP = "台账"
ORDER = 10
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("full",)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Number, head, size, kind, cause, helper, income and last visit; phones are masked unless asked for in full."""
    selection = select_households(session, parameters)
    return [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(),
        ledger_table(_columns(selection), [_row(household, parameters.full) for household in selection.households]),
        signature_row("填表人", "审核人"),
    ]


def _columns(selection: HouseholdSelection) -> list[LedgerColumn]:
    shown_fields = [("household_no", 30), ("head", 16), ("group_name", 17), ("population", 9), ("phone", 24),
             ("household_kind", 20), ("household_attribute", 22), ("registration_state", 15), ("exit_year", 12),
             ("cause_main", 17)]  # fmt: skip
    columns = [
        LedgerColumn(
            "户主" if name == "head" else "人口" if name == "population" else field_label("household", name),
            width_mm,
            "right" if name == "population" else "center",
        )
        for name, width_mm in shown_fields
    ]
    return [
        *columns,
        LedgerColumn(selection.helper_word, 18),
        LedgerColumn("人均纯收入（元）", 20, "right"),
        LedgerColumn("最近走访", 27),
    ]


def _row(household: HouseholdRow, full: bool) -> list[str]:
    return [
        household.household_no,
        household.head,
        group_or_hamlet(household),
        str(household.size),
        field("household", "phone").text(household.phone, hide=not full),
        household.kinds,
        household.attribute,
        household.state or household.exit_status,
        f"{household.exit_year}" if household.exit_year else "",
        household.cause,
        "、".join(household.helpers),
        formatting.money(household.per_capita_income),
        formatting.day(household.last_visit),
    ]
