"""F02: income and expenses by quarter, with totals of each quarter and of the year."""

from decimal import Decimal

from sqlalchemy.orm import Session

from app.forms.entries import FormEntryDraft
from app.pdf.flowables import (
    Flowable,
    HeaderLine,
    KeepTogether,
    SignatureBlock,
    SignatureField,
    Spacer,
    Title,
)
from app.pdf.page_style import CELL, LABEL
from app.pdf.table import Cell, Table, TableRow
from app.records.income import income_items
from app.reports import formatting
from app.reports.filled_form import household_entries
from app.reports.household_context import HouseholdContext, context_of_year

ORDER = 142
KEY = "quarter_account"  # the name stored by earlier versions
TITLE = "收支台账"
_FORM_CODE, _TABLE_KEY = "quarter_account", "amounts"
_QUARTERS = ("q1", "q2", "q3", "q4")
_COLUMNS = (42, 25, 25, 25, 25, 28)


def section(session: Session, household_id: str) -> list[Flowable]:
    """A form for each year, the newest first."""
    flowables: list[Flowable] = []
    for filled in household_entries(session, household_id, _FORM_CODE):
        flowables += [
            *([Spacer(8)] if flowables else []),
            KeepTogether(_year_form(context_of_year(session, household_id, filled.year), filled)),
        ]
    return flowables


def _year_form(context: HouseholdContext, filled: FormEntryDraft) -> list[Flowable]:
    columns = [column.label for column in filled.form.question(_TABLE_KEY).columns]
    header_rows = [TableRow([Cell(text, LABEL, shaded=True) for text in (*columns, "全年合计")])]
    table_rows = []
    totals = [Decimal()] * len(_QUARTERS)
    has_amounts = False
    sign_by_group = {amount.group: amount.sign for amount in income_items() if amount.is_subtotal}
    for line in filled.line_keys(_TABLE_KEY):
        amounts = [_amount(filled.cell(_TABLE_KEY, line, quarter)) for quarter in _QUARTERS]
        has_amounts = has_amounts or any(amount is not None for amount in amounts)
        totals = [
            total + sign_by_group.get(line, 1) * (amount or Decimal())
            for total, amount in zip(totals, amounts, strict=True)
        ]
        label = str(filled.cell(_TABLE_KEY, line, filled.form.question(_TABLE_KEY).columns[0].key))
        table_rows.append(_amount_row(label, amounts, shaded=False))
    table_rows.append(
        _amount_row("纯收入（A+B+C+D−E）", [total if has_amounts else None for total in totals], shaded=True)
    )
    remark = str(filled.value("remark") or formatting.EMPTY)
    accountant = str(filled.value("filled_by") or "")
    return [
        Title(f"{filled.year}年{TITLE}", "", filled.filled_on),
        context.header_line(f"家庭人口：{len(context.members)}人"),
        HeaderLine("", "单位：元"),
        Table(_COLUMNS, table_rows, header_rows),
        Table((42, 128), [TableRow([Cell("大额收支说明", LABEL, shaded=True), Cell(remark)], min_height=14)]),
        SignatureBlock([SignatureField(f"核算人 {accountant}".strip()), SignatureField("户主签字", fingerprint=True)]),
    ]


def _amount(stored: object) -> Decimal | None:
    return stored if isinstance(stored, Decimal) else None


def _amount_row(label: str, amounts: list[Decimal | None], *, shaded: bool) -> TableRow:
    amounts_known = [amount for amount in amounts if amount is not None]
    right_aligned = CELL.aligned("right")
    cells = [
        Cell(formatting.money(amount), right_aligned, shaded=shaded)
        for amount in (*amounts, sum(amounts_known, Decimal()) if amounts_known else None)
    ]
    return TableRow([Cell(label, LABEL if shaded else CELL, shaded=True), *cells])
