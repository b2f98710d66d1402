"""材料报送: the calendar of what is due; what is due every month, quarter or year goes on by itself."""

from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtGui import QAction

from app.registers.engine.register import Register
from app.registers.report_duty import REGISTER, begin_next_duties
from ui.registers.register_page import RegisterPage


class ReportDutyPage(RegisterPage):
    """What every register has, and one command more."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "19-统计和图表"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        self.add_page_action("next_period", "生成下一期", "Ctrl+M", self._begin_next)
        return actions

    def _begin_next(self) -> None:
        work = partial(begin_next_duties, self.context.workbook, date.today())
        self.context.write(work, self._show_begun, message="")

    def _show_begun(self, count: int) -> None:
        if count:
            self.context.status_bar.saved(f"按频次生成 {count} 份下一期要报的材料")
        else:
            self.context.status_bar.info("没有到期要接着报的材料。")
