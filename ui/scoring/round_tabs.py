"""The tables of a round, one a tab: five lists that are viewed like any other, and the sums of the groups."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from app.viewed_lists.round_list import ROUND, RoundList, round_source
from ui.list_views.viewed_tab import ViewedTab
from ui.scoring.round_export import export_table
from ui.scoring.round_tables import GROUPS, GROUPS_REPORT, ROUND_TABLES, RoundTables
from ui.shell.page import AppContext
from ui.widgets.row_table import Column, Row, RowTable

_GROUPS_PLACE = 4  # of the sums of the groups among the tabs


class RoundTabs(QTabWidget):
    """未评, 排名, 红榜, 待整改, 分组汇总, 与上轮比.

    Signals:
        row_activated: Enter on a household: its id
    """

    row_activated = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        """`parent`: what it is laid out in: put there with its tabs, all of them would be styled once more."""
        super().__init__(parent)
        self._context = context
        self.setObjectName("tabs")
        self._lists: dict[str, ViewedTab] = {}  # by the names of their tables
        for shown in ROUND_TABLES:
            listed = shown.listed
            tab = ViewedTab(context, round_source(listed, ()), shown.name, listed.name, shown.columns, shown.nothing)
            tab.table.row_activated.connect(self.row_activated)
            self._lists[shown.name] = tab
            self.addTab(tab, listed.name)
        self._group_columns: Sequence[Column] = ()
        self._group_rows: Sequence[Row] = ()
        self.groups_table = RowTable(GROUPS, "分组汇总")
        self.insertTab(_GROUPS_PLACE, self.groups_table, "分组汇总")
        self.setCurrentIndex(0)

    def tab_of(self, listed: RoundList) -> ViewedTab:
        """The tab of one of the lists."""
        return self._lists[next(shown.name for shown in ROUND_TABLES if shown.listed is listed)]

    def current_list(self) -> ViewedTab | None:
        """The tab that is seen, None for the sums of the groups."""
        tab = self.currentWidget()
        return tab if isinstance(tab, ViewedTab) else None

    def current_report(self) -> str:
        """The printout that says what the table says that is seen."""
        tab = self.current_list()
        return next((shown.report for shown in ROUND_TABLES if self._lists[shown.name] is tab), GROUPS_REPORT)

    def current_title(self) -> str:
        """What the table that is seen is called."""
        tab = self.current_list()
        return (self.groups_table if tab is None else tab.table).accessibleName()

    def show_tables(self, tables: RoundTables) -> None:
        """Another round, or the same one as it is now."""
        for name, read in tables.lists.items():
            self._lists[name].show_list(read)
        self._group_columns, self._group_rows = tables.group_columns, tables.group_rows
        self.groups_table.set_columns(tables.group_columns)
        self.groups_table.set_rows(tables.group_rows)

    def open_view(self, list_key: str, view_id: str) -> None:
        """A saved view of one of the lists."""
        for shown in ROUND_TABLES:
            if shown.listed.key == list_key:
                self.setCurrentWidget(self._lists[shown.name])
                self._lists[shown.name].view_bar.open_view(view_id)

    def open_filter(self) -> None:
        """筛选 of the list that is seen."""
        if tab := self.current_list():
            tab.view_bar.open_dialog()

    def open_views(self) -> None:
        """The saved views of the list that is seen."""
        if tab := self.current_list():
            tab.view_bar.open_menu()

    def clear_filter(self) -> None:
        """Show all of the list that is seen."""
        if tab := self.current_list():
            tab.view_bar.clear()

    def print_ledger(self, round_id: str) -> None:
        """The list that is seen on paper, as it is seen."""
        if tab := self.current_list():
            tab.print_ledger(**{ROUND: round_id})

    def export_to(self, out: Path) -> None:
        """Write the table that is seen, in the order in which it is seen."""
        tab = self.current_list()
        columns, rows = self._sums_of_groups() if tab is None else tab.visible_rows()
        task = export_table(self._context.workbook, self.current_title(), columns, rows, out)

        def on_exported(count: int) -> None:
            self._context.status_bar.written(f"已导出 {count} 行到“{out.name}”。", out)

        self._context.tasks.start(task, done=on_exported, title="正在导出")

    def _sums_of_groups(self) -> tuple[Sequence[Column], list[Row]]:
        by_id = {row.id: row for row in self._group_rows}
        return self._group_columns, [by_id[id] for id in self.groups_table.visible_ids()]
