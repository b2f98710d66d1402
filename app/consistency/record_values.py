"""The values of records as they stand in this workbook now, in the form in which they are compared and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ValidationError
from app.records.field import Field, Value, field
from app.records.row_views import HEAD_RELATION, household_rows
from app.registers.engine.rows import id_values
from db.schema import records
from db.schema.aid import Measure
from db.schema.column import ColumnSpec
from db.schema.relations import parent_column, parent_table

Stored = str | int | bool | None


@dataclass(frozen=True, slots=True)
class _WorkedOut:
    """A column of a household that follows from other records.

    Attributes:
        like: table and column whose kind it has
        source: the table of those records
        several: it holds several of the options of `like`
    """

    like: tuple[str, str]
    label: str
    source: str
    several: bool = False


_WORKED_OUT = {
    "size": _WorkedOut(("household", "population"), "现有人数", "member"),
    "net_per_head": _WorkedOut(("income_year", "reported_per_head"), "人均纯收入", "income_year"),
    "helpers": _WorkedOut(("helper", "name"), "帮扶联系人", "assignment"),
    "measures": _WorkedOut(("measure", "kind"), "最近一年帮扶措施", "measure", several=True),
}
_NOTHING: Mapping[str, Stored] = dict.fromkeys(_WORKED_OUT)  # of a household that was withdrawn


@dataclass(frozen=True, slots=True)
class ColumnSet:
    """Columns of one table that belong together: a screen of a system, facts that are compared.

    Attributes:
        newest: the year column of which only the newest year of a household counts, "" where all rows count
        filled: the column without which a row does not count, "" where all do
        ended: the column that says that a thing has ended, and is not begun anywhere any more; one of `columns`
    """

    table: str
    columns: tuple[str, ...]
    newest: str = ""
    filled: str = ""
    ended: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "ColumnSet":
        """As a file of resources/ declares it."""
        return cls(
            raw["table"], tuple(raw["columns"]), raw.get("newest", ""), raw.get("filled", ""), raw.get("ended", "")
        )


@dataclass(frozen=True, slots=True)
class RecordValues:
    """One record: whose it is, whether it was withdrawn, and its values in the order of the columns."""

    table: str
    id: str
    household_id: str
    withdrawn: bool
    values: Mapping[str, Stored]


@cache
def compared_field(table: str, name: str) -> Field:
    """A column as a Field, one that is worked out for a household too.

    Raises:
        KeyError: there is none
    """
    if table != "household" or name not in _WORKED_OUT:
        return field(table, name)
    one = _WORKED_OUT[name]
    template = field(*one.like)
    kind = "choices" if one.several else template.kind
    spec = ColumnSpec(one.label, kind, options=template.spec.options, unit=template.unit, derived=True)
    return replace(template, table=table, name=name, spec=spec)


def source_table(table: str, name: str) -> str:
    """The table whose records say it: its own, but for what follows from other records and nobody types."""
    return _WORKED_OUT[name].source if table == "household" and name in _WORKED_OUT else table


def stored_form(value: Value) -> Stored:
    """A value as it is kept and compared: days as ISO text, numbers without needless zeros, choices in one order."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return ",".join(sorted(value)) or None
    return value


def parsed_value(one: Field, stored: Stored) -> Value:
    """A kept value as the field's own kind; as it is where it is an option of another version of the program."""
    try:
        return one.parse(stored)
    except ValidationError:
        return stored


def value_text(one: Field, stored: Stored, *, hide: bool) -> str:
    """A kept value as people read it, with its unit; `hide` masks personal numbers."""
    text = one.text(parsed_value(one, stored), hide=hide)
    return f"{text}{one.unit}" if text and one.unit else text


def record_values(session: Session, wanted: ColumnSet, household_ids: Sequence[str]) -> list[RecordValues]:
    """The records of these households, withdrawn ones too, household by household; merged ones left out."""
    if wanted.table == "household":
        found = _households(session, wanted, household_ids)
    else:
        found = _rows(session, wanted, household_ids)
    if wanted.filled:
        found = [one for one in found if one.values.get(wanted.filled) not in (None, False)]
    if wanted.newest:
        newest: dict[str, int] = {}
        for one in found:
            if not one.withdrawn:
                year = one.values.get(wanted.newest)
                newest[one.household_id] = max(newest.get(one.household_id, 0), year if isinstance(year, int) else 0)
        found = [one for one in found if one.values.get(wanted.newest) == newest.get(one.household_id)]
    return [replace(one, values={name: one.values[name] for name in wanted.columns}) for one in found]


def _rows(session: Session, wanted: ColumnSet, household_ids: Sequence[str]) -> list[RecordValues]:
    columns = records()[wanted.table].__table__.columns
    names = list(dict.fromkeys((*wanted.columns, *filter(None, (wanted.newest, wanted.filled)))))
    if parent_table(wanted.table) == "household":
        owner: Any = columns[parent_column(wanted.table)]
        query = select(columns["id"], owner, columns["withdrawn"], *(columns[name] for name in names))
    else:  # of a member
        people = records()["member"].__table__.columns
        owner = people["household_id"]
        query = select(columns["id"], owner, columns["withdrawn"], *(columns[name] for name in names))
        query = query.join(people["id"].table, people["id"] == columns[parent_column(wanted.table)])
    query = query.where(owner.in_(id_values(household_ids)), columns["merged_into"].is_(None))
    return [
        RecordValues(wanted.table, row_id, household_id, bool(withdrawn), _stored(names, values))
        for row_id, household_id, withdrawn, *values in session.execute(query.order_by(owner, *_order(columns)))
    ]


def _order(columns: Any) -> tuple[Any, ...]:
    """Of people the head first, then as the national system numbers them."""
    first = (columns["relation"] != HEAD_RELATION, columns["person_no"]) if columns["id"].table.name == "member" else ()
    return (*first, columns["id"])


def _households(session: Session, wanted: ColumnSet, household_ids: Sequence[str]) -> list[RecordValues]:
    columns = records()["household"].__table__.columns
    own = [name for name in wanted.columns if name not in _WORKED_OUT]
    query = select(columns["id"], columns["withdrawn"], *(columns[name] for name in own))
    query = query.where(columns["id"].in_(id_values(household_ids)), columns["merged_into"].is_(None))
    worked_out = _worked_out(session, household_ids) if len(own) < len(wanted.columns) else {}
    return [
        RecordValues(
            "household", row_id, row_id, bool(withdrawn), {**_stored(own, values), **worked_out.get(row_id, _NOTHING)}
        )
        for row_id, withdrawn, *values in session.execute(query.order_by(columns["id"]))
    ]


def _worked_out(session: Session, household_ids: Sequence[str]) -> dict[str, Mapping[str, Stored]]:
    measures = _latest_measures(session, household_ids)
    return {
        row.id: {
            "size": row.size,
            "net_per_head": stored_form(row.per_capita_income),
            "helpers": "、".join(sorted(row.helpers)) or None,
            "measures": stored_form(measures.get(row.id, ())),
        }
        for row in household_rows(session, household_ids)
    }


def _latest_measures(session: Session, household_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Household → the kinds of measures of the newest year in which it has one."""
    query = select(Measure.household_id, Measure.year, Measure.kind).where(
        Measure.household_id.in_(id_values(household_ids)), ~Measure.withdrawn, Measure.merged_into.is_(None)
    )
    by_year: dict[str, dict[int, set[str]]] = {}
    for household_id, year, kind in session.execute(query):
        by_year.setdefault(household_id or "", {}).setdefault(year or 0, set()).add(kind or "")
    return {household_id: tuple(sorted(years[max(years)] - {""})) for household_id, years in by_year.items()}


def _stored(names: Sequence[str], values: Sequence[Value]) -> dict[str, Stored]:
    return {name: stored_form(value) for name, value in zip(names, values, strict=True)}
