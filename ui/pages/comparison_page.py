"""数据比对: lists of other offices against the workbook, and what is decided about those who differ."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.comparison.decision import (
    Acceptance,
    Decision,
    StoredLine,
    accept,
    decide,
    decision_label,
    preview_acceptance,
    reopen,
)
from app.list_views.stored_form import VIEW_LEDGER
from app.viewed_lists.difference_source import difference_list
from app.workbook.workbook import WorkbookChanges
from ui.comparison.acceptance_dialog import AcceptanceDialog
from ui.comparison.compare_dialog import CompareDialog
from ui.comparison.line_filter import LineFilter
from ui.comparison.line_rows import (
    ALL_KINDS,
    KIND_COLUMNS,
    LINE_COLUMNS,
    NO_LINES,
    LineTable,
    kind_rows,
    line_details,
    load_lines,
)
from ui.issues.dismiss_dialog import DismissDialog
from ui.list_views.asked_rows import AskedRows, Found
from ui.list_views.computed_rows import passing_rows
from ui.list_views.view_bar import QuickFilter, ViewBar
from ui.shell.page import AppContext, Page
from ui.shell.tasks import Work
from ui.widgets.file_choice import open_file_name, save_file_name
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import RowTable
from ui.widgets.two_sides import two_sides

_FILE_FILTER = "名单 (*.xlsx *.xls *.et *.csv);;所有文件 (*)"
_FIRST_HINT = "还没有比对过名单。按 Ctrl+O 选择民政、残联、医保等部门发来的名单；名单只拿来比，不会当作名册写进来。"
_EMPTY_HINT = "没有符合条件的差异。"
_NONE_FITS = "没有符合条件的差异：{}。\n按 Ctrl+Shift+F 清除筛选，看全部。"
_REASON_HINTS: dict[Decision, str] = {
    "report": "写明报给了谁、要改什么。名单上改好以后，下一份名单比对时它自己会消失。",
    "verified": "写明怎样核实的。以后的名单上还是这样，就不再列出来；变了会重新列出来。",
}


class ComparisonPage(Page):
    """Kinds of lists on the left, who differs on the right. `open(path=…)` compares a file."""

    TITLE: ClassVar[str] = "数据比对"
    ICON: ClassVar[str] = "comparison"
    ORDER: ClassVar[int] = 62
    GROUP: ClassVar[str] = "数据"
    SHORTCUT: ClassVar[str] = "Shift+F7"
    CHAPTER: ClassVar[str] = "20-数据比对"
    IS_RELEASED: ClassVar[bool] = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._shown = NO_LINES
        self._wanted_kind = ""  # by a view that was opened before the kinds were read
        self.compare_dialog: CompareDialog | None = None
        self.acceptance_dialog: AcceptanceDialog | None = None
        self.filter_bar = LineFilter()
        self.kinds, self.table = RowTable("comparisonKinds", "各种名单"), PagedTable("comparisonLines", "比对差异")
        self.kinds.set_columns(KIND_COLUMNS)
        self.kinds.setMinimumWidth(300)
        quick = QuickFilter(self._quick_state, self._restore_quick)
        self.view_bar = ViewBar(context, difference_list(), quick, self.table, LINE_COLUMNS)
        self.view_bar.follow_head()
        self.view_bar.changed.connect(self._filter)
        self._asked_rows = AskedRows(context, self.view_bar, LINE_COLUMNS, self._show_found)
        self.details = [QLabel() for _ in range(3)]
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self.filter_bar.changed.connect(self._filter)
        self.filter_bar.search.lead_to(self.table, by_enter=True)
        self.kinds.current_row_changed.connect(lambda _: self._filter())
        self.kinds.row_activated.connect(lambda _: self.table.setFocus())
        self.table.current_row_changed.connect(self._show_details)
        self.table.row_activated.connect(self._open_household)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._update_actions())
        self._actions = self._make_actions()
        self._build_layout()
        self._update_actions()

    def _make_actions(self) -> list[QAction]:
        self.add_page_action("find", "查找", "Ctrl+F", self.filter_bar.focus_search, "search")
        self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self._clear)
        self.view_bar.add_actions_to(self)
        return [
            self.add_page_action("choose", "选择名单…", "Ctrl+O", self._choose_file, "open"),
            self.add_page_action("accept", "按名单修改工作簿…", "Ctrl+U", self._preview_acceptance, "edit"),
            self._decision_action("report", "Ctrl+B", "exchange"),
            self._decision_action("verified", "Ctrl+K", "settled"),
            self.add_page_action("reopen", "撤销处理", "Ctrl+R", self._reopen, "undo"),
            self.add_page_action("print", "打印核实表", "Ctrl+P", self._print, "print"),
            self.add_page_action("ledger", "打印所见", "Ctrl+T", self._print_ledger, "print"),
            self.add_page_action("export", "导出", "Ctrl+E", self._choose_export_path, "export"),
        ]

    def _decision_action(self, decision: Decision, shortcut: str, icon: str) -> QAction:
        label = f"{decision_label(decision)}…"
        return self.add_page_action(decision, label, shortcut, partial(self._decide, decision), icon)

    def _build_layout(self) -> None:
        right = QWidget()
        right_layout = QVBoxLayout(right)
        right_layout.setContentsMargins(0, 0, 0, 0)
        right_layout.addWidget(self.table, 1)
        for label in self.details:
            label.setWordWrap(True)
            right_layout.addWidget(label)
        self.details[1].setProperty("quiet", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self.filter_bar)
        layout.addWidget(self.view_bar)
        layout.addWidget(two_sides(self.kinds, right, (350, 830), self), 1)
        layout.addWidget(self.count)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, view: str = "", **params: Any) -> None:
        """`view`: a saved one; `path`: a list to be compared."""
        if view:
            self.view_bar.open_view(view)
        self._load()
        self.table.setFocus()
        path = params.get("path")
        if isinstance(path, Path):
            self.compare(path)

    def refresh(self, changes: WorkbookChanges) -> None:
        self._load()

    def _load(self) -> None:
        self.context.tasks.read(partial(load_lines, self.context.workbook), self._show)

    def _show(self, shown: LineTable) -> None:
        self._shown = shown
        self.view_bar.use(shown.source)
        self._wanted_kind = self._wanted_kind or self.kinds.current_id()
        self.kinds.blockSignals(True)
        self.kinds.set_rows(kind_rows(shown))
        self._choose_kind()
        self.kinds.blockSignals(False)
        self._filter()

    def _choose_kind(self) -> None:
        """The kind that is wanted, once there are kinds; all of them where it is not among them."""
        if self.kinds.visible_ids():
            wanted, self._wanted_kind = self._wanted_kind, ""
            if not self.kinds.set_current_id(wanted):
                self.kinds.set_current_id(ALL_KINDS)

    def _quick_state(self) -> dict[str, str]:
        kind = self.kinds.current_id()
        return {**self.filter_bar.quick_state(), "kind": "" if kind == ALL_KINDS else kind}

    def _restore_quick(self, state: Mapping[str, str]) -> None:
        self._wanted_kind = state.get("kind", "") or ALL_KINDS
        self._choose_kind()
        self.filter_bar.restore(state)

    def _clear(self) -> None:
        self.filter_bar.clear()
        self.view_bar.clear()

    def _filter(self) -> None:
        """What passes the kind, the line above the list and the view, in its order."""
        self._asked_rows.ask(self._shown, self.view_bar.shown, lambda read, view: passing_rows(read, view.quick))

    def _show_found(self, found: Found) -> None:
        ids, listed = found
        lines, conditions = self._shown.lines, self.view_bar.describe()
        empty = _NONE_FITS.format(conditions) if conditions else _EMPTY_HINT
        self.table.placeholder = empty if self._shown.kinds else _FIRST_HINT
        self.table.look_up(listed.ids, listed.rows, listed.headings)
        waiting = sum(not line.is_decided for line in lines.values())
        self.count.setText(f"列出 {len(ids)} 条，共 {len(lines)} 条差异，其中待处理 {waiting} 条")
        self._show_details(self.table.current_id())
        self._update_actions()

    def _print_ledger(self) -> None:
        self.context.open("printing", paper=VIEW_LEDGER, view=self.view_bar.for_printing())

    def _show_details(self, id: str) -> None:
        line = self._shown.lines.get(id)
        texts = line_details(line) if line is not None else ("", "", "")
        for label, text in zip(self.details, texts, strict=True):
            label.setText(text)
            label.setVisible(bool(text))

    def _selected(self) -> list[StoredLine]:
        return [self._shown.lines[id] for id in self.table.selected_ids() if id in self._shown.lines]

    def _update_actions(self) -> None:
        lines = self._selected()
        enabled = {
            "accept": any(not line.is_decided for line in lines),
            "report": any(not line.is_decided for line in lines),
            "verified": any(not line.is_decided for line in lines),
            "reopen": any(line.decision for line in lines),
            "print": bool(self._shown.kinds),
            "export": bool(self.table.visible_ids()),
        }
        for action in self._actions:
            action.setEnabled(enabled.get(action.objectName(), True))

    def _choose_file(self) -> None:
        path = open_file_name(self, "选择名单", "", _FILE_FILTER)
        if path:
            self.compare(Path(path))

    def compare(self, path: Path) -> None:
        """Show what comparing a file gives; it is kept only when the officer says so."""
        self.compare_dialog = CompareDialog(self.context, path, self)
        self.compare_dialog.open()

    def _preview_acceptance(self) -> None:
        ids = [line.id for line in self._selected() if not line.is_decided]
        if ids:
            self.context.read(self._show_acceptance, preview_acceptance, ids)

    def _show_acceptance(self, acceptance: Acceptance) -> None:
        self.acceptance_dialog = AcceptanceDialog(acceptance, self)
        self.acceptance_dialog.accepted.connect(partial(self._accept, acceptance))
        self.acceptance_dialog.open()

    def _accept(self, acceptance: Acceptance) -> None:
        self.context.tasks.start(
            accept(self.context.workbook, acceptance),
            lambda count: self.context.status_bar.saved(f"已按名单改 {count} 人"),
            title="按名单修改工作簿",
        )

    def _decide(self, decision: Decision) -> None:
        """One line, or several that are chosen, for one reason."""
        lines = [line for line in self._selected() if not line.is_decided]
        if not lines:
            return
        more = f"\n等 {len(lines)} 人" if len(lines) > 1 else ""
        households = {line.household_id: f"{line.about}户" for line in lines if line.household_id}
        title = decision_label(decision)
        dialog = DismissDialog(f"{line_details(lines[0])[0]}{more}", households, self, title, _REASON_HINTS[decision])
        if dialog.exec():
            work = partial(decide, self.context.workbook, [line.id for line in lines], decision, dialog.reason)
            self._write(work, f"{title} {len(lines)} 条")

    def _reopen(self) -> None:
        ids = [line.id for line in self._selected() if line.decision]
        self._write(partial(reopen, self.context.workbook, ids), f"撤销处理 {len(ids)} 条")

    def _write(self, work: Work, message: str) -> None:
        self.context.write(work, message=message)

    def _open_household(self, id: str) -> None:
        line = self._shown.lines[id]
        if not line.household_id:
            self.context.status_bar.info("名单上的这个人不在本工作簿。")
            return
        order = self._household_order(self.table.visible_ids())
        first = line.changes[0] if line.changes else None
        at = (first.table, first.record_id, first.column) if first is not None else ("member", line.member_id, "name")
        self.context.open("household", household=line.household_id, order=order, at=at)

    def _household_order(self, ids: Sequence[str]) -> tuple[str, ...]:
        households = (self._shown.lines[id].household_id for id in ids)
        return tuple(dict.fromkeys(id for id in households if id))

    def _print(self) -> None:
        """The check sheet of the kind that is chosen, of the first where none is."""
        kind = self.kinds.current_id()
        self.context.open("printing", paper="comparison_check", record="" if kind == ALL_KINDS else kind)

    def _choose_export_path(self) -> None:
        name = save_file_name(self, "导出比对差异", "比对差异.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write what is shown as an Excel list."""
        from app.sheets.comparison_export import write_lines

        lines = [self._shown.lines[id] for id in self.table.visible_ids()]
        self.context.tasks.start(
            write_lines(self.context.workbook, lines, path),
            lambda count: self.context.status_bar.written(f"已导出 {count} 条到“{path.name}”。", path),
            title="导出比对差异",
        )
