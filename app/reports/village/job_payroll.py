"""公益性岗位工资发放表: month by month who holds which post, the days worked, the pay, and a place to sign."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, PageBreak, Title
from app.pdf.page_style import A4_LANDSCAPE, CELL, LABEL
from app.records.field import Field, field
from app.records.row_views import member_order
from app.reports import formatting
from app.reports.household_selection import HouseholdSelection, group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, field_column, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from app.reports.register_ledger import value_text
from db.schema.employment import PublicJob, PublicJobMonth
from db.schema.household import Household, Member

TITLE = "公益性岗位工资发放表"
GROUP = "单据"
ORDER = 6
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
FRAME = "plain"
PARAMETERS = ("year", "month", "full", "blank")
_BLANK_ROWS = 12
_ROW_HEIGHT = 12  # millimetres


@dataclass(frozen=True, slots=True)
class _Post:
    """A post with whom it is given to, and its month where that was written down."""

    job: PublicJob
    person: str
    group: str
    account: str | None
    month: PublicJobMonth | None


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A page for the chosen month; without one for each month of the year in which anybody held a post.

    Raises:
        UserError: the month is not written as 2018-12
    """
    selection = select_households(session, parameters)
    lists = {first: list(_posts(session, selection, first)) for first in _months(parameters)}
    shown = [first for first, posts in lists.items() if posts] or [next(iter(lists))]
    content: list[Flowable] = []
    for first in shown:
        content += [PageBreak()] if content else []
        content += _page(selection, parameters, f"{first.year} 年 {first.month} 月", lists[first])
    return content


def _months(parameters: ReportParameters) -> list[date]:
    """The first days of the months that are asked for."""
    if first := parameters.first_of_month:
        return [first]
    return [date(parameters.year or parameters.today.year, month, 1) for month in range(1, 13)]


def _posts(session: Session, selection: HouseholdSelection, first: date) -> Iterator[_Post]:
    """The posts that somebody held on a day of the month, in walking order."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    held = (
        select(PublicJob, Member, Household.bank_card_no)
        .join(Member, Member.id == PublicJob.member_id)
        .join(Household, Household.id == Member.household_id)
        .where(~PublicJob.withdrawn, ~Member.withdrawn, PublicJob.started_on <= last)
        .where(PublicJob.ended_on.is_(None) | (PublicJob.ended_on >= first))
        .where(PublicJob.contract_until.is_(None) | (PublicJob.contract_until >= first))
        .order_by(PublicJob.id)
    )
    written = select(PublicJobMonth).where(~PublicJobMonth.withdrawn, PublicJobMonth.month == f"{first:%Y-%m}")
    month_of = {row.job_id: row for row in session.scalars(written)}
    by_household: dict[str, list[tuple[PublicJob, Member, str | None]]] = {}
    for job, member, account in session.execute(held):
        by_household.setdefault(member.household_id or "", []).append((job, member, account))
    for household in selection.households:
        for job, member, account in sorted(by_household.get(household.id, ()), key=lambda post: member_order(post[1])):
            yield _Post(job, member.name or "", group_or_hamlet(household), account, month_of.get(job.id))


def _page(
    selection: HouseholdSelection, parameters: ReportParameters, month: str, posts: Sequence[_Post]
) -> list[Flowable]:
    kind, pay = field("public_job", "kind"), field("public_job", "pay")
    days, appraisal, paid = (field("public_job_month", name) for name in ("days", "appraisal", "paid"))
    account = field("household", "bank_card_no")
    columns = [
        LedgerColumn("姓名", 20),
        LedgerColumn("村民组", 22),
        field_column(kind, 30),
        field_column(days, 22),
        LedgerColumn(appraisal.label, 20),
        field_column(pay, 28),
        field_column(paid, 28),
        LedgerColumn("收款账号", 44),
        LedgerColumn("领取人签字", 32),
    ]
    told = [] if parameters.blank else posts
    rows = [
        [
            post.person,
            post.group or " ",
            value_text(kind, post.job.kind) or " ",
            *(_of_month(one, post) for one in (days, appraisal)),
            value_text(pay, post.job.pay) or " ",
            _of_month(paid, post),
            account.text(post.account, hide=not parameters.full) or " ",
            " ",
        ]
        for post in told
    ]
    total = sum((post.month.paid or Decimal() for post in told if post.month), Decimal())
    return [
        Title(f"{selection.village}{TITLE}", "　　　年　　月" if parameters.blank else month),
        selection.header_line(" " if parameters.blank else f"共 {len(rows)} 人"),
        ledger_table(
            columns,
            rows,
            body_style=CELL,
            header_style=LABEL,
            min_height=_ROW_HEIGHT,
            blank_rows=0 if rows else _BLANK_ROWS,
            total=[*[" "] * 6, formatting.money(total), " ", " "] if rows else (),
        ),
        signature_row("制表人", "用工单位负责人", "村务监督委员会"),
    ]


def _of_month(one: Field, post: _Post) -> str:
    """What was written down of the month; a place to write where nothing was."""
    return (value_text(one, getattr(post.month, one.name)) if post.month else "") or " "
