"""Take a register's sheet in: one that went out from here, or a foreign list with the same columns under other names.

Of a sheet that went out from here only the cells that a person changed in Excel are taken (three-way comparison with
what the hidden sheet keeps); a masked cell is unchanged; a cell that was changed here meanwhile is shown, not taken. Of
a foreign list an empty cell erases nothing, and a row that is here already is not written twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from app.errors import UserError
from app.list_views.catalogue import list_source
from app.progress import Progress, Task
from app.registers import all_registers, get_register
from app.registers.engine.register import Register
from app.registers.lists import all_lists, get_list
from app.sheets.cells import text_of
from app.sheets.errors import NoHeaderRow, StalePreview
from app.sheets.form_import import preview_entries
from app.sheets.form_layout import FORM_KEY
from app.sheets.reader import read_with_hidden
from app.sheets.register_layout import (
    ROW_ID,
    VIEWED,
    RegisterHeader,
    RegisterLayout,
    compared_tables,
    find_header,
    layouts,
)
from app.sheets.register_preview import BothChanged, RegisterPreview
from app.sheets.register_rows import SheetComparison
from app.sheets.sheet import HIDDEN_SHEET, Sheet
from app.sheets.sheet_recognition import sheets_without_heading
from app.sheets.written_sheet import WrittenList, refuse_worked_out
from app.workbook import backup, preferences
from app.workbook.workbook import Workbook
from db.journal.changes import last_seq, tables_changed_since
from db.schema import records

_STEP = 200
_RECOGNIZED = 3  # columns of its own by which a register is told from the others


def preview(workbook: Workbook, path: Path, register: Register | None = None) -> Task[RegisterPreview]:
    """What taking a file in would do. Writes nothing.

    Args:
        register: which one; by default the hidden sheet says it, or the columns do

    Raises:
        NoHeaderRow: no sheet has the columns of the register, or of any
        UserError: the file cannot be read (app/sheets/errors.py), is of another register than the one named, or was
            worked out
    """
    sheets = yield from read_with_hidden(path)
    visible = [sheet for sheet in sheets if sheet.name != HIDDEN_SHEET]
    written = WrittenList.read(sheets)
    refuse_worked_out(path.name, written)
    if written.register.startswith(FORM_KEY) and register is None:
        return (yield from preview_entries(workbook, path.name, visible, written))
    chosen = _choose(path.name, visible, written, register)
    found = _sheets_with_headers(visible, chosen, written)
    if not found:
        columns = "、".join(one.label for one in chosen.fields()[:5])
        raise NoHeaderRow(f"“{path.name}”里没有“{chosen.title}”的表头。表头要有{columns}等列和户编号或户主。")
    with workbook.reading() as session:
        comparison = SheetComparison(session, written)
        for sheet, header in found:
            for n, _ in enumerate(comparison.add(sheet, header)):
                if n % _STEP == 0:
                    yield Progress(n, len(sheet.rows), f"核对“{sheet.name}”")
        comparison.finish(layouts(chosen))
        comparison.remarks += sheets_without_heading(visible, {sheet.name for sheet, _ in found})
        return comparison.preview(chosen.key, chosen.title, compared_tables(chosen), path.name, last_seq(session))


def take_sheet_values(shown: RegisterPreview, conflicts: Iterable[BothChanged]) -> RegisterPreview:
    """The same preview where these cells, changed on both sides, take what Excel says."""
    chosen = {(one.table, one.id, one.column): one for one in conflicts}
    rows = []
    for row in shown.rows:
        taken = {one.column: one.value for key, one in chosen.items() if key[:2] == (row.table, row.id)}
        rows.append(replace(row, state="changed", after={**row.after, **taken}) if taken else row)
    left = tuple(one for one in shown.conflicts if (one.table, one.id, one.column) not in chosen)
    return replace(shown, rows=tuple(rows), conflicts=left)


def apply_import(workbook: Workbook, shown: RegisterPreview) -> Task[int]:
    """Write what a preview showed, whole or not at all; a backup first, unless that is switched off. Returns how many.

    Raises:
        StalePreview: the workbook was changed since the preview was made
    """
    changes = shown.to_write()
    if not changes:
        return 0
    if preferences.get(workbook, "backup_before_import"):
        yield from backup.automatic_backup(workbook, "导入台账前")
    with workbook.operation(f"导入{shown.title}：{shown.file}") as session:
        if tables_changed_since(session, shown.base_seq, shown.tables):
            raise StalePreview("预览之后工作簿又有了改动，没有导入。请重新预览，核对后再写入。")
        for n, change in enumerate(changes):
            if n % _STEP == 0:
                yield Progress(n, len(changes), "写入")
            table: Any = records()[change.table].__table__
            if change.state == "new":
                values = {**change.after, "id": change.id, "village": change.village, "withdrawn": False}
                session.execute(insert(table), values)
            else:
                session.execute(update(table).where(table.c.id == change.id).values(**change.after))
    yield Progress(len(changes), len(changes), "已写入")
    return len(changes)


def _choose(file: str, sheets: Sequence[Sheet], written: WrittenList, register: Register | None) -> Register:
    """The register of a file: named, written in the hidden sheet, or the one whose columns fit best."""
    if register is not None and written.register not in ("", register.key):
        other = next((one.title for one in all_lists() if one.key == written.register), written.register)
        raise UserError(f"“{file}”是“{other}”的表，不是“{register.title}”的。请选对台账，或换一个文件。")
    if register is not None:
        return register
    if written.register:
        try:
            return get_list(written.register)
        except KeyError:
            raise UserError(f"“{file}”是新版本软件的台账，这个版本没有。请先升级软件。") from None
    fits: dict[str, int] = {}
    for one in all_registers():
        headers = [header for sheet in sheets if (header := find_header(sheet, RegisterLayout(one))) is not None]
        fits[one.key] = max((header.recognized for header in headers), default=0)
    best = sorted(fits, key=lambda key: -fits[key])
    if not best or fits[best[0]] < _RECOGNIZED:
        raise NoHeaderRow(f"“{file}”里没有认出哪一种台账的表头。请写明是哪种台账，或从台账导出一份模板来填。")
    if len(best) > 1 and fits[best[0]] == fits[best[1]]:
        titles = "”“".join(get_register(key).title for key in best if fits[key] == fits[best[0]])
        raise UserError(f"“{file}”像是“{titles}”，分不清是哪一种。请写明是哪种台账。")
    return get_register(best[0])


def _sheets_with_headers(
    sheets: Sequence[Sheet], register: Register, written: WrittenList
) -> list[tuple[Sheet, RegisterHeader]]:
    """The sheets of the register, then those of what stands below, each with its heading."""
    known = [_with_viewed(layout, written) for layout in layouts(register)]
    found: list[tuple[Sheet, RegisterHeader]] = []
    tables = {sheet.name: _table_of(sheet, known, written) for sheet in sheets}
    for layout in known:
        for sheet in sheets:
            header = find_header(sheet, layout) if tables[sheet.name] == layout.table else None
            if header is not None:
                found.append((sheet, header))
    return found


def _with_viewed(layout: RegisterLayout, written: WrittenList) -> RegisterLayout:
    """The layout with the fields of views that the file was written with and this program knows."""
    viewed = [target for target in written.targets.get(layout.table, ()) if target.startswith(VIEWED)]
    known = [one for one in viewed if list_source(layout.register.key).field(one.removeprefix(VIEWED)) is not None]
    return replace(layout, chosen=tuple(known)) if known else layout


def _table_of(sheet: Sheet, known: Sequence[RegisterLayout], written: WrittenList) -> str:
    """Which rows a sheet holds: as it was written, by the ids of its rows where it was renamed, else by its name."""
    if sheet.name in written.tables:
        return written.tables[sheet.name]
    for layout in known if written.register else ():
        header = find_header(sheet, layout)
        if header is not None and ROW_ID in header.targets:
            column = header.targets.index(ROW_ID)
            ids = [text_of(row[column]) for row in sheet.rows[header.row + 1 :] if column < len(row)]
            if table := written.table_of(ids):
                return table
    own, *below = known
    return next((layout.table for layout in below if layout.title in sheet.name), own.table)
