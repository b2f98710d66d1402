"""One filled-in form on the screen: its plain questions as a form, its tables below, each saved when it is left."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QLabel

from app.forms.definition import Form
from app.forms.entries import HEAD, entry, save_entry, take_back
from app.records.field import field
from ui.forms.rows_grid import RowsGrid
from ui.household.desk import Desk
from ui.household.editor import Editor, Kept

ENTRY = Kept(entry, save_entry, take_back, lambda draft, name: draft.field(name).label)


class EntryEditor(Editor):
    """Made for one definition; opened for any entry that was filled in with it."""

    def __init__(self, desk: Desk, form: Form) -> None:
        head = [field("form_entry", name) for name in HEAD]
        super().__init__(
            desk, "form_entry", 2, _groups(form), asked=[*(one.field for one in form.plain()), *head], kept=ENTRY
        )
        self.grids: list[RowsGrid] = []
        # a form that is above all a table begins with it
        self._place = self.above if form.questions[0].kind == "rows" else self.below
        for question in form.questions:
            if question.kind == "rows":
                self._add_grid(RowsGrid(question))
        help_said = "；".join(one.label for one in form.questions if one.kind == "photo")
        if help_said:
            hint = QLabel(f"{help_said}：按 Alt+L 添加，印在这份表上。")
            hint.setProperty("quiet", True)
            self.below.addWidget(hint)

    def _add_grid(self, grid: RowsGrid) -> None:
        title = QLabel(grid.question.label)
        title.setProperty("heading", True)
        title.setBuddy(grid)
        self._place.addWidget(title)
        self._place.addWidget(grid)
        grid.changed.connect(self._changed)
        grid.refused.connect(self._desk.office.notices.refused)
        self.grids.append(grid)

    def _load(self, draft: Any) -> None:
        super()._load(draft)
        for grid in self.grids:
            grid.show_entry(draft)

    def _load_differences(self, now: Any, names: Sequence[str]) -> None:
        super()._load_differences(now, names)
        for grid in self.grids:
            grid.show_entry(now)

    def _refused(self, names: list[str], sentence: str) -> None:
        super()._refused(names, sentence)
        if self.draft is not None:
            for grid in self.grids:
                grid.show_entry(self.draft)


def _groups(form: Form) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Questions under their headings, in the order of the form; when and by whom it was filled in comes last."""
    groups: dict[str, list[str]] = {}
    for one in form.plain():
        groups.setdefault(one.group or form.title, []).append(one.key)
    return (*((heading, tuple(names)) for heading, names in groups.items()), ("填表", HEAD))
