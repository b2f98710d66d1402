"""走访安排: a month's visits: the calendar, what each helper did, who is due, what was planned; and the plan made."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from app.viewed_lists.visit_source import DUE, LIST_NAMES, MADE, PLANNED, ScheduledVisit, visit_list
from app.visits.planning import PlanProposal, month_days, propose_plan, write_plan
from app.workbook.workbook import WorkbookChanges
from ui.list_views.month_page import MonthPage
from ui.list_views.viewed_page import none_fits
from ui.shell.page import AppContext
from ui.visits.month_rows import HELPER_COLUMNS, LIST_COLUMNS, ScheduleTable, helper_row, load_schedule, visit_mark
from ui.widgets.question import ask
from ui.widgets.row_table import RowTable

_TABLES = ("visit", "visit_participant", "visit_plan", "visit_policy", "household", "member", "helper", "assignment")
_ALL_HELPERS = ("全部联系人", "")
_EMPTY = {
    DUE: "到本月底没有应走访的户。",
    PLANNED: "本月还没有计划。按 Ctrl+M 按走访周期排计划，或在“走访计划”台账里逐条登记。",
    MADE: "本月还没有走访记录。按 Ctrl+N 记走访。",
}
_NAMES_SHOWN = 5  # of households that nobody helps


class VisitSchedulePage(MonthPage):
    """Left the days and the helpers, right the households in walking order."""

    TITLE: ClassVar[str] = "走访安排"
    ICON: ClassVar[str] = "visit"
    ORDER: ClassVar[int] = 299
    GROUP: ClassVar[str] = "帮扶"
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+G, 1, 9"
    CHAPTER: ClassVar[str] = "23-走访和照片"
    CALENDAR: ClassVar[tuple[str, str]] = ("visit_calendar", "走访日历")

    def __init__(self, context: AppContext) -> None:
        lists = [(name, key) for key, name in LIST_NAMES.items()]
        choices = {"shown": ("列出", lists), "helper": ("联系人", [_ALL_HELPERS])}
        super().__init__(context, "户主、村民组或情况（Ctrl+F）", choices, visit_list(), LIST_COLUMNS)
        self._found: ScheduleTable | None = None
        self.helpers = RowTable("visit_helpers", "联系人本月走访")
        self.helpers.set_columns(HELPER_COLUMNS)
        self.helpers.placeholder = "还没有帮扶联系人。请先在“帮扶联系人”页登记。"
        self.helpers.row_activated.connect(self._choose_helper)
        self._make_actions()
        self.add_list_actions()
        self.place((544, 616), below=self.helpers)

    def _make_actions(self) -> None:
        self.add_page_action("plans", "走访计划台账", "Ctrl+Shift+J", lambda: self.context.open("visit_plan"))
        self._page_actions = [
            *self.turning_actions(),
            self.add_page_action("new", "记走访", "Ctrl+N", self._start_visit, "add"),
            self.add_page_action("plan", "排计划…", "Ctrl+M", self._ask_plan, "edit"),
            self.add_page_action("print", "打印计划表", "Ctrl+P", self._print_plan, "print"),
            self.add_page_action("statistics", "走访统计表", "Ctrl+Shift+T", self._print_statistics, "print"),
            self.shown_export.add_action(),
        ]

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches(*_TABLES):
            super().refresh(changes)

    def read_work(self) -> Callable[[], ScheduleTable]:
        return partial(load_schedule, self.context.workbook, self.month)

    def show_turned(self) -> None:
        self.read_again()

    def show_list(self, found: Any) -> None:
        self._found = found
        self.name_month()
        self._show_days()
        self.helpers.set_rows([helper_row(one) for one in found.month.helpers])
        self.filter_line.offer("helper", [_ALL_HELPERS, *((one.name, one.helper_id) for one in found.month.helpers)])
        super().show_list(found)

    def _show_days(self) -> None:
        if self._found is not None:
            month = self._found.month
            self.calendar.show_month(month.month, partial(visit_mark, month))

    def tell_shown(self, keys: Sequence[str]) -> None:
        shown, day = self.filter_line.value("shown"), self.calendar.chosen
        of_day = f"{day.month} 月 {day.day} 日" if day is not None and shown != DUE else ""
        conditions = "，".join(one for one in (of_day, *self._conditions()) if one)
        self.table.placeholder = none_fits(conditions) if conditions else _EMPTY[shown]
        number = f"共 {len(keys)} {'户' if shown == DUE else '户次'}"
        self.count.setText("　".join(one for one in (of_day, number) if one))

    def _conditions(self) -> tuple[str, ...]:
        """What is set above the list, without which of the lists it is."""
        words, helper = self.filter_line.search.text().strip(), self.filter_line.boxes["helper"]
        chosen = helper.currentText() if helper.currentData() else ""
        return f"查找“{words}”" if words else "", chosen, self.view_bar.describe()

    def _choose_helper(self, helper_id: str) -> None:
        self.filter_line.choose(helper=helper_id)

    def choose_day(self, day: date | None) -> None:
        if self._found is not None:
            self._show_days()
            if day is not None and self.filter_line.value("shown") == DUE:
                made, _ = self._found.month.on_day(day)
                self.filter_line.choose(shown=MADE if made else PLANNED)
            self.filter_rows()

    def clear_filter(self) -> None:
        """All helpers, all days, no words; the list stays which it is."""
        self.calendar.chosen = None
        self.filter_line.restore({"shown": self.filter_line.value("shown")})
        self.view_bar.clear()
        if self._found is not None:
            self._show_days()
            self.filter_rows()

    def _line(self, row_id: str) -> ScheduledVisit | None:
        return self._found.lines.get(row_id) if self._found is not None else None

    def open_row(self, row_id: str) -> None:
        if line := self._line(row_id):
            params = {"household": line.record_id} if line.list == DUE else {"record": line.record_id}
            self.context.open(line.table, **params)

    def _start_visit(self) -> None:
        """A new visit of the household in the current row; without one it is asked for."""
        line = self._line(self.table.current_id())
        if line and line.household_id:
            self.context.open("visit", start={"household_id": line.household_id})
        else:
            self.context.open("visit", ask_new=True)

    def _ask_plan(self) -> None:
        self.context.read(self._show_proposal, propose_plan, self.month)

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
        self.filter_line.choose(shown=PLANNED)
        self.context.write(work, message=f"已排计划 {len(proposal.visits)} 户次")

    def _print_plan(self) -> None:
        """Of the month that is shown; the print page offers the whole year."""
        first = month_days(self.month)[0]
        self.context.open("printing", paper="visit_plan_ledger", year=first.year, month_of_year=first.month)

    def _print_statistics(self) -> None:
        """Of the year of the month that is shown."""
        self.context.open("printing", paper="visit_statistics", year=month_days(self.month)[0].year)
