"""The tables of a round as Excel files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.progress import Task
from app.records.field import Field, field
from ui.widgets.row_table import Column, Row

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


def export_table(
    workbook: "Workbook", title: str, columns: Sequence[Column], rows: Sequence[Row], out: Path
) -> Task[int]:
    """One table with all its columns, hidden ones too; the log keeps that it was made. Returns how many rows.

    Raises:
        UserError: the file cannot be written
    """
    from app.sheets.writer import write_list

    exported_columns = [column for column in columns if column.label]
    values = [[row.cells.get(column.key) for column in exported_columns] for row in rows]
    count = yield from write_list(values, [_text_column(column.label) for column in exported_columns], out, title=title)
    workbook.audit(f"导出四净两规范{title}", count)
    return count


def _text_column(label: str) -> Field:
    """A column of plain text under this heading; numbers and days are written as what they are."""
    note_field = field("answer", "note")
    return replace(note_field, spec=replace(note_field.spec, label=label))
