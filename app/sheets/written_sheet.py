"""What a written list keeps of itself, and which record each of its rows is when it comes back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.errors import UserError
from app.sheets.cells import text_of
from app.sheets.group_rows import GROUP_ID
from app.sheets.register_layout import ROW_ID
from app.sheets.roster_aliases import SKIPPED_COLUMN
from app.sheets.sheet import HIDDEN_SHEET, WORKED_OUT, Cell, Row, Sheet
from app.sheets.sheet_layout import SheetHeading, SheetLayout
from app.sheets.sheet_rows import SheetRow
from db.schema.relations import key_columns, title_columns

_MOST = 0.75  # of what a row said, by which it is known again beside the id of another
_SEPARATED = "这一行的编号与内容对不上，像是排序时只选了一部分列。请撤销排序，或重新导出一份再改"


@dataclass(frozen=True, slots=True)
class WrittenList:
    """What a list kept of itself when it was written: nothing for a foreign one.

    Attributes:
        register: key of the list
        tables: sheet → table
        cells: (table, row id) → target → the cell as it left
        targets: table → what stood in each column
    """

    register: str = ""
    tables: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[tuple[str, str], Mapping[str, Cell]] = field(default_factory=dict)
    targets: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, sheets: Sequence[Sheet]) -> "WrittenList":
        """From the sheets of a file, the hidden ones among them."""
        hidden = next((sheet for sheet in sheets if sheet.name == HIDDEN_SHEET), None)
        if hidden is None or not hidden.rows or hidden.rows[0][0] != "hudang":
            return cls()
        tables: dict[str, str] = {}
        targets: dict[str, list[str]] = {}
        cells: dict[tuple[str, str], Mapping[str, Cell]] = {}
        for kind, first, *rest in hidden.rows[1:]:
            if kind == "sheet" and rest:
                table = str(rest[0])
                tables[str(first)], targets[table] = table, [str(target) for target in rest[1:] if target != ""]
            elif kind == "row" and str(first) in targets:
                row = dict(zip(targets[str(first)], rest, strict=False))
                cells[str(first), str(row.get(ROW_ID, ""))] = row
        return cls(str(hidden.rows[0][2]), tables, cells, targets)

    def left(self, table: str, id: str) -> Mapping[str, Cell]:
        """What each cell of a row said when it left, by its target."""
        return self.cells.get((table, id), {})

    def table_of(self, ids: Sequence[str]) -> str:
        """The table that rows with these ids are of: a sheet may have been given another name."""
        tables = dict.fromkeys(self.tables.values())
        return next((table for id in ids for table in tables if (table, id) in self.cells), "")


def refuse_worked_out(name: str, written: WrittenList) -> None:
    """A list that was worked out of many records has no cells of its own to bring back.

    Raises:
        UserError: this is one; `name`: of the file
    """
    if written.register.startswith(WORKED_OUT):
        title = written.register.removeprefix(WORKED_OUT)
        raise UserError(
            f"“{name}”是本软件导出的“{title}”，里面的内容由各处的记录算出来，改过的格收不回来，什么也没有改动。"
            f"要改的，请在“{title}”里找到这一条，改原来的记录。"
        )


def choose_columns(sheet: Sheet, header: SheetHeading, table: str, written: WrittenList) -> dict[str, int]:
    """Target → the column that holds it. Of two columns of one name the first, or, in a list that this program wrote,
    the one that says most of what left: the other is the officer's own."""
    places: dict[str, list[int]] = {}
    for column, target in enumerate(header.targets):
        if target and target != SKIPPED_COLUMN:
            places.setdefault(target, []).append(column)
    columns = {target: found[0] for target, found in places.items()}
    if ROW_ID not in columns or not written.register:
        return columns
    rows = sheet.rows[header.row + 1 :]
    left = [written.left(table, _text_at(row, columns[ROW_ID])) for row in rows]
    for target in (target for target, found in places.items() if len(found) > 1):
        was = [text_of(cells.get(target, "")) for cells in left]
        columns[target] = max(places[target], key=lambda column: _unchanged(rows, column, was))
    return columns


def _unchanged(rows: Sequence[Row], column: int, was: Sequence[str]) -> int:
    """In how many rows a column says what left."""
    return sum(_text_at(row, column) == text for row, text in zip(rows, was, strict=True))


def _text_at(row: Row, column: int) -> str:
    return text_of(row[column]) if column < len(row) else ""


def identify(rows: Sequence[SheetRow], layout: SheetLayout, written: WrittenList) -> Iterator[tuple[str, str]]:
    """For each row the id of its record, "" for a new one, and "" or why it cannot be told.

    Of copies of a row the one that differs least from what left is the record, the others are new. Where the column of
    ids is gone, a row is known by whom it is about and what it is called. Where only some columns were sorted, the ids
    stand beside the wrong rows: such a row is refused.
    """
    targets = _identity_targets(rows, layout, written)
    owners: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for (table, id), left in written.cells.items():
        if table == layout.table and not id.startswith(GROUP_ID):
            owners[tuple(text_of(left.get(target, "")) for target in targets)].append(id)
    ids = [_claimed_id(row, targets, owners) for row in rows]
    originals = _originals(rows, ids, layout.table, written)
    for index, (row, id) in enumerate(zip(rows, ids, strict=True)):
        left = written.left(layout.table, id)
        alike = owners.get(tuple(row.text(target) for target in targets), ()) if left else ()
        if left and originals[id] != index and _matches(row, left) < len(_compared(row, left)):
            yield "", ""
        elif alike and id not in alike and _is_another(row, left, layout.table, alike, written):
            yield "", _SEPARATED
        else:
            yield id, ""


def _identity_targets(rows: Sequence[SheetRow], layout: SheetLayout, written: WrittenList) -> tuple[str, ...]:
    """Columns that tell rows apart: whom they are about, and what the record is known by."""
    columns = rows[0].columns if rows else {}
    left: Mapping[str, Cell] = next((cells for (table, _), cells in written.cells.items() if table == layout.table), {})
    named = (*layout.subject_targets, *key_columns(layout.table), *title_columns(layout.table))
    return tuple(target for target in dict.fromkeys(named) if target in columns and target in left)


def _claimed_id(row: SheetRow, targets: tuple[str, ...], owners: Mapping[tuple[str, ...], Sequence[str]]) -> str:
    if ROW_ID in row.columns:
        return row.text(ROW_ID)
    found = owners.get(tuple(row.text(target) for target in targets), ()) if targets else ()
    return found[0] if len(found) == 1 else ""


def _originals(rows: Sequence[SheetRow], ids: Sequence[str], table: str, written: WrittenList) -> dict[str, int]:
    """Row id → the row that is the record, where several have the id the one that is most as it left."""
    originals: dict[str, int] = {}
    for index, id in enumerate(ids):
        former = originals.setdefault(id, index)
        if former != index and id:
            left = written.left(table, id)
            if _matches(rows[index], left) > _matches(rows[former], left):
                originals[id] = index
    return originals


def _is_another(
    row: SheetRow, left: Mapping[str, Cell], table: str, others: Sequence[str], written: WrittenList
) -> bool:
    """Whether a row says most of what left of another record, and more of it than of its own: an officer who edits a
    row may well make it resemble another."""
    own = _matches(row, left)
    for id in others:
        there = written.left(table, id)
        said = {target: cell for target, cell in there.items() if text_of(cell)}
        if _matches(row, said) >= _MOST * len(_compared(row, said)) and _matches(row, there) > own:
            return True
    return False


def _compared(row: SheetRow, left: Mapping[str, Cell]) -> list[str]:
    return [target for target in left if target in row.columns and not target.startswith("row.")]


def _matches(row: SheetRow, left: Mapping[str, Cell]) -> int:
    """How many cells are as they left."""
    return sum(row.text(target) == text_of(left[target]) for target in _compared(row, left))
