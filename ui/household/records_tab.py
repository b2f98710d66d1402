"""A list of records on the left and the form of the current one on the right: visits, measures."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.records.draft import new_draft, restore, save_draft, withdraw
from app.records.field import Value, table_label
from app.records.household import HouseholdCard
from ui.household.desk import Desk, Tab
from ui.household.editor import Editor
from ui.tables.row_table import Column, Row, RowTable


class RecordsTab(Tab):
    """Subclasses say which table, which columns, which rows of the card, and what a new record begins with."""

    TABLE = ""
    COLUMNS: tuple[Column, ...] = ()
    GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = ()
    NEW_LABEL = ""
    HINT = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.card: HouseholdCard | None = None
        self._wanted = ""
        self.table = RowTable(f"{self.TABLE}s", table_label(self.TABLE))
        self.table.set_columns(self.COLUMNS)
        self.table.hint = self.HINT
        self.editor = Editor(desk, self.TABLE, 2, self.GROUPS, hint="在左边选一条，或新建一条。")
        self.table.pointed.connect(self._pointed)
        self.table.opened.connect(lambda _: self._first_field())
        self._new = self.button(f"new_{self.TABLE}", self.NEW_LABEL, "Alt+A", self.add)
        self._withdraw = self.button(f"withdraw_{self.TABLE}", "撤回", "Alt+D", self._take_away)
        buttons = QHBoxLayout()
        buttons.addWidget(self._new)
        buttons.addWidget(self._withdraw)
        buttons.addStretch()
        left, right = QWidget(), QWidget()
        stacked = QVBoxLayout(left)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addWidget(self.table, 1)
        stacked.addLayout(buttons)
        self.beside = QVBoxLayout(right)
        self.beside.setContentsMargins(0, 0, 0, 0)
        self.beside.addWidget(self.editor, 1)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(left)
        parts.addWidget(right)
        parts.setSizes([420, 720])
        parts.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.addWidget(parts)

    def rows(self, card: HouseholdCard) -> Sequence[Row]:
        """The list."""
        raise NotImplementedError

    def begins_with(self) -> Mapping[str, Value]:
        """What a new record holds already; it must be acceptable as it is."""
        raise NotImplementedError

    def show_card(self, card: HouseholdCard) -> None:
        other = self.card is None or self.card.id != card.id
        self.card = card
        if other:
            self.editor.open("")
        self.table.set_rows(self.rows(card))
        if self._wanted and self.table.point_at(self._wanted):
            self._wanted = ""
            self._pointed(self.table.current())
            self._first_field()
            return
        self._pointed(self.table.current())

    def point(self, record_id: str, column: str) -> None:
        if self.table.point_at(record_id):
            self.editor.point(column)

    def may_leave(self) -> bool:
        return self.editor.may_leave()

    def add(self) -> None:
        """A new record, saved at once with what is known, ready to be filled in."""
        if self.card is None or not self.may_leave():
            return
        draft = new_draft(self.TABLE, self.card.village, "", household_id=self.card.id, **self.begins_with())
        self._wanted = draft.id
        self.desk.write(save_draft(self.desk.office.workbook, draft), said=f"已{self.NEW_LABEL}")

    def _take_away(self) -> None:
        id, book = self.table.current(), self.desk.office.workbook
        if not id:
            return
        self.editor.open("")
        self.desk.office.jobs.start(
            withdraw(book, self.TABLE, id),
            lambda _: self.desk.office.notices.offer_undo(
                f"已撤回这条{table_label(self.TABLE)}",
                lambda: self.desk.write(restore(book, self.TABLE, id), said="已恢复"),
            ),
        )

    def _pointed(self, record_id: str) -> None:
        self._withdraw.setEnabled(bool(record_id))
        if record_id != self.editor.record_id and not self.editor.may_leave():
            self.table.blockSignals(True)
            self.table.point_at(self.editor.record_id)
            self.table.blockSignals(False)
            return
        self.editor.open(record_id)

    def _first_field(self) -> None:
        if self.GROUPS:
            self.editor.form.focus(self.GROUPS[0][1][0])
