"""驻村考勤: each day of each member as a record, and the way to the month as one sheet."""

from typing import ClassVar

from PySide6.QtGui import QAction

from app.registers.attendance import REGISTER
from app.registers.engine.register import Register
from ui.registers.register_page import RegisterPage


class AttendancePage(RegisterPage):
    """What every register has, and one command more."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "15-村务工作"
    HINT: ClassVar[str] = "还没有考勤。按 Ctrl+M 在月考勤表里一天一个键地填，或按 Ctrl+I 从表格导入。"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.insert(0, self.add_page_action("month", "月考勤表", "Ctrl+M", self._open_month, "register"))
        return actions

    def _open_month(self) -> None:
        self.context.open("attendance_month")
