"""The entries of one form as an Excel file that comes back (app/sheets/form_import.py)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.forms.definition import CELL_SEPARATOR, Form, answer_value, load_form
from app.forms.entries import FormEntryDraft, form_rows, load_entry
from app.progress import Task
from app.records.field import Field, Value
from app.registers.engine.titles import SubjectTitle, batches, household_titles
from app.sheets.form_layout import FORM_KEY, FormLayout, form_layouts
from app.sheets.register_cells import BATCH, subject_text
from app.sheets.register_excel import write_excel
from app.sheets.register_layout import PARENT_ID, ROW_ID
from app.sheets.writer import to_cell_value
from app.workbook.masking import mask_text
from app.workbook.roles import REVEAL
from app.workbook.workbook import Workbook
from db.schema.household import Member


def write_entries(workbook: Workbook, code: str, out: Path, *, hide: bool = True, reason: str = "") -> Task[int]:
    """All entries of a form. Lines that the form prints are columns of their own; an open-ended table is a sheet.

    Answers of entries that were filled in with an older version of the form stand where it asks the same question.
    Returns how many entries.

    Args:
        hide: mask personal numbers
        reason: why they are not masked, which the log keeps

    Raises:
        UserError: there is no entry, no reason for full numbers, or the file cannot be written
    """
    form = load_form(code)
    if not hide:
        workbook.require(REVEAL, "写出完整号码")
    if not hide and not reason.strip():
        raise UserError("要写完整号码，请先写明事由；事由会记入日志。")
    with workbook.reading() as session:
        ids = [row.id for row in form_rows(session, code)]
    if not ids:
        raise UserError(f"还没有填过“{form.title}”，没有可以导出的。")
    sheets = [(layout, _parcels(workbook, layout, ids, hide)) for layout in form_layouts(form)]
    yield from write_excel(f"{FORM_KEY}{code}", sheets, len(ids), out)
    workbook.audit(f"导出{form.title}" + ("" if hide else f"（完整号码，事由：{reason.strip()}）"), len(ids))
    return len(ids)


def _parcels(workbook: Workbook, layout: FormLayout, ids: Sequence[str], hide: bool) -> Iterator[list[list[object]]]:
    villages = {village.code: village.name for village in workbook.villages}
    for start in range(0, len(ids), BATCH):
        with workbook.reading() as session:
            entries = [load_entry(session, id) for id in ids[start : start + BATCH]]
            subjects = entry_subjects(session, entries, hide)
        yield [
            cells
            for entry in entries
            for cells in _entry_cells(layout, entry, subjects[entry.id], villages.get(entry.village, ""), hide)
        ]


def _entry_cells(
    layout: FormLayout, entry: FormEntryDraft, subject: SubjectTitle, village: str, hide: bool
) -> Iterator[list[object]]:
    """The row of an entry, or those of the lines of its table."""
    leading: dict[str, object] = {
        target: subject_text(subject, target, village) or None for target in layout.subject_targets
    }
    leading |= {"year": entry.year, ROW_ID: entry.id}
    if layout.question is None:
        yield [
            leading[target] if target in leading else _cell(layout, entry, target, hide) for target in layout.targets
        ]
        return
    for line in line_keys(entry, layout.question.key):
        leading |= {"filled_on": entry.filled_on, PARENT_ID: entry.id, ROW_ID: CELL_SEPARATOR.join((entry.id, line))}
        yield [
            leading[target] if target in leading else _cell(layout, entry, target, hide, line)
            for target in layout.targets
        ]


def _cell(layout: FormLayout, entry: FormEntryDraft, target: str, hide: bool, line: str = "") -> object:
    one = layout.field(target)
    return to_cell_value(current_value(one, entry.value(answer_name(layout, target, line))), one, hide)


def answer_name(layout: FormLayout, target: str, line: str) -> str:
    """The name of an answer in its entry."""
    return CELL_SEPARATOR.join((layout.question.key, line, target)) if layout.question else target


def current_value(one: Field, stored: Value) -> Value:
    """A value that another version of the form stored as text, as this one writes it."""
    return answer_value(one, stored) if isinstance(stored, str) else stored


def line_keys(entry: FormEntryDraft, table: str) -> list[str]:
    """The lines of an open-ended table as an entry has them; none where its version of the form has no such table."""
    return entry.line_keys(table) if any(one.key == table for one in entry.form.questions) else []


def entry_subjects(session: Session, entries: Sequence[FormEntryDraft], hide: bool) -> Mapping[str, SubjectTitle]:
    """Id of an entry → whom it is about."""
    households = household_titles(session, {one.household_id for one in entries if one.household_id})
    people: dict[str, Any] = {}
    for part in batches({one.member_id for one in entries if one.member_id}):
        found = session.execute(select(Member.id, Member.name, Member.id_no).where(Member.id.in_(part)))
        people |= {id: (name or "", id_no or "") for id, name, id_no in found}
    result = {}
    for one in entries:
        title = households.get(one.household_id, SubjectTitle())
        name, id_no = people.get(one.member_id, ("", ""))
        number = mask_text(id_no, "id") if hide else id_no
        result[one.id] = SubjectTitle(title.number, title.group, title.head, name, "", number)
    return result


def about_text(form: Form, subject: SubjectTitle, village: str) -> str:
    """Whom an entry is about, in words."""
    return village if form.subject == "village" else str(subject)
