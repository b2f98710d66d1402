"""帮扶: who helps the household now, who did before, and giving it to somebody else."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.records.assignment import end
from app.records.field import label_of
from app.records.household import HouseholdCard
from app.records.lists import AssignmentRow, HelperRow, helper_rows
from ui.household.assign_dialog import AssignDialog, EndDialog, assign_asking
from ui.household.desk import Desk, Tab
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("state", "状态", width=6),
    Column("helper", "帮扶联系人", width=9),
    Column("unit", "单位", width=26),
    Column("phone", label_of("helper", "phone"), mask="phone", width=12),
    Column("started_on", label_of("assignment", "started_on"), width=11),
    Column("ended_on", "结束时间", width=11),
    Column("reason", label_of("assignment", "change_reason"), width=0),
)


class AidTab(Tab):
    """Assignments, those in force first."""

    TITLE = "帮扶"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._card: HouseholdCard | None = None
        self.now = QLabel()
        self.now.setObjectName("helpers_now")
        self.now.setWordWrap(True)
        self.now.setMinimumHeight(20)
        self.table = RowTable("assignments", "结对帮扶")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "还没有结对。按 Alt+A 安排帮扶联系人。"
        self._assign = self.button("assign", "安排帮扶联系人", "Alt+A", self._ask_assign)
        self._end = self.button("end_assignment", "结束结对", "Alt+D", self._ask_end)
        self.table.pointed.connect(self._pointed)
        buttons = QHBoxLayout()
        buttons.addWidget(self._assign)
        buttons.addWidget(self._end)
        buttons.addStretch()
        whole = QVBoxLayout(self)
        whole.addWidget(self.now)
        whole.addWidget(self.table, 1)
        whole.addLayout(buttons)

    def show_card(self, card: HouseholdCard) -> None:
        self._card = card
        names = "、".join(f"{one.helper}（{one.unit or '单位未填'}）" for one in card.helpers)
        self.now.setText(f"现在由 {names} 帮扶。" if names else "现在没有帮扶联系人。")
        self.table.set_rows([_row(one) for one in (*card.helpers, *card.past_helpers)])
        self._pointed(self.table.current())

    def point(self, record_id: str, column: str) -> None:
        self.table.point_at(record_id)
        self.table.setFocus()

    def _pointed(self, assignment_id: str) -> None:
        standing = {one.id for one in self._card.helpers} if self._card else set()
        self._end.setEnabled(assignment_id in standing)

    def _ask_assign(self) -> None:
        if self._card is not None:
            self.desk.read(self._choose, helper_rows)

    def _choose(self, helpers: list[HelperRow]) -> None:
        if self._card is None:
            return
        if not helpers:
            self.desk.office.notices.refused("还没有帮扶联系人。请先在“帮扶联系人”页新建，或从花名册导入。")
            return
        dialog = AssignDialog(helpers, 1, bool(self._card.helpers), self)
        if dialog.exec():
            assign_asking(self.desk.office, [self._card.id], dialog, self)

    def _ask_end(self) -> None:
        id = self.table.current()
        dialog = EndDialog(self)
        if id and dialog.exec() and dialog.day is not None:
            self.desk.write(end(self.desk.office.workbook, [id], dialog.day, dialog.reason), said="已结束结对")


def _row(one: AssignmentRow) -> Row:
    cells = {
        "state": "结对中" if one.in_force else "已结束",
        "helper": one.helper,
        "unit": one.unit,
        "phone": one.phone,
        "started_on": one.started_on,
        "ended_on": one.ended_on,
        "reason": one.reason,
    }
    return Row(one.id, cells, "" if one.in_force else "quiet")
