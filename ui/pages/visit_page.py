"""走访: the register of visits, from which is written down too what was seen of the facts that 三者一致 compares."""

from typing import ClassVar

from PySide6.QtGui import QAction

from app.registers import get_register
from app.registers.engine.register import Register
from ui.consistency.visit_check import VisitCheck
from ui.registers.register_page import RegisterPage
from ui.shell.page import AppContext


class VisitPage(RegisterPage):
    """What every register has, and one command more."""

    REGISTER: ClassVar[Register] = get_register("visit")

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.check = VisitCheck(context, self)

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.append(self.add_page_action("check_facts", "入户核实…", "Ctrl+K", self._check, "settled"))
        return actions

    def _check(self) -> None:
        self.check.ask(self.editor.draft)
