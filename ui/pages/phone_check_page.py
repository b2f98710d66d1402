"""电话抽查: the register of calls, from which what was answered wrong becomes a problem to be put right."""

from functools import partial
from typing import ClassVar

from PySide6.QtGui import QAction

from app.rectifications.call_problems import hand_over_call
from app.registers.engine.register import Register
from app.registers.phone_check import REGISTER
from ui.registers.register_page import RegisterPage


class PhoneCheckPage(RegisterPage):
    """What every register has, and one command more."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "15-村务工作"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.insert(2, self.add_page_action("hand_over", "列入整改", "Ctrl+M", self._hand_over, "rectification"))
        return actions

    def _hand_over(self) -> None:
        """The problem is opened, to be seen and completed; one undo takes it back."""
        record_id = self.table.current_id()
        if record_id and self.can_leave():
            work = partial(hand_over_call, self.context.workbook, record_id)
            self.context.write(work, self._show_problem, message="已列入整改，请核对责任人和时限")

    def _show_problem(self, problem_id: str) -> None:
        self.context.open("rectification", record=problem_id)
