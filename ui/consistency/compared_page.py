"""What the pages 待录入 and 三者一致 have in common: a list that is worked out of the whole workbook each time."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel

from app.progress import Task
from app.workbook.workbook import WorkbookChanges
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import save_file_name
from ui.widgets.filter_line import Choices, FilterLine
from ui.widgets.row_table import RowTable

_READING = "正在比对…"


class ComparedPage(Page):
    """The list is read when it is first looked at, after each write, and when another of `READ_CHOICES` is chosen;
    words are looked for in what was read.

    Attributes:
        READ_CHOICES: the choices above the list on which it depends what is read; the others only say which rows pass
        NOTHING: stands in the table when no row does
    """

    IS_RELEASED = True
    READ_CHOICES: ClassVar[tuple[str, ...]] = ()
    NOTHING: ClassVar[str] = ""

    def __init__(self, context: AppContext, hint: str, choices: Choices, table: RowTable) -> None:
        super().__init__(context)
        self._read_for: tuple[str, ...] = ()
        self._reading = 0  # counts readings, which run side by side, so that only the last is shown
        self.filter_line, self.table = FilterLine(hint, choices), table
        self.filter_line.changed.connect(self.on_choice)
        self.filter_line.search_submitted.connect(self.table.setFocus)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self.count.setWordWrap(True)
        self._page_actions: list[QAction] = []

    def read_work(self) -> Callable[[], Any]:
        """What reads the list as it is chosen now; it runs on another thread."""
        raise NotImplementedError

    def show_list(self, found: Any) -> None:
        """Take over what was read, with its rows."""
        raise NotImplementedError

    def filter_rows(self) -> None:
        """Let those rows pass that the line above the list asks for."""
        raise NotImplementedError

    def add_list_actions(self) -> None:
        """Those that every list has; the page's own stand before them."""
        self._page_actions += [
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_line.focus_search, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.clear_filter),
            self.add_page_action("refresh", "刷新", "F5", self.read_again),
        ]

    def visible_actions(self) -> list[QAction]:
        return self._page_actions

    def open(self, **params: Any) -> None:
        if not self._read_for:
            self.read_again()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self.read_again()

    def read_again(self) -> None:
        """Read the list as it is now."""
        self._read_for = self.chosen()
        self.table.placeholder = _READING
        self._reading += 1
        self.context.tasks.read(self.read_work(), partial(self._show, self._reading))

    def chosen(self) -> tuple[str, ...]:
        """On what it depends which lines are read."""
        return tuple(self.filter_line.value(name) for name in self.READ_CHOICES)

    def clear_filter(self) -> None:
        """Show all again."""
        self.filter_line.clear()

    def on_choice(self) -> None:
        """Something else is asked for: read anew, or look through what was read."""
        if self._read_for and self._read_for != self.chosen():
            self.read_again()
        else:
            self.filter_rows()

    def _show(self, reading: int, found: Any) -> None:
        if reading != self._reading:
            return
        self.table.placeholder = self.NOTHING
        self.show_list(found)
        self.filter_rows()

    def choose_export_path(self, title: str, export: Callable[[Path], None]) -> None:
        """Ask where a list goes, and put it there."""
        name = save_file_name(self, f"导出{title}", f"{title}.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            export(Path(name))

    def start_export(self, work: Task[int], title: str, path: Path) -> None:
        """Write a file, and say how many rows it has."""
        self.context.tasks.start(
            work,
            lambda count: self.context.status_bar.written(f"已导出 {count} 行到“{path.name}”。", path),
            title=f"导出{title}",
        )
