"""The law of every import: no cell of a list is lost silently.

Each filled cell of a row that is taken ends in a field, as a named note, or in a remark that says sheet, row, column
and text. (A refused row keeps all its cells; a column that is put aside is named with its sheet.) What the rest of the
import dropped without a word is found here, by comparing every row with the records that it was planned into.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from app.records.field import Value
from app.sheets.import_plan import ImportPlan, Placement
from app.sheets.mapped_column import YEARLY_TABLES
from app.sheets.member_values import split_target
from app.sheets.monitoring_plan import yes_or_no
from app.sheets.roster import Remark, RosterRow

# columns that only tell which village and household a row belongs to, or were judged where they were read
_USED_TARGETS = frozenset({"village.name", "row.year", "row.change", "row.risk_removed"})


@dataclass(frozen=True, slots=True)
class _LostCell:
    column: str
    text: str


def report_lost_cells(plan: ImportPlan) -> None:
    """Remark every filled cell of the placed rows that no planned record holds and no remark names."""
    named = {(remark.sheet, row, column) for remark in plan.remarks for row, column, _ in remark.cells}
    for placement in plan.placements:
        row = placement.row
        lost = [one for one in _lost_cells(placement) if (row.sheet, row.row, one.column) not in named]
        if lost:
            told = "；".join(f"{one.column}：{one.text}" for one in lost)
            cells = tuple((row.row, one.column, one.text) for one in lost)
            plan.remarks.append(Remark(row.sheet, row.row, "", f"没有取的内容：{told}", cells=cells))


def _lost_cells(placement: Placement) -> Iterator[_LostCell]:
    row = placement.row
    for target, value in row.values.items():
        if not _is_kept(placement, target, value, placement.year):
            yield from _lost(row, target)
    for year, values in row.by_year.items():
        for target, value in values.items():
            if not _is_kept(placement, target, value, year):
                yield from _lost(row, target, year)
    for header, text in row.extra.items():
        if not any(text in record.extra.get(header, "") for record in placement.records.values()):
            yield _LostCell(header, text)


@cache
def _place_of(target: str) -> tuple[str, str, str, bool]:
    """Where a target's value stands: table, item of income or "", column, whether it is told year by year."""
    table, name = split_target(target)
    if table == "risk":
        return "monitoring", "", "risks", False
    if table == "measure":
        return table, name, "title", True
    return (table, name, "amount", True) if table == "income_line" else (table, "", name, table in YEARLY_TABLES)


def _is_kept(placement: Placement, target: str, value: Value, year: int) -> bool:
    table, item, name, is_yearly = _place_of(target)
    record = placement.records.get((table, item, year if is_yearly else 0))
    if table == "measure":
        return record is not None or yes_or_no(str(value)) is not None
    if record is not None:
        kept = record.values.get(name)
        return kept == value or _is_part_of(kept, value) or _is_kind_of_monitoring(placement, target, value)
    if table in ("head", "village"):
        return placement.context.get(target, value) == value
    if table == "household" and placement.row.kind == "helper":
        return True  # it told which household the helper helps
    return target in _USED_TARGETS or (table == "income_line" and not value)


def _is_part_of(kept: Value, value: Value) -> bool:
    """Whether choices of one column are among those that several columns gave."""
    return isinstance(kept, tuple) and isinstance(value, tuple) and set(value) <= set(kept)


def _is_kind_of_monitoring(placement: Placement, target: str, value: Value) -> bool:
    """Whether a kind of monitoring that stood under 户类型 is kept with the monitoring."""
    monitoring = placement.records.get(("monitoring", "", 0))
    return target == "household.household_kind" and monitoring is not None and monitoring.values.get("kind") == value


def _lost(row: RosterRow, target: str, year: int = 0) -> Iterator[_LostCell]:
    """The cell that a value came from; a value that no cell of the row says was worked out here and is not lost."""
    if text := row.cell_text(target, year):
        yield _LostCell(row.header(target, year), text)


def merge_equal_remarks(remarks: list[Remark]) -> tuple[Remark, ...]:
    """The same remark about many rows once, with all its rows; the order is kept."""
    merged: dict[tuple[str, str, str], list[Remark]] = {}
    for remark in remarks:
        merged.setdefault((remark.sheet, remark.column, remark.text), []).append(remark)
    return tuple(_merge(group) for group in merged.values())


def _merge(group: list[Remark]) -> Remark:
    first = group[0]
    if len(group) == 1:
        return first
    rows = dict.fromkeys(remark.row for remark in group)
    cells: Mapping[tuple[int, str, str], None] = dict.fromkeys(cell for remark in group for cell in remark.cells)
    return Remark(first.sheet, first.row, first.column, first.text, tuple(rows)[1:], tuple(cells))
