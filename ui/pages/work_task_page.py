"""工作清单: tasks of the village, what is sent back for a reason, and what begins anew each period."""

from datetime import date
from functools import partial
from typing import ClassVar

from PySide6.QtGui import QAction

from app.registers.engine.register import Register
from app.registers.work_task import REGISTER, begin_next_period, send_back
from ui.registers.register_page import RegisterPage
from ui.widgets.short_answer import ask_words


class WorkTaskPage(RegisterPage):
    """What every register has, and two commands more."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "15-村务工作"
    HINT: ClassVar[str] = "还没有任务。按 Ctrl+N 新建，或按 Ctrl+I 从表格导入上级的清单。"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.insert(2, self.add_page_action("send_back", "退回…", "Ctrl+R", self._ask_reason, "undo"))
        self.add_page_action("next_period", "生成下一期任务", "Ctrl+M", self._begin_next_period)
        return actions

    def _ask_reason(self) -> None:
        record_id = self.table.current_id()
        if record_id and self.can_leave():
            reason = ask_words(self, "退回任务", "请说明退回的缘由")
            if reason is not None:
                self.send_back(record_id, reason)

    def send_back(self, record_id: str, reason: str) -> None:
        """Have a task done again."""
        work = partial(send_back, self.context.workbook, record_id, reason, date.today())
        self.context.write(work, message="已退回，等重新办理")

    def _begin_next_period(self) -> None:
        work = partial(begin_next_period, self.context.workbook, date.today())
        self.context.write(work, self._show_begun, message="")

    def _show_begun(self, count: int) -> None:
        if count:
            self.context.status_bar.saved(f"按频次生成 {count} 项下一期任务")
        else:
            self.context.status_bar.info("没有到期要接着做的任务。")
