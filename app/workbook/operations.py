"""操作记录: what was done in this copy of the workbook, and undoing any of it (撤销, 重做).

Undoing is an operation like any other: it writes the former values, withdraws what was inserted and restores what was
withdrawn, so it is exported to colleagues and can be undone itself. docs/decisions/0015-operations.md.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.workbook.workbook import Workbook, running_operation
from db.journal import operations
from db.journal.operations import FINAL_KINDS, Kind, OperationFilter, OperationRow
from db.journal.reversal import LaterChange, Reversal
from db.schema import relations

__all__ = [
    "FINAL_KINDS",
    "Kind",
    "OperationEntry",
    "OperationFilter",
    "UndoState",
    "list_operations",
    "redo",
    "take_back",
    "undo",
    "undo_state",
]
_ROWS_LOOKED_AT = 200  # of one operation, to tell whose households it touched
_NAMED = 3  # households named in a line of the list


@dataclass(frozen=True, slots=True)
class OperationEntry:
    """One line of the list.

    Attributes:
        at: local time, ISO
        records: how many records it changed
        households: whose, the first few by name
        undone: when and by whom it was taken back, "" while it is in force
        undone_by: the operation that did; taking that back does this one again
        package: of an import that can be taken back as a whole (app/sync/import_undo.py), its line in the log
    """

    n: int
    at: str
    operator: str
    kind: Kind
    title: str
    records: int
    households: str
    undone: str
    undone_by: int | None
    package: int | None


@dataclass(frozen=True, slots=True)
class UndoState:
    """Titles of what Ctrl+Z and Ctrl+Y would do, "" for nothing, and how many records that changes."""

    undo: str = ""
    redo: str = ""
    undo_records: int = 0
    redo_records: int = 0


def list_operations(
    session: Session, wanted: OperationFilter | None = None, *, before: int | None = None, limit: int = 200
) -> list[OperationEntry]:
    """What was done, the latest first.

    Args:
        before: only what came before this operation
    """
    rows = operations.latest(session, wanted, before=before, limit=limit)
    households = _households(session, rows)
    undoing = {row.n: operations.get(session, row.undone_by) for row in rows if row.undone_by is not None}
    return [
        OperationEntry(
            n=row.n,
            at=row.at,
            operator=row.operator,
            kind=row.kind,
            title=row.title,
            records=row.records,
            households=households[row.n],
            undone=f"{by.at} {by.operator}" if (by := undoing.get(row.n)) else "",
            undone_by=row.undone_by,
            package=row.package if row.kind == "import" else None,
        )
        for row in rows
    ]


def _households(session: Session, rows: Sequence[OperationRow]) -> dict[int, str]:
    """Operation → whose records it changed."""
    changed = {row.n: operations.rows_changed(session, row.n, _ROWS_LOOKED_AT) for row in rows}
    by_table: dict[str, set[str]] = defaultdict(set)
    for records in changed.values():
        for table, record in records:
            by_table[table].add(record)
    owners = {
        (table, record): household
        for table, records_of_table in by_table.items()
        for record, household in relations.ancestor_ids(session, table, records_of_table).items()
    }
    titles = relations.household_titles(session, set(owners.values()))
    told = {}
    for row in rows:
        ids = dict.fromkeys(owners[record] for record in changed[row.n] if record in owners)
        names = [titles[id] for id in ids if id in titles]
        told[row.n] = "、".join(names[:_NAMED])
        if row.records > _ROWS_LOOKED_AT:
            told[row.n] += f"等 {len(names)} 户以上"
        elif len(names) > _NAMED:
            told[row.n] += f"等 {len(names)} 户"
    return told


def undo_state(session: Session, since: int) -> UndoState:
    """What can be taken back and done again of what was done from operation `since` on (`Workbook.first_operation`)."""
    if not since:
        return UndoState()
    undoable, redoable = operations.next_to_undo(session, since), operations.next_to_redo(session, since)
    return UndoState(
        undoable.title if undoable else "",
        _original(session, redoable).title if redoable else "",
        undoable.records if undoable else 0,
        redoable.records if redoable else 0,
    )


def undo(workbook: Workbook) -> Task[str]:
    """Undo the latest edit since the workbook was opened; returns a message.

    Raises:
        UserError: there is none, or there is an obstacle
    """
    with workbook.reading() as session:
        found = operations.next_to_undo(session, workbook.first_operation) if workbook.first_operation else None
    if found is None:
        raise UserError("打开工作簿以后没有可以撤销的操作。更早的请到“操作记录”里撤销。")
    return (yield from take_back(workbook, found.n))


def redo(workbook: Workbook) -> Task[str]:
    """Redo what was undone last; returns a message.

    Raises:
        UserError: nothing was undone, or something was edited since
    """
    with workbook.reading() as session:
        found = operations.next_to_redo(session, workbook.first_operation) if workbook.first_operation else None
    if found is None:
        raise UserError("没有可以重做的操作。")
    return (yield from take_back(workbook, found.n))


def take_back(workbook: Workbook, n: int) -> Task[str]:
    """Undo one operation, whole or not at all; returns a message. Undoing an undo is a redo.

    Raises:
        UserError: there is no such operation, it was taken back already, its history was compacted, or something
            depends on it: the message says what
    """
    with workbook.operation("撤销") as session:
        found = operations.get(session, n)
        if found is None:
            raise UserError("没有这一项操作。请刷新后再看。")
        _check_kind(found)
        place = operations.span(session, n)
        if place is None or not place.is_complete:
            raise UserError(f"“{found.title}”的历史已归并，不能撤销。需要时请用归并前的备份恢复。")
        reversal = Reversal(session, place)
        title = _original(session, found).title
        running = running_operation(session)
        running.undoes = n
        running.kind, verb = ("redo", "重做") if found.kind == "undo" else ("undo", "撤销")
        running.title = f"{verb}：{title}"
        later: list[LaterChange] = []
        for block in reversal.later_changes():
            later += block
            yield Progress(0, reversal.row_count, "核对后来的修改")
        if later:
            raise UserError(f"不能{verb}“{title}”：{_obstacle(session, later)}")
        for done in reversal.write():
            yield Progress(done, reversal.row_count, verb)
    return f"已{verb}：{title}"


def _original(session: Session, operation: OperationRow) -> OperationRow:
    """What was taken back, done again, taken back …"""
    while operation.undoes is not None and (before := operations.get(session, operation.undoes)) is not None:
        operation = before
    return operation


def _check_kind(operation: OperationRow) -> None:
    if operation.undone_by is not None:
        raise UserError(f"“{operation.title}”已经撤销过了。")
    if operation.kind == "import":
        raise UserError("导入的数据包要整包撤销：请在“数据交换”的收发记录里选这一次导入。")
    if operation.kind == "import_undo":
        raise UserError("撤销过的导入不能重做；原来的数据包可以再导入一次。")
    if operation.kind == "print":
        raise UserError("纸已经印出，打印的记录要留着核对，不能撤销。")


def _obstacle(session: Session, later: Sequence[LaterChange]) -> str:
    """The obstacle, and what to do about it."""
    change = later[0]
    record = _record_name(session, change.table, change.row)
    spec = relations.column_spec(change.table, change.column)
    match change.column:
        case "":
            what = f"后来又新增了{record}"
        case "withdrawn":
            what = f"{record}后来又撤回或恢复过"
        case _:
            what = f"{record}的“{spec.label if spec else change.column}”后来又改过"
    at = datetime.fromtimestamp((change.stamp >> 16) / 1000).isoformat(" ", "minutes")
    named = f"“{change.title}”" if change.title else ""
    more = f"，还有 {len(later) - 1} 处" if len(later) > 1 else ""
    if change.kind == "import":
        advice = "请先在“数据交换”里撤销那次导入，或到这一户里逐处改回。"
    elif change.operation is not None:
        advice = "请先在“操作记录”里撤销那一项。"
    else:
        advice = "请到这一户里逐处改回。"
    return f"{what}（{at} {change.operator}{named}）{more}。{advice}"


def _record_name(session: Session, table: str, row: str) -> str:
    label, title = relations.record_label(table), relations.record_title(session, table, row)
    household = relations.ancestor_ids(session, table, [row]).get(row, "")
    owner = "" if table == "household" else relations.household_titles(session, [household]).get(household, "")
    return f"“{owner}”的{label}" + (f"“{title}”" if title and title != owner else "") if owner else f"{label}“{title}”"
