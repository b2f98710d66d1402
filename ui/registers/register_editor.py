"""The form of one row of a register: its columns, what it refers to, how far it has come."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from app.issues.row_remarks import row_remarks
from app.records.attachment_owner import AttachmentOwner
from app.records.draft import Draft, open_draft
from app.records.field import field
from app.registers.engine.new_row import RowContext, row_context, save_row
from app.registers.engine.register import Register
from app.registers.engine.rows import load_rows
from ui.attachments.attachments_pane import AttachmentsPane
from ui.registers.children_grid import ChildrenPane
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget
from ui.widgets.form_group import LABEL_GAP, ROW_GAP
from ui.widgets.record_editor import RecordEditor, RecordStore

_NOBODY = "（未选）"


class RegisterEditor(RecordEditor):
    """A new row is shown by `start`; it is in the workbook from the first thing that is typed."""

    def __init__(self, context: AppContext, register: Register, columns: int = 3) -> None:
        self._register = register
        self._unsaved: Draft | None = None
        shown = [one for one in register.fields() if register.is_kept(one) and one.kind != "reference"]
        super().__init__(
            context,
            register.key,
            columns,
            excluded=register.form_excludes,
            hint="在左边选一条，或新建一条。",
            only_fields=shown,
            groups=register.groups,
            store=RecordStore(self._open_draft, save_row, lambda _, name: field(register.key, name).label),
        )
        self.heading = QLabel()
        self.heading.setObjectName("row_heading")
        self.heading.setProperty("heading", True)
        self.heading.setWordWrap(True)
        self.above.addWidget(self.heading)
        self._boxes: dict[str, QComboBox] = {}
        for one in register.fields():
            if one.kind == "reference" and one.name not in (f"{register.subject}_id", *register.form_excludes):
                self.above.addLayout(self._reference_line(one.name, one.label))
        self._below_panes: list[ChildrenPane] = []
        self._attachments: AttachmentsPane | None = None
        self.record_opened.connect(self._load_context)
        self.record_saved.connect(lambda _: self._load_context())

    def make_below(self) -> Iterator[None]:
        for n, children in enumerate(self._register.children):
            pane = ChildrenPane(self._context, self._register, children, self._content)
            self._below_panes.append(pane)
            self.below.insertWidget(n, pane)  # before what a page has put there
            yield
        self._attachments = AttachmentsPane(self._context, self._content)
        self.below.insertWidget(len(self._below_panes), self._attachments)
        yield

    @property
    def below_panes(self) -> list[ChildrenPane]:
        """What stands below the row, one for each of the register's children."""
        self.complete()
        return self._below_panes

    @property
    def attachments(self) -> AttachmentsPane:
        """The papers of the row."""
        self.complete()
        assert self._attachments is not None
        return self._attachments

    def reload_attachments(self) -> None:
        """Read again what is attached, where it is shown."""
        if self._attachments is not None:
            self._attachments.reload()

    @property
    def first_field(self) -> str:
        """The column in which an officer begins to type."""
        grouped = (name for _, names in self._register.groups for name in names)
        return next(iter((*grouped, *(one.name for one in self._register.fields() if one.kind != "reference"))))

    def start_typing(self, draft: Draft) -> None:
        """Show a row that is not in the workbook yet, the cursor in the first field that is not filled by itself."""
        self.start(draft)
        grouped = [name for _, names in self._register.groups for name in names]
        typed = [one.name for one in self._register.fields() if self._register.is_kept(one) and one.kind != "reference"]
        order = dict.fromkeys((*grouped, *typed))
        empty = (name for name in order if name in typed and draft.values[name] is None)
        self.focus_field(next(empty, self.first_field))

    def start(self, draft: Draft) -> None:
        """Show a row that is not in the workbook yet."""
        self._unsaved = draft
        self.open(draft.id)

    def refresh(self) -> None:
        super().refresh()
        for pane in self._below_panes:
            pane.grid.reload()

    def _show_refreshed(self, draft: Any) -> None:
        super()._show_refreshed(draft)
        self._load_context()  # how far the row has come is told above the form

    def _open_draft(self, session: Any, record_id: str) -> Draft:
        unsaved = self._unsaved
        if unsaved is not None and unsaved.id == record_id:
            found = load_rows(session, self._register, [record_id])
            return open_draft(session, self._register.key, record_id) if found else unsaved
        return open_draft(session, self._register.key, record_id)

    def _reference_line(self, name: str, label: str) -> QHBoxLayout:
        box = self._boxes[name] = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(label)
        box.activated.connect(lambda _: self.save_field(name, box.currentData()))
        limit_widget(box, self._context.workbook)
        line, title = QHBoxLayout(), QLabel(label)
        title.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        title.setMinimumWidth(self.form.label_width)
        title.setBuddy(box)
        line.setContentsMargins(0, 0, 0, ROW_GAP)
        line.setSpacing(LABEL_GAP)
        line.addWidget(title)
        line.addWidget(box, 1)
        return line

    def _load_context(self) -> None:
        if self.draft is not None:
            for pane in self._below_panes:
                pane.setVisible(not self.draft.new)
                pane.grid.open("" if self.draft.new else self.record_id)
            owner = None if self.draft.new else AttachmentOwner(self._register.key, self.record_id)
            self.attachments.open(owner)
            self._context.read(partial(self._show_context, self.record_id), row_context, self._register, self.draft)
            self._context.read(partial(self._show_remarks, self.draft), row_remarks, self._register, self.draft)

    def _show_remarks(self, draft: Draft, remarks: Mapping[str, str]) -> None:
        """Unless the row was saved again meanwhile, or another is shown."""
        if self.draft is draft:
            self.form.show_remarks(remarks)

    def _show_context(self, record_id: str, context: RowContext) -> None:
        if record_id != self.record_id or self.draft is None:
            return
        self.heading.setText(context.heading)
        for name, box in self._boxes.items():
            box.clear()
            box.addItem(self._register.blank_texts.get(name, _NOBODY), None)
            for id, title in context.choices.get(name, ()):
                box.addItem(title, id)
            box.setCurrentIndex(max(0, box.findData(self.draft.values[name])))
