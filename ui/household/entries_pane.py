"""Filled-in forms as a list, the current one beside it: of a household, or of the village."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.forms.definition import Form
from app.forms.entries import Entry, EntryRow, entry
from app.progress import Progress, Work
from app.records.draft import restore, withdraw
from app.records.field import label_of
from app.records.photo import add_photo
from app.workbook.workbook import Workbook
from ui.household.desk import Desk
from ui.household.entry_editor import EntryEditor
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("title", "表单", width=0),
    Column("year", label_of("form_entry", "year"), width=6),
    Column("filled_on", label_of("form_entry", "filled_on"), width=11),
    Column("filled_by", label_of("form_entry", "filled_by"), width=8),
)
_KINDS = {"public_notice": "公示", "appraisal_meeting": "会议", "housing_certification": "房屋外观"}


class EntriesPane(QWidget):
    """What is common to both places. The buttons are those of the tab or page that it stands in."""

    def __init__(self, desk: Desk, name: str, hint: str, buttons: Sequence[QPushButton]) -> None:
        super().__init__()
        self._desk = desk
        self._rows: dict[str, EntryRow] = {}
        self._wanted = ""
        self._opening = ""
        self.editor: EntryEditor | None = None
        self._form: Form | None = None
        self.elsewhere: Callable[[str], object] = lambda id: None  # opens an entry that is filled in elsewhere
        self.table = RowTable(name, "填写的表单")
        self.table.set_columns(_COLUMNS)
        self.table.hint = hint
        self.table.pointed.connect(self._pointed)
        self.table.opened.connect(self._entered)
        self._said = QLabel("在左边选一份表，或填写新表。")
        self._said.setProperty("quiet", True)
        self._said.setWordWrap(True)
        self._said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line = QHBoxLayout()
        for button in buttons:
            line.addWidget(button)
        line.addStretch()
        left, right = QWidget(), QWidget()
        stacked = QVBoxLayout(left)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addWidget(self.table, 1)
        stacked.addLayout(line)
        self._beside = QVBoxLayout(right)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.addWidget(self._said, 1)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(left)
        parts.addWidget(right)
        parts.setSizes([430, 710])
        parts.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(parts)

    def show_rows(self, rows: Sequence[EntryRow]) -> None:
        """The list as it is now."""
        self._rows = {one.id: one for one in rows}
        self.table.set_rows([_row(one) for one in rows])
        if self._wanted and self.table.point_at(self._wanted):
            self._wanted = ""
        self._pointed(self.table.current())

    def clear(self) -> None:
        """Another household: what is typed is saved, and nothing is shown."""
        self._drop()
        self._rows = {}
        self.table.set_rows([])

    @property
    def current(self) -> EntryRow | None:
        return self._rows.get(self.table.current())

    @property
    def entry(self) -> Entry | None:
        """The entry that is open, as it was saved last."""
        draft = self.editor.draft if self.editor else None
        return draft if isinstance(draft, Entry) else None

    def want(self, entry_id: str) -> None:
        """Point at this one once it is there."""
        self._wanted = entry_id
        if self.table.point_at(entry_id):
            self._wanted = ""

    def may_leave(self) -> bool:
        return self.editor is None or self.editor.may_leave()

    def withdraw(self) -> None:
        """撤回 the current one, with an offer to take that back."""
        one, book = self.current, self._desk.office.workbook
        if one is None or one.of_village:
            return
        self._drop()
        self._desk.office.jobs.start(
            withdraw(book, "form_entry", one.id),
            lambda _: self._desk.office.notices.offer_undo(
                f"已撤回这份{one.title}",
                lambda: self._desk.write(restore(book, "form_entry", one.id), said="已恢复"),
            ),
        )

    def ask_pictures(self) -> None:
        """Add photographs to the form that is open."""
        one = self.current
        if one is None or one.of_village or self._form is None:
            return
        if not any(question.kind == "photo" for question in self._form.questions):
            self._desk.office.notices.tell("这份表没有照片。照片请到“照片”页添加。")
            return
        names, _ = QFileDialog.getOpenFileNames(self, "添加照片", "", "照片 (*.jpg *.jpeg *.png *.bmp *.webp)")
        self.add_pictures([Path(name) for name in names])

    def add_pictures(self, files: Sequence[Path]) -> None:
        """Hang these picture files on the form that is open."""
        one = self.current
        if one is not None and files:
            work = _add_all(self._desk.office.workbook, one, files)
            self._desk.write(work, said=f"已添加 {len(files)} 张照片")

    def _entered(self, entry_id: str) -> None:
        one = self._rows.get(entry_id)
        if one is not None and one.of_village:
            self.elsewhere(entry_id)
        elif self.editor is not None and self._form is not None:
            first = next((question.key for question in self._form.plain()), "")
            if first:
                self.editor.form.focus(first)

    def _pointed(self, entry_id: str) -> None:
        if self.editor is not None and entry_id != self.editor.record_id and not self.editor.may_leave():
            self.table.blockSignals(True)
            self.table.point_at(self.editor.record_id)
            self.table.blockSignals(False)
            return
        one = self._rows.get(entry_id)
        if one is None or one.of_village:
            self._drop()
            self._said.setText(
                "这份表是村里的，名单上有这一户，会印进这一户的档案。按回车到“本村资料”里看。"
                if one
                else "在左边选一份表，或填写新表。"
            )
        elif self.editor is not None and self.editor.record_id == entry_id:
            self.editor.freshen()
        else:
            self._opening = entry_id
            self._desk.read(self._open, entry, entry_id)

    def _open(self, found: Entry) -> None:
        """A form of another definition needs other controls."""
        if found.id != self._opening or found.id != self.table.current():
            return
        if self.editor is None or self._form is None or self._form.text != found.form.text:
            self._drop()
            self._form = found.form
            self.editor = EntryEditor(self._desk, found.form)
            self._beside.addWidget(self.editor, 1)
        self._said.hide()
        self.editor.open(found.id)

    def _drop(self) -> None:
        self._opening = ""
        if self.editor is not None:
            self.editor.flush()
            self.editor.hide()
            self.editor.deleteLater()
        self.editor, self._form = None, None
        self._said.show()


def _row(one: EntryRow) -> Row:
    cells = {
        "title": f"{one.title}（村）" if one.of_village else one.title,
        "year": one.year,
        "filled_on": one.filled_on,
        "filled_by": one.filled_by,
    }
    return Row(one.id, cells, "quiet" if one.of_village else "")


def _add_all(workbook: Workbook, one: EntryRow, files: Sequence[Path]) -> Work[int]:
    for done, path in enumerate(files):
        yield Progress(done, len(files), path.name)
        kind = _KINDS.get(one.code, "其他")
        yield from add_photo(workbook, one.household_id, path, kind, entry_id=one.id, caption=one.title)
    return len(files)
