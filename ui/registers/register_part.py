"""The part of a household's page for one register: its rows of this household, and the form of the current row."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, cast

from PySide6.QtWidgets import QPushButton, QVBoxLayout

from app.dashboard.household_counts import CountedHousehold, PartCount, register_count
from app.records.draft import Draft, withdraw
from app.records.household import HouseholdDetails
from app.registers import household_registers
from app.registers.engine.new_row import start_row_of_household, start_row_of_member
from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, row_ids
from ui.attachments.attachments_pane import ADD_KEY
from ui.household.household_part import HouseholdPart
from ui.household.member_picker import MemberChoice
from ui.registers.register_editor import RegisterEditor
from ui.registers.register_rows import register_columns, table_rows
from ui.shell.page import AppContext
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.row_table import Row, RowTable

_SHOWN = 3  # columns of a register in the narrow list
_ORDER = 500  # behind what has a file of its own in the same group


class RegisterPart(HouseholdPart):
    """A subclass a register, as `register_part_classes` says; one with more to it is a file of ui/household/parts."""

    REGISTER: ClassVar[Register]
    GROUP: ClassVar[str] = "台账"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "台账", ADD_KEY: "附件"}

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return register_count(cls.REGISTER, household.rows[cls.REGISTER.key])

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        register = self.REGISTER
        self._card: HouseholdDetails | None = None
        self._focus_target: tuple[str, str] = ("", "")  # a row and its field to go to when the rows have come
        self.table = RowTable(f"{register.key}_of_household", register.title)
        self.table.set_columns(register_columns(register, with_subject=False, shown=_SHOWN))
        self.table.placeholder = "这一户还没有。按 Alt+A 新建。"
        self.editor = RegisterEditor(context, register)
        self.table.row_activated.connect(lambda _: self.editor.focus_field(self.editor.first_field))
        self.choice = MemberChoice(context, f"新建{register.title}", self, self._start_for_member)
        self._new_button = self.add_button(f"new_{register.key}", "新建", "Alt+A", self.add_record)
        self._withdraw_button = self.add_button(f"withdraw_{register.key}", "撤回", "Alt+D", self._withdraw)
        attach_name = f"attach_to_{register.key}"
        attach = self.add_button(attach_name, "添加附件", ADD_KEY, lambda: self.editor.attachments.choose())
        buttons = (self._new_button, self._withdraw_button, attach, *self.more_buttons())
        self.records = ListWithDetail(self.table, self.editor, (420, 720), buttons=buttons, parent=self)
        self.records.record_opened.connect(lambda record_id: self._withdraw_button.setEnabled(bool(record_id)))
        self.editor.record_saved.connect(lambda draft: self.records.select(draft.id))
        layout = QVBoxLayout(self)
        layout.addWidget(self.records)

    def more_buttons(self) -> Sequence[QPushButton]:
        """What a part has beside 新建 and 撤回."""
        return ()

    def show_card(self, card: HouseholdDetails) -> None:
        if self._card is not None and self._card.id != card.id:
            self.editor.open("")
            self.table.set_rows([])
        self._card = card
        self.context.read(partial(self._show_rows, card.id), _rows, self.REGISTER, card.id)

    def focus_field(self, record_id: str, column: str) -> None:
        self._focus_target = (record_id, column)
        self._focus_pending()

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def add_record(self) -> None:
        """A row begun for this household, or one of its people.

        One about the village (a project) is begun on the register's page.
        """
        if self._card is None or not self.can_leave():
            return
        if self.REGISTER.subject == "member":
            self.choice.choose_of(self._card.id)
        elif self.REGISTER.subject == "household":
            household = (self._card.village, self._card.id, self.context.workbook.operator)
            self.context.read(self._show_new, start_row_of_household, self.REGISTER, *household)
        else:
            self.context.open(self.REGISTER.key)

    def _start_for_member(self, member_ids: list[str]) -> None:
        operator = self.context.workbook.operator
        self.context.read(self._show_new, start_row_of_member, self.REGISTER, member_ids[0], operator)

    def _show_new(self, draft: Draft) -> None:
        self.editor.start_typing(draft)

    def _withdraw(self) -> None:
        record_id = self.table.current_id()
        if record_id:
            self.editor.open("")
            work = partial(withdraw, self.context.workbook, self.REGISTER.key, record_id)
            self.context.write(work, message=f"已撤回这条{self.REGISTER.title}")

    def _show_rows(self, household_id: str, rows: list[Row]) -> None:
        if self._card is not None and self._card.id == household_id:
            self.table.set_rows(rows)
            self.records.sync()
            self._focus_pending()

    def _focus_pending(self) -> None:
        record_id, column = self._focus_target
        if record_id and self.table.set_current_id(record_id):
            self._focus_target = ("", "")
            self.editor.focus_field(column)


def register_part_classes() -> dict[str, type[HouseholdPart]]:
    """Key of a register → its part, for the registers that a household has rows in."""
    return {register.key: _part_class(n, register) for n, register in enumerate(household_registers())}


def _part_class(n: int, register: Register) -> type[HouseholdPart]:
    attributes = {
        "REGISTER": register,
        "TITLE": register.title,
        "ORDER": _ORDER + n,
        "KEY": f"T, {register.order // 10}, {register.order % 10}",  # its number, as on the register's own page
        "TABLE": register.key,
        "__module__": __name__,
    }
    return cast(type[HouseholdPart], type(f"{register.record.__name__}Part", (RegisterPart,), attributes))


def _rows(session: Any, register: Register, household_id: str) -> list[Row]:
    return table_rows(session, register, row_ids(session, register, RowQuery(household_id=household_id)))
