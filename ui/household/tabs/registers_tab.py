"""台账: what the household has in each register, with its count; the rows of one, and the form of the current row."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.records.draft import withdraw
from app.records.household import HouseholdDetails
from app.registers import household_registers
from app.registers.engine.new_row import start_row_of_household
from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, count_for_household, row_ids
from ui.household.household_tab import HouseholdTab
from ui.registers.register_editor import RegisterEditor
from ui.registers.register_rows import register_columns, table_rows
from ui.shell.page import AppContext
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.row_table import Row, RowTable

_REGISTERS = household_registers()
_SHOWN = 3  # columns of a register in the narrow list


class _RegisterPart(QWidget):
    """The rows of one register that this household has."""

    def __init__(self, context: AppContext, register: Register) -> None:
        super().__init__()
        self.register = register
        self.table = RowTable(f"{register.key}_of_household", register.title)
        self.table.set_columns(register_columns(register, with_subject=False, shown=_SHOWN))
        self.table.placeholder = "这一户还没有。按 Alt+A 新建。"
        self.editor = RegisterEditor(context, register)
        self.records = ListWithDetail(self.table, self.editor, (360, 520))
        self.editor.record_saved.connect(lambda draft: self.records.select(draft.id))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.records)

    def show_rows(self, rows: list[Row]) -> None:
        self.table.set_rows(rows)
        self.records.sync()


class RegistersTab(HouseholdTab):
    """Registers at the left; what is opened at the right is made when it is first looked at."""

    TITLE = "台账"
    ORDER = 65
    KEY = "T"
    TABLE = ""
    OTHER_TABLES = tuple(
        table
        for register in _REGISTERS
        for table in (register.key, *(children.record.__tablename__ for children in register.children))
    )
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "台账"}

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._card: HouseholdDetails | None = None
        self._awaited: tuple[str, str] = ("", "")  # a row and its field to go to when its register is found
        self.index = QListWidget()
        self.index.setObjectName("register_index")
        self.index.setAccessibleName(self.TITLE)
        for register in _REGISTERS:
            self.index.addItem(QListWidgetItem(register.title))
        self._stack = QStackedWidget()
        self._parts: dict[int, _RegisterPart] = {}
        for button in (
            self.add_button("new_register_row", "新建台账", "Alt+A", self.add_record),
            self.add_button("withdraw_register_row", "撤回", "Alt+D", self._withdraw),
        ):
            button.setVisible(False)
        splitter = QSplitter()
        splitter.addWidget(self.index)
        splitter.addWidget(self._stack)
        splitter.setSizes((180, 900))
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(splitter)
        self.index.currentRowChanged.connect(lambda _: self._show_part())
        self.index.setCurrentRow(0)

    def show_card(self, card: HouseholdDetails) -> None:
        if self._card is not None and self._card.id != card.id:
            for part in self._parts.values():
                part.editor.open("")
        self._card = card
        self.context.read(partial(self._show_counts, card.id), _counts, card.id)
        self._show_part()

    def focus_field(self, record_id: str, column: str) -> None:
        if self._card is not None:
            self._awaited = (record_id, column)
            self.context.read(self._open_register_of, _register_of, record_id, self._card.id)

    def can_leave(self) -> bool:
        return all(part.editor.can_leave() for part in self._parts.values())

    def add_record(self) -> None:
        """A row of the register that is looked at, begun for this household. A project is begun on its own page."""
        part = self._current_part()
        if self._card is None or part is None or not self.can_leave():
            return
        if part.register.subject != "household":
            self.context.open(part.register.key)
            return
        self.context.read(part.editor.start, start_row_of_household, part.register, self._card.village, self._card.id)

    def _withdraw(self) -> None:
        part = self._current_part()
        record_id = part.table.current_id() if part else ""
        if part is not None and record_id:
            part.editor.open("")
            work = partial(withdraw, self.context.workbook, part.register.key, record_id)
            self.context.write(work, message=f"已撤回这条{part.register.title}")

    def _current_part(self) -> _RegisterPart | None:
        return self._parts.get(self.index.currentRow())

    def _show_part(self) -> None:
        n = self.index.currentRow()
        if n < 0:
            return
        if n not in self._parts:
            self._parts[n] = _RegisterPart(self.context, _REGISTERS[n])
            self._stack.addWidget(self._parts[n])
        self._stack.setCurrentWidget(self._parts[n])
        if self._card is not None:
            self.context.read(partial(self._show_rows, n, self._card.id), _rows, _REGISTERS[n], self._card.id)

    def _show_rows(self, n: int, household_id: str, rows: list[Row]) -> None:
        if self._card is None or self._card.id != household_id:
            return
        part = self._parts[n]
        part.show_rows(rows)
        record_id, column = self._awaited
        if record_id and part.table.set_current_id(record_id):
            self._awaited = ("", "")
            part.editor.focus_field(column)

    def _show_counts(self, household_id: str, counts: list[int]) -> None:
        if self._card is not None and self._card.id == household_id:
            for n, (register, count) in enumerate(zip(_REGISTERS, counts, strict=True)):
                self.index.item(n).setText(f"{register.title}（{count}）" if count else register.title)

    def _open_register_of(self, n: int) -> None:
        if n >= 0:
            self.index.setCurrentRow(n)
            self._show_part()


def _counts(session: Any, household_id: str) -> list[int]:
    return [count_for_household(session, register, household_id) for register in _REGISTERS]


def _rows(session: Any, register: Register, household_id: str) -> list[Row]:
    return table_rows(session, register, row_ids(session, register, RowQuery(household_id=household_id)))


def _register_of(session: Any, record_id: str, household_id: str) -> int:
    """The place of the register that holds a row of the household, -1 where none does."""
    for n, register in enumerate(_REGISTERS):
        if record_id in row_ids(session, register, RowQuery(household_id=household_id)):
            return n
    return -1
