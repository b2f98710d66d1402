"""Whether a cell may hold what a package says: each value is of the type of its column."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Boolean, Date, Integer

from app.sync.errors import InvalidContent
from db.journal.heads import SqlValue
from db.journal.journal_change import JournalChange
from db.schema import records
from db.types import ScaledDecimal

INTEGER_LIMIT = 2**63
_CELLS_DECODER: msgspec.json.Decoder[dict[str, str | int | float | None]] = msgspec.json.Decoder(
    dict[str, str | int | float | None]
)


def insert_cells(insert: JournalChange) -> dict[str, SqlValue]:
    """The cells of a new row.

    Raises:
        InvalidContent: its value is no object of plain values
    """
    try:
        return _CELLS_DECODER.decode(str(insert.value))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InvalidContent("新增记录读不懂") from error


def check_value(change: JournalChange) -> None:
    """Refuse a value that its column cannot hold.

    Raises:
        InvalidContent
    """
    cells = insert_cells(change) if change.column == "" else {change.column: change.value}
    for column, value in cells.items():
        if column in ("id", "village") or not is_valid_value(change.table, column, value):
            raise InvalidContent(f"“{change.table}.{column}”的值不对")


def is_valid_value(table: str, column: str, value: SqlValue) -> bool:
    """Whether a cell may hold this, as SQLite keeps it; for cells of a newer program, whether any could."""
    return _column_checks().get(table, {}).get(column, _is_storable)(value)


def _is_storable(value: SqlValue) -> bool:
    return not isinstance(value, int) or -INTEGER_LIMIT <= value < INTEGER_LIMIT


def _is_text(value: SqlValue) -> bool:
    return isinstance(value, str)


def _is_number(value: SqlValue) -> bool:
    return isinstance(value, int) and _is_storable(value)


def _is_bool(value: SqlValue) -> bool:
    return value in (0, 1) and isinstance(value, int)


def _is_date(value: SqlValue) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _check_for(column_type: Any, nullable: bool) -> Callable[[SqlValue], bool]:
    check = _is_text
    if isinstance(column_type, Boolean):
        check = _is_bool
    elif isinstance(column_type, Integer | ScaledDecimal):
        check = _is_number
    elif isinstance(column_type, Date):
        check = _is_date
    return lambda value: nullable if value is None else check(value)


@cache
def _column_checks() -> dict[str, dict[str, Callable[[SqlValue], bool]]]:
    return {
        name: {column.name: _check_for(column.type, bool(column.nullable)) for column in record.__table__.columns}
        for name, record in records().items()
    }
