"""A page whose list is worked out of the whole workbook each time, and viewed like any other list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.list_views.definition import ListView
from app.list_views.list_source import ListSource
from app.list_views.stored_form import VIEW_LEDGER
from app.progress import Task
from app.workbook.workbook import WorkbookChanges
from ui.list_views.asked_rows import AskedRows, Found
from ui.list_views.computed_rows import ViewedTable, passing_rows
from ui.list_views.shown_list_export import ShownListExport
from ui.list_views.view_bar import QuickFilter, ViewBar
from ui.list_views.view_rows import selection_text
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import save_file_name
from ui.widgets.filter_line import Choices, FilterLine
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Column

_READING = "正在比对…"


def none_fits(conditions: str) -> str:
    """Stands in a list of which nothing fits these conditions of a view."""
    return f"没有符合条件的：{conditions}。\n按 Ctrl+Shift+F 清除筛选，看全部。"


class ViewedPage(Page):
    """The list is read when it is first looked at, after each write, and when another of `READ_CHOICES` is chosen;
    words are looked for in what was read. With a view on, all lines are read, not only the first: the page then has
    what its ledger has.

    Attributes:
        READ_CHOICES: the choices above the list on which it depends what is read; the others only say which rows pass
        NOTHING: stands in the table when no row does
    """

    IS_RELEASED = True
    READ_CHOICES: ClassVar[tuple[str, ...]] = ()
    NOTHING: ClassVar[str] = ""

    def __init__(
        self, context: AppContext, hint: str, choices: Choices, source: ListSource, columns: Sequence[Column]
    ) -> None:
        super().__init__(context)
        self._read_for: tuple[str, ...] = ()
        self._reading = 0  # counts readings, which run side by side, so that only the last is shown
        self._read: ViewedTable | None = None
        self._columns = columns
        self.filter_line, self.table = FilterLine(hint, choices), PagedTable(source.key, self.TITLE)
        self.filter_line.changed.connect(self.on_choice)
        self.filter_line.search.lead_to(self.table, by_enter=True)
        quick = QuickFilter(self.filter_line.quick_state, self.restore_choices)
        self.view_bar = ViewBar(context, source, quick, self.table, columns)
        self.view_bar.follow_head()
        self.view_bar.changed.connect(self.on_choice)
        self._asked_rows = AskedRows(context, self.view_bar, columns, self._show_found)
        self.shown_export = ShownListExport(self, self.table, self.TITLE)  # of a page without an export of its own
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self.count.setWordWrap(True)
        self.selection_label = QLabel()
        self.selection_label.setObjectName("selection")
        self.selection_label.setProperty("quiet", True)
        self.selection_label.hide()
        self._selection_request = 0  # counts what was chosen, so that only the last is told
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_selection())
        self._page_actions: list[QAction] = []

    def read_work(self) -> Callable[[], ViewedTable]:
        """What reads the list as it is chosen now; it runs on another thread."""
        raise NotImplementedError

    def tell_shown(self, keys: Sequence[str]) -> None:
        """Say what stands in the table now; `keys`: of its rows."""
        raise NotImplementedError

    def lay_out(self, content: QWidget, *below: QWidget) -> None:
        """The lines above the list, the list or what holds it, and what stands below it."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self.filter_line)
        layout.addWidget(self.view_bar)
        layout.addWidget(content, 1)
        for widget in (*below, self.selection_label, self.count):
            layout.addWidget(widget)

    def add_list_actions(self) -> None:
        """Those that every list has, and those of views; the page's own stand before them."""
        self._page_actions += [
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_line.focus_search, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.clear_filter),
            self.add_page_action("refresh", "刷新", "F5", self.read_again),
            self.add_page_action("ledger", "打印所见", "Ctrl+T", self._print_ledger, "print"),
        ]
        self.view_bar.add_actions_to(self)

    def visible_actions(self) -> list[QAction]:
        return self._page_actions

    def open(self, view: str = "", **params: Any) -> None:
        """`view`: a saved one."""
        if view:
            self.view_bar.open_view(view)
        if not self._read_for:
            self.read_again()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self.read_again()

    def read_again(self) -> None:
        """Read the list as it is now."""
        self._read_for = self._asked_for()
        self.table.placeholder = _READING
        self._reading += 1
        self.context.tasks.read(self.read_work(), partial(self._show, self._reading))

    def _asked_for(self) -> tuple[str, ...]:
        """On what it depends which lines are read."""
        viewed = "" if self.view_bar.is_plain else "viewed"
        return (viewed, *(self.filter_line.value(name) for name in self.READ_CHOICES))

    def restore_choices(self, state: Mapping[str, str]) -> None:
        """Words and choices of a view into the line above the list."""
        self.filter_line.restore(state)

    def clear_filter(self) -> None:
        """Show all again."""
        self.filter_line.clear()
        self.view_bar.clear()

    def on_choice(self) -> None:
        """Something else is asked for: read anew, or look through what was read."""
        if self._read_for and self._read_for != self._asked_for():
            self.read_again()
        else:
            self.filter_rows()

    def _show(self, reading: int, found: ViewedTable) -> None:
        if reading == self._reading:
            self.show_list(found)
            self.filter_rows()

    def show_list(self, found: Any) -> None:
        """Take over what was read."""
        self._read = found
        self.view_bar.use(found.source)

    def filter_rows(self) -> None:
        """What passes the line above the list and the view, in its order."""
        view = self.view_bar.shown
        self._asked_rows.ask(self._read, replace(view, quick={**view.quick, **self.beside()}), self.listed)

    def listed(self, read: ViewedTable, view: ListView) -> Found:
        """The list where no view says otherwise."""
        return passing_rows(read, view.quick)

    def _show_found(self, found: Found) -> None:
        keys, listed = found
        conditions = "；".join(one for one in (self.filter_line.describe(), self.view_bar.describe()) if one)
        self.table.placeholder = none_fits(conditions) if conditions else self.NOTHING
        self.table.look_up(listed.ids, listed.rows, listed.headings)
        self.tell_shown(keys)

    def _tell_selection(self) -> None:
        """How many rows are chosen, with sum and mean of the numbers shown; nothing where one is chosen or all are."""
        self._selection_request += 1
        ids = self.table.partly_chosen_ids()
        self.selection_label.setVisible(len(ids) > 1)
        if self._read is not None and len(ids) > 1:
            shown = partial(self._show_selection, self._selection_request, len(ids))
            self.context.read(shown, selection_text, self._read.source, ids, self.view_bar.shown_keys())

    def _show_selection(self, request_number: int, chosen: int, told: str) -> None:
        if request_number == self._selection_request:
            self.selection_label.setText(f"选中 {chosen} 条{told}")

    def beside(self) -> Mapping[str, str]:
        """What is chosen beside the list and no view remembers, e.g. a month; it goes with the list onto paper."""
        return {}

    def _print_ledger(self) -> None:
        self.context.open("printing", paper=VIEW_LEDGER, view=self.view_bar.for_printing(**self.beside()))

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
