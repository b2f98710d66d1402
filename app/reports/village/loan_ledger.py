"""小额信贷台账: loans by due date: borrower, amount and term."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE
from app.records.field import field_label
from app.records.measure_roles import has_role
from app.reports import formatting
from app.reports.household_selection import group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, format_sum, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.aid import Measure
from db.schema.household import Member

TITLE = "扶贫小额信贷台账"
GROUP = "台账"
ORDER = 50
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("year",)
_REMIND_DAYS = 90  # days before the due date from which a loan is marked


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Loans by due date, with a note if they are due soon or overdue."""
    selection = select_households(session, parameters)
    households_by_id = {household.id: household for household in selection.households}
    query = select(Measure).where(~Measure.withdrawn, Measure.household_id.in_(households_by_id))
    measures = session.scalars(query.where(Measure.year == parameters.year) if parameters.year else query)
    loans = sorted(
        (measure for measure in measures if has_role(measure.kind, measure.title, "loan")),
        key=lambda loan: (loan.ended_on is None, loan.ended_on, loan.id),
    )
    member_names = {id: name or "" for id, name in session.execute(select(Member.id, Member.name))}
    table_rows = []
    for loan in loans:
        household = households_by_id[loan.household_id or ""]
        table_rows.append(
            [
                group_or_hamlet(household),
                household.head,
                member_names.get(loan.member_id or "", household.head),
                *_loan_cells(loan, parameters),
            ]
        )
    columns = [
        LedgerColumn("村民组", 24),
        LedgerColumn("户主", 20),
        LedgerColumn("借款人", 20),
        LedgerColumn(field_label("measure", "title"), 62, "left"),
        LedgerColumn("借款金额（元）", 26, "right"),
        LedgerColumn("借款日期", 28),
        LedgerColumn("到期日期", 28),
        LedgerColumn("到期提醒", 20),
        LedgerColumn(field_label("measure", "responsible"), 34),
        LedgerColumn(field_label("measure", "state"), 18),
        LedgerColumn(field_label("measure", "note"), 24, "left"),
    ]
    return [
        Title(
            f"{selection.village}{TITLE}",
            f"{parameters.year}年" if parameters.year else f"截至 {formatting.day(parameters.today)}",
        ),
        selection.header_line(f"共 {len(table_rows)} 笔"),
        ledger_table(columns, table_rows, total=[*[" "] * 4, format_sum(loan.amount for loan in loans), *[" "] * 6]),
        signature_row("填表人", "审核人"),
    ]


def _loan_cells(loan: Measure, parameters: ReportParameters) -> list[str]:
    days_left = (loan.ended_on - parameters.today).days if loan.ended_on else None
    return [
        "：".join(text for text in (loan.title, loan.content) if text),
        formatting.money(loan.amount),
        formatting.day(loan.started_on),
        formatting.day(loan.ended_on),
        "" if days_left is None or days_left > _REMIND_DAYS else f"还有{days_left}天" if days_left >= 0 else "已过期",
        loan.responsible or "",
        loan.state or "",
        loan.note or " ",
    ]
