"""帮扶: who helps the household now, who did before, and giving it to somebody else."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.dashboard.household_counts import CountedHousehold, PartCount, assignment_count
from app.records.assignment import end_assignments
from app.records.field import field_label
from app.records.household import HouseholdDetails
from app.records.row_views import AssignmentRow, HelperRow, helper_rows
from ui.household.assign_dialog import AssignDialog, EndAssignmentDialog, assign_with_confirmation
from ui.household.household_part import HouseholdPart
from ui.shell.page import AppContext
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("state", "状态", width=6),
    Column("helper", "帮扶联系人", width=9),
    Column("unit", "单位", width=26),
    Column("phone", field_label("helper", "phone"), mask="phone", width=12),
    Column("started_on", field_label("assignment", "started_on"), width=11),
    Column("ended_on", "结束时间", width=11),
    Column("reason", field_label("assignment", "change_reason"), width=0),
)


class AssignmentsPart(HouseholdPart):
    """Assignments, those in force first."""

    TITLE = "联系人"
    GROUP = "帮扶"
    ORDER = 50
    KEY = "5"
    TABLE = "assignment"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "结对"}

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return assignment_count(session, household.id)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._card: HouseholdDetails | None = None
        self.current_label = QLabel()
        self.current_label.setObjectName("helpers_now")
        self.current_label.setWordWrap(True)
        self.current_label.setMinimumHeight(20)
        self.table = RowTable("assignments", "结对帮扶")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "还没有结对。按 Alt+A 安排帮扶联系人。"
        self._assign_button = self.add_button("assign", "安排帮扶联系人", "Alt+A", self._start_assigning)
        self._end_button = self.add_button("end_assignment", "结束结对", "Alt+D", self._show_end_dialog)
        self.table.current_row_changed.connect(self._on_current_changed)
        buttons = QHBoxLayout()
        buttons.addWidget(self._assign_button)
        buttons.addWidget(self._end_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.addWidget(self.current_label)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)

    def show_card(self, card: HouseholdDetails) -> None:
        self._card = card
        names = "、".join(f"{assignment.helper}（{assignment.unit or '单位未填'}）" for assignment in card.helpers)
        self.current_label.setText(f"现在由 {names} 帮扶。" if names else "现在没有帮扶联系人。")
        self.table.set_rows([_row(assignment) for assignment in (*card.helpers, *card.past_helpers)])
        self._on_current_changed(self.table.current_id())

    def focus_field(self, record_id: str, column: str) -> None:
        self.table.set_current_id(record_id)
        self.table.setFocus()

    def _on_current_changed(self, assignment_id: str) -> None:
        current_ids = {assignment.id for assignment in self._card.helpers} if self._card else set()
        self._end_button.setEnabled(assignment_id in current_ids)

    def _start_assigning(self) -> None:
        if self._card is not None:
            self.context.read(self._show_assign_dialog, helper_rows)

    def _show_assign_dialog(self, helpers: list[HelperRow]) -> None:
        if self._card is None:
            return
        if not helpers:
            self.context.status_bar.error("还没有帮扶联系人。请先在“帮扶联系人”页新建，或从花名册导入。")
            return
        dialog = AssignDialog(helpers, 1, bool(self._card.helpers), self, self._card.called)
        if dialog.exec():
            assign_with_confirmation(self.context, [self._card.id], dialog, self)

    def _show_end_dialog(self) -> None:
        assignment_id = self.table.current_id()
        if not assignment_id or self._card is None:
            return
        dialog = EndAssignmentDialog(self._card.called, self)
        if dialog.exec() and dialog.day is not None:
            self.context.write(
                partial(end_assignments, self.context.workbook, [assignment_id], dialog.day, dialog.reason),
                message="已结束结对",
            )


def _row(assignment: AssignmentRow) -> Row:
    cells = {
        "state": "结对中" if assignment.in_force else "已结束",
        "helper": assignment.helper,
        "unit": assignment.unit,
        "phone": assignment.phone,
        "started_on": assignment.started_on,
        "ended_on": assignment.ended_on,
        "reason": assignment.reason,
    }
    return Row(assignment.id, cells, "" if assignment.in_force else "quiet")
