"""Filled-in forms as a list, the current one beside it: of a household, or of the village."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.forms.definition import Form
from app.forms.entries import FormEntryDraft, FormEntryRow, load_entry
from app.progress import Progress, Task
from app.records.draft import withdraw
from app.records.field import field_label
from app.records.photo import add_photo
from app.workbook.workbook import Workbook
from resources.option_roles import value_of
from ui.household.form_entry_editor import FormEntryEditor
from ui.household.photo_tasks import PAPERS, is_pdf
from ui.shell.page import AppContext
from ui.widgets.file_choice import open_file_names
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("title", "表单", width=0),
    Column("year", field_label("form_entry", "year"), width=6),
    Column("filled_on", field_label("form_entry", "filled_on"), width=11),
    Column("filled_by", field_label("form_entry", "filled_by"), width=8),
)
_PHOTO_ROLES = {"public_notice": "notice", "appraisal_meeting": "meeting", "housing_certification": "house"}


class FormEntriesPane(QWidget):
    """What is common to both places. The buttons are those of the part or page that it stands in."""

    def __init__(self, context: AppContext, name: str, hint: str, buttons: Sequence[QPushButton]) -> None:
        super().__init__()
        self._context = context
        self._rows: dict[str, FormEntryRow] = {}
        self._opening_id = ""
        self.editor: FormEntryEditor | None = None
        self._form: Form | None = None
        self.open_village_entry: Callable[[str], object] = lambda id: None  # opens an entry that is filled in elsewhere
        self.table = RowTable(name, "填写的表单")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = hint
        self.table.row_activated.connect(self._on_row_activated)
        self._placeholder = QLabel("在左边选一份表，或填写新表。")
        self._placeholder.setProperty("quiet", True)
        self._placeholder.setWordWrap(True)
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        editor_panel = QWidget()
        self._editor_layout = QVBoxLayout(editor_panel)
        self._editor_layout.setContentsMargins(0, 0, 0, 0)
        self._editor_layout.addWidget(self._placeholder, 1)
        self._records = ListWithDetail(
            self.table, self, (430, 710), buttons=buttons, detail_widget=editor_panel, parent=self
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._records)

    def show_rows(self, rows: Sequence[FormEntryRow]) -> None:
        """The list as it is now."""
        self._rows = {entry_row.id: entry_row for entry_row in rows}
        self.table.set_rows([_row(entry_row) for entry_row in rows])
        self._records.sync()

    def reset(self) -> None:
        """Another household: what is typed is saved, and nothing is shown."""
        self._close_editor()
        self._rows = {}
        self.table.set_rows([])

    @property
    def current_entry(self) -> FormEntryRow | None:
        return self._rows.get(self.table.current_id())

    @property
    def entry(self) -> FormEntryDraft | None:
        """The entry that is open, as it was saved last."""
        draft = self.editor.draft if self.editor else None
        return draft if isinstance(draft, FormEntryDraft) else None

    def select_entry(self, entry_id: str) -> None:
        """Point at this one once it is there."""
        self._records.select(entry_id)

    def can_leave(self) -> bool:
        return self.editor is None or self.editor.can_leave()

    def withdraw(self) -> None:
        """撤回 the current one."""
        entry_row, workbook = self.current_entry, self._context.workbook
        if entry_row is None or entry_row.is_village_form:
            return
        self._close_editor()
        self._context.write(
            partial(withdraw, workbook, "form_entry", entry_row.id), message=f"已撤回这份{entry_row.title}"
        )

    def choose_photos(self) -> None:
        """Add photographs and papers to the form that is open; to one without photographs, papers alone."""
        entry_row = self.current_entry
        if entry_row is None or entry_row.is_village_form or self._form is None:
            return
        if any(question.kind == "photo" for question in self._form.questions):
            names = open_file_names(self, "添加照片和附件", "", f"照片、PDF ({PAPERS})")
            self.add_photos([Path(name) for name in names])
        elif self.editor is not None:
            self.editor.attachments.choose()

    def add_photos(self, files: Sequence[Path]) -> None:
        """Hang these picture files on the form that is open; PDFs are attached to it."""
        entry_row, pictures = self.current_entry, [path for path in files if not is_pdf(path)]
        if entry_row is not None and pictures:
            task = _add_photos(self._context.workbook, entry_row, pictures)
            self._context.write(task, message=f"已添加 {len(pictures)} 张照片")
        if self.editor is not None:
            self.editor.attachments.attach([path for path in files if is_pdf(path)])

    def _on_row_activated(self, entry_id: str) -> None:
        entry_row = self._rows.get(entry_id)
        if entry_row is not None and entry_row.is_village_form:
            self.open_village_entry(entry_id)
        elif self.editor is not None and self._form is not None:
            first_field = next((question.key for question in self._form.simple_questions()), "")
            if first_field:
                self.editor.form.focus_field(first_field)

    @property
    def record_id(self) -> str:
        """Id of the entry that is open, "" for none."""
        return self.editor.record_id if self.editor else ""

    def open(self, entry_id: str) -> None:
        """Show an entry; one of the village is filled in on the village's page."""
        entry_row = self._rows.get(entry_id)
        if entry_row is None or entry_row.is_village_form:
            self._close_editor()
            self._placeholder.setText(
                "这份表是村里的，名单上有这一户，会印进这一户的档案。按回车到“本村资料”里看。"
                if entry_row
                else "在左边选一份表，或填写新表。"
            )
        elif self.editor is not None and self.editor.record_id == entry_id:
            self.editor.refresh()
        else:
            self._opening_id = entry_id
            self._context.read(self._open_editor, load_entry, entry_id)

    def _open_editor(self, form_entry: FormEntryDraft) -> None:
        """A form of another definition needs other controls."""
        if form_entry.id != self._opening_id or form_entry.id != self.table.current_id():
            return
        if self.editor is None or self._form is None or self._form.text != form_entry.form.text:
            self._close_editor()
            self._form = form_entry.form
            self.editor = FormEntryEditor(self._context, form_entry.form)
            self._editor_layout.addWidget(self.editor, 1)
        self._placeholder.hide()
        self.editor.open(form_entry.id)

    def _close_editor(self) -> None:
        self._opening_id = ""
        if self.editor is not None:
            self.editor.flush()
            self.editor.hide()
            self.editor.deleteLater()
        self.editor, self._form = None, None
        self._placeholder.show()


def _row(entry_row: FormEntryRow) -> Row:
    cells = {
        "title": f"{entry_row.title}（村）" if entry_row.is_village_form else entry_row.title,
        "year": entry_row.year,
        "filled_on": entry_row.filled_on,
        "filled_by": entry_row.filled_by,
    }
    return Row(entry_row.id, cells, "quiet" if entry_row.is_village_form else "")


def _add_photos(workbook: Workbook, entry_row: FormEntryRow, files: Sequence[Path]) -> Task[int]:
    for done, path in enumerate(files):
        yield Progress(done, len(files), path.name)
        kind = value_of("photo_kind", _PHOTO_ROLES.get(entry_row.code, "other"))
        add_photo(workbook, entry_row.household_id, path, kind, entry_id=entry_row.id, caption=entry_row.title)
    return len(files)
