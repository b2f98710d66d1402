"""The items of a year's account as columns of the list of accounts: one cell a household and item."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cell_edits.cell_edit import CellInput, EditedCell, EditPlan, RefusedCell
from app.records.field import Field, field
from app.records.income import IncomeItem, income_items
from app.registers.engine.rows import id_values
from app.sheets.register_cell_parsing import parse_cell
from app.sheets.register_subjects import RowSubject
from db.schema.income import IncomeLine

_PREFIX = "item:"
_SEVERAL = "有几条明细，请在户档的收入里改"
_AMOUNT = field("income_line", "amount")


def item_columns() -> tuple[tuple[str, str], ...]:
    """(column, heading) of each item that may be typed, in the order of the account."""
    return tuple((f"{_PREFIX}{item.value}", item.label) for item in income_items() if not item.is_subtotal)


def is_item_column(column: str) -> bool:
    return column.startswith(_PREFIX)


def amount_field() -> Field:
    """What a cell of an item holds."""
    return _AMOUNT


def item_texts(session: Session, account_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Account → column of an item → the sum of its lines, as people read it."""
    found: dict[str, dict[str, str]] = {}
    for account, lines in _lines(session, account_ids).items():
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines:
            sums[f"{_PREFIX}{line['item']}"] += line["amount"] or Decimal(0)
        found[account] = {column: _AMOUNT.text(amount) for column, amount in sums.items()}
    return found


def _lines(session: Session, account_ids: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    """Account → its lines in force."""
    table: Any = IncomeLine.__table__
    kept = select(*table.columns).where(table.c.income_year_id.in_(id_values(account_ids)), ~table.c.withdrawn)
    by_account: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in session.execute(kept.where(table.c.merged_into.is_(None))).mappings():
        by_account[row["income_year_id"]].append(dict(row))
    return by_account


class IncomeItemCells:
    """Edits of items; an amount makes the line where there is none, an empty cell withdraws it."""

    def __init__(self, session: Session, accounts: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str]) -> None:
        """`accounts`, `titles`: by id of the account."""
        self._session, self._accounts, self._titles = session, accounts, titles
        self._labels: dict[str, IncomeItem] = {f"{_PREFIX}{item.value}": item for item in income_items()}

    def plan(self, edits: Sequence[CellInput]) -> EditPlan:
        if not edits:
            return EditPlan("income_year")
        lines = _lines(self._session, [edit.record_id for edit in edits])
        changes: list[EditedCell] = []
        refused: list[RefusedCell] = []
        for edit in edits:
            item = self._labels[edit.column]
            of_item = [line for line in lines.get(edit.record_id, ()) if line["item"] == item.value]
            value, fault = parse_cell(None, _AMOUNT, edit.text, RowSubject())
            if not fault and (len(of_item) > 1 or any(line["what"] for line in of_item)):
                same = sum((line["amount"] or Decimal(0) for line in of_item), Decimal(0)) == value
                fault = "" if same else _SEVERAL
                if same:
                    continue
            if fault:
                refused.append(RefusedCell(edit, self._titles.get(edit.record_id, ""), item.label, fault))
            elif (line := of_item[0] if of_item else None) or value is not None:
                changes += self._change(edit, item, line, value)
        return EditPlan("income_year", tuple(changes), tuple(refused))

    def _change(
        self, edit: CellInput, item: IncomeItem, line: Mapping[str, Any] | None, value: Any
    ) -> tuple[EditedCell, ...]:
        before = line["amount"] if line else None
        if before == value:
            return ()
        village = self._accounts[edit.record_id]["village"]
        texts = (_AMOUNT.text(before), _AMOUNT.text(value))
        title, key = self._titles.get(edit.record_id, ""), {"income_year_id": edit.record_id, "item": item.value}
        id = str(line["id"]) if line else IncomeLine.id_of(edit.record_id, item.value)
        if value is None:
            return (EditedCell("income_line", id, village, "withdrawn", title, item.label, False, True, texts),)
        new: Mapping[str, Any] = {} if line else key
        return (EditedCell("income_line", id, village, "amount", title, item.label, before, value, texts, new),)
