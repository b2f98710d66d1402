"""走访: who came, what was seen, requested and promised."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from PySide6.QtWidgets import QPushButton

from app.dashboard.household_counts import CountedHousehold, PartCount, visit_count
from app.registers import get_register
from ui.consistency.visit_check import VisitCheck
from ui.registers.register_part import RegisterPart
from ui.registers.visit_findings import VisitFindings
from ui.shell.page import AppContext


class VisitsPart(RegisterPart):
    """The latest first; a promise past its day stands out."""

    REGISTER = get_register("visit")
    TITLE = "走访"
    GROUP = "帮扶"
    ORDER = 70
    KEY = "7"
    TABLE = "visit"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "走访"}

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.check = VisitCheck(context, self)
        self.findings = VisitFindings(context)

    def more_buttons(self) -> Sequence[QPushButton]:
        """What comes of a visit: the facts that 三者一致 compares, a problem, a task."""
        return (
            self.add_button("check_facts", "入户核实", "Alt+V", lambda: self.check.ask(self.editor.draft)),
            self.add_button("open_problem", "列为问题", "Alt+W", lambda: self.findings.open_problem(self.editor.draft)),
            self.add_button("give_task", "交办任务", "Alt+M", lambda: self.findings.give_task(self.editor.draft)),
        )

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return visit_count(household.rows[cls.REGISTER.key])
