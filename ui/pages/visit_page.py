"""走访: the register of visits, from which is written down too what was seen of the facts that 三者一致 compares."""

from typing import ClassVar

from PySide6.QtGui import QAction

from app.registers import get_register
from app.registers.engine.register import Register
from ui.consistency.visit_check import VisitCheck
from ui.registers.register_page import RegisterPage
from ui.registers.visit_findings import VisitFindings
from ui.shell.page import AppContext


class VisitPage(RegisterPage):
    """What every register has, and what comes of a visit: facts that were seen, a problem, a task."""

    REGISTER: ClassVar[Register] = get_register("visit")

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.check = VisitCheck(context, self)
        self.findings = VisitFindings(context)

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.append(self.add_page_action("check_facts", "入户核实…", "Ctrl+K", self._check, "settled"))
        actions += [
            self.add_page_action("open_problem", "列为问题", "Ctrl+J", self._open_problem, "rectification"),
            self.add_page_action("give_task", "交办任务", "Ctrl+M", self._give_task, "next"),
        ]
        return actions

    def _open_problem(self) -> None:
        if self.can_leave():
            self.findings.open_problem(self.editor.draft)

    def _give_task(self) -> None:
        if self.can_leave():
            self.findings.give_task(self.editor.draft)

    def _check(self) -> None:
        self.check.ask(self.editor.draft)
