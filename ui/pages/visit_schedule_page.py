"""走访安排: a month's visits: the calendar, what each helper did, who is due, what was planned; and the plan made."""

from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from app.visits.month import VisitMonth, visit_month
from app.visits.planning import PlanProposal, month_days, propose_plan, write_plan
from app.workbook.workbook import WorkbookChanges
from ui.list_views.shown_list_export import ShownListExport
from ui.shell.page import AppContext, Page
from ui.visits.month_calendar import MonthCalendar
from ui.visits.month_rows import HELPER_COLUMNS, LIST_COLUMNS, due_row, helper_row, month_rows
from ui.widgets.filter_line import FilterLine
from ui.widgets.question import ask
from ui.widgets.row_table import RowTable

_TABLES = ("visit", "visit_participant", "visit_plan", "visit_policy", "household", "member", "helper", "assignment")
_DUE, _PLANNED, _MADE = "due", "visit_plan", "visit"
_LISTS = (("应走访的户", _DUE), ("本月计划", _PLANNED), ("本月走访", _MADE))
_EMPTY = {
    _DUE: "到本月底没有应走访的户。",
    _PLANNED: "本月还没有计划。按 Ctrl+M 按走访周期排计划，或在“走访计划”台账里逐条登记。",
    _MADE: "本月还没有走访记录。按 Ctrl+N 记走访。",
}
_NONE_FITS = "没有符合条件的：{}。\n按 Ctrl+Shift+F 清除筛选，看全部。"
_NAMES_SHOWN = 5  # of households that nobody helps


class VisitSchedulePage(Page):
    """Left the days and the helpers, right the households in walking order."""

    TITLE: ClassVar[str] = "走访安排"
    ICON: ClassVar[str] = "visit"
    ORDER: ClassVar[int] = 299
    GROUP: ClassVar[str] = "帮扶"
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+G, 1, 9"
    CHAPTER: ClassVar[str] = "23-走访和照片"
    IS_RELEASED: ClassVar[bool] = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._month = f"{date.today():%Y-%m}"
        self._found: VisitMonth | None = None
        self.title = QLabel()
        self.title.setObjectName("month_title")
        self.title.setProperty("heading", True)
        self.calendar = MonthCalendar()
        self.calendar.day_chosen.connect(self._choose_day)
        self.helpers = RowTable("visit_helpers", "联系人本月走访")
        self.helpers.set_columns(HELPER_COLUMNS)
        self.helpers.placeholder = "还没有帮扶联系人。请先在“帮扶联系人”页登记。"
        self.helpers.row_activated.connect(self._choose_helper)
        choices = {"shown": ("列出", _LISTS), "helper": ("联系人", [("全部联系人", "")])}
        self.filter_line = FilterLine("户主、村民组或情况（Ctrl+F）", choices)
        self.table = RowTable("visit_month", "走访安排")
        self.table.set_columns(LIST_COLUMNS)
        self.filter_line.changed.connect(self._show_list)
        self.filter_line.search_submitted.connect(self.table.setFocus)
        self.table.row_activated.connect(self._open_row)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self._actions = self._make_actions()
        self._build_layout()

    def _make_actions(self) -> list[QAction]:
        self.add_page_action("find", "查找", "Ctrl+F", self.filter_line.focus_search, "search")
        self.add_page_action("clear", "清除筛选", "Ctrl+Shift+F", self._clear)
        self.add_page_action("plans", "走访计划台账", "Ctrl+Shift+J", lambda: self.context.open("visit_plan"))
        return [
            self.add_page_action("previous_month", "上个月", "Ctrl+PgUp", partial(self._turn, -1), "previous"),
            self.add_page_action("next_month", "下个月", "Ctrl+PgDown", partial(self._turn, 1), "next"),
            self.add_page_action("new", "记走访", "Ctrl+N", self._start_visit, "add"),
            self.add_page_action("plan", "排计划…", "Ctrl+M", self._ask_plan, "edit"),
            self.add_page_action("print", "打印计划表", "Ctrl+P", self._print_plan, "print"),
            ShownListExport(self, self.table, self.TITLE).add_action(),
            self.add_page_action("statistics", "走访统计表", "Ctrl+T", self._print_statistics, "print"),
        ]

    def _build_layout(self) -> None:
        left = QWidget()
        left_layout = QVBoxLayout(left)
        left_layout.setContentsMargins(0, 0, 8, 0)
        for widget in (self.title, self.calendar):
            left_layout.addWidget(widget)
        left_layout.addWidget(self.helpers, 1)
        right = QWidget()
        right_layout = QVBoxLayout(right)
        right_layout.setContentsMargins(8, 0, 0, 0)
        right_layout.addWidget(self.filter_line)
        right_layout.addWidget(self.table, 1)
        right_layout.addWidget(self.count)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([540, 620])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(splitter)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, month: str = "", **params: Any) -> None:
        """`month`: YYYY-MM, this month if ""."""
        self._month = month or self._month
        self._load()
        self.table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches(*_TABLES):
            self._load()

    def _turn(self, months: int) -> None:
        year, month = divmod(int(self._month[:4]) * 12 + int(self._month[5:]) - 1 + months, 12)
        self._month = f"{year}-{month + 1:02}"
        self._load()

    def _load(self) -> None:
        self.context.read(self._show, visit_month, self._month)

    def _show(self, found: VisitMonth) -> None:
        if found.month != self._month:
            return
        self._found = found
        first = month_days(found.month)[0]
        self.title.setText(f"{first.year} 年 {first.month} 月")
        self.calendar.show_month(found)
        self.helpers.set_rows([helper_row(one) for one in found.helpers])
        box, chosen = self.filter_line.boxes["helper"], self.filter_line.value("helper")
        box.blockSignals(True)
        box.clear()
        box.addItem("全部联系人", "")
        for one in found.helpers:
            box.addItem(one.name, one.helper_id)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)
        self._show_list()

    def _choose_helper(self, helper_id: str) -> None:
        self.filter_line.choose(helper=helper_id)

    def _choose_day(self, day: date | None) -> None:
        if self._found is not None:
            self.calendar.show_month(self._found)
            if day is not None and self.filter_line.value("shown") == _DUE:
                made, _ = self._found.on_day(day)
                self.filter_line.choose(shown=_MADE if made else _PLANNED)
            self._show_list()

    def _show_list(self) -> None:
        if self._found is None:
            return
        shown, helper, today = self.filter_line.value("shown"), self.filter_line.value("helper"), date.today()
        if shown == _DUE:
            due = [one for one in self._found.due if not helper or helper in one.helpers]
            rows = [due_row(one, today) for one in due]
        else:
            lines = [line for line in self._found.lines if line.table == shown]
            chosen = [line for line in lines if not helper or helper in line.helpers]
            rows = month_rows(chosen, self.calendar.chosen, today)
        self.table.set_rows(rows)
        self.table.set_filter(lambda row: self.filter_line.has_words(" ".join(map(str, row.cells.values())).casefold()))
        day = self.calendar.chosen
        of_day = f"{day.month} 月 {day.day} 日" if day is not None and shown != _DUE else ""
        words, who = self.filter_line.search.text().strip(), self.filter_line.boxes["helper"].currentText()
        conditions = "，".join(one for one in (of_day, f"查找“{words}”" if words else "", who if helper else "") if one)
        self.table.placeholder = _NONE_FITS.format(conditions) if conditions else _EMPTY[shown]
        number = f"共 {len(self.table.visible_ids())} {'户' if shown == _DUE else '户次'}"
        self.count.setText("　".join(one for one in (of_day, number) if one))

    def _clear(self) -> None:
        """All helpers, all days, no words; the list stays which it is."""
        self.calendar.chosen = None
        self.filter_line.restore({"shown": self.filter_line.value("shown")})
        if self._found is not None:
            self.calendar.show_month(self._found)
            self._show_list()

    def _open_row(self, row_id: str) -> None:
        table, _, record_id = row_id.partition(":")
        if table == "household":
            self.context.open("household", household=record_id)
        else:
            self.context.open(table, record=record_id)

    def _start_visit(self) -> None:
        """A new visit of the household in the current row."""
        household_id = self._household_of(self.table.current_id())
        self.context.open("visit", start={"household_id": household_id} if household_id else None)

    def _household_of(self, row_id: str) -> str:
        table, _, record_id = row_id.partition(":")
        if table == "household" or self._found is None:
            return record_id
        return next((line.household_id for line in self._found.lines if line.record_id == record_id), "")

    def _ask_plan(self) -> None:
        self.context.read(self._show_proposal, propose_plan, self._month)

    def _show_proposal(self, proposal: PlanProposal) -> None:
        alone = "、".join(proposal.without_helper[:_NAMES_SHOWN])
        more = f"等 {len(proposal.without_helper)} 户" if len(proposal.without_helper) > _NAMES_SHOWN else ""
        left_out = f"没有联系人、排不进去的：{alone}{more}。" if alone else ""
        if not proposal.visits:
            self.context.status_bar.info(f"到本月底应走访的户都已排进计划。{left_out}")
            return
        helpers = len({one.helper_id for one in proposal.visits})
        message = (
            f"{self.title.text()}应走访而没有计划的有 {len(proposal.visits)} 户，由 {helpers} 位联系人去。排进计划吗？"
        )
        write = partial(self._write_plan, proposal)
        ask(self, "ask_plan", "排走访计划", message, left_out, choices=(("排进计划", write),))

    def _write_plan(self, proposal: PlanProposal) -> None:
        work = partial(write_plan, self.context.workbook, proposal.visits)
        self.filter_line.choose(shown=_PLANNED)
        self.context.write(work, message=f"已排计划 {len(proposal.visits)} 户次")

    def _print_plan(self) -> None:
        """Of the month that is shown; the print page offers the whole year."""
        first = month_days(self._month)[0]
        self.context.open("printing", paper="visit_plan_ledger", year=first.year, month_of_year=first.month)

    def _print_statistics(self) -> None:
        """Of the year of the month that is shown."""
        self.context.open("printing", paper="visit_statistics", year=month_days(self._month)[0].year)
