"""The rows of the page of a month's visits."""

from collections.abc import Iterable
from datetime import date

from app.records.field import field_label
from app.visits.by_helper import HelperVisits
from app.visits.due import DueVisit
from app.visits.month import MonthLine
from ui.widgets.row_table import Column, Row

HELPER_COLUMNS = (
    Column("name", "联系人", width=5),
    Column("planned", "完成/计划", align="right", width=5),
    Column("visits", "走访", align="right", width=2),
    Column("households", "户", align="right", width=2),
    Column("days", "天", align="right", width=2),
    Column("asked", "解决/问题", align="right", width=5),
    Column("together", field_label("visit", "together"), width=0),
)
LIST_COLUMNS = (
    Column("place", field_label("household", "group_name"), width=8),
    Column("household", "农户", width=8),
    Column("on", "日期", width=11),
    Column("who", "谁去", width=10),
    Column("told", "事由或情况", width=0),
    Column("state", "状态", width=13),
)


def helper_row(one: HelperVisits) -> Row:
    """What a helper did; who has fewer visits than the county asks for stands out."""
    shared = (("餐", one.meals), ("晚", one.nights), ("小时", one.hours))
    cells = {
        "name": one.name,
        "planned": f"{one.kept}/{one.planned}" if one.planned else "",
        "visits": one.visits,
        "households": one.households,
        "days": one.days,
        "asked": f"{one.solved}/{one.asked}" if one.asked else "",
        "together": " ".join(f"{float(number):g}{unit}" for unit, number in shared if number),
    }
    return Row(one.helper_id, cells, "warn" if one.misses_quota() else "")


def due_row(one: DueVisit, today: date) -> Row:
    """A household that is due; what is late stands out."""
    late = one.days_late(today)
    state = "还没有走访过" if late is None else f"超期 {late} 天" if late > 0 else f"还有 {-late} 天"
    cells = {
        "place": one.place,
        "household": one.head,
        "on": one.due_on,
        "who": "、".join(one.helpers.values()),
        "told": "　".join(text for text in (one.reason, one.kinds) if text),
        "state": state,
    }
    return Row(f"household:{one.household_id}", cells, "bad" if late is None or late > 0 else "")


def month_rows(lines: Iterable[MonthLine], day: date | None, today: date) -> list[Row]:
    """Visits and plans by day; of one day where it is chosen."""
    return [_line_row(line, today) for line in lines if day is None or line.on == day]


def _line_row(line: MonthLine, today: date) -> Row:
    is_plan = line.table == "visit_plan"
    is_late = is_plan and not line.is_done and line.on is not None and line.on < today
    state = "未走访" if is_plan and not line.is_done else "计划已完成" if is_plan else "已走访"
    cells = {name: getattr(line, name) for name in ("place", "household", "on", "who", "told")}
    cells["state"] = state
    return Row(f"{line.table}:{line.record_id}", cells, "bad" if is_late else "")
