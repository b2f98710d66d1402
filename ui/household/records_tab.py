"""A list of records on the left and the form of the current one on the right: visits, measures."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.records.draft import new_draft, save_draft, withdraw
from app.records.field import Value, table_label
from app.records.household import HouseholdDetails
from ui.household.household_tab import HouseholdTab
from ui.shell.page import AppContext
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.record_editor import RecordEditor
from ui.widgets.row_table import Column, Row, RowTable


class RecordsTab(HouseholdTab):
    """Subclasses say which table, which columns, which rows of the card, and what a new record begins with."""

    COLUMNS: tuple[Column, ...] = ()
    GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = ()
    NEW_LABEL = ""
    HINT = ""
    EXCLUDED: tuple[str, ...] = ()  # fields that are not for this form

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.card: HouseholdDetails | None = None
        self.table = RowTable(f"{self.TABLE}s", table_label(self.TABLE))
        self.table.set_columns(self.COLUMNS)
        self.table.placeholder = self.HINT
        self.editor = RecordEditor(
            context, self.TABLE, 2, self.GROUPS, self.EXCLUDED, hint="在左边选一条，或新建一条。"
        )
        self.table.row_activated.connect(lambda _: self._focus_first_field())
        self._new_button = self.add_button(f"new_{self.TABLE}", self.NEW_LABEL, "Alt+A", self.add_record)
        self._withdraw_button = self.add_button(f"withdraw_{self.TABLE}", "撤回", "Alt+D", self._withdraw_record)
        editor_panel = QWidget()
        self.editor_layout = QVBoxLayout(editor_panel)
        self.editor_layout.setContentsMargins(0, 0, 0, 0)
        self.editor_layout.addWidget(self.editor, 1)
        self.records = ListWithDetail(
            self.table,
            self.editor,
            (420, 720),
            buttons=(self._new_button, self._withdraw_button),
            detail_widget=editor_panel,
        )
        self.records.record_opened.connect(lambda record_id: self._withdraw_button.setEnabled(bool(record_id)))
        layout = QVBoxLayout(self)
        layout.addWidget(self.records)

    def rows(self, card: HouseholdDetails) -> Sequence[Row]:
        """The list."""
        raise NotImplementedError

    def default_values(self) -> Mapping[str, Value]:
        """What a new record holds already; it must be acceptable as it is."""
        raise NotImplementedError

    def show_card(self, card: HouseholdDetails) -> None:
        is_other_household = self.card is None or self.card.id != card.id
        self.card = card
        if is_other_household:
            self.editor.open("")
        self.table.set_rows(self.rows(card))
        if self.records.sync():
            self._focus_first_field()

    def focus_field(self, record_id: str, column: str) -> None:
        if self.table.set_current_id(record_id):
            self.editor.focus_field(column)

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def add_record(self) -> None:
        """A new record, saved at once with what is known, ready to be filled in."""
        if self.card is None or not self.can_leave():
            return
        draft = new_draft(self.TABLE, self.card.village, "", household_id=self.card.id, **self.default_values())
        self.records.select(draft.id)
        self.context.write(partial(save_draft, self.context.workbook, draft), message=f"已{self.NEW_LABEL}")

    def _withdraw_record(self) -> None:
        record_id, workbook = self.table.current_id(), self.context.workbook
        if not record_id:
            return
        self.editor.open("")
        work = partial(withdraw, workbook, self.TABLE, record_id)
        self.context.write(work, message=f"已撤回这条{table_label(self.TABLE)}")

    def _focus_first_field(self) -> None:
        if self.GROUPS:
            self.editor.form.focus_field(self.GROUPS[0][1][0])
