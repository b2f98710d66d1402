"""Take the sheets of a form in that went out from here: only what somebody changed in Excel, answer by answer."""

from collections.abc import Iterator, Sequence
from datetime import date

from app.errors import UserError
from app.forms.definition import Form
from app.progress import Progress, Task
from app.sheets.cells import text_of
from app.sheets.errors import NoHeaderRow
from app.sheets.form_comparison import FormComparison
from app.sheets.form_layout import FormLayout, find_form_header, form_layouts, form_of
from app.sheets.register_layout import ROW_ID
from app.sheets.register_preview import RegisterPreview
from app.sheets.sheet import Sheet
from app.sheets.sheet_layout import SheetHeading
from app.sheets.sheet_recognition import sheets_without_heading
from app.sheets.written_sheet import WrittenList
from app.workbook.workbook import Workbook
from db.journal.changes import last_seq

_STEP = 50
_TABLES = ("form_entry", "form_answer", "form_used", "household", "member")


def preview_entries(
    workbook: Workbook, file: str, sheets: Sequence[Sheet], written: WrittenList
) -> Task[RegisterPreview]:
    """What the sheets of a form would do. Writes nothing.

    Args:
        sheets: those that an officer sees
        written: what the file kept of itself

    Raises:
        UserError: this program has no such form
        NoHeaderRow: no sheet has its columns
    """
    form = form_of(written.register)
    if form is None:
        raise UserError(f"“{file}”里的表单，这个版本的软件没有。请先升级软件。")
    found = list(_sheets_with_headers(sheets, form, written))
    if not found:
        raise NoHeaderRow(f"“{file}”里没有“{form.title}”的表头。请重新导出一份再改。")
    with workbook.reading() as session:
        comparison = FormComparison(session, form, written, workbook.operator, date.today())
        for sheet, header, layout in found:
            for n, _ in enumerate(comparison.add(sheet, header, layout)):
                if n % _STEP == 0:
                    yield Progress(n, len(sheet.rows), f"核对“{sheet.name}”")
        comparison.finish()
        comparison.remarks += sheets_without_heading(sheets, {sheet.name for sheet, _, _ in found})
        return comparison.preview(written.register, form.title, _TABLES, file, last_seq(session))


def _sheets_with_headers(
    sheets: Sequence[Sheet], form: Form, written: WrittenList
) -> Iterator[tuple[Sheet, SheetHeading, FormLayout]]:
    """The sheet of the entries, then those of the tables, each as it was called or known by the ids of its rows."""
    for layout in form_layouts(form):
        for sheet in sheets:
            header = find_form_header(sheet, layout)
            if header is not None and _table_of(sheet, header, written) == layout.table:
                yield sheet, header, layout


def _table_of(sheet: Sheet, header: SheetHeading, written: WrittenList) -> str:
    if sheet.name in written.tables or ROW_ID not in header.targets:
        return written.tables.get(sheet.name, "")
    column = header.targets.index(ROW_ID)
    return written.table_of([text_of(row[column]) for row in sheet.rows[header.row + 1 :] if column < len(row)])
