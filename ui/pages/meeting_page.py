"""会议活动: the register of meetings, whose decisions become tasks."""

from functools import partial
from typing import ClassVar

from PySide6.QtGui import QAction

from app.rectifications.meeting_tasks import give_tasks_of_meeting
from app.registers.engine.register import Register
from app.registers.meeting import REGISTER
from ui.registers.register_page import RegisterPage


class MeetingPage(RegisterPage):
    """What every register has, and one command more."""

    REGISTER: ClassVar[Register] = REGISTER
    CHAPTER: ClassVar[str] = "15-村务工作"

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.append(self.add_page_action("give_tasks", "议定事项列为任务", "Ctrl+M", self._give_tasks, "next"))
        return actions

    def _give_tasks(self) -> None:
        """The first of the tasks is opened, to be completed; one undo takes all back."""
        meeting = self.editor.draft
        if meeting is None or meeting.new:
            self.context.status_bar.info("请先选一次会议。")
        elif self.can_leave():
            work = partial(give_tasks_of_meeting, self.context.workbook, meeting.id)
            self.context.write(work, self._show_given, message="")

    def _show_given(self, task_ids: tuple[str, ...]) -> None:
        if not task_ids:
            self.context.status_bar.info("这次会议的议定事项都已列为任务；撤回了的，在“已撤回”里恢复。")
            return
        self.context.status_bar.saved(f"已列 {len(task_ids)} 项任务，请补责任人，核对期限")
        self.context.open("work_task", record=task_ids[0])
