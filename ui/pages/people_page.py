"""人口: everybody who lives in the village, filtered by any column, and opened in their household."""

from typing import Any, ClassVar

from PySide6.QtGui import QAction

from app.list_views.catalogue import PEOPLE
from app.list_views.stored_form import VIEW_LEDGER
from app.registers.engine.register import Register
from app.registers.engine.rows import load_rows
from app.registers.engine.topic import Topic
from app.registers.lists import get_list
from ui.registers.register_page import RegisterPage


class PeoplePage(RegisterPage):
    """The list of a register without its commands: people come and go in their household."""

    REGISTER: ClassVar[Register] = get_list(PEOPLE)
    ICON: ClassVar[str] = "households"
    TOPIC: ClassVar[Topic | None] = Topic.ORGANISATION
    ORDER: ClassVar[int] = 25
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+2"
    CHAPTER: ClassVar[str] = "16-筛选与视图"
    HINT: ClassVar[str] = "还没有人。导入名册，或在“农户”页新建户。"

    def make_actions(self) -> list[QAction]:
        actions = [
            self.add_page_action("open_household", "打开户档", "Ctrl+Return", self._open_household, "households"),
            self.add_page_action("import", "从表格导入…", self.IMPORT_SHORTCUT, self._choose_import, "take_in"),
            self.add_page_action("export", "导出表格…", "Ctrl+E", self._ask_export, "export"),
            self.add_page_action("print", "打印名单", "Ctrl+P", self._print, "print"),
        ]
        self.add_page_action("find", "查找", "Ctrl+F", self.filter_bar.search.setFocus)
        self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self._clear)
        self.view_bar.add_actions_to(self)
        return actions

    def _activate(self, record_id: str) -> None:
        self.context.read(self._show_household, load_rows, self.REGISTER, [record_id])

    def _open_household(self) -> None:
        if self.table.current_id():
            self._activate(self.table.current_id())

    def _show_household(self, rows: list[Any]) -> None:
        if rows:
            at = (self.REGISTER.key, rows[0].id, "name")
            self.context.open("household", household=rows[0].household_id, order=(rows[0].household_id,), at=at)

    def _print(self) -> None:
        self.context.open("printing", paper=VIEW_LEDGER, view=self.view_bar.for_printing())
