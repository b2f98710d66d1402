"""扶贫小额信贷: the register of loans, into which those that were written down as measures can be taken over."""

from functools import partial
from typing import ClassVar

from PySide6.QtGui import QAction

from app.registers.engine.register import Register
from app.registers.small_loan import REGISTER, take_over_measures
from ui.registers.register_page import RegisterPage


class SmallLoanPage(RegisterPage):
    """What every register has, and one command more."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "13-台账"
    HINT: ClassVar[str] = "还没有记录。按 Ctrl+N 新建，按 Ctrl+I 从表格导入，或按 Ctrl+M 转入写在帮扶措施里的贷款。"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        self.add_page_action("take_over", "转入措施里的贷款", "Ctrl+M", self._take_over)
        return actions

    def _take_over(self) -> None:
        work = partial(take_over_measures, self.context.workbook)
        self.context.write(work, self._show_taken_over, message="")

    def _show_taken_over(self, count: int) -> None:
        if count:
            self.context.status_bar.saved(f"从帮扶措施转入 {count} 笔贷款")
        else:
            self.context.status_bar.info("帮扶措施里的贷款都已经在这里。")
