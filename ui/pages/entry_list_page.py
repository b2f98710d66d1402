"""待录入: what has to be typed into the systems of other offices, and what changed since it was."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from app.consistency.entry_list import CHANGED, ENTERED, ENTRY_STATES, NOT_ENTERED, EntryLine, mark_entered
from app.consistency.households import called_households
from app.consistency.systems import entry_systems
from app.viewed_lists.entry_source import WAITING, asked_states, entry_list
from ui.consistency.entry_export_dialog import EntryExportDialog
from ui.consistency.entry_rows import (
    DIFFERENCE_COLUMNS,
    ENTRY_COLUMNS,
    MOST_LINES,
    NO_ENTRIES,
    EntryTable,
    difference_rows,
    load_entries,
)
from ui.list_views.viewed_page import ViewedPage
from ui.shell.page import AppContext
from ui.widgets.row_table import RowTable

_STATE_CHOICES = (
    ("待录入", WAITING),
    ("录入后有变动", CHANGED),
    ("未录入", NOT_ENTERED),
    ("已录入", ENTERED),
    ("全部", ""),
)
_TITLE = "待录入清单"


class EntryListPage(ViewedPage):
    """The records of one system above, what is to be typed in of the current one below."""

    TITLE = "待录入"
    ICON = "edit"
    ORDER = 46
    GROUP = "数据"
    SHORTCUT = "Shift+F5"
    CHAPTER = "18-待录入与三者一致"
    IS_RELEASED = True
    READ_CHOICES = ("system", "state")
    NOTHING = "没有符合条件的记录。"

    def __init__(self, context: AppContext) -> None:
        systems = [(system.title, system.key) for system in entry_systems()]
        super().__init__(
            context,
            "户主、姓名、村组、户编号或内容里的字（Ctrl+F）",
            {"system": ("系统", systems), "state": ("状态", _STATE_CHOICES)},
            entry_list(),
            ENTRY_COLUMNS,
        )
        self._entries = NO_ENTRIES
        self.difference_table = RowTable("differences", "要录的内容")
        self.difference_table.set_columns(DIFFERENCE_COLUMNS)
        self.difference_table.setSortingEnabled(False)  # the order is the screen's
        self.table.current_row_changed.connect(self._show_differences)
        self.table.row_activated.connect(self._open_household)
        self.dialog: EntryExportDialog | None = None
        self._page_actions = [
            self.add_page_action("mark", "标记已录入", "Ctrl+K", self._mark, "settled"),
            self.add_page_action("print", "打印", "Ctrl+P", self._print, "print"),
            self.add_page_action("export", "导出", "Ctrl+E", self._ask_export, "export"),
        ]
        self.add_list_actions()
        self._build_layout()

    def _build_layout(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.difference_table)
        splitter.setSizes([420, 240])
        self.lay_out(splitter)

    def open(self, view: str = "", system: str = "", changed: bool = False, **params: Any) -> None:
        """`system`: begin with this one; `changed`: with what changed since it was entered."""
        wanted = {"system": system, "state": CHANGED if changed else ""}
        self.filter_line.choose(**{name: value for name, value in wanted.items() if value})
        super().open(view, **params)

    def read_work(self) -> Callable[[], EntryTable]:
        system, states = self.filter_line.value("system"), asked_states(self.filter_line.value("state"))
        most = MOST_LINES if self.view_bar.is_plain else None
        return partial(load_entries, self.context.workbook, system, states, most)

    def show_list(self, found: Any) -> None:
        self._entries = found
        super().show_list(found)

    def tell_shown(self, keys: Sequence[str]) -> None:
        counts = Counter(line.state for line in self._lines(keys))
        is_limited = self.view_bar.is_plain and len(self._entries.lines) == MOST_LINES
        limited = f"（只列出前 {MOST_LINES} 条）" if is_limited else ""
        self.count.setText(
            "　".join(f"{state} {counts[state]} 条" for state in ENTRY_STATES if counts[state]) + limited
        )
        self._show_differences(self.table.current_id())

    def _show_differences(self, key: str) -> None:
        self.difference_table.set_rows(difference_rows(self._entries.lines.get(key)))

    def _lines(self, keys: Sequence[str]) -> list[EntryLine]:
        return [self._entries.lines[key] for key in keys if key in self._entries.lines]

    def _open_household(self, key: str) -> None:
        line = self._entries.lines[key]
        column = line.differences[0].column if line.differences else ""
        self.context.open("household", household=line.household.id, at=(line.table, line.record_id, column))

    def _mark(self) -> None:
        """Those that are selected: the system now holds what the lines show."""
        lines = [line for line in self._lines(self.table.selected_ids()) if line.state != ENTERED]
        if not lines:
            self.context.status_bar.info("没有选中要标记的记录。按 Ctrl+A 可以全选。")
            return
        work = partial(mark_entered, self.context.workbook, lines)
        self.context.write(work, message=f"已标记 {len(lines)} 条为已录入")

    def _print(self) -> None:
        """What has to be typed in of the rows that are selected (or shown), in the order of the list."""
        self.context.open("printing", paper="entry_list", view=self.view_bar.for_printing())

    def _ask_export(self) -> None:
        lines = self._lines(self.table.chosen_ids())
        about = f"列表里的 {len(lines)} 条，每个要录的值一行，次序和系统的界面一样。"
        self.dialog = EntryExportDialog(about, called_households(line.household for line in lines), self)
        self.dialog.accepted.connect(self._choose_export_path)
        self.dialog.open()

    def _choose_export_path(self) -> None:
        if self.dialog is not None:
            self.choose_export_path(_TITLE, partial(self.export, reason=self.dialog.reason))

    def export(self, path: Path, reason: str = "") -> None:
        """Write the rows that are chosen (or shown) as an Excel list; `reason`: why numbers are whole."""
        from app.sheets.consistency_export import write_entry_lines

        lines = self._lines(self.table.chosen_ids())
        self.start_export(write_entry_lines(self.context.workbook, lines, path, reason=reason), _TITLE, path)
