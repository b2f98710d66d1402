"""资金核对表: of each kind of money what was due, what was paid, and one by one what was paid wrongly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Heading, Title
from app.pdf.page_style import A4_LANDSCAPE, CELL, LABEL
from app.records.field import Value
from app.registers import get_register
from app.registers.engine.rows import RegisterRow, RowQuery, load_rows, row_ids
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "资金核对表"
GROUP = "其他"
ORDER = 8
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("year",)


@dataclass(frozen=True, slots=True)
class _Money:
    """Money that a register tells of.

    Attributes:
        due: the column of what is granted
        paid: that of what was paid; where it is `due` too, it is paid in full on the day of `paid_on`
        paid_on: the date of payment, "" where the amount alone tells it
        granted_on: the date without which nothing is paid, "" where there is none
    """

    register: str
    due: str
    paid: str
    paid_on: str = ""
    granted_on: str = ""


_KINDS = (
    _Money("education_aid", "standard", "paid", "paid_on", "approved_on"),
    _Money("production_subsidy", "entitled", "paid", "paid_on", "published_on"),
    _Money("emergency_aid", "approved", "approved", "paid_on", "approved_on"),
    _Money("housing_renovation", "subsidy", "subsidy", "paid_on", "approved_on"),
    _Money("work_spell", "subsidy", "subsidy", "subsidy_paid_on"),
    _Money("insurance_claim", "claim", "claim", "paid_on", "surveyed_on"),
    _Money("workshop_pay", "wages", "wages", "paid_on"),
    _Money("distribution", "total", "listed", "paid_on", "approved_on"),
    _Money("village_project", "arrived", "paid"),
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Of a year, or of all."""
    selection = select_households(session, parameters)
    found = {money: _rows(session, money, parameters) for money in _KINDS}
    wrong = [[*line] for money, rows in found.items() for line in _wrong(money, rows)]
    as_of = f"{parameters.year}年" if parameters.year else f"截至 {formatting.day(parameters.today)}"
    return [
        Title(f"{selection.village}{TITLE}", as_of),
        selection.header_line(f"有疑问的 {len(wrong)} 笔"),
        _summary(found),
        *(_list_of_wrong(wrong) if wrong else ()),
        signature_row("填表人", "村务监督委员会", "审核人"),
    ]


def _rows(session: Session, money: _Money, parameters: ReportParameters) -> list[RegisterRow]:
    register = get_register(money.register)
    return load_rows(session, register, row_ids(session, register, RowQuery(year=parameters.year)), parameters.today)


def _summary(found: dict[_Money, list[RegisterRow]]) -> Flowable:
    columns = [
        LedgerColumn("资金", 70, "left"),
        LedgerColumn("笔数", 24, "right"),
        LedgerColumn("应付（元）", 40, "right"),
        LedgerColumn("已付笔数", 24, "right"),
        LedgerColumn("已付（元）", 40, "right"),
        LedgerColumn("未付（元）", 40, "right"),
    ]
    rows = []
    for money, of_kind in found.items():
        paid = [row for row in of_kind if _paid(money, row)]
        due_sum = sum((_amount(row.values[money.due]) for row in of_kind), Decimal())
        paid_sum = sum((_paid(money, row) for row in paid), Decimal())
        amounts = (formatting.money(amount) for amount in (due_sum, paid_sum, max(due_sum - paid_sum, Decimal())))
        due_text, paid_text, open_text = amounts
        title = get_register(money.register).title
        rows.append([title, str(len(of_kind)), due_text, str(len(paid)), paid_text, open_text])
    return ledger_table(columns, rows, body_style=CELL, header_style=LABEL)


def _list_of_wrong(wrong: Sequence[Sequence[str]]) -> Iterator[Flowable]:
    columns = [
        LedgerColumn("资金", 40, "left"),
        LedgerColumn("谁、哪一笔", 84, "left"),
        LedgerColumn("应付（元）", 32, "right"),
        LedgerColumn("已付（元）", 32, "right"),
        LedgerColumn("问题", 50, "left"),
    ]
    yield Heading("逐笔核对")
    yield ledger_table(columns, wrong, body_style=CELL, header_style=LABEL)


def _wrong(money: _Money, rows: Sequence[RegisterRow]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        due, paid = _amount(row.values[money.due]), _paid(money, row)
        told = []
        if paid > due:
            told.append(f"多付 {formatting.money(paid - due)} 元")
        if paid and money.granted_on and row.values[money.granted_on] is None:
            told.append(f"没有{get_register(money.register).field(money.granted_on).label}就付了")
        if told:
            about = "　".join(one for one in (str(row.subject), row.title) if one)
            amounts = formatting.money(due), formatting.money(paid)
            yield get_register(money.register).title, about, *amounts, "；".join(told)


def _paid(money: _Money, row: RegisterRow) -> Decimal:
    """What was paid: nothing before the day of payment is filled in."""
    if money.paid_on and row.values[money.paid_on] is None:
        return Decimal()
    return _amount(row.values[money.paid])


def _amount(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal()
