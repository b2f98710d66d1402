"""Writing anew what the tables of a damaged file show and a journal does not tell, as ordinary edits."""

from collections.abc import Set
from typing import Any

from sqlalchemy.orm import Session

from db.damaged_file import DamagedFile
from db.journal.triggers import journaled_columns
from db.schema import records
from db.schema.record import Base


def restate(session: Session, damaged: DamagedFile, left_out: Set[tuple[str, str]]) -> int:
    """Returns how many records and cells were written.

    Args:
        left_out: (row, column) of cells that come from elsewhere; of a record its insert, column ""
    """
    raw: Any = session.connection().connection.driver_connection
    known = records()
    return sum(
        _restate_table(raw, damaged, table.name, left_out)
        for table in Base.metadata.sorted_tables
        if table.name in known
    )


def _restate_table(raw: Any, damaged: DamagedFile, table: str, left_out: Set[tuple[str, str]]) -> int:
    columns = [name for name in ("id", "village", *journaled_columns(table)) if name in damaged.columns(table)]
    columns = list(dict.fromkeys(columns))
    parents = [
        (foreign.parent.name, foreign.column.table.name)
        for foreign in Base.metadata.tables[table].foreign_keys
        if foreign.parent.name in columns
    ]
    count, waiting = 0, list(damaged.rows(table, columns))
    is_settled = False
    while waiting and not is_settled:  # a record may lead to one of the same table that stands behind it
        left: list[tuple[Any, ...]] = []
        for values in waiting:
            row = dict(zip(columns, values, strict=True))
            if any(row[column] is not None and not _is_here(raw, parent, row[column]) for column, parent in parents):
                left.append(values)
            else:
                count += _restate_row(raw, table, row, left_out)
        is_settled, waiting = len(left) == len(waiting), left
    return count


def _restate_row(raw: Any, table: str, row: dict[str, Any], left_out: Set[tuple[str, str]]) -> int:
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    here = raw.execute(f"SELECT {names} FROM {table} WHERE id = ?", (row["id"],)).fetchone()
    if here is None:
        if (row["id"], "") in left_out:
            return 0
        raw.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))
        return 1
    count = 0
    for (column, value), shown in zip(row.items(), here, strict=True):
        if value != shown and (row["id"], column) not in left_out:
            raw.execute(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', (value, row["id"]))
            count += 1
    return count


def _is_here(raw: Any, table: str, row: str) -> bool:
    return raw.execute(f"SELECT 1 FROM {table} WHERE id = ?", (row,)).fetchone() is not None
