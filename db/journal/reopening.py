"""Reopening a conflict that an operation settled: each of its values is stated again, beside the others.

A settled conflict is one change that replaced several heads. Each change written here replaces what the cell shows now
and none of those written with it, so they are heads together, on every laptop that receives them. They are ordinary
changes; each names as well the one that it states again, by which `first_statement` tells whose value it is.
docs/decisions/0015-operations.md.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.journal.conflicts import HeadValue
from db.journal.heads import ChangeId, RowHistory, SqlValue
from db.journal.triggers import withdrawn_sql


class Statement(NamedTuple):
    """A value of a cell in conflict.

    Attributes:
        change: what stated it
        is_aware: its writer knew of every withdrawal of the row
    """

    change: ChangeId
    value: SqlValue
    is_aware: bool = True


class _KnownChange(NamedTuple):
    """A change of a cell. `replaces`: as "stream:number"."""

    head: HeadValue
    seq: int
    replaces: frozenset[str]


def settled_statements(
    history: RowHistory, columns: Collection[str], replica_of_stream: Mapping[int, str]
) -> dict[str, list[Statement]]:
    """The conflicts of a row that a change of some of its cells settled: column → its values, the one shown last.

    A withdrawal that somebody did not know of is a conflict of two cells: it is stated again, and so is that edit.

    Args:
        history: what was known before
        columns: the cells that were written then
    """
    unaware = history.edits_unaware_of_withdrawal()
    settled = {
        column
        for column in columns
        if len({history.value(head, column) for head in history.ranked_heads(column, replica_of_stream)}) > 1
    }
    if unaware and not {"withdrawn", *unaware}.isdisjoint(columns):
        settled |= unaware.keys() | {"withdrawn"}
    return {
        column: [
            Statement(head, history.value(head, column), head not in unaware.get(column, ()))
            for head in history.ranked_heads(column, replica_of_stream)
        ]
        for column in settled
    }


def reopen(
    raw: Any,
    table: str,
    row: str,
    statements: Mapping[str, list[Statement]],
    settled_by: Mapping[str, Iterable[ChangeId]],
) -> None:
    """State the values of settled conflicts of one row again.

    Args:
        raw: the driver's connection, inside a write transaction
        settled_by: column → the changes that settled it
    """
    # the withdrawal first: it names every edit of the row but those that are stated again after it
    for column in sorted(statements, key=lambda column: (column != "withdrawn", column)):
        if column == "withdrawn" and _are_heads(raw, row, column, statements[column]):
            continue  # an edit settled the conflict, and nobody has decided about the record since
        replaced = [*_heads_now(raw, row, column), *settled_by.get(column, ())]
        for statement in statements[column]:
            _observe(raw, row, column, [*replaced, statement.change])
            if not statement.is_aware:
                _observe(raw, row, "withdrawn", [statement.change])  # anything but the withdrawal
            _state(raw, table, row, column, statement, is_shown=statement is statements[column][-1])
            raw.execute("DELETE FROM seen WHERE row_id = ?", (row,))


def _are_heads(raw: Any, row: str, column: str, statements: Iterable[Statement]) -> bool:
    """Whether the cell still has these heads and no others."""
    heads = raw.execute("SELECT stream, number FROM head WHERE row_id = ? AND column_name = ?", (row, column))
    return set(heads) == {statement.change for statement in statements}


def _heads_now(raw: Any, row: str, column: str) -> list[ChangeId]:
    """The heads of a cell; of the cell `withdrawn` all heads of the row, as a withdrawal replaces them."""
    query = "SELECT stream, number FROM head WHERE row_id = ?"
    if column != "withdrawn":
        return list(raw.execute(f"{query} AND column_name = ?", (row, column)))
    inserts = "SELECT stream, number FROM change WHERE row_id = ? AND column_name = ''"
    return list(raw.execute(f"{query} UNION {inserts}", (row, row)))


def _observe(raw: Any, row: str, column: str, changes: Iterable[ChangeId]) -> None:
    raw.executemany(
        "INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", [(row, column, *change_id) for change_id in changes]
    )


def _state(raw: Any, table: str, row: str, column: str, statement: Statement, *, is_shown: bool) -> None:
    """Write a value into the journal, and into the table if it is the one that is shown."""
    (shown,) = raw.execute(f'SELECT "{column}" FROM {table} WHERE id = ?', (row,)).fetchone()
    if is_shown and shown != statement.value:
        raw.execute(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', (statement.value, row))
    else:
        raw.execute(
            f"INSERT INTO cell_edit SELECT ?, village, id, ?, ?, {withdrawn_sql(table)} FROM {table} WHERE id = ?",
            (table, column, statement.value, row),
        )


def first_statement(session: Session, head: HeadValue) -> HeadValue:
    """The change that stated a value first, where this one states again what was settled; `head` itself otherwise."""
    cell = _changes_of_cell(session, head)
    current = next((change for change in cell.values() if change.head[:3] == head[:3]), None)
    if current is None:
        return head
    while (restated := _restated_change(cell, current)) is not None:
        current = restated
    return current.head._replace(value=head.value)


def _restated_change(cell: Mapping[str, _KnownChange], change: _KnownChange) -> _KnownChange | None:
    """What a change states again: it names that as replaced, though what it replaced had done so already.

    An ordinary edit names heads only, of which none replaced another, and never repeats the value of a single one.
    """
    settled = set(change.replaces) if len(change.replaces) == 1 else set()
    pending = [cell[change_id] for change_id in change.replaces if change_id in cell]
    while pending:
        replaced = pending.pop().replaces - settled
        settled |= replaced
        pending += [cell[change_id] for change_id in replaced if change_id in cell]
    same = (cell[change_id] for change_id in change.replaces & settled if change_id in cell)
    return min(
        (other for other in same if other.head.value == change.head.value), key=lambda other: other.seq, default=None
    )


def _changes_of_cell(session: Session, head: HeadValue) -> dict[str, _KnownChange]:
    """All known changes of the cell that a change is of, as "stream:number" → change.

    A withdrawal names the row's inserts whatever it replaces: they are left out.
    """
    rows = session.execute(
        text(
            "SELECT o.village, o.replica, c.number, CASE WHEN c.column_name <> '' THEN c.value "
            "ELSE c.value ->> nullif('$.' || h.column_name, '$.') END, "
            "c.stamp, c.operator, c.stream || ':' || c.number, c.seq, c.replaces FROM stream s "
            "JOIN change h ON h.stream = s.n AND h.number = :number JOIN change c "
            "ON c.row_id = h.row_id AND c.column_name IN (h.column_name, iif(h.column_name = 'withdrawn', '-', '')) "
            "JOIN stream o ON o.n = c.stream WHERE s.village = :village AND s.replica = :replica"
        ),
        {"village": head.village, "replica": head.replica, "number": head.number},
    )
    return {
        change_id: _KnownChange(HeadValue(*change), seq, frozenset(replaces.split()))
        for *change, change_id, seq, replaces in rows
    }
