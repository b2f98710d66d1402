"""Lists, templates and refused rows as Excel files that anybody may open without harm.

Every text cell is written as text, whatever it begins with: openpyxl would make a formula of a name like "=…". Columns
of numbers such as 证件号码 have the format "@", so that Excel keeps all digits when somebody types into them.
"""

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.progress import Progress, Task
from app.records.field import Field, Value, fields, table_label
from app.records.field import field as field_of
from app.sheets.drop_downs import DropDowns
from app.sheets.import_preview import ImportPreview
from app.sheets.roster import RejectedRow
from app.sheets.sheet import HIDDEN_SHEET, LAYOUT_VERSION, WORKED_OUT, column_letters
from app.sheets.streamed_workbook import StreamedWorkbook, streamed_workbook
from db.schema.column import ColumnSpec

REASON, SOURCE_ROW = "拒收原因", "原表行号"
_BATCH_SIZE = 200
_TEMPLATE_ROWS = 2000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MAX_WIDTH, MIN_WIDTH = 44, 8


def write_rejected(preview: ImportPreview, out: Path) -> Task[int]:
    """The refused rows of a preview, each sheet by its name, with the reason and the row it had; returns how many.

    What was a number that lost its digits is written as Excel showed it, so that nobody takes it for the real one.
    Mended and taken in again, the two added columns are passed over.

    Raises:
        UserError: the file cannot be written
    """
    by_sheet: dict[str, list[RejectedRow]] = {}
    for rejected_row in preview.rejected:
        by_sheet.setdefault(rejected_row.sheet, []).append(rejected_row)
    with streamed_workbook(out) as streamed:
        written = 0
        for name, rejected in by_sheet.items() or [("拒收", [])]:
            headers = [*(rejected[0].headers if rejected else ()), REASON, SOURCE_ROW]
            rows = (
                [*_padded(rejected_row.cells, len(headers) - 2), rejected_row.reason, rejected_row.row]
                for rejected_row in rejected
            )
            sample = [
                [*_padded(rejected_row.cells, len(headers) - 2), rejected_row.reason, rejected_row.row]
                for rejected_row in rejected[:50]
            ]
            sheet = _create_sheet(streamed.excel_workbook, name, headers, sample)
            for sheet_count in _append_rows(streamed, sheet, rows, keep_empty=True):
                yield Progress(written + sheet_count, len(preview.rejected), "写出拒收名单")
            written += len(rejected)
    return len(preview.rejected)


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One sheet: its name, its columns, and the stored values of each row in their order."""

    title: str
    columns: Sequence[Field]
    rows: Sequence[Sequence[Value]]


def write_list(
    rows: Iterable[Sequence[Value]],
    columns: Sequence[Field],
    out: Path,
    *,
    title: str = "名单",
    hide: bool = True,
    further: Sequence[ListSheet] = (),
) -> Task[int]:
    """A list that was worked out as an Excel file, which says so when it is brought back; returns how many rows.

    Args:
        rows: the stored values of each row, in the order of `columns`
        title: name of the sheet
        hide: mask personal numbers
        further: sheets behind it

    Raises:
        UserError: the file cannot be written
    """
    first = ListSheet(title, columns, [list(row) for row in rows])
    with streamed_workbook(out) as streamed:
        for one in (first, *further):
            sample = [_to_cell_values(row, one.columns, hide) for row in one.rows[:50]]
            sheet = _create_sheet(streamed.excel_workbook, one.title, [column.label for column in one.columns], sample)
            for done in _append_rows(streamed, sheet, (_to_cell_values(row, one.columns, hide) for row in one.rows)):
                yield Progress(done, len(one.rows), "写出名单")
        hidden = streamed.excel_workbook.create_sheet(HIDDEN_SHEET)
        hidden.sheet_state = "veryHidden"
        streamed.append(hidden, ("hudang", LAYOUT_VERSION, f"{WORKED_OUT}{title}"))
    return len(first.rows)


def text_column(label: str) -> Field:
    """A column of plain text under this heading."""
    return Field("", label, ColumnSpec(label, derived=True), places=0)


def template_fields(table: str) -> tuple[Field, ...]:
    """The columns of a template: what an officer may fill, after what tells the household."""
    own_fields = tuple(
        field_spec for field_spec in fields(table) if not field_spec.spec.derived and field_spec.kind != "reference"
    )
    if table in ("household", "village"):
        return own_fields
    household_number = (field_of("household", "household_no"),)
    if table == "helper":
        return (
            *household_number,
            *own_fields,
            field_of("assignment", "started_on"),
            field_of("assignment", "ended_on"),
        )
    return (*household_number, *own_fields)


def write_template(table: str, out: Path) -> int:
    """An empty sheet to be filled in, with drop-downs from the option lists and limits of numbers; returns its columns.

    Raises:
        UserError: the file cannot be written
    """
    columns = template_fields(table)
    with streamed_workbook(out) as streamed:
        sheet = _create_sheet(streamed.excel_workbook, table_label(table), [column.label for column in columns], [])
        drop_downs = DropDowns()
        for index, column in enumerate(columns):
            letter = column_letters(index)
            if is_text_column(column):
                sheet.column_dimensions[letter].number_format = "@"
            drop_downs.add(sheet, column, f"{letter}2:{letter}{_TEMPLATE_ROWS}")
        drop_downs.write(streamed.excel_workbook)
    return len(columns)


def sheet_name(title: str) -> str:
    """A title as Excel takes it for the name of a sheet."""
    return re.sub(r"[\\/*?:\[\]]", " ", title)[:31] or "名单"


def _create_sheet(excel_workbook: Any, name: str, headers: Sequence[str], sample: Sequence[Sequence[object]]) -> Any:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = excel_workbook.create_sheet(sheet_name(name))
    sheet.freeze_panes = "A2"
    for index, header in enumerate(headers):
        longest = max((display_width(str(row[index] or "")) for row in sample), default=0)
        sheet.column_dimensions[column_letters(index)].width = min(
            MAX_WIDTH, max(MIN_WIDTH, display_width(header), longest) + 2
        )
    header_cells = [excel_cell(sheet, header) for header in headers]
    for cell in header_cells:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E4EFE9")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.append(header_cells)
    return sheet


def _append_rows(
    streamed: StreamedWorkbook, sheet: Any, rows: Iterable[Sequence[object]], keep_empty: bool = False
) -> Generator[int, None, None]:
    done = 0
    for done, row in enumerate(rows, start=1):
        streamed.append(sheet, row, keep_empty=keep_empty)
        if done % _BATCH_SIZE == 0:
            yield done
    yield done


def excel_cell(sheet: Any, value: object) -> Any:
    """A cell that Excel takes for what it is: text stays text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, _CONTROL.sub("", value))
        if value:
            cell.data_type = "s"
        cell.number_format = "@"
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _to_cell_values(row: Sequence[Value], columns: Sequence[Field], hide: bool) -> list[object]:
    return [to_cell_value(value, column, hide) for value, column in zip(row, columns, strict=True)]


def to_cell_value(value: Value, column: Field, hide: bool) -> object:
    """Numbers and dates as such, everything else as the text that people read."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    if isinstance(value, date) and value.year > 1900:
        return value
    return column.text(value, hide=hide) or None


def is_text_column(column: Field) -> bool:
    """Whether a column must keep what is typed as text."""
    return column.kind in ("text", "long", "month", "choice", "choices", "yes_no")


def _padded(cells: Sequence[str], length: int) -> list[str]:
    return [*cells[:length], *[""] * (length - len(cells))]


def display_width(text: str) -> int:
    """In characters of Excel's usual font: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
