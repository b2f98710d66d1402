"""村出列验收: the steps of a village's way out, and the indicators that it is accepted by."""

from functools import partial
from typing import ClassVar

from PySide6.QtGui import QAction

from app.figures.proposals import fill_criteria
from app.registers.engine.register import Register
from app.registers.village_exit import REGISTER
from ui.registers.proposal_writer import write_proposal
from ui.registers.register_page import RegisterPage


class VillageExitPage(RegisterPage):
    """What every register has, and one command more."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "19-统计和图表"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.insert(2, self.add_page_action("criteria", "填入出列指标", "Ctrl+M", self.fill_criteria, "take_in"))
        return actions

    def fill_criteria(self) -> None:
        """List the indicators of that year below the current row."""
        record_id = self.table.current_id()
        if record_id and self.can_leave():
            write_proposal(self, partial(fill_criteria, self.context.workbook, record_id))
