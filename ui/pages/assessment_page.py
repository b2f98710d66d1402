"""年度考核记分: the items of a year's assessment with what each is worth, and what happened."""

from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtGui import QAction

from app.figures.proposals import fill_assessment
from app.registers.assessment import REGISTER
from app.registers.engine.register import Register
from ui.registers.proposal_writer import write_proposal
from ui.registers.register_page import RegisterPage


class AssessmentPage(RegisterPage):
    """What every register has, and one command more."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "19-统计和图表"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.insert(2, self.add_page_action("items", "列出考核项目", "Ctrl+M", self.fill_items, "take_in"))
        return actions

    def fill_items(self) -> None:
        """List the items of the assessment below the current row, each with what was registered in that year."""
        record_id = self.table.current_id()
        if record_id and self.can_leave():
            write_proposal(self, partial(fill_assessment, self.context.workbook, record_id, date.today()))
