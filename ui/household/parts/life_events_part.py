"""动态管理 of one household: what became of it and its people, and the wizard for what happens next."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtWidgets import QPushButton

from app.registers import get_register
from ui.life_events.event_controller import EventController
from ui.registers.register_part import RegisterPart
from ui.shell.page import AppContext


class LifeEventsPart(RegisterPart):
    """A new event asks what happened, and writes all that follows from it."""

    REGISTER = get_register("life_event")
    TITLE = "动态管理"
    ORDER = 72
    GROUP = "帮扶"
    KEY = "U"
    TABLE = "life_event"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "动态"}

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.events = EventController(context, self)
        self.events.recorded.connect(self.records.select)

    def more_buttons(self) -> Sequence[QPushButton]:
        return (self.add_button("resume_event", "写进户档…", "Alt+E", self._resume),)

    def _resume(self) -> None:
        if self.can_leave():
            self.events.resume(self.table.current_id())

    def add_record(self) -> None:
        if self._card is not None and self.can_leave():
            self.events.start(self._card.id)
