"""走访安排 as a list that can be viewed: who is due in a month, what is planned and what was done, one visit a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from app.list_views.catalogue import VISIT_SCHEDULE
from app.list_views.list_source import ListSource, made_field
from app.records.field import field_label
from app.records.validators import current_date
from app.viewed_lists.days import DAY, MONTH
from app.viewed_lists.household_rows import household_row_source
from app.visits.due import DueVisit
from app.visits.month import MonthLine, VisitMonth, visit_month
from db.schema.aid import Visit
from db.schema.household import Household
from db.schema.visit import VisitPlan

DUE, PLANNED, MADE = "due", VisitPlan.__tablename__, Visit.__tablename__
LIST_NAMES = {DUE: "应走访的户", PLANNED: "本月计划", MADE: "本月走访"}
_FIELDS = (
    made_field(VISIT_SCHEDULE, "list", "列出"),
    made_field(VISIT_SCHEDULE, "place", field_label("household", "group_name")),
    made_field(VISIT_SCHEDULE, "household", "农户"),
    made_field(VISIT_SCHEDULE, "on", "日期", "date"),
    made_field(VISIT_SCHEDULE, "who", "谁去"),
    made_field(VISIT_SCHEDULE, "told", "事由或情况", "long"),
    made_field(VISIT_SCHEDULE, "state", "状态"),
    made_field(VISIT_SCHEDULE, "late", "超期天数", "integer"),
)
_SHOWN = ("place", "household", "on", "who", "told", "state")


@dataclass(frozen=True, slots=True)
class ScheduledVisit:
    """A row: a household that is due, a plan or a visit.

    Attributes:
        list: which of `LIST_NAMES`
        table, record_id: what it opens
        helpers: ids of those who came or are to come
        late: days since it fell due; None where it is not late, or nobody has come yet
        stands_out: it is late, or nobody has come yet
    """

    list: str
    table: str
    record_id: str
    household_id: str
    place: str
    household: str
    on: date | None
    helpers: tuple[str, ...]
    who: str
    told: str
    state: str
    late: int | None
    stands_out: bool

    @property
    def id(self) -> str:
        return f"{self.table}:{self.record_id}"


def scheduled_visits(month: VisitMonth, today: date) -> Mapping[str, ScheduledVisit]:
    """All rows of a month by id, list by list."""
    rows = (*(_due(one, today) for one in month.due), *_lines(month, today))
    return {one.id: one for one in rows}


def visit_source(rows: Mapping[str, ScheduledVisit]) -> ListSource:
    """The list with these rows by id, in their order."""
    return household_row_source(
        VISIT_SCHEDULE,
        "走访安排",
        _FIELDS,
        lambda: ((id, _cells(one)) for id, one in rows.items()),
        columns=_SHOWN,
        orders={},
        passes=lambda id, quick: passes(rows[id], quick),
        computed=_loaded,
    )


@cache
def visit_list() -> ListSource:
    """The list without rows: its fields."""
    return visit_source({})


def passes(one: ScheduledVisit, quick: Mapping[str, str]) -> bool:
    """Whether a row fits what is set above the list and beside it; a day says nothing of who is due."""
    day, helper = quick.get(DAY, ""), quick.get("helper", "")
    if one.list != quick.get("shown", DUE) or (helper and helper not in one.helpers):
        return False
    if day and one.list != DUE and (one.on is None or one.on.isoformat() != day):
        return False
    terms = quick.get("text", "").casefold().split()
    words = f"{one.place} {one.household} {one.on or ''} {one.who} {one.told} {one.state}".casefold() if terms else ""
    return all(term in words for term in terms)


def _loaded(session: Session, choices: Mapping[str, str]) -> ListSource:
    today = current_date()
    month = choices.get(MONTH) or f"{today:%Y-%m}"
    return visit_source(scheduled_visits(visit_month(session, month), today))


def _due(one: DueVisit, today: date) -> ScheduledVisit:
    late = one.days_late(today)
    return ScheduledVisit(
        list=DUE,
        table=Household.__tablename__,
        record_id=one.household_id,
        household_id=one.household_id,
        place=one.place,
        household=one.head,
        on=one.due_on,
        helpers=tuple(one.helpers),
        who="、".join(one.helpers.values()),
        told="　".join(text for text in (one.reason, one.kinds) if text),
        state="还没有走访过" if late is None else f"超期 {late} 天" if late > 0 else f"还有 {-late} 天",
        late=late if late is not None and late > 0 else None,
        stands_out=late is None or late > 0,
    )


def _lines(month: VisitMonth, today: date) -> Iterator[ScheduledVisit]:
    for table in (PLANNED, MADE):
        yield from (_line(one, today) for one in month.lines if one.table == table)


def _line(one: MonthLine, today: date) -> ScheduledVisit:
    is_open = one.table == PLANNED and not one.is_done
    late = (today - one.on).days if is_open and one.on is not None and one.on < today else None
    return ScheduledVisit(
        list=one.table,
        table=one.table,
        record_id=one.record_id,
        household_id=one.household_id,
        place=one.place,
        household=one.household,
        on=one.on,
        helpers=one.helpers,
        who=one.who,
        told=one.told,
        state="未走访" if is_open else "计划已完成" if one.table == PLANNED else "已走访",
        late=late,
        stands_out=late is not None,
    )


def _cells(one: ScheduledVisit) -> tuple[object, ...]:
    texts = (one.who or None, one.told or None, one.state, one.late)
    return (LIST_NAMES[one.list], one.place or None, one.household, one.on, *texts, one.household_id)
