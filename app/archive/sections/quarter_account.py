"""F02: what came in and went out by quarter, with the sums of the year and of each quarter."""

from decimal import Decimal

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Between, Block, Gap, Signature, Slot, Title, Whole
from app.archive.filled_form import entries_of
from app.archive.paper import CELL, LABEL
from app.archive.subject import Subject, subject
from app.archive.tables import Cell, Row, Table
from app.forms.entries import Entry
from app.records.income import items

ORDER = 142
TITLE = "收支台账"
_FORM, _TABLE = "quarter_account", "amounts"
_QUARTERS = ("q1", "q2", "q3", "q4")
_COLUMNS = (42, 25, 25, 25, 25, 28)


def section(session: Session, household_id: str) -> list[Block]:
    """A form a year, the newest first."""
    home = subject(session, household_id)
    blocks: list[Block] = []
    for found in entries_of(session, household_id, _FORM):
        blocks += [*([Gap(8)] if blocks else []), Whole(_form(home, found))]
    return blocks


def _form(home: Subject, found: Entry) -> list[Block]:
    columns = [column.label for column in found.form.question(_TABLE).columns]
    heads = [Row([Cell(text, LABEL, shaded=True) for text in (*columns, "全年合计")])]
    rows = []
    totals = [Decimal()] * len(_QUARTERS)
    known = False
    signs = {one.group: one.sign for one in items() if one.sums}
    for line in found.lines(_TABLE):
        amounts = [_amount(found.cell(_TABLE, line, quarter)) for quarter in _QUARTERS]
        known = known or any(one is not None for one in amounts)
        totals = [total + signs.get(line, 1) * (one or Decimal()) for total, one in zip(totals, amounts, strict=True)]
        label = str(found.cell(_TABLE, line, found.form.question(_TABLE).columns[0].key))
        rows.append(_row(label, amounts, shaded=False))
    rows.append(_row("纯收入（A+B+C+D−E）", [total if known else None for total in totals], shaded=True))
    remark = str(found.value("remark") or wording.EMPTY)
    by = str(found.value("filled_by") or "")
    return [
        Title(f"{found.year}年{TITLE}", "", found.filled_on),
        home.heading(f"家庭人口：{len(home.members)}人"),
        Between("", "单位：元"),
        Table(_COLUMNS, rows, heads),
        Table((42, 128), [Row([Cell("大额收支说明", LABEL, shaded=True), Cell(remark)], least=14)]),
        Signature([Slot(f"核算人 {by}".strip()), Slot("户主签字", finger=True)]),
    ]


def _amount(kept: object) -> Decimal | None:
    return kept if isinstance(kept, Decimal) else None


def _row(label: str, amounts: list[Decimal | None], *, shaded: bool) -> Row:
    known = [one for one in amounts if one is not None]
    right = CELL.at("right")
    cells = [
        Cell(wording.money(one), right, shaded=shaded) for one in (*amounts, sum(known, Decimal()) if known else None)
    ]
    return Row([Cell(label, LABEL if shaded else CELL, shaded=True), *cells])
