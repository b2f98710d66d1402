"""What happened to one household by date, from the dates of all that belongs to it or names it.

What a date tells is declared once: EVENTS of the record, or the steps of its register. No list of tables stands here;
a new kind of record is on the time line as soon as it has a date.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.checklists.results import household_trend
from app.records.field import field
from app.records.income import yearly_incomes
from app.records.newer_records import household_newer_records
from app.registers import all_registers
from db.schema import records
from db.schema.record import Event
from db.schema.relations import (
    column_spec,
    events,
    parent_column,
    parent_table,
    record_label,
    record_titles,
    references,
    referrers,
    tables_below,
    title_columns,
)

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Cells = Mapping[str, Any]
Titles = Mapping[tuple[str, str], str]  # (table, row id) → what it is called


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened, and the record that tells it.

    Attributes:
        day: as far as it is known: "2018-08-10", "2014-05" or "2017"
        kind: what the kind of record is called
        event: what happened
        text: to what or whom, with what else is worth saying in a line
    """

    day: str
    kind: str
    event: str
    text: str
    table: str
    row_id: str


def household_timeline(session: Session, household_id: str) -> list[TimelineEntry]:
    """All that happened to a household, the newest first; personal numbers are masked."""
    found: dict[str, list[Cells]] = {}
    for table, condition in _tables_and_conditions(household_id, found):
        found[table] = _rows(session, table, condition) if condition is not None else []
    titles = _referred_titles(session, found)
    remarks = {table: told(session, household_id) for table, told in _REMARKS.items() if found.get(table)}
    entries = [
        entry
        for table, rows in found.items()
        for row in rows
        for entry in _entries(table, row, titles, remarks.get(table, {}).get(row["id"], ""))
    ]
    entries += _newer_entries(session, household_id)
    return sorted(entries, key=lambda entry: (entry.day, entry.kind, entry.row_id), reverse=True)


def _newer_entries(session: Session, household_id: str) -> Iterator[TimelineEntry]:
    """What newer versions of the program dated, each date by the name of its column."""
    for record in household_newer_records(session, household_id):
        for column, value in () if record.is_withdrawn else record.fields:
            if _WHOLE_DAY.fullmatch(value):
                text = " · ".join(part for part in (record.subject, record.text) if part)
                yield TimelineEntry(value, record.kind, column, text, record.table, record.id)


@cache
def timeline_events(table: str) -> tuple[Event, ...]:
    """What the dates of a kind of record tell: as it declares it, or the steps of its register."""
    if records()[table].EVENTS is None:
        for register in all_registers():
            if register.key == table and register.steps:
                return tuple(Event(step.name, (step.done_on,)) for step in register.all_steps if step.done_on)
    return events(table)


def _tables_and_conditions(
    household_id: str, found: Mapping[str, list[Cells]]
) -> Iterator[tuple[str, ColumnElement[bool] | None]]:
    """Each table with the condition for its rows, None where there can be none; `found` fills up meanwhile."""
    below = tables_below("household")
    yield "household", records()["household"].id == household_id
    for table in below:
        parents = [row["id"] for row in found[parent_table(table)]]
        column = records()[table].__table__.columns[parent_column(table)]
        yield table, column.in_(_id_values(parents)) if parents else None
    members = [row["id"] for row in found["member"]]
    naming = dict.fromkeys(table for subject in ("household", "member") for table, _ in referrers(subject))
    for table in naming:
        if table not in below and table != "household":
            columns = records()[table].__table__.columns
            named = {"household": [household_id], "member": members}
            pairs = [(columns[name], named[refers]) for name, refers in references(table) if refers in named]
            yield table, or_(*(column.in_(_id_values(ids)) for column, ids in pairs))
    yield from _lists_of_people(naming, found)


def _lists_of_people(
    naming: Iterable[str], found: Mapping[str, list[Cells]]
) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """What took place on the day of the record that lists who was there (a training, a meeting): that record."""
    for table in naming:
        listing, rows = parent_table(table), [] if timeline_events(table) else found.get(table, [])
        if rows and listing and listing not in found:
            ids = [row[parent_column(table)] for row in rows]
            yield listing, records()[listing].id.in_(_id_values(ids))


def _rows(session: Session, table: str, condition: ColumnElement[bool]) -> list[Cells]:
    """The rows that are kept, with the columns that an entry shows."""
    columns = records()[table].__table__.columns
    told = (name for event in timeline_events(table) for name in (*event.dated, *event.details))
    names = list(dict.fromkeys(("id", parent_column(table), *title_columns(table), *told)))
    names = [name for name in names if name]
    kept = and_(condition, ~columns["withdrawn"], columns["merged_into"].is_(None))
    query = select(*(columns[name] for name in names)).where(kept)
    return [dict(zip(names, row, strict=True)) for row in session.execute(query)]


def _referred_titles(session: Session, found: Mapping[str, list[Cells]]) -> Titles:
    """What all that the rows refer to is called, one query a table."""
    wanted: dict[str, set[str]] = {}
    for table, rows in found.items():
        for name, refers in references(table):
            ids = {row[name] for row in rows if row.get(name)}
            if refers != "household" and ids:
                wanted.setdefault(refers, set()).update(ids)
    return {
        (table, row_id): title
        for table, ids in wanted.items()
        for row_id, title in record_titles(session, table, ids).items()
    }


def _entries(table: str, row: Cells, titles: Titles, remark: str) -> Iterator[TimelineEntry]:
    dates = {name for event in timeline_events(table) for name in event.dated}
    for event in timeline_events(table):
        day = next(filter(None, (_day(row[name]) for name in event.dated)), "")
        if not day:
            continue
        called = [name for name in title_columns(table) if name not in dates and table != "household"]
        texts = [_text(table, name, row[name], titles) for name in dict.fromkeys((*called, *event.details))]
        if table not in tables_below("household"):
            texts.insert(0, titles.get((parent_table(table), row.get(parent_column(table)) or ""), ""))
        text = " · ".join(part for part in (*texts, remark) if part)
        yield TimelineEntry(day, record_label(table), event.name, text, table, row["id"])


def _day(value: object) -> str:
    """A date, a month or a year as text that sorts; "" for what is none."""
    if isinstance(value, date):
        return value.isoformat()
    match = _DAY.match(str(value or ""))
    return match.group() if match else ""


def _text(table: str, name: str, value: Any, titles: Titles) -> str:
    spec = column_spec(table, name)
    if value in (None, "") or spec is None:
        return ""
    if spec.refers:
        return titles.get((spec.refers, value), "")
    if spec.kind == "year":
        return f"{value}年"
    return f"{field(table, name).text(value, hide=True)}{spec.unit}"


def _id_values(ids: Iterable[str]) -> Any:
    """Ids as one value of a statement, however many they are."""
    return select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value)


def _scores(session: Session, household_id: str) -> dict[str, str]:
    """Inspection → the score that its inspector gave."""
    return {
        inspected.inspection_id: f"{inspected.score.points} 分"
        for round_result in household_trend(session, household_id)
        for inspected in round_result.result.inspector_results
        if not inspected.score.open
    }


def _incomes(session: Session, household_id: str) -> dict[str, str]:
    """Income year → what it comes to per head."""
    return {
        income.income_year_id: f"人均纯收入 {income.per_capita:,.2f} 元"
        for income in yearly_incomes(session, household_id)
        if income.per_capita is not None
    }


# what is worked out from several records and no column says
_REMARKS: Mapping[str, Callable[[Session, str], dict[str, str]]] = {"inspection": _scores, "income_year": _incomes}
