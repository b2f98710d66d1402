"""帮扶联系人包保户名单: the households of one helper, to take along."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.pdf.flowables import Flowable, HeaderLine, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.records.field import field, field_label
from app.records.row_views import assignment_rows, household_rows
from app.reports import formatting
from app.reports.household_selection import group_or_hamlet, village_terms
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.aid import Helper
from db.schema.household import Household

TITLE = "包保户名单"
GROUP = "台账"
ORDER = 70
SUBJECT = "helper"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("full",)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """The households in force, with what a helper needs on the way.

    Raises:
        UserError: no helper is chosen, or the one chosen is gone
    """
    helper = session.get(Helper, parameters.helper) if parameters.helper else None
    if helper is None or helper.withdrawn:
        raise UserError("请先选择一位帮扶联系人。")
    started_on = {
        assignment.household_id: assignment.started_on
        for assignment in assignment_rows(session, helper_id=parameters.helper)
        if assignment.in_force
    }
    table_rows = _table_rows(session, parameters, started_on)
    helper_word = village_terms(session, parameters.day).word("helper")
    helper_line = (
        f"{helper_word}：{helper.name or formatting.EMPTY}　单位："
        f"{helper.unit or formatting.EMPTY}　职务：{helper.post or '—'}"
    )
    return [
        Title(f"{helper.name or helper_word}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        HeaderLine(helper_line, f"共 {len(table_rows)} 户"),
        ledger_table(_columns(), table_rows, min_height=12),
        signature_row(f"{helper_word}签字", "审核人"),
    ]


def _table_rows(
    session: Session, parameters: ReportParameters, started_on: Mapping[str, date | None]
) -> list[list[str]]:
    """One row for each household that the helper has; the last cell is blank, to be written into."""
    addresses = {id: text or "" for id, text in session.execute(select(Household.id, Household.address))}
    phone = field("household", "phone")
    return [
        [
            group_or_hamlet(household),
            household.head,
            str(household.size),
            household.kinds,
            addresses.get(household.id, ""),
            phone.text(household.phone, hide=not parameters.full),
            household.cause,
            formatting.day(started_on[household.id]),
            formatting.day(household.last_visit),
            " ",
        ]
        for household in household_rows(session)
        if household.id in started_on
    ]


def _columns() -> list[LedgerColumn]:
    return [
        LedgerColumn("村民组", 24),
        LedgerColumn("户主", 22),
        LedgerColumn("人口", 12, "right"),
        LedgerColumn(field_label("household", "household_kind"), 26),
        LedgerColumn(field_label("household", "address"), 50, "left"),
        LedgerColumn(field_label("household", "phone"), 28),
        LedgerColumn(field_label("household", "cause_main"), 22),
        LedgerColumn(field_label("assignment", "started_on"), 26),
        LedgerColumn("最近走访", 26),
        LedgerColumn("本次情况", 36, "left"),
    ]
