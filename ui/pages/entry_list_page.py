"""待录入: what has to be typed into the systems of other offices, and what changed since it was."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout

from app.consistency.entry_list import CHANGED, ENTERED, ENTRY_STATES, NOT_ENTERED, EntryLine, EntryState, mark_entered
from app.consistency.systems import entry_systems
from app.workbook.workbook import WorkbookChanges
from ui.consistency.entry_export_dialog import EntryExportDialog
from ui.consistency.entry_rows import (
    DIFFERENCE_COLUMNS,
    ENTRY_COLUMNS,
    MOST_LINES,
    EntryTable,
    difference_rows,
    load_entries,
)
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import save_file_name
from ui.widgets.filter_line import FilterLine
from ui.widgets.row_table import RowTable

WAITING = "waiting"
_STATE_CHOICES = (
    ("待录入", WAITING),
    ("录入后有变动", CHANGED),
    ("未录入", NOT_ENTERED),
    ("已录入", ENTERED),
    ("全部", ""),
)
_STATES: dict[str, Sequence[EntryState]] = {
    WAITING: (NOT_ENTERED, CHANGED),
    "": ENTRY_STATES,
    **{state: (state,) for state in ENTRY_STATES},
}
_READING = "正在比对…"
_NOTHING = "没有符合条件的记录。"


class EntryListPage(Page):
    """The records of one system above, what is to be typed in of the current one below."""

    TITLE = "待录入"
    ICON = "edit"
    ORDER = 46
    GROUP = "数据"
    SHORTCUT = "Shift+F5"
    CHAPTER = "18-待录入与三者一致"
    IS_RELEASED = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._entries = EntryTable({}, (), {})
        self._loaded = False
        systems = [(system.title, system.key) for system in entry_systems()]
        self.filter_line = FilterLine(
            "户主、姓名、村组、户编号或内容里的字（Ctrl+F）",
            {"system": ("系统", systems), "state": ("状态", _STATE_CHOICES)},
        )
        self.entry_table, self.difference_table = RowTable("entries", "待录入"), RowTable("differences", "要录的内容")
        self.entry_table.set_columns(ENTRY_COLUMNS)
        self.difference_table.set_columns(DIFFERENCE_COLUMNS)
        self.difference_table.setSortingEnabled(False)  # the order is the screen's
        for box in self.filter_line.boxes.values():  # what is chosen there is read anew, words are looked for in it
            box.currentIndexChanged.connect(lambda _: self._load())
        self.filter_line.changed.connect(self._filter)
        self.filter_line.search_submitted.connect(self.entry_table.setFocus)
        self.entry_table.current_row_changed.connect(self._show_differences)
        self.entry_table.row_activated.connect(self._open_household)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self.dialog: EntryExportDialog | None = None
        self._actions = [
            self.add_page_action("mark", "标记已录入", "Ctrl+K", self._mark, "settled"),
            self.add_page_action("find", "查找", "Ctrl+F", self.filter_line.focus_search, "search"),
            self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.filter_line.clear),
            self.add_page_action("print", "打印", "Ctrl+P", self._print, "print"),
            self.add_page_action("export", "导出", "Ctrl+E", self._ask_export, "export"),
            self.add_page_action("refresh", "刷新", "F5", self._load),
        ]
        self._build_layout()

    def _build_layout(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.entry_table)
        splitter.addWidget(self.difference_table)
        splitter.setSizes([420, 240])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self.filter_line)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.count)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, system: str = "", changed: bool = False, **params: Any) -> None:
        """`system`: begin with this one; `changed`: with what changed since it was entered."""
        if system:
            self.filter_line.choose("system", system)
        if changed:
            self.filter_line.choose("state", CHANGED)
        if not self._loaded:
            self._load()
        self.entry_table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self._load()

    def _load(self) -> None:
        self._loaded = True
        self.entry_table.placeholder = _READING
        system, state = self.filter_line.value("system"), self.filter_line.value("state")
        wanted = _STATES[state]
        self.context.tasks.read(partial(load_entries, self.context.workbook, system, wanted), self._show)

    def _show(self, entries: EntryTable) -> None:
        self._entries = entries
        self.entry_table.placeholder = _NOTHING
        self.entry_table.set_rows(entries.rows)
        self._filter()

    def _filter(self) -> None:
        texts, counts = self._entries.search_texts, Counter(line.state for line in self._entries.lines.values())
        self.entry_table.set_filter(lambda row: self.filter_line.has_words(texts.get(row.id, "")))
        limited = f"（只列出前 {MOST_LINES} 条）" if len(texts) == MOST_LINES else ""
        self.count.setText(
            "　".join(f"{state} {counts[state]} 条" for state in ENTRY_STATES if counts[state]) + limited
        )
        self._show_differences(self.entry_table.current_id())

    def _show_differences(self, key: str) -> None:
        self.difference_table.set_rows(difference_rows(self._entries.lines.get(key)))

    def _lines(self, keys: list[str]) -> list[EntryLine]:
        return [self._entries.lines[key] for key in keys if key in self._entries.lines]

    def _open_household(self, key: str) -> None:
        line = self._entries.lines[key]
        column = line.differences[0].column if line.differences else ""
        self.context.open("household", household=line.household.id, at=(line.table, line.record_id, column))

    def _mark(self) -> None:
        """Those that are selected: the system now holds what the lines show."""
        lines = [line for line in self._lines(self.entry_table.selected_ids()) if line.state != ENTERED]
        if not lines:
            self.context.status_bar.info("没有选中要标记的记录。按 Ctrl+A 可以全选。")
            return
        work = partial(mark_entered, self.context.workbook, lines)
        self.context.write(work, message=f"已标记 {len(lines)} 条为已录入")

    def _print(self) -> None:
        shown = self._lines(self.entry_table.chosen_ids())
        self.context.open(
            "printing", paper="entry_list", households=tuple(dict.fromkeys(line.household.id for line in shown))
        )

    def _ask_export(self) -> None:
        count = len(self._lines(self.entry_table.chosen_ids()))
        self.dialog = EntryExportDialog(f"列表里的 {count} 条，每个要录的值一行，次序和系统的界面一样。", self)
        self.dialog.accepted.connect(self._choose_export_path)
        self.dialog.open()

    def _choose_export_path(self) -> None:
        name = save_file_name(self, "导出待录入清单", "待录入清单.xlsx", "Excel 工作簿 (*.xlsx)")
        if name and self.dialog is not None:
            self.export(Path(name), self.dialog.reason)

    def export(self, path: Path, reason: str = "") -> None:
        """Write the rows that are chosen (or shown) as an Excel list; `reason`: why numbers are whole."""
        from app.sheets.consistency_export import write_entry_lines

        lines = self._lines(self.entry_table.chosen_ids())
        self.context.tasks.start(
            write_entry_lines(self.context.workbook, lines, path, reason=reason),
            lambda count: self.context.status_bar.written(f"已导出 {count} 行到“{path.name}”。", path),
            title="导出待录入清单",
        )
