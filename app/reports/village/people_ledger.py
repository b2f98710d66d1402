"""人口台账: all members of the village's households, one in each row."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.records.field import field
from app.records.row_views import HouseholdRow, MemberRow, member_rows
from app.reports import formatting
from app.reports.household_selection import group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, field_column, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "人口台账"
GROUP = "台账"
ORDER = 20
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("full",)
_SHOWN_FIELDS = (
    ("name", 18),
    ("relation", 16),
    ("sex", 9),
    ("birth", 28),
    ("id_no", 36),
    ("ethnic", 11),
    ("education", 14),
    ("school_status", 22),
    ("health", 20),
    ("labour", 22),
    ("work_region", 18),
    ("work_months", 14),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Those who have not left, household by household; ID numbers are masked unless asked for in full."""
    selection = select_households(session, parameters)
    members_by_household: dict[str, list[MemberRow]] = {}
    for member in member_rows(session, today=parameters.today):
        if not member.left:
            members_by_household.setdefault(member.household_id, []).append(member)
    table_rows = [
        _row(household, member, parameters.full)
        for household in selection.households
        for member in members_by_household.get(household.id, ())
    ]
    columns = [LedgerColumn("村民组", 18), LedgerColumn("户主", 16)]
    columns += [field_column(field("member", name), width_mm) for name, width_mm in _SHOWN_FIELDS]
    return [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(),
        ledger_table(columns, table_rows),
        signature_row("填表人", "审核人"),
    ]


def _row(household: HouseholdRow, member: MemberRow, full: bool) -> list[str]:
    return [
        group_or_hamlet(household),
        household.head,
        member.name,
        member.relation,
        member.sex,
        formatting.day(member.birth),
        field("member", "id_no").text(member.id_no, hide=not full),
        member.ethnic,
        member.education,
        member.school_status,
        "、".join(member.health),
        member.labour,
        member.work_region,
        formatting.number(member.work_months),
    ]
