"""工作日历 as a list that can be viewed: all that waits for somebody, by the day it is due."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from app.list_views.catalogue import WORK_CALENDAR
from app.list_views.list_source import ListSource, made_field
from app.records.named_people import names_in
from app.records.validators import current_date
from app.rectifications.open_work import OpenWork, open_work
from app.viewed_lists.days import DAY, MONTH
from app.viewed_lists.household_rows import household_row_source

OF_MONTH, LATE, UNDATED, ALL = "month", "late", "undated", "all"
SHOWN_NAMES = {OF_MONTH: "本月到期", LATE: "已超期", UNDATED: "没有期限", ALL: "全部办理中"}
MOST = 20_000  # of each register
_FIELDS = (
    made_field(WORK_CALENDAR, "list", "来自"),
    made_field(WORK_CALENDAR, "title", "事项", "long"),
    made_field(WORK_CALENDAR, "whom", "涉及户"),
    made_field(WORK_CALENDAR, "step", "进度"),
    made_field(WORK_CALENDAR, "responsible", "谁办"),
    made_field(WORK_CALENDAR, "due_on", "期限", "date"),
    made_field(WORK_CALENDAR, "late", "超期天数", "integer"),
)
_SHOWN = ("list", "title", "whom", "step", "responsible", "due_on")


def waiting_work(session: Session, today: date) -> dict[str, OpenWork]:
    """All that waits by id, what is due first comes first."""
    return {one.id: one for one in open_work(session, today, MOST)}


def work_source(rows: Mapping[str, OpenWork]) -> ListSource:
    """The list with these rows by id, in their order."""
    return household_row_source(
        WORK_CALENDAR,
        "工作日历",
        _FIELDS,
        lambda: ((id, _cells(one)) for id, one in rows.items()),
        columns=_SHOWN,
        orders={},
        passes=lambda id, quick: passes(rows[id], quick),
        computed=lambda session, _: work_source(waiting_work(session, current_date())),
    )


@cache
def work_list() -> ListSource:
    """The list without rows: its fields."""
    return work_source({})


def passes(one: OpenWork, quick: Mapping[str, str]) -> bool:
    """Whether a row fits what is set above the list and beside it; a day counts before anything about days."""
    if not _is_in_time(one, quick):
        return False
    list_name, person = quick.get("list", ""), quick.get("person", "")
    if (list_name and one.list_name != list_name) or (person and person not in names_in(one.responsible)):
        return False
    terms = quick.get("text", "").casefold().split()
    words = f"{one.list_name} {one.title} {one.whom} {one.step} {one.responsible} {one.due_on or ''}".casefold()
    return all(term in words for term in terms)


def _is_in_time(one: OpenWork, quick: Mapping[str, str]) -> bool:
    due_on, shown = one.due_on.isoformat() if one.due_on is not None else "", quick.get("shown", OF_MONTH)
    if day := quick.get(DAY, ""):
        return due_on == day
    if shown == OF_MONTH:
        month = quick.get(MONTH) or f"{current_date():%Y-%m}"
        return due_on.startswith(month)
    return shown == ALL or (one.overdue if shown == LATE else not due_on)


def people_in(rows: Iterable[OpenWork]) -> list[str]:
    """Everybody who has something to do, by name."""
    return sorted({name for one in rows for name in names_in(one.responsible)})


def _cells(one: OpenWork) -> tuple[object, ...]:
    late = -one.days_left if one.days_left is not None and one.overdue else None
    texts = (one.list_name, one.title or None, one.whom or None, one.step, one.responsible or None)
    return (*texts, one.due_on, late, one.household_id or None)
