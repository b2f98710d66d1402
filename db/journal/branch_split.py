"""Splitting a stream of the journal where a fork was found (db/journal/branches.py)."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from db.journal.chains import derived_name, value_at
from db.journal.heads import RowHistory, SqlValue
from db.journal.sql_variables import batched, placeholders
from db.journal.triggers import journaled_columns
from db.schema import records


def split(raw: Any, stream: int, number: int) -> tuple[int, str, dict[str, set[str]]]:
    """Make a branch of what a stream has from this number on.

    Returns:
        the branch as numbered here, its name, and table → rows that show another value since, because of two values
        with equal stamps that of the replica with the greater name is shown
    """
    value = value_at(raw, stream, number)
    assert value is not None, "the caller has compared it"
    name = derived_name(value)
    branch = int(
        raw.execute(
            "INSERT INTO stream (village, replica, last, parent, first, chained) "
            "SELECT village, ?, last, n, ?, chained FROM stream WHERE n = ?",
            (name, number, stream),
        ).lastrowid
    )
    raw.execute("UPDATE stream SET last = ?, chained = ? WHERE n = ?", (number - 1, number - 1, stream))
    raw.execute("UPDATE stream SET parent = ? WHERE parent = ? AND first > ?", (branch, stream, number))
    _cut_range(raw, stream, branch, number)
    for table in ("change", "head", "seen", "folded_chain"):
        raw.execute(f"UPDATE {table} SET stream = ? WHERE stream = ? AND number >= ?", (branch, stream, number))
    raw.execute("UPDATE folded SET stream = ? WHERE stream = ? AND first >= ?", (branch, stream, number))
    _move_operations(raw, stream, branch, number)
    _rename_replaced(raw, stream, branch, number)
    return branch, name, _show_again(raw, branch)


def _cut_range(raw: Any, stream: int, branch: int, number: int) -> None:
    """Of numbers that were compacted together on both sides of the fork, the branch gets its own."""
    query = "SELECT first, last, chain FROM folded WHERE stream = ? AND first < ? AND last >= ?"
    for first, last, chain in raw.execute(query, (stream, number, number)).fetchall():
        before = value_at(raw, stream, number - 1)
        update = "UPDATE folded SET last = ?, chain = ? WHERE stream = ? AND first = ?"
        raw.execute(update, (number - 1, before, stream, first))
        insert = "INSERT INTO folded (stream, first, last, chain) VALUES (?, ?, ?, ?)"
        raw.execute(insert, (branch, number, last, chain))


def _move_operations(raw: Any, stream: int, branch: int, number: int) -> None:
    raw.execute(
        "INSERT INTO operation_range (operation, stream, first, last) SELECT operation, ?, max(first, ?), last "
        "FROM operation_range WHERE stream = ? AND last >= ?",
        (branch, number, stream, number),
    )
    raw.execute("DELETE FROM operation_range WHERE stream = ? AND first >= ?", (stream, number))
    raw.execute("UPDATE operation_range SET last = ? WHERE stream = ? AND last >= ?", (number - 1, stream, number))


def _rename_replaced(raw: Any, stream: int, branch: int, number: int) -> None:
    """What changes replace names the branch from now on."""
    prefix = f"{stream}:"
    mentioning = raw.execute(
        "SELECT seq, replaces FROM change WHERE instr(' ' || replaces, ?) > 0", (f" {prefix}",)
    ).fetchall()
    raw.executemany(
        "UPDATE change SET replaces = ? WHERE seq = ?",
        [
            (
                " ".join(
                    f"{branch}:{change_id.removeprefix(prefix)}"
                    if change_id.startswith(prefix) and int(change_id.removeprefix(prefix)) >= number
                    else change_id
                    for change_id in replaces.split()
                ),
                seq,
            )
            for seq, replaces in mentioning
        ],
    )


def _show_again(raw: Any, branch: int) -> dict[str, set[str]]:
    """Cells with several heads, one of them in the branch: which one they show depends on its name."""
    contested: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, row, column in raw.execute(
        "SELECT DISTINCT c.table_name, h.row_id, h.column_name FROM head h JOIN change c ON c.stream = h.stream "
        "AND c.number = h.number WHERE h.stream = ? AND (SELECT count(*) FROM head o WHERE o.row_id = h.row_id "
        "AND o.column_name = h.column_name) > 1",
        (branch,),
    ).fetchall():
        if table in records() and column in journaled_columns(table):
            contested[table].append((row, column))
    replicas: dict[int, str] = dict(raw.execute("SELECT n, replica FROM stream"))
    shown: dict[str, set[str]] = defaultdict(set)
    for table, cells in contested.items():
        for row, column, value in _current_values(raw, cells, replicas):
            before = raw.execute(f'SELECT "{column}" FROM {table} WHERE id = ?', (row,)).fetchone()[0]
            if before != value:
                raw.execute(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', (value, row))
                shown[table].add(row)
    return shown


def _current_values(
    raw: Any, cells: list[tuple[str, str]], replicas: dict[int, str]
) -> Iterator[tuple[str, str, SqlValue]]:
    histories: dict[str, RowHistory] = defaultdict(RowHistory)
    for batch in batched({row for row, _ in cells}):
        for row, stream, number, column, value, stamp, replaces in raw.execute(
            "SELECT row_id, stream, number, column_name, value, stamp, replaces FROM change "
            f"WHERE row_id IN ({placeholders(len(batch))})",
            batch,
        ):
            histories[row].add((stream, number), column, value, stamp, replaces)
    for row, column in cells:
        yield row, column, histories[row].current_value(column, replicas)
