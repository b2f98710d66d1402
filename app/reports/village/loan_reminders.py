"""小额信贷到期提醒清单: what is owed by when, the overdue first, then what is due within 30, 60 and 90 days."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Heading, Paragraph, Title
from app.pdf.page_style import A4_LANDSCAPE, CELL
from app.registers import get_register
from app.registers.engine.progress import due_day
from app.registers.engine.rows import RegisterRow, load_rows, row_ids
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from app.reports.register_ledger import value_text

TITLE = "小额信贷到期提醒清单"
GROUP = "台账"
ORDER = 80
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
_BANDS = (30, 60, 90)  # days
_NOTHING = f"没有逾期的小额信贷，{_BANDS[-1]} 天内也没有到期的。"
_COLUMNS = (
    LedgerColumn("村民组", 24),
    LedgerColumn("户主", 20),
    LedgerColumn("借款人", 20),
    LedgerColumn("贷款银行", 52, "left"),
    LedgerColumn("贷款金额（元）", 26, "right"),
    LedgerColumn("贷款余额（元）", 26, "right"),
    LedgerColumn("应还日期", 26),
    LedgerColumn("天数", 26),
    LedgerColumn("提醒人和日期", 34),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Band by band; a loan is in the first that it falls into. An extension counts before the term."""
    selection = select_households(session, parameters)
    chosen = {household.id for household in selection.households}
    loans, today = get_register("small_loan"), parameters.today
    ids = row_ids(session, loans, conditions=(due_day(loans) <= today + timedelta(days=_BANDS[-1]),))
    rows = [row for row in load_rows(session, loans, ids, today) if row.household_id in chosen]
    content: list[Flowable] = [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(today)}"),
        selection.header_line(f"共 {len(rows)} 笔"),
    ]
    for label, of_band in _by_band(rows).items():
        if of_band:
            content += [
                Heading(f"{label}（{len(of_band)} 笔）"),
                ledger_table(_COLUMNS, [_cells(row) for row in of_band]),
            ]
    if not rows:
        content.append(Paragraph(_NOTHING, CELL))
    return [*content, signature_row("填表人", "村负责人")]


def _by_band(rows: Sequence[RegisterRow]) -> dict[str, list[RegisterRow]]:
    bands: dict[str, list[RegisterRow]] = {"已经逾期": []}
    bands |= {f"{most} 天内到期": [] for most in _BANDS}
    for row in sorted(rows, key=lambda one: one.progress.days_left or 0):
        days = row.progress.days_left or 0
        most = next((band for band in _BANDS if days <= band), _BANDS[-1])
        bands["已经逾期" if days < 0 else f"{most} 天内到期"].append(row)
    return bands


def _cells(row: RegisterRow) -> list[str]:
    loans, days = get_register("small_loan"), row.progress.days_left or 0
    return [
        row.subject.group,
        row.subject.head,
        row.texts["member_id"],
        row.texts["bank"],
        *(value_text(loans.field(name), row.values[name]) for name in ("amount", "balance")),
        formatting.day(row.progress.due_on),
        f"逾期 {-days} 天" if days < 0 else f"还有 {days} 天",
        " ",
    ]
