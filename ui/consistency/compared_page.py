"""What the pages 待录入 and 三者一致 have in common: a list that is worked out of the whole workbook each time, viewed
like any other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel

from app.list_views.definition import ListView, SortKey
from app.list_views.list_source import ListSource
from app.list_views.rows import view_ids
from app.list_views.stored_form import VIEW_LEDGER, encode_for_printing
from app.progress import Task
from app.workbook.workbook import WorkbookChanges
from ui.list_views.view_bar import QuickFilter, ViewBar
from ui.list_views.view_rows import FoundRows, added_fields, with_added, with_headings
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import save_file_name
from ui.widgets.filter_line import Choices, FilterLine
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Column, Row

_READING = "正在比对…"
_NONE_FITS = "没有符合条件的：{}。\n按 Ctrl+Shift+F 清除筛选，看全部。"


class ComparedTable(Protocol):
    """What was read: rows by key in their order, as a list for views, and those that pass the line above the list."""

    @property
    def rows(self) -> Mapping[str, Row]: ...

    @property
    def source(self) -> ListSource: ...

    def passing(self, quick: Mapping[str, str]) -> list[str]: ...


class ComparedPage(Page):
    """The list is read when it is first looked at, after each write, and when another of `READ_CHOICES` is chosen,
    or a view instead of none: then all of it is read. Words are looked for in what was read.

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
        self._read: ComparedTable | None = None
        self._sort: tuple[SortKey, ...] = ()  # chosen in the head of the table
        self._columns = columns
        self._request_number = 0  # counts what was asked of the list, so that only the last is shown
        self.filter_line, self.table = FilterLine(hint, choices), PagedTable(source.key, self.TITLE)
        quick = QuickFilter(self.filter_line.state, self.filter_line.restore)
        self.view_bar = ViewBar(context, source, quick, self.table, columns)
        self._source_key = source.key
        self.view_bar.changed.connect(self._apply_view)
        self.table.paged.sorted_by.connect(self._sort_by)
        self.filter_line.changed.connect(self._on_choice)
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
        """Take over what was read."""
        raise NotImplementedError

    def tell_shown(self, keys: Sequence[str]) -> None:
        """Say what stands in the table now; `keys`: of its rows."""
        raise NotImplementedError

    def add_list_actions(self) -> None:
        """Those that every list has; the page's own stand before them."""
        self._page_actions += [
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_line.focus_search, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self._clear),
            self.add_page_action("ledger", "打印所见", "Ctrl+T", self._print_ledger, "print"),
            self.add_page_action("refresh", "刷新", "F5", self.read_again),
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
        self._read_for = self._chosen()
        self.table.placeholder = _READING
        self.context.tasks.read(self.read_work(), partial(self._show, self._read_for))

    @property
    def is_viewed(self) -> bool:
        """Whether a view says which rows there are and in which order."""
        return not replace(self._view(), quick={}).is_plain

    def _view(self) -> ListView:
        view = self.view_bar.view
        return replace(view, sort=self._sort) if self._sort else view

    def _chosen(self) -> tuple[str, ...]:
        viewed = "viewed" if self.is_viewed else ""
        return (viewed, *(self.filter_line.value(name) for name in self.READ_CHOICES))

    def _apply_view(self) -> None:
        self._sort = ()
        self._on_choice()

    def _sort_by(self, column: int, descending: bool) -> None:
        columns = self.table.paged.columns
        self._sort = (SortKey(columns[column].key, descending),) if column >= 0 else ()
        self._on_choice()

    def _clear(self) -> None:
        self.filter_line.clear()
        self.view_bar.clear()

    def _on_choice(self) -> None:
        if self._read_for and self._read_for != self._chosen():
            self.read_again()
        else:
            self._find()

    def _show(self, read_for: tuple[str, ...], found: ComparedTable) -> None:
        if read_for != self._read_for:
            return
        self._read = found
        self.view_bar.use(found.source)
        self.show_list(found)
        self._find()

    def _find(self) -> None:
        """What passes the line above the list and the view, in its order."""
        self._request_number += 1
        if self._read is None:
            return
        view, show = self._view(), partial(self._show_found, self._request_number)
        if self.is_viewed:
            self.context.read(show, _find_in_view, self._read, view, self._columns, self.view_bar.shown_keys())
        else:
            keys = self._read.passing(view.quick)
            show((keys, FoundRows(keys, [self._read.rows[key] for key in keys], [])))

    def _show_found(self, request_number: int, found: tuple[Sequence[str], FoundRows]) -> None:
        if request_number != self._request_number:
            return
        keys, listed = found
        conditions = self.view_bar.describe()
        self.table.placeholder = _NONE_FITS.format(conditions) if conditions else self.NOTHING
        self.table.set_ids(listed.ids, listed.rows, listed.headings)
        self.tell_shown(keys)

    def _print_ledger(self) -> None:
        """The list as it is shown: its rows, columns, order and groups."""
        printed = encode_for_printing(self._source_key, self.view_bar.name, self._view())
        self.context.open("printing", paper=VIEW_LEDGER, view=printed)

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


def _find_in_view(
    session: Any, read: ComparedTable, view: ListView, columns: Sequence[Column], shown: Sequence[str]
) -> tuple[Sequence[str], FoundRows]:
    """Keys of the rows of a view, and these rows with their headings and with what else the view shows."""
    keys = view_ids(session, read.source, view)
    placed, headings = with_headings(session, read.source, view, keys, shown, "条")
    added = added_fields(read.source, view, columns)
    rows = with_added(session, read.source, [read.rows[key] for key in keys], added)
    return keys, FoundRows(placed, rows, headings)
