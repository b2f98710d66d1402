"""One filled-in form on the screen: its plain questions as a form, its tables below, each saved when it is left."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QLabel

from app.forms.definition import Form
from app.forms.entries import ENTRY_FIELDS, load_entry, save_entry
from app.records.attachment_owner import AttachmentOwner
from app.records.field import field
from ui.attachments.attachments_pane import AttachmentsPane
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget
from ui.widgets.record_editor import RecordEditor, RecordStore
from ui.widgets.rows_grid import RowsGrid

ENTRY_STORE = RecordStore(load_entry, save_entry, lambda draft, name: draft.field(name).label)


class FormEntryEditor(RecordEditor):
    """Made for one definition; opened for any entry that was filled in with it."""

    def __init__(self, context: AppContext, form: Form) -> None:
        head_fields = [field("form_entry", name) for name in ENTRY_FIELDS]
        super().__init__(
            context,
            "form_entry",
            2,
            _groups(form),
            only_fields=[*(item.field for item in form.simple_questions()), *head_fields],
            store=ENTRY_STORE,
        )
        self.grids: list[RowsGrid] = []
        # a form that is above all a table begins with it
        self._grid_layout = self.above if form.questions[0].kind == "rows" else self.below
        for question in form.questions:
            if question.kind == "rows":
                self._add_grid(RowsGrid(question))
        photo_labels = "；".join(item.label for item in form.questions if item.kind == "photo")
        if photo_labels:
            hint = QLabel(f"{photo_labels}：按 Alt+L 添加，印在这份表上。")
            hint.setProperty("quiet", True)
            self.below.addWidget(hint)
        self.attachments = AttachmentsPane(context)
        self.below.addWidget(self.attachments)
        self.record_opened.connect(lambda *_: self.attachments.open(AttachmentOwner("form_entry", self.record_id)))

    def _add_grid(self, grid: RowsGrid) -> None:
        title = QLabel(grid.question.label)
        title.setProperty("heading", True)
        title.setBuddy(grid)
        self._grid_layout.addWidget(title)
        self._grid_layout.addWidget(grid)
        grid.cell_changed.connect(self._on_value_changed)
        grid.rejected.connect(self._context.status_bar.error)
        limit_widget(grid, self._context.workbook)
        self.grids.append(grid)

    def _load(self, draft: Any) -> None:
        super()._load(draft)
        for grid in self.grids:
            grid.show_entry(draft)

    def _load_differences(self, draft: Any, names: Sequence[str]) -> None:
        super()._load_differences(draft, names)
        for grid in self.grids:
            grid.show_entry(draft)

    def _show_errors(self, names: list[str], error: str) -> None:
        super()._show_errors(names, error)
        if self.draft is not None:
            for grid in self.grids:
                grid.show_entry(self.draft)


def _groups(form: Form) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Questions under their headings, in the order of the form; when and by whom it was filled in comes last."""
    groups: dict[str, list[str]] = {}
    for question in form.simple_questions():
        groups.setdefault(question.group or form.title, []).append(question.key)
    return (*((heading, tuple(names)) for heading, names in groups.items()), ("填表", ENTRY_FIELDS))
