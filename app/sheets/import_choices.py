"""What an officer decided about a list: what its columns become, and whether doubtful rows are taken.

Kept in the workbook under a signature of the headings, so that the next list of the same office asks nothing again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sheets.header_matching import HeaderRow
from app.sheets.mapped_column import MappedColumn
from app.sheets.row_selection import RowChoices
from app.workbook.workbook import Workbook
from db.schema.setting import Setting

_KEY, _COMPARED_KEY, _ORIGIN_KEY = "roster_columns:", "compared_columns:", "roster_is_national:"
_YES, _NO = "1", "0"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What one column becomes: target, unit of its numbers, year; see `MappedColumn`."""

    target: str
    unit: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class SheetChoices:
    """What was decided about one sheet.

    Attributes:
        columns: index of the column → what it becomes; the others stay as proposed
        is_roster: whether a list that looks like another office's is taken as a roster all the same
        confirmed: whether the proposals were looked at, so that nothing is asked any more
    """

    columns: Mapping[int, ColumnChoice] = field(default_factory=dict)
    is_roster: bool | None = None
    rows: RowChoices = field(default_factory=RowChoices)
    confirmed: bool = False


def signature(header_row: HeaderRow) -> str:
    """What tells lists of one layout: kind and headings, with their groups, in order."""
    headings = "\n".join((header_row.kind, *(column.title for column in header_row.columns)))
    return hashlib.sha256(headings.encode()).hexdigest()[:32]


def with_choices(header_row: HeaderRow, choices: SheetChoices) -> HeaderRow:
    """The heading with the columns as the officer wants them; what was confirmed is no doubt any more."""
    columns = tuple(_chosen(column, choices) for column in header_row.columns)
    return replace(header_row, columns=columns)


def _chosen(column: MappedColumn, choices: SheetChoices) -> MappedColumn:
    choice = choices.columns.get(column.index)
    if choice is None:
        return replace(column, doubt="") if choices.confirmed else column
    kind = "helper" if choice.target.startswith(("helper.", "assignment.")) else column.kind
    return replace(column, kind=kind, target=choice.target, unit=choice.unit, year=choice.year, doubt="")


def remembered(session: Session, header_row: HeaderRow, subject: str = "") -> SheetChoices:
    """What was decided about a list of this layout; nothing where it is new. Doubtful rows are asked for each time.

    Args:
        subject: the kind of list of another office, "" for a roster
    """
    stored = session.scalar(select(Setting.value).where(Setting.key == _column_key(header_row, subject)))
    if stored is None:
        return SheetChoices()
    columns = {int(index): ColumnChoice(*choice) for index, choice in json.loads(stored).items()}
    return SheetChoices(columns, confirmed=True)


def remember(workbook: Workbook, header_row: HeaderRow, choices: SheetChoices, subject: str = "") -> None:
    """Keep what was decided about the columns for the next list of this layout; `subject`: see `remembered`."""
    columns = {str(index): [one.target, one.unit, one.year] for index, one in choices.columns.items()}
    with workbook.writing() as session:
        session.merge(Setting(key=_column_key(header_row, subject), value=json.dumps(columns, ensure_ascii=False)))


def _column_key(header_row: HeaderRow, subject: str) -> str:
    return f"{_COMPARED_KEY}{subject}:{signature(header_row)}" if subject else _KEY + signature(header_row)


def remembered_origin(session: Session, header_rows: Sequence[HeaderRow]) -> bool | None:
    """Whether an officer said of a file with these headings that the national system exported it; None: nobody did."""
    stored = session.scalar(select(Setting.value).where(Setting.key == _origin_key(header_rows)))
    return None if stored is None else stored == _YES


def remember_origin(workbook: Workbook, header_rows: Sequence[HeaderRow], *, is_national: bool) -> None:
    """Keep what was said of a file for the next one with these headings."""
    with workbook.writing() as session:
        session.merge(Setting(key=_origin_key(header_rows), value=_YES if is_national else _NO))


def _origin_key(header_rows: Sequence[HeaderRow]) -> str:
    return _ORIGIN_KEY + "-".join(sorted(map(signature, header_rows)))
