"""报告对比: a frozen report beside another one and beside today; each figure opens the records that it counted."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout

from app.figures.comparison import FigureComparison, ReportComparison, compare_report
from app.figures.frozen_report import earlier_reports, rows_behind
from app.figures.report_source import (
    OTHER,
    REPORT,
    figure_cells,
    kept_report,
    newest_report,
    report_figure_list,
    report_source,
)
from app.list_views.definition import ListView, chosen_rows
from app.registers.engine.topic import Topic
from app.workbook.workbook import WorkbookChanges
from ui.list_views.shown_list_export import ShownListExport
from ui.list_views.viewed_tab import ListedRows, ViewedTab
from ui.registers.proposal_writer import open_line
from ui.shell.page import AppContext, Page
from ui.shell.palette_sources import LIST_PAGES
from ui.widgets.row_table import Column, Row

_WIDTHS = {
    "section": 9, "label": 16, "unit": 5, "value": 12, "other": 12, "change": 11, "now": 12, "drift": 11, "told": 0,
}  # fmt: skip
_CHANGES = ("change", "drift")  # with their sign
_NO_OTHER = "不对比"
_PAPER = "period_report_paper"


class ReportComparisonPage(Page):
    """Enter opens the records that a figure counted on the day, Ctrl+Shift+Enter those that it counts now; of a figure
    that lacks a line of the county, the page to enter it."""

    TITLE: ClassVar[str] = "报告对比"
    CHAPTER: ClassVar[str] = "19-统计和图表"
    ICON: ClassVar[str] = "register"
    TOPIC: ClassVar[Topic | None] = Topic.REPORTS
    IN_NAVIGATION: ClassVar[bool] = False
    PARENT: ClassVar[str] = "period_report"
    IS_RELEASED: ClassVar[bool] = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._report = ""
        self.comparison: ReportComparison | None = None
        self.title_label = QLabel()
        self.title_label.setProperty("heading", True)
        self.told_label = QLabel()
        self.told_label.setObjectName("told")
        self.told_label.setProperty("quiet", True)
        self.other_box = QComboBox()
        self.other_box.setObjectName("other_report")
        self.other_box.setAccessibleName("和哪一份报告对比")
        self.other_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.other_box.activated.connect(lambda _: self._load())
        nothing = "请从“调度报告”里选一份统计过的报告。"
        self.listed = ViewedTab(context, report_figure_list(), "report_figures", self.TITLE, _columns(), nothing)
        self.view_bar, self.table = self.listed.view_bar, self.listed.table
        self.table.row_activated.connect(lambda name: self._open_records(name, now=False))
        self._actions = [
            self.add_page_action(
                "then", "看统计时的记录", "Ctrl+Return", lambda: self._open_records(self.table.current_id())
            ),
            self.add_page_action(
                "now",
                "看现在的记录",
                "Ctrl+Shift+Return",
                lambda: self._open_records(self.table.current_id(), now=True),
                "next",
            ),
            self.add_page_action("print", "打印这份报告", "Ctrl+P", self._print, "print"),
            ShownListExport(self, self.table, self.TITLE).add_action(),
            self.add_page_action("ledger", "打印所见", "Ctrl+T", self._print_ledger, "print"),
        ]
        self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self.view_bar.clear)
        self.view_bar.add_actions_to(self)
        header = QHBoxLayout()
        header.addWidget(self.title_label)
        header.addWidget(QLabel("对比："))
        header.addWidget(self.other_box)
        header.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addLayout(header)
        layout.addWidget(self.listed, 1)
        layout.addWidget(self.told_label)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, report: str = "", view: str = "", **params: Any) -> None:
        """`report`: id of the report that is to be compared, the newest where none was before; the one before it of its
        kind is put beside it. `view`: a saved one."""
        if view:
            self.view_bar.open_view(view)
        if report:
            self._compare(report)
        elif not self._report:
            self.context.read(self._compare, newest_report)
        self.table.setFocus()

    def _compare(self, report: str) -> None:
        kept = self.other_box.currentData() if report == self._report else None
        self._report = report
        if report:
            self.context.read(partial(self._show_others, report, kept), earlier_reports, report)
        else:
            self._show_nothing()

    def refresh(self, changes: WorkbookChanges) -> None:
        """Today's figures; a report that is there no longer makes room for the newest."""
        if self._report:
            self.context.read(partial(self._follow, self._report), kept_report, self._report)

    def _follow(self, asked: str, kept: str) -> None:
        if asked == self._report:
            self._compare(kept)

    def _show_others(self, report: str, kept: str | None, others: list[tuple[str, str]]) -> None:
        """`kept`: the one that was beside it, chosen again where it is still there."""
        if report != self._report:
            return
        self.other_box.clear()
        for report_id, title in others:
            self.other_box.addItem(title, report_id)
        self.other_box.addItem(_NO_OTHER, "")
        self.other_box.setCurrentIndex(max(0, self.other_box.findData(kept)))
        self._load()

    def _load(self) -> None:
        self.context.read(self._show, compare_report, self._report, self.other_box.currentData() or "")

    def _show_nothing(self) -> None:
        """No report has been frozen, or none is there any more."""
        self.comparison = None
        self.other_box.clear()
        self.title_label.clear()
        self.told_label.clear()
        self.listed.show_list(ListedRows({}, report_figure_list()))

    def _show(self, found: ReportComparison) -> None:
        if found.report_id != self._report:
            return
        self.comparison = found
        self.title_label.setText(f"{found.title}（{found.frozen_on.isoformat()} 统计）")
        drifted = f"{found.drifted} 项与统计时不一致，报告不改动" if found.drifted else "与统计时一致"
        self.told_label.setText(f"共 {len(found.figures)} 项；按今天（{date.today().isoformat()}）的数据，{drifted}。")
        rows = {one.frozen.name: _row(one) for one in found.figures}
        self.listed.show_list(ListedRows(rows, report_source(found)))

    def _open_records(self, name: str, *, now: bool = False) -> None:
        one = (
            next((one for one in self.comparison.figures if one.frozen.name == name), None) if self.comparison else None
        )
        if one is None:
            return
        ids = one.now.ids if now and one.now else one.frozen.ids
        if not ids and one.now is not None and one.now.line_year:
            open_line(self, one.now.line_year)
            return
        if not ids:
            self.context.status_bar.info(f"“{one.frozen.label}”没有对应的记录。")
            return
        self.context.read(self._open_list, rows_behind, one.frozen.table, ids)

    def _open_list(self, found: tuple[str, list[str]]) -> None:
        key, ids = found
        self.context.open(LIST_PAGES.get(key, key), shown=ListView(where=chosen_rows(ids)))

    def _print(self) -> None:
        self.context.open("printing", paper=_PAPER, record=self._report)

    def _print_ledger(self) -> None:
        """What is seen of the comparison on paper, as it is seen."""
        self.listed.print_ledger(**{REPORT: self._report, OTHER: self.other_box.currentData() or ""})


def _columns() -> list[Column]:
    source = report_figure_list()
    shown = source.shown_fields(source.columns)
    return [Column(one.key, one.label, "right" if one.is_number else "left", width=_WIDTHS[one.key]) for one in shown]


def _row(one: FigureComparison) -> Row:
    """A figure with what changed since, marked where today gives something else."""
    cells = {name: _text(name, value) for name, value in figure_cells(one).items()}
    return Row(one.frozen.name, cells, "warn" if one.has_drifted else "")


def _text(name: str, value: object) -> str:
    if not isinstance(value, Decimal):
        return str(value or "")
    if name in _CHANGES:
        return f"{value.normalize():+,f}" if value else "0"
    return f"{value.normalize():,f}"
