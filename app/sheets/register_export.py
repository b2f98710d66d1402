"""A list as an Excel file that comes back, as CSV or as JSON."""

import csv
import json
from collections.abc import Generator, Sequence
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.records.field import Field, Value
from app.registers.engine.register import Register
from app.registers.engine.rows import RegisterRow, child_rows, load_rows
from app.sheets.group_rows import SheetGroup, with_groups
from app.sheets.register_cells import BATCH, sheet_rows
from app.sheets.register_excel import Parcels, write_excel
from app.sheets.register_layout import RegisterLayout, layouts
from app.sheets.sheet_layout import SheetLayout
from app.workbook import files
from app.workbook.roles import REVEAL
from app.workbook.workbook import Workbook


def write_register(
    workbook: Workbook,
    register: Register,
    ids: Sequence[str],
    out: Path,
    *,
    chosen: tuple[str, ...] = (),
    groups: Sequence[SheetGroup] = (),
    hide: bool = True,
    reason: str = "",
) -> Task[int]:
    """These rows in their order, and on further sheets what stands below them. The ending of `out` says as what.

    The log keeps that it was made, and why numbers were written in full. An empty choice gives a sheet to be filled in.
    Returns how many rows.

    Args:
        out: .xlsx, .csv or .json
        chosen: the columns, in this order (`RegisterLayout.chosen`); .json has them all
        groups: in which the rows stand, in an .xlsx
        hide: mask personal numbers
        reason: why they are not masked

    Raises:
        UserError: the file cannot be written, or has another ending, or there is no reason for full numbers
    """
    if not hide:
        workbook.require(REVEAL, "写出完整号码")
    if not hide and not reason.strip():
        raise UserError("要写完整号码，请先写明事由；事由会记入日志。")
    ending = out.suffix.lower()
    if ending == ".xlsx":
        own, *below = layouts(register, chosen)
        sheets: list[tuple[SheetLayout, Parcels]] = [
            (own, with_groups(sheet_rows(workbook, own, ids, hide), own, groups)),
            *((layout, sheet_rows(workbook, layout, ids, hide)) for layout in below),
        ]
        yield from write_excel(register.key, sheets, len(ids), out)
    elif ending == ".csv":
        yield from _write_csv(workbook, RegisterLayout(register, chosen=chosen), ids, out, hide)
    elif ending == ".json":
        yield from _write_json(workbook, register, ids, out, hide)
    else:
        raise UserError(f"“{out.name}”的格式写不了。请用 .xlsx、.csv 或 .json 结尾的文件名。")
    workbook.audit(f"导出{register.title}" + ("" if hide else f"（完整号码，事由：{reason.strip()}）"), len(ids))
    return len(ids)


def _write_csv(
    workbook: Workbook, layout: RegisterLayout, ids: Sequence[str], out: Path, hide: bool
) -> Generator[Progress, None, None]:
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow([layout.header(target) for target in layout.targets])
    for n, rows in enumerate(sheet_rows(workbook, layout, ids, hide)):
        yield Progress(n * BATCH, len(ids), f"写出{layout.title}")
        for cells in rows:
            lines.writerow([_harmless("" if cell is None else str(cell)) for cell in cells])
    _save(out, "\ufeff" + text.getvalue())


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
    for start in range(0, len(ids), BATCH):
        yield Progress(start, len(ids), f"写出{register.title}")
        with workbook.reading() as session:
            rows = load_rows(session, register, ids[start : start + BATCH], hide=hide)
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
        values = {one.name: _plain(one, row.values[one.name], row.texts[one.name]) for one in fields}
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
            cells = {one.name: _plain(one, child.values[one.name], child.texts[one.name]) for one in below}
            by_id[child.parent_id][table].append({"id": child.id, **cells})
    return result


def _plain(one: Field, value: Value, text: str) -> Any:
    if one.spec.mask or one.kind == "long":  # of which `text` may be masked
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
