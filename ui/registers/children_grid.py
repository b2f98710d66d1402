"""What stands below a row of a register, typed into like a sheet: repayments, money by source, who benefits."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTableWidgetItem, QVBoxLayout, QWidget

from app.errors import ValidationError
from app.records.draft import withdraw
from app.records.field import Field, table_label
from app.registers.engine.children import add_listed, rows_below, save_cell
from app.registers.engine.new_row import Choices, records_to_choose
from app.registers.engine.register import Children, Register
from app.registers.engine.rows import ChildRow
from ui.household.household_picker import HouseholdPicker
from ui.household.member_picker import MemberChoice
from ui.registers.record_picker import RecordPicker
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget
from ui.widgets.cell_texts import ALIGN_LEFT, ALIGN_RIGHT
from ui.widgets.editable_grid import ChoiceDelegate, EditableGrid, field_choices

_MAX_VISIBLE_ROWS = 6
_WIDEST_COLUMN = 240  # pixels


class ChildrenGrid(EditableGrid):
    """Rows and, below them, an empty one for the next. A cell is saved when it is left."""

    def __init__(self, context: AppContext, register: Register, children: Children) -> None:
        self._fields: tuple[Field, ...] = tuple(children.field(name) for name in children.columns)
        super().__init__(children.record.__tablename__, children.title, [_heading(one) for one in self._fields])
        self._context, self._register, self._children = context, register, children
        limit_widget(self, context.workbook)
        self._rows: Sequence[ChildRow] = ()
        self.parent_id = ""
        self.horizontalHeader().setMaximumSectionSize(_WIDEST_COLUMN)
        self.horizontalHeader().setStretchLastSection(True)
        self.setItemDelegate(ChoiceDelegate(lambda column: field_choices(self._fields[column]), self))
        self.rejected.connect(context.status_bar.error)

    def open(self, parent_id: str) -> None:
        """Show what stands below this row."""
        self.parent_id = parent_id
        self.reload()

    def reload(self) -> None:
        """Read again; a cell that is open just now is left alone."""
        if self.parent_id and not self.is_editing:
            done = partial(self._show, self.parent_id)
            self._context.read(done, rows_below, self._register, self._children, self.parent_id)

    @property
    def current_child(self) -> str:
        """Id of the row that the cursor is in, "" for the empty one."""
        n = self.currentRow()
        return self._rows[n].id if 0 <= n < len(self._rows) else ""

    def on_cell_edited(self, cell: QTableWidgetItem) -> None:
        one, n = self._fields[cell.column()], cell.row()
        child_id = self._rows[n].id if n < len(self._rows) else ""
        try:
            value = one.parse(cell.text())
        except ValidationError as error:
            self.rejected.emit(str(error))
            self.reload()
            return
        if value is None and not child_id:
            return
        work = partial(
            save_cell, self._context.workbook, self._register, self._children, self.parent_id, child_id, one.name, value
        )
        self._context.tasks.start(work, lambda _: self.reload(), failed=self._on_failed)

    def remove_row(self) -> None:
        """Withdraw the row that the cursor is in: a record of its own."""
        if self.current_child:
            work = partial(withdraw, self._context.workbook, self._children.record.__tablename__, self.current_child)
            self._context.write(work, lambda _: self.reload(), f"已撤回这条{self._children.title}")

    def _on_failed(self, error: object) -> None:
        self.rejected.emit(str(error))
        self.reload()

    def _show(self, parent_id: str, rows: list[ChildRow]) -> None:
        if parent_id != self.parent_id or self.is_editing:
            return
        self._rows = rows
        row, column = self.currentRow(), self.currentColumn()
        with self.populating():
            self.setRowCount(len(rows) + self._children.is_typed)
            for n in range(self.rowCount()):
                for c, one in enumerate(self._fields):
                    cell = QTableWidgetItem(rows[n].texts[one.name] if n < len(rows) else "")
                    cell.setTextAlignment(ALIGN_RIGHT if one.is_number else ALIGN_LEFT)
                    if one.kind == "reference" or one.spec.derived:
                        cell.setFlags(cell.flags() & ~Qt.ItemFlag.ItemIsEditable)
                    self.setItem(n, c, cell)
        if row >= 0:
            self.setCurrentCell(min(row, self.rowCount() - 1), column)
        self.resizeColumnsToContents()
        header = self.horizontalHeader().sizeHint().height() + 4
        self.setFixedHeight(header + self.row_height * min(self.rowCount(), _MAX_VISIBLE_ROWS) + 12)


class ChildrenPane(QWidget):
    """The grid under its title, with what adds households or people and what withdraws the current row."""

    def __init__(self, context: AppContext, register: Register, children: Children, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._register, self._children = context, register, children
        self.grid = ChildrenGrid(context, register, children)
        self.picker: HouseholdPicker | RecordPicker | None = None
        self.choice = MemberChoice(context, children.title, self, self.add_listed, multiple=True)
        heading = QLabel(children.title)
        heading.setProperty("heading", True)
        line = QHBoxLayout()
        line.addWidget(heading, 1)
        if children.listed == "household":
            line.addWidget(self._button("add_households", "添加农户…", self._choose_households))
        elif children.listed == "member":
            line.addWidget(self._button("add_members", "添加人员…", self._choose_members))
        elif children.chosen:
            line.addWidget(self._button("add_records", f"添加{table_label(children.chosen)}…", self._choose_records))
        if children.is_typed:
            line.addWidget(self._button("withdraw_child", "撤回这一行", self.grid.remove_row))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self.grid)

    def _button(self, name: str, label: str, callback: Any) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(f"{name}_{self._children.record.__tablename__}")
        button.setAccessibleName(f"{self._children.title}：{label}")
        button.clicked.connect(lambda: callback())
        return button

    def _choose_households(self) -> None:
        if not self.grid.parent_id:
            return
        self.picker = picker = HouseholdPicker(
            self._context, self._children.title, "哪几户？", self, accept_label="添加", multiple=True
        )
        picker.accepted.connect(lambda: self.add_listed(picker.household_ids))
        picker.open()

    def _choose_members(self) -> None:
        if self.grid.parent_id:
            self.choice.choose()

    def _choose_records(self) -> None:
        if self.grid.parent_id:
            self._context.read(self._ask_records, records_to_choose, self._children.chosen, {})

    def _ask_records(self, choices: Choices) -> None:
        what = table_label(self._children.chosen)
        if not choices:
            self._context.status_bar.info(f"还没有登记{what}。请先登记，再添加到这里。")
            return
        self.picker = picker = RecordPicker(choices, f"添加{what}", self)
        picker.accepted.connect(lambda: self.add_listed(picker.record_ids))
        picker.open()

    def add_listed(self, ids: Sequence[str]) -> None:
        """List these below the row."""
        work = partial(
            add_listed, self._context.workbook, self._register, self._children, self.grid.parent_id, list(ids)
        )
        self._context.write(work, lambda _: self.grid.reload(), f"已添加{self._children.title}")


def _heading(one: Field) -> str:
    return f"{one.label}（{one.unit}）" if one.unit else one.label
