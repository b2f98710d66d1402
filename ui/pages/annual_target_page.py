"""年度任务: targets of a year; what has been reached is counted where a figure is named."""

from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtGui import QAction

from app.figures.proposals import measure_targets, missing_target_line
from app.registers.annual_target import REGISTER
from app.registers.engine.register import Register
from ui.registers.proposal_writer import ask_year, open_line, write_proposal
from ui.registers.register_page import RegisterPage


class AnnualTargetPage(RegisterPage):
    """What every register has, and two commands: to measure, and to enter the line of the county that is lacking."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "19-统计和图表"
    HINT: ClassVar[str] = "还没有年度任务。按 Ctrl+N 新建；“统计指标”填调度报告里的指标名称，按 Ctrl+M 就能统计完成数。"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.insert(2, self.add_page_action("measure", "统计完成数…", "Ctrl+M", self._ask_year, "register"))
        self.add_page_action("line", "录入缺少的标准", "Ctrl+Shift+M", self._find_line)
        return actions

    def _ask_year(self) -> None:
        if self.can_leave() and (year := ask_year(self, "统计完成数")):
            self.measure(year)

    def measure(self, year: int) -> None:
        """Count how far the targets of a year have come."""
        write_proposal(self, partial(measure_targets, self.context.workbook, year, date.today()))

    def _find_line(self) -> None:
        """Where the line of the county is entered that the figure of the current target lacks."""
        if target_id := self.table.current_id():
            self.context.read(self._show_line, missing_target_line, target_id)

    def _show_line(self, year: int) -> None:
        if year:
            open_line(self, year)
        else:
            self.context.status_bar.info("这项任务的统计不缺标准。")
