"""What a newer version of the program wrote and this one has no table or column for, as plain fields to be read.

It is kept and exchanged whole, and can be changed where that version is installed. Kinds and columns are called as that
version calls them in its tables: their Chinese names are in it alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy.orm import Session

from app.workbook.masking import mask_numbers
from db.journal.newer_records import (
    NewerRow,
    has_newer_rows,
    newer_row_ids,
    newer_rows,
    newer_rows_naming,
    newer_tables,
    rows_with_newer_cells,
    tables_of_rows,
)
from db.schema import records
from db.schema.relations import record_label, record_titles, rows_below

__all__ = [
    "NewerRecord",
    "NewerRecords",
    "has_newer_rows",
    "household_newer_records",
    "list_newer_records",
    "newer_tables",
]
_ID = re.compile("[0-9a-f]{32}")
_HIDDEN = ("withdrawn", "merged_into")  # a state, not a field


@dataclass(frozen=True, slots=True)
class NewerRecord:
    """One record, or what a newer version added to a record that is known here.

    Attributes:
        kind: what the kind is called, the name of its table where that is unknown
        subject: the records that it names; itself where it is known
        fields: (column, text) of what is filled
        operator, at: who changed it last, and when (local time)
    """

    table: str
    id: str
    kind: str
    subject: str
    fields: tuple[tuple[str, str], ...]
    is_withdrawn: bool
    operator: str
    at: datetime

    @property
    def text(self) -> str:
        """The fields in a line, but what `subject` says already."""
        return "；".join(f"{column}：{text}" for column, text in self.fields if text not in self.subject.split("、"))


@dataclass(frozen=True, slots=True)
class NewerRecords:
    """The first of them; `is_whole`: there are no more."""

    records: tuple[NewerRecord, ...]
    is_whole: bool


def list_newer_records(session: Session, table: str, typed: str, limit: int) -> NewerRecords:
    """Rows of a table that is not known here, at most `limit`; with `typed` those that have it in a field."""
    ids = newer_row_ids(session, table, typed, limit)
    found = _described(session, newer_rows(session, ids))
    fitting = (one for one in found if any(typed in text for field in one.fields for text in field))
    return NewerRecords(tuple(fitting), is_whole=len(ids) < limit)


def household_newer_records(session: Session, household_id: str) -> list[NewerRecord]:
    """What newer versions added to a household's records, and their own records that name it or one of those."""
    known = [household_id, *chain.from_iterable(rows_below(session, "household", [household_id]).values())]
    naming = newer_rows_naming(session, known) if has_newer_rows(session) else []
    ids = [*rows_with_newer_cells(session, known), *naming]
    return _described(session, newer_rows(session, ids))


def _described(session: Session, rows: Sequence[NewerRow]) -> list[NewerRecord]:
    titles = _titles(session, (value for row in rows for value in (row.id, *row.cells.values())))
    return [_record(row, titles) for row in rows]


def _titles(session: Session, values: Iterable[object]) -> Mapping[str, str]:
    """Id → what the record is called, its table where that is unknown here, of those values that are ids of records."""
    ids = {value for value in values if isinstance(value, str) and _ID.fullmatch(value)}
    by_table: dict[str, list[str]] = defaultdict(list)
    for row, table in tables_of_rows(session, ids).items():
        by_table[table].append(row)
    return {
        row: title or record_label(table)
        for table, rows in by_table.items()
        for row, title in (
            record_titles(session, table, rows) if table in records() else dict.fromkeys(rows, table)
        ).items()
    }


def _record(row: NewerRow, titles: Mapping[str, str]) -> NewerRecord:
    is_known = row.table in records()
    named = [titles[str(value)] for value in row.cells.values() if str(value) in titles]
    return NewerRecord(
        table=row.table,
        id=row.id,
        kind=record_label(row.table) if is_known else row.table,
        subject=titles.get(row.id, "") if is_known else "、".join(dict.fromkeys(named)),
        fields=tuple(
            (column, mask_numbers(titles.get(str(value), str(value))))
            for column, value in row.cells.items()
            if value not in (None, "") and column not in _HIDDEN
        ),
        is_withdrawn=bool(row.cells.get("withdrawn")),
        operator=row.operator,
        at=datetime.fromtimestamp((row.stamp >> 16) / 1000),
    )
