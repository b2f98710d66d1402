"""A list as an Excel file that comes back.

Each row carries its id in a hidden column, and a hidden sheet keeps what every cell said when it left: so that coming
back tells what a person changed in Excel from what was changed in the workbook meanwhile.
"""

from collections.abc import Generator, Iterable, Sequence
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any

from app.progress import Progress
from app.sheets import writer
from app.sheets.drop_downs import DropDowns
from app.sheets.group_rows import GroupCells
from app.sheets.sheet import HIDDEN_SHEET, LAYOUT_VERSION, column_letters
from app.sheets.sheet_layout import SheetLayout
from app.sheets.streamed_workbook import streamed_workbook
from db.schema.relations import title_columns

_EMPTY_ROWS = 500  # below the list, with drop-downs, to be filled in
_HEADER_ROW = 2  # counted from 1; the title stands above it
_SAMPLE = 50  # rows by which columns get their widths
_MAX_HEADER_WIDTH, _MAX_HEADER_LINES, _LINE_POINTS = 16, 4, 15  # longer headings are written in lines
_TITLE_POINTS, _TITLE_COLUMNS = 24, 5  # height of the title; columns that may be repeated on every page
_PAGE_CHARS = 190  # width of a page across on which print can still be read
_WORKED_OUT = "由软件算出，改了也不会收。"
_WHOSE = "这一条属于谁，改了也不会收；新的一条请填清楚。"
Parcels = Iterable[Sequence[Sequence[object]]]  # the cells of rows, some rows at a time


def write_excel(
    key: str, sheets: Sequence[tuple[SheetLayout, Parcels]], count: int, out: Path
) -> Generator[Progress, None, None]:
    """A list and what stands below its rows, a sheet each.

    Args:
        key: of the list, by which the file is known when it comes back
        sheets: each with its rows, read when they are written
        count: how many rows the first has

    Raises:
        UserError: the file cannot be written
    """
    with streamed_workbook(out) as streamed:
        drop_downs = DropDowns()
        hidden = streamed.excel_workbook.create_sheet(HIDDEN_SHEET)
        hidden.sheet_state = "veryHidden"
        streamed.append(hidden, ("hudang", LAYOUT_VERSION, key, date.today().isoformat()))
        for layout, parcels in sheets:
            sheet = _create_sheet(streamed.excel_workbook, layout, drop_downs, count)
            streamed.append(hidden, ("sheet", sheet.title, layout.table, *layout.targets))
            done = 0
            for rows in parcels:
                yield Progress(min(done, count), count, f"写出{layout.title}")
                if not done:
                    _widen_columns(sheet, rows[:_SAMPLE])
                for cells in rows:
                    streamed.append(sheet, cells, bold=isinstance(cells, GroupCells))
                    streamed.append(hidden, ("row", layout.table, *cells))
                done += len(rows)
            last_column = column_letters(len(layout.targets) - 1)
            sheet.auto_filter.ref = f"A{_HEADER_ROW}:{last_column}{_HEADER_ROW + max(1, done)}"  # ids move along
            _set_up_page(sheet, layout)
        drop_downs.write(streamed.excel_workbook)
        streamed.excel_workbook.move_sheet(hidden, len(sheets) + 1)
        yield Progress(count, count, f"写出{sheets[0][0].title}")


def _create_sheet(excel_workbook: Any, layout: SheetLayout, drop_downs: DropDowns, rows: int) -> Any:
    """A sheet with title, headings, rules and page setup."""
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = excel_workbook.create_sheet(writer.sheet_name(layout.title))
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    headers = [layout.header(target) for target in layout.targets]
    sheet.append([writer.excel_cell(sheet, f"{layout.title}（{date.today():%Y年%m月%d日}导出）")])
    sheet.append([writer.excel_cell(sheet, header) for header in headers])
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for cell in sheet[_HEADER_ROW]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E4EFE9")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    last_row = _HEADER_ROW + rows + _EMPTY_ROWS
    for index, target in enumerate(layout.targets):
        _set_up_column(sheet, index, layout, target, drop_downs, last_row)
    return sheet


def _set_up_column(
    sheet: Any, index: int, layout: SheetLayout, target: str, drop_downs: DropDowns, last_row: int
) -> None:
    letters, header = column_letters(index), layout.header(target)
    dimension = sheet.column_dimensions[letters]
    dimension.width = min(_MAX_HEADER_WIDTH, max(writer.MIN_WIDTH, writer.display_width(header) + 4))
    if target in layout.hidden_targets:
        dimension.hidden = True
        return
    if writer.is_text_column(layout.field(target)):
        dimension.number_format = "@"
    cells = f"{letters}{_HEADER_ROW + 1}:{letters}{last_row}"
    if layout.is_read(target):
        drop_downs.add(sheet, layout.field(target), cells)
    else:
        hint = _WHOSE if target in layout.subject_targets else _WORKED_OUT
        drop_downs.add_hint(sheet, header, hint, cells)


def _widen_columns(sheet: Any, sample: Sequence[Sequence[object]]) -> None:
    for index in range(len(sample[0]) if sample else 0):
        dimension = sheet.column_dimensions[column_letters(index)]
        longest = max(writer.display_width(str(cells[index] or "")) for cells in sample)
        dimension.width = min(writer.MAX_WIDTH, max(dimension.width, longest + 2))


def _set_up_page(sheet: Any, layout: SheetLayout) -> None:
    """How it prints: headings and whom a row is about on every page, columns on as many pages as can be read."""
    widths = [sheet.column_dimensions[column_letters(index)].width for index in range(len(layout.targets))]
    lines = max(
        ceil(writer.display_width(layout.header(target)) / (width - 3))
        for target, width in zip(layout.targets, widths, strict=True)
    )
    sheet.row_dimensions[1].height = _TITLE_POINTS
    sheet.row_dimensions[_HEADER_ROW].height = _LINE_POINTS * min(lines, _MAX_HEADER_LINES)
    sheet.print_title_rows = f"1:{_HEADER_ROW}"
    telling = (*layout.subject_targets, *title_columns(layout.table))
    last = max(index for index, target in enumerate(layout.targets[:_TITLE_COLUMNS]) if target in telling)
    sheet.print_title_cols = f"A:{column_letters(last)}"
    sheet.print_options.gridLines = True
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    shown = sum(widths) - sum(widths[-len(layout.hidden_targets) :])
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = ceil(shown / _PAGE_CHARS), 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
