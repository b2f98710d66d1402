"""The rows of the page of a month's visits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.list_views.list_source import ListSource
from app.records.field import field_label
from app.viewed_lists.visit_source import ScheduledVisit, passes, scheduled_visits, visit_source
from app.visits.by_helper import HelperVisits
from app.visits.month import VisitMonth, visit_month
from app.workbook.workbook import Workbook
from ui.widgets.made_rows import MadeRows
from ui.widgets.month_calendar import CalendarDay
from ui.widgets.row_table import Column, Row

HELPER_COLUMNS = (
    Column("name", "联系人", width=4),
    Column("planned", "完成/计划", align="right", width=5),
    Column("visits", "走访/户/天", align="right", width=5),
    Column("asked", "解决/问题", align="right", width=5),
    Column("together", field_label("visit", "together"), width=10),
)
LIST_COLUMNS = (
    Column("place", field_label("household", "group_name"), width=6),
    Column("household", "农户", width=6),
    Column("on", "日期", width=10),
    Column("who", "谁去", width=8),
    Column("told", "事由或情况", width=0),
    Column("state", "状态", width=12),
)


def helper_row(one: HelperVisits) -> Row:
    """What a helper did; who has fewer visits than the county asks for stands out."""
    shared = (("餐", one.meals), ("晚", one.nights), ("小时", one.hours))
    cells = {
        "name": one.name,
        "planned": f"{one.kept}/{one.planned}" if one.planned else "",
        "visits": f"{one.visits}/{one.households}/{one.days}" if one.visits else "",
        "asked": f"{one.solved}/{one.asked}" if one.asked else "",
        "together": " ".join(f"{float(number):g}{unit}" for unit, number in shared if number),
    }
    return Row(one.helper_id, cells, "warn" if one.misses_quota() else "")


def schedule_row(one: ScheduledVisit) -> Row:
    """A household that is due, a plan or a visit; what is late stands out."""
    cells = {name: getattr(one, name) for name in ("place", "household", "on", "who", "told", "state")}
    return Row(one.id, cells, "bad" if one.stands_out else "")


def visit_mark(month: VisitMonth, day: date) -> CalendarDay:
    """How many visits were made on a day and how many are planned."""
    visits, plans = month.on_day(day)
    counts = " ".join(text for number, text in ((visits, f"访{visits}"), (plans, f"计{plans}")) if number)
    missed = "warn" if day < date.today() else "info"
    color = "good" if visits else missed if plans else "ink"
    return CalendarDay(counts, f"走访 {visits} 户次，计划 {plans} 户次", color)


@dataclass(frozen=True, slots=True)
class ScheduleTable:
    """A month made ready for the page: its helpers and days, the rows by id, and the same as a list for views."""

    month: VisitMonth
    lines: Mapping[str, ScheduledVisit]
    rows: Mapping[str, Row]
    source: ListSource

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Ids of those that fit what is set above the list and beside it."""
        return [id for id, one in self.lines.items() if passes(one, quick)]


def load_schedule(workbook: Workbook, month: str) -> ScheduleTable:
    """A month (YYYY-MM) as it stands today."""
    with workbook.reading() as session:
        found = visit_month(session, month)
    lines = scheduled_visits(found, date.today())
    return ScheduleTable(found, lines, MadeRows(lines, lambda _, one: schedule_row(one)), visit_source(lines))
