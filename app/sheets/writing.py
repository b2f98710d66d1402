"""Lists, templates and refused rows as Excel files that anybody may open without harm.

Every text cell is written as text, whatever it begins with: openpyxl would make a formula of a name like "=…". Columns
of numbers such as 证件号码 have the format "@", so that Excel keeps all digits when somebody types into them.
"""

import os
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.field import Field, Value, fields, table_label
from app.records.field import field as field_of
from app.sheets.preview import Preview
from app.sheets.roster import Refused
from app.sheets.sheet import letters

REASON, SOURCE_ROW = "拒收原因", "原表行号"
_STEP = 200
_TEMPLATE_ROWS = 2000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WIDEST, _NARROWEST = 44, 8


def write_refused(shown: Preview, out: Path) -> Work[int]:
    """The refused rows of a preview, each sheet by its name, with the reason and the row it had; returns how many.

    What was a number that lost its digits is written as Excel showed it, so that nobody takes it for the real one.
    Mended and taken in again, the two added columns are passed over.

    Raises:
        OfficeError: the file cannot be written
    """
    by_sheet: dict[str, list[Refused]] = {}
    for one in shown.refused:
        by_sheet.setdefault(one.sheet, []).append(one)
    with _saved(out) as book:
        done = 0
        for name, refused in by_sheet.items() or [("拒收", [])]:
            headers = [*(refused[0].headers if refused else ()), REASON, SOURCE_ROW]
            rows = ([*_padded(one.cells, len(headers) - 2), one.reason, one.row] for one in refused)
            sample = [[*_padded(one.cells, len(headers) - 2), one.reason, one.row] for one in refused[:50]]
            sheet = _sheet(book, name, headers, sample)
            for appended in _appended(sheet, rows):
                yield Progress(done + appended, len(shown.refused), "写出拒收名单")
            done += len(refused)
    return len(shown.refused)


def write_list(
    rows: Iterable[Sequence[Value]], columns: Sequence[Field], out: Path, *, title: str = "名单", hide: bool = True
) -> Work[int]:
    """A list as an Excel file, which `taking_in.preview` reads again; returns how many rows.

    Args:
        rows: the kept values of each row, in the order of `columns`
        title: name of the sheet
        hide: mask personal numbers

    Raises:
        OfficeError: the file cannot be written
    """
    whole = [list(row) for row in rows]
    with _saved(out) as book:
        shown = [_as_cells(row, columns, hide) for row in whole[:50]]
        sheet = _sheet(book, title, [one.label for one in columns], shown)
        for done in _appended(sheet, (_as_cells(row, columns, hide) for row in whole)):
            yield Progress(done, len(whole), "写出名单")
    return len(whole)


def template_fields(table: str) -> tuple[Field, ...]:
    """The columns of a template: what an officer may fill, after what tells the household."""
    own = tuple(one for one in fields(table) if not one.declared.derived and one.kind != "reference")
    if table in ("household", "village"):
        return own
    number = (field_of("household", "household_no"),)
    if table == "helper":
        return (*number, *own, field_of("assignment", "started_on"), field_of("assignment", "ended_on"))
    return (*number, *own)


def write_template(table: str, out: Path) -> Work[int]:
    """An empty sheet to be filled in, with drop-downs from the option lists and limits of numbers; returns its columns.

    Raises:
        OfficeError: the file cannot be written
    """
    columns = template_fields(table)
    yield Progress(0, 1, "写出模板")
    with _saved(out, streamed=False) as book:
        sheet = _sheet(book, table_label(table), [one.label for one in columns], [])
        lists = book.create_sheet("选项")
        lists.sheet_state = "hidden"
        for place, one in enumerate(columns):
            letter = letters(place)
            if _is_text(one):
                sheet.column_dimensions[letter].number_format = "@"
            _limit(sheet, lists, letter, one)
    yield Progress(1, 1, "模板已写出")
    return len(columns)


@contextmanager
def _saved(out: Path, *, streamed: bool = True) -> Iterator[Any]:
    """A new workbook that takes its name only when it is whole."""
    from openpyxl import Workbook

    part = out.with_name(f"{out.name}.part")
    book = Workbook(write_only=streamed)
    if not streamed:
        book.remove(book.active)
    try:
        yield book
        book.save(part)
        os.replace(part, out)
    except OSError as error:
        raise OfficeError(
            f"写不了“{out.name}”。它可能正在 Excel 里打开，或磁盘已满；请关闭它、换个名字或换个位置再试。"
        ) from error
    finally:
        part.unlink(missing_ok=True)
        for sheet in book.worksheets if streamed else ():
            if not sheet.closed:
                sheet.close()  # openpyxl keeps a temporary file for each until then


def _sheet(book: Any, name: str, headers: Sequence[str], sample: Sequence[Sequence[object]]) -> Any:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", name)[:31] or "名单")
    sheet.freeze_panes = "A2"
    for place, header in enumerate(headers):
        longest = max((_width(str(row[place] or "")) for row in sample), default=0)
        sheet.column_dimensions[letters(place)].width = min(_WIDEST, max(_NARROWEST, _width(header), longest) + 2)
    heading = [_cell(sheet, header) for header in headers]
    for cell in heading:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E4EFE9")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.append(heading)
    return sheet


def _appended(sheet: Any, rows: Iterable[Sequence[object]]) -> Generator[int, None, None]:
    done = 0
    for done, row in enumerate(rows, start=1):
        sheet.append([_cell(sheet, value) for value in row])
        if done % _STEP == 0:
            yield done
    yield done


def _cell(sheet: Any, value: object) -> Any:
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


def _as_cells(row: Sequence[Value], columns: Sequence[Field], hide: bool) -> list[object]:
    return [_as_cell(value, one, hide) for value, one in zip(row, columns, strict=True)]


def _as_cell(value: Value, one: Field, hide: bool) -> object:
    """Numbers and dates as such, everything else as the text that people read."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    if isinstance(value, date) and value.year > 1900:
        return value
    return one.text(value, hide=hide) or None


def _is_text(one: Field) -> bool:
    return one.kind in ("text", "long", "month", "choice", "choices", "yes_no")


def _limit(sheet: Any, lists: Any, letter: str, one: Field) -> None:
    """What Excel lets an officer type into a column."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if one.kind == "yes_no":
        rule = DataValidation(type="list", formula1='"是,否"', allow_blank=True)
    elif one.kind == "choice":
        place = (lists.max_column if lists["A1"].value else 0) + 1
        for n, option in enumerate(one.options, start=1):
            lists.cell(n, place).value = option.label
            lists.cell(n, place).data_type = "s"
        column = letters(place - 1)
        last = max(len(one.options), 1)
        rule = DataValidation(type="list", formula1=f"选项!${column}$1:${column}${last}", allow_blank=True)
    elif one.declared.least is not None and one.declared.most is not None and one.kind != "choices":
        kind = "whole" if one.kind == "integer" else "decimal"
        least, most = one.declared.least, one.declared.most
        rule = DataValidation(type=kind, operator="between", formula1=str(least), formula2=str(most), allow_blank=True)
    else:
        return
    rule.errorTitle = one.label
    rule.error = "请从下拉列表里选。" if rule.type == "list" else f"应在 {rule.formula1} 到 {rule.formula2} 之间。"
    rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{_TEMPLATE_ROWS}")


def _padded(cells: Sequence[str], length: int) -> list[str]:
    return [*cells[:length], *[""] * (length - len(cells))]


def _width(text: str) -> int:
    """In characters of Excel's usual font: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
