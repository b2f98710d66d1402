"""A register as an Excel file that comes back, as CSV or as JSON.

Each row carries its id in a hidden column, and a hidden sheet keeps what every cell said when it left: so that coming
back tells what a person changed in Excel from what was changed in the workbook meanwhile.
"""

import csv
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.records.field import Value
from app.registers.engine.register import Register
from app.registers.engine.rows import ChildRow, RegisterRow, child_rows, load_rows
from app.sheets import writer
from app.sheets.drop_downs import DropDowns
from app.sheets.register_layout import PARENT_ID, PARENT_TITLE, PROGRESS, ROW_ID, RegisterLayout, layouts
from app.sheets.sheet import HIDDEN_SHEET, column_letters
from app.workbook import files
from app.workbook.workbook import Workbook

_BATCH = 500
_EMPTY_ROWS = 500  # below the list, with drop-downs, to be filled in
_HEADER_ROW = 2  # counted from 1; the title stands above it
LAYOUT_VERSION = 1


def write_register(
    workbook: Workbook, register: Register, ids: Sequence[str], out: Path, *, hide: bool = True
) -> Task[int]:
    """These rows in their order, and on further sheets what stands below them. The ending of `out` says as what.

    The log keeps that it was made. An empty choice gives a sheet to be filled in. Returns how many rows.

    Args:
        out: .xlsx, .csv or .json
        hide: mask personal numbers

    Raises:
        UserError: the file cannot be written, or has another ending
    """
    write = {".xlsx": _write_excel, ".csv": _write_csv, ".json": _write_json}.get(out.suffix.lower())
    if write is None:
        raise UserError(f"“{out.name}”的格式写不了。请用 .xlsx、.csv 或 .json 结尾的文件名。")
    yield from write(workbook, register, ids, out, hide)
    workbook.audit(f"导出{register.title}" + ("" if hide else "（完整号码）"), len(ids))
    return len(ids)


def _batches(workbook: Workbook, register: Register, ids: Sequence[str], hide: bool) -> Iterator[list[RegisterRow]]:
    for start in range(0, len(ids), _BATCH):
        with workbook.reading() as session:
            yield load_rows(session, register, ids[start : start + _BATCH], hide=hide)


def _write_excel(
    workbook: Workbook, register: Register, ids: Sequence[str], out: Path, hide: bool
) -> Generator[Progress, None, None]:
    with writer.atomic_workbook(out) as excel_workbook:
        drop_downs = DropDowns()
        left: list[tuple[object, ...]] = [("hudang", LAYOUT_VERSION, register.key, date.today().isoformat())]
        for layout in layouts(register):
            sheet = _create_sheet(excel_workbook, layout, drop_downs, len(ids))
            left.append(("sheet", sheet.title, layout.table, *layout.targets))
            for n, rows in enumerate(_batches(workbook, register, ids, hide)):
                yield Progress(n * _BATCH, len(ids), f"写出{layout.title}")
                with workbook.reading() as session:
                    written = list(_excel_rows(session, layout, rows, hide))
                for cells in written:
                    sheet.append([writer.excel_cell(sheet, cell) for cell in cells])
                    left.append(("row", layout.table, *cells))
        drop_downs.write(excel_workbook)
        hidden = excel_workbook.create_sheet(HIDDEN_SHEET)
        hidden.sheet_state = "veryHidden"
        for line in left:
            hidden.append([writer.excel_cell(hidden, cell) for cell in line])


def _create_sheet(excel_workbook: Any, layout: RegisterLayout, drop_downs: DropDowns, rows: int) -> Any:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = excel_workbook.create_sheet(layout.title[:31])
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    last_row = _HEADER_ROW + rows + _EMPTY_ROWS
    headers = [layout.header(target) for target in layout.targets]
    for index, (target, header) in enumerate(zip(layout.targets, headers, strict=True)):
        letter, dimension = column_letters(index), sheet.column_dimensions[column_letters(index)]
        dimension.width = min(writer.MAX_WIDTH, max(writer.MIN_WIDTH, writer.display_width(header)) + 4)
        if target in layout.hidden_targets:
            dimension.hidden = True
            continue
        if writer.is_text_column(layout.field(target)):
            dimension.number_format = "@"
        if "." not in target and layout.is_read(target):
            drop_downs.add(sheet, layout.field(target), f"{letter}{_HEADER_ROW + 1}:{letter}{last_row}")
    title = writer.excel_cell(sheet, f"{layout.title}（{date.today():%Y年%m月%d日}导出）")
    title.font = Font(bold=True, size=14)
    sheet.append([title])
    cells = [writer.excel_cell(sheet, header) for header in headers]
    for cell in cells:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E4EFE9")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.append(cells)
    return sheet


def _excel_rows(
    session: Session, layout: RegisterLayout, rows: Sequence[RegisterRow], hide: bool
) -> Iterator[list[object]]:
    if layout.children is None:
        for row in rows:
            yield [_cell(layout, target, row, row, hide) for target in layout.targets]
        return
    parents = {row.id: row for row in rows}
    for child in child_rows(session, layout.register, layout.children, list(parents), hide=hide):
        yield [_cell(layout, target, parents[child.parent_id], child, hide) for target in layout.targets]


def _cell(layout: RegisterLayout, target: str, parent: RegisterRow, row: RegisterRow | ChildRow, hide: bool) -> object:
    if target == ROW_ID:
        return row.id
    if target == PARENT_ID:
        return parent.id
    if target == PARENT_TITLE:
        return parent.title or None
    if target == PROGRESS:
        return f"{parent.progress.label}{'（超期）' if parent.progress.overdue else ''}" or None
    if "." in target:
        return subject_text(parent, target) or None
    one = layout.field(target)
    if one.kind == "reference":
        return row.texts[target] or None
    return writer.to_cell_value(row.values[target], one, hide)


def subject_text(row: RegisterRow, target: str) -> str:
    """What a column says of whom a row is about."""
    subject = row.subject
    texts: Mapping[str, str] = {
        "household.household_no": subject.number,
        "household.group_name": subject.group,
        "head.name": subject.head,
        "member.name": subject.name,
        "member.id_no": subject.id_no,
        "helper.name": subject.name,
        "helper.unit": subject.unit,
    }
    return texts.get(target, "")


def _write_csv(
    workbook: Workbook, register: Register, ids: Sequence[str], out: Path, hide: bool
) -> Generator[Progress, None, None]:
    text = StringIO()
    yield from _csv_lines(workbook, register, ids, text, hide)
    _save(out, "\ufeff" + text.getvalue())


def _csv_lines(
    workbook: Workbook, register: Register, ids: Sequence[str], text: StringIO, hide: bool
) -> Generator[Progress, None, None]:
    layout = RegisterLayout(register)
    lines = csv.writer(text)
    lines.writerow([layout.header(target) for target in layout.targets])
    for n, rows in enumerate(_batches(workbook, register, ids, hide)):
        yield Progress(n * _BATCH, len(ids), f"写出{layout.title}")
        for row in rows:
            cells = [_cell(layout, target, row, row, hide) for target in layout.targets]
            lines.writerow([_harmless("" if cell is None else str(cell)) for cell in cells])


def _harmless(text: str) -> str:
    """A text that Excel, opening a CSV, does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


def _write_json(
    workbook: Workbook, register: Register, ids: Sequence[str], out: Path, hide: bool
) -> Generator[Progress, None, None]:
    listed: list[dict[str, Any]] = []
    for n, rows in enumerate(_batches(workbook, register, ids, hide)):
        yield Progress(n * _BATCH, len(ids), f"写出{register.title}")
        with workbook.reading() as session:
            listed += json_rows(session, register, rows, hide=hide)
    _save(out, json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def json_rows(
    session: Session, register: Register, rows: Sequence[RegisterRow], *, hide: bool = True
) -> list[dict[str, Any]]:
    """Rows as plain data: `id`, `village`, `household`, `about`, `state`, `due_on`, `overdue`, every column by its
    name, and what stands below by its table."""
    result = []
    for row in rows:
        fields = register.fields()
        values = {one.name: _plain(row.values[one.name], row.texts[one.name], one.spec.mask) for one in fields}
        progress = {
            "state": row.progress.label,
            "due_on": row.progress.due_on.isoformat() if row.progress.due_on else None,
            "overdue": row.progress.overdue,
        }
        about = {"id": row.id, "village": row.village, "household": row.household_id, "about": str(row.subject)}
        result.append({**values, **progress, **about})
    by_id = {entry["id"]: entry for entry in result}
    for children in register.children:
        table = children.record.__tablename__
        for entry in result:
            entry[table] = []
        for child in child_rows(session, register, children, list(by_id), hide=hide):
            below = [children.field(name) for name in children.columns]
            cells = {one.name: _plain(child.values[one.name], child.texts[one.name], one.spec.mask) for one in below}
            by_id[child.parent_id][table].append({"id": child.id, **cells})
    return result


def _plain(value: Value, text: str, mask: str) -> Any:
    if mask:
        return text or None
    if value is None or isinstance(value, str | bool | int):
        return value
    return list(value) if isinstance(value, tuple) else str(value)


def _save(out: Path, text: str) -> None:
    try:
        with files.atomic_write(out) as part_path:
            part_path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(f"不能写入“{out.name}”：文件夹不存在、没有权限或磁盘已满。") from error
