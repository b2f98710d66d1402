"""工作日历: what waits for somebody, on the days when it is due: tasks, promises, problems, monitoring, meetings."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from app.rectifications.open_work import OpenWork
from app.registers.engine.topic import Topic
from app.viewed_lists.work_source import OF_MONTH, SHOWN_NAMES, work_list
from ui.list_views.month_page import MonthPage
from ui.list_views.viewed_page import none_fits
from ui.registers.work_rows import WORK_COLUMNS, WorkTable, load_work
from ui.shell.page import AppContext

_ALL_LISTS, _EVERYBODY = ("全部来源", ""), ("全部责任人", "")
_TASKS = "work_task"
_CALENDAR_WIDTH = 280  # pixels: seven days with a number of things under each
_ELSEWHERE = "\n按 Ctrl+PgUp、Ctrl+PgDown 换月；选“已超期”或“全部办理中”，不论哪天到期都列出来。"


class WorkCalendarPage(MonthPage):
    """Left the days of a month, right what is due in it, or on the day that was chosen. Enter opens it."""

    TITLE: ClassVar[str] = "工作日历"
    ICON: ClassVar[str] = "calendar"
    ORDER: ClassVar[int] = 314
    TOPIC: ClassVar[Topic | None] = Topic.WORK
    SHORTCUT: ClassVar[str] = "Ctrl+Shift+G, 0, 2"
    CHAPTER: ClassVar[str] = "15-村务工作"
    CALENDAR: ClassVar[tuple[str, str]] = ("work_calendar", "工作日历")

    def __init__(self, context: AppContext) -> None:
        shown = [(name, key) for key, name in SHOWN_NAMES.items()]
        choices = {
            "shown": ("列出", shown), "list": ("来自", [_ALL_LISTS]), "person": ("谁办", [_EVERYBODY]),
        }  # fmt: skip
        super().__init__(context, "事项、涉及户或责任人（Ctrl+F）", choices, work_list(), WORK_COLUMNS)
        self._found: WorkTable | None = None
        self.calendar.setMinimumWidth(_CALENDAR_WIDTH)
        self._page_actions = [
            *self.turning_actions(),
            self.add_page_action("this_month", "回到本月", "Alt+Home", self._show_this_month),
            self.add_page_action("new", "新建任务", "Ctrl+N", self._start_task, "add"),
            self.shown_export.add_action(),
        ]
        self.add_page_action("to_calendar", "到日历", "Ctrl+Shift+J", self.calendar.setFocus)
        self.add_list_actions()
        self.place((340, 820))

    def read_work(self) -> Callable[[], WorkTable]:
        return partial(load_work, self.context.workbook)

    def _show_this_month(self) -> None:
        self.show_month(f"{date.today():%Y-%m}")

    def show_turned(self) -> None:
        self._show_days()
        self.filter_rows()

    def show_list(self, found: Any) -> None:
        self._found = found
        self._show_days()
        self.filter_line.offer("list", [_ALL_LISTS, *((one, one) for one in found.lists)])
        mine = self.context.workbook.operator
        names = sorted(found.people, key=lambda name: name != mine)
        people = [(f"本人：{name}" if name == mine else name, name) for name in names]
        self.filter_line.offer("person", [_EVERYBODY, *people])
        super().show_list(found)

    def _show_days(self) -> None:
        self.name_month()
        if self._found is not None:
            self.calendar.show_month(self.month, self._found.mark)

    def tell_shown(self, keys: Sequence[str]) -> None:
        conditions = self._conditions()
        if conditions or self.calendar.chosen is not None:
            self.table.placeholder = none_fits("，".join((self._time(), *conditions)))
        else:
            shown = self.filter_line.value("shown")
            nothing = f"{self.title.text()}没有到期的事。" if shown == OF_MONTH else f"没有{SHOWN_NAMES[shown]}的事。"
            self.table.placeholder = f"{nothing}{_ELSEWHERE}"
        self.count.setText(f"{self._time()}　{self._numbers(keys)}　（全部办理中：{self._numbers(self._items)}）")

    def _numbers(self, keys: Collection[str]) -> str:
        late = sum(self._items[key].overdue for key in keys)
        return f"共 {len(keys)} 件" + (f"，已超期 {late} 件" if late else "")

    @property
    def _items(self) -> Mapping[str, OpenWork]:
        return self._found.items if self._found is not None else {}

    def _time(self) -> str:
        """Which days, or which of the choices about days."""
        day, shown = self.calendar.chosen, self.filter_line.value("shown")
        if day is not None:
            return f"{day.month} 月 {day.day} 日到期"
        return f"{self.title.text()}到期" if shown == OF_MONTH else SHOWN_NAMES[shown]

    def _conditions(self) -> tuple[str, ...]:
        words, boxes = self.filter_line.search.text().strip(), self.filter_line.boxes
        chosen = (boxes[name].currentText() for name in ("list", "person") if boxes[name].currentData())
        told = (f"查找“{words}”" if words else "", *chosen, self.view_bar.describe())
        return tuple(one for one in told if one)

    def choose_day(self, day: date | None) -> None:
        self._show_days()
        self.filter_rows()

    def clear_filter(self) -> None:
        """All lists, everybody, all days of the month, no words."""
        self.calendar.chosen = None
        self._show_days()
        super().clear_filter()

    def open_row(self, row_id: str) -> None:
        if one := self._items.get(row_id):
            self.context.open(one.register, record=one.record_id)

    def _start_task(self) -> None:
        """A new task, due on the day that is chosen."""
        day = self.calendar.chosen
        self.context.open(_TASKS, start={} if day is None else {"due_on": day})
