"""The tables of a round as Excel files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.progress import Work
from app.records.field import Field, field
from ui.tables.row_table import Column, Row

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


def export_table(
    workbook: "Workbook", title: str, columns: Sequence[Column], rows: Sequence[Row], out: Path
) -> Work[int]:
    """One table with all its columns, hidden ones too; the log keeps that it was made. Returns how many rows.

    Raises:
        OfficeError: the file cannot be written
    """
    from app.sheets.writing import write_list

    written = [column for column in columns if column.label]
    values = [[row.cells.get(column.key) for column in written] for row in rows]
    count = yield from write_list(values, [_headed(column.label) for column in written], out, title=title)
    workbook.deed(f"导出四净两规范{title}", count)
    return count


def _headed(label: str) -> Field:
    """A column of plain text under this heading; numbers and days are written as what they are."""
    text = field("answer", "note")
    return replace(text, declared=replace(text.declared, label=label))
