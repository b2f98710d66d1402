"""The empty row at the end of a sheet: what is typed there becomes a record, as a row of a list from Excel does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.cell_edits.edit_planning import refusal_of_column
from app.records.draft import values_of_id_number
from app.records.field import Field
from app.registers.engine.register import Register
from app.sheets.register_cell_parsing import parse_cell
from app.sheets.register_layout import (
    COMPUTED,
    RegisterHeader,
    RegisterLayout,
    compared_tables,
    layouts,
    subject_field,
)
from app.sheets.register_preview import RegisterPreview
from app.sheets.register_rows import SheetComparison
from app.sheets.register_subjects import RowSubject
from app.sheets.sheet import Sheet
from app.sheets.written_sheet import WrittenList
from app.workbook.workbook import Workbook
from db.journal.changes import last_seq
from db.schema import records

_NAME = "新增的一行"
_THERE_ALREADY = "已有相同的一条，没有重复新增"
_NOTHING = "只写了是谁的，还没有填内容"
# column of the sheet → what it tells of whom the row is about
_ABOUT = {
    "household": {"head": "head.name", "group": "household.group_name"},
    "member": {"name": "member.name", "head": "head.name", "group": "household.group_name"},
    "helper": {"name": "helper.name", "unit": "helper.unit"},
    "village": {},
}
# a number stands for a name where somebody types it there: column → what it is
_NUMBERS = {"head.name": "household.household_no", "member.name": "member.id_no"}
_IS_NUMBER = re.compile(r"\d{6,}[\dXx]?")


@dataclass(frozen=True, slots=True)
class NewRow:
    """What became of the row: the id of its record, or why there is none, and in which column ("" for the whole)."""

    id: str = ""
    reason: str = ""
    column: str = ""


def new_row_fields(register: Register) -> dict[str, Field]:
    """Column of the sheet → its field, of those that the empty row has; none where no record can be added so."""
    if register.sheet.refuses_new:
        return {}
    about = {key: subject_field(target) for key, target in _ABOUT[register.subject].items()}
    if register.sheet.added_with_new:  # a household comes with its head
        about |= {one.name: subject_field("head.name") for one in register.computed if one.name == "head"}
    own = {one.name: one for one in register.fields() if not refusal_of_column(register, one.name)}
    return own | about


def add_row(workbook: Workbook, register: Register, texts: Mapping[str, str]) -> NewRow:
    """Write the record that a row of texts describes, as one operation; nothing where a cell is refused.

    Args:
        texts: column of the sheet → what was typed
    """
    typed = {key: text.strip() for key, text in texts.items() if text.strip()}
    with workbook.reading() as session:
        if refused := _refused_cell(register, typed):
            return refused
        preview = _preview(session, register, typed)
    new = [row for row in preview.rows if row.state == "new"]
    if preview.refused:
        return NewRow(reason=preview.refused[0].reason.removesuffix("。"))
    if not new:
        return NewRow(reason=_THERE_ALREADY if preview.rows or preview.duplicates else _NOTHING)
    with workbook.operation(f"新增{register.title}：{new[0].title}".rstrip("：")) as session:
        for row in new:
            values = values_of_id_number(row.table, {}, row.after)
            table: Any = records()[row.table].__table__
            session.execute(insert(table), {**values, "id": row.id, "village": row.village, "withdrawn": False})
    return NewRow(new[0].id)


def _refused_cell(register: Register, typed: Mapping[str, str]) -> NewRow | None:
    """The first cell whose text is no value of its column."""
    fields = new_row_fields(register)
    for key, text in typed.items():
        is_own = key not in _ABOUT[register.subject]
        if is_own and fields[key].kind != "reference":
            _, fault = parse_cell(None, fields[key], text, RowSubject())
            if fault:
                return NewRow(reason=fault, column=key)
    return None


def _preview(session: Session, register: Register, typed: Mapping[str, str]) -> RegisterPreview:
    layout = RegisterLayout(register)
    targets = tuple(_target(register, key, text) for key, text in typed.items())
    headers = tuple(target if target.startswith(COMPUTED) else layout.header(target) for target in targets)
    sheet = Sheet(_NAME, (headers, tuple(typed.values())))
    comparison = SheetComparison(session, WrittenList())
    for _ in comparison.add(sheet, RegisterHeader(0, headers, targets, {}, layout)):
        pass
    comparison.finish(layouts(register))
    return comparison.preview(register.key, register.title, compared_tables(register), _NAME, last_seq(session))


def _target(register: Register, key: str, text: str) -> str:
    target = _ABOUT[register.subject].get(key, "")
    if target:
        return _NUMBERS.get(target, target) if _IS_NUMBER.fullmatch(text) else target
    return f"{COMPUTED}{key}" if key in {one.name for one in register.computed} else key
