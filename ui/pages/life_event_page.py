"""动态管理: every event of the village; a new one goes through the wizard, which writes what it changes."""

from typing import ClassVar

from PySide6.QtGui import QAction

from app.registers import get_register
from app.registers.engine.register import Register
from ui.life_events.event_controller import EventController
from ui.registers.register_page import RegisterPage
from ui.shell.page import AppContext


class LifeEventPage(RegisterPage):
    """What every register has; 新建 asks which household, then what happened."""

    REGISTER: ClassVar[Register] = get_register("life_event")
    CHAPTER: ClassVar[str] = "25-动态管理"
    HINT: ClassVar[str] = "还没有变动。按 Ctrl+N 登记，或按 Ctrl+I 从表格导入以前的。"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.events = EventController(context, self)
        self.events.recorded.connect(self.records.select)

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions.insert(1, self.add_page_action("resume", "写进户档…", "Ctrl+Shift+Return", self._resume, "next"))
        return actions

    def _resume(self) -> None:
        if self.can_leave():
            self.events.resume(self.table.current_id())

    def _start_new(self) -> None:
        if self.can_leave():
            self.events.choose()
