"""The list of households: SQL decides which ones and in which order; rows are read page by page.

A township has 50,000 households. Their ids in order are read in one statement, and only the rows that are shown, by
`household_rows(session, ids)`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, TextClause, case, column, func, or_, select, text
from sqlalchemy.orm import Session

import resources
from app.records.assignment import helper_needed, is_in_force
from app.records.income import yearly_incomes
from app.records.monitoring import monitored_kind
from app.records.residency import AMONG
from app.records.search import search_households
from app.workbook import preferences
from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Household
from db.schema.village import Village
from resources.option_roles import value_of, values_with_role

NO_HELPER = "未安排"  # stands in the column of helpers where one is needed
_FEW = 2000  # households up to which an index is quicker than a pass over all
_ID_LENGTH = 32
_BASE_ORDER = (Household.village, Household.group_name, Household.household_no, Household.id)
_PRESENT = 'NOT withdrawn AND "left" IS NULL'


@dataclass(frozen=True, slots=True)
class HouseholdQuery:
    """Which households a list shows, and in which order.

    Attributes:
        typed: what stands in the search box, "" for no search
        village: code of the village, "" for all
        having: attribute of `HouseholdRow` → its value, for "group", "kind", "monitored", "attribute" and
            "exit_status"; a household without a group is in its hamlet's
        no_helper: only those that must have a helper and have none
        unvisited: only those that must be helped and have not been visited for long
        sort: the attribute to sort by, "" for village, group and number; what is empty stands last either way
        sort_key: value → something that SQLite compares (number, text or bytes), None where the value itself does
    """

    typed: str = ""
    village: str = ""
    having: Mapping[str, str] = field(default_factory=dict)
    no_helper: bool = False
    unvisited: bool = False
    sort: str = ""
    descending: bool = False
    sort_key: Callable[[Any], Any] | None = field(default=None, compare=False)  # follows from `sort`

    @property
    def narrows(self) -> bool:
        """Whether anything but the search leaves households out."""
        return bool(self.village or self.having or self.no_helper or self.unvisited)


@dataclass(frozen=True, slots=True)
class HouseholdList:
    """What a query shows.

    Attributes:
        ids: of the households, in their order
        total: how many households there are, shown or not
        found: household → who was found in it, "" where it is the household itself; None where nothing was searched
    """

    ids: Sequence[str]
    total: int
    found: Mapping[str, str] | None


def listed(
    session: Session,
    query: HouseholdQuery,
    days: int = 0,
    conditions: Sequence[ColumnElement[bool]] = (),
    order: Sequence[Any] = (),
) -> HouseholdList:
    """Find and sort. Only sorting by income computes anything in Python (some seconds for a township).

    Args:
        days: without a visit that are long, as `visit_due` in app/dashboard/summary.py counts them
        conditions, order: of a view of the list, in SQL; its order stands for that of the query
    """
    found = (
        {one.household_id: one.matched_name for one in search_households(session, query.typed)}
        if query.typed.strip()
        else None
    )
    if order:
        base = _shown(replace(query, sort=""), found, days).where(*conditions)
        ids = _ids(session, base.order_by(None).order_by(*order, *_BASE_ORDER))
    elif query.sort == "per_head":
        ids = _by_income(session, _ids(session, _shown(query, found, days).where(*conditions)), query.descending)
    else:
        ids = _ids(session, _shown(query, found, days).where(*conditions), query.sort_key)
    total = len(ids) if found is None and not query.narrows and not conditions else _kept_in(session)
    return HouseholdList(ids, total, found)


def _kept_in(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Household).where(*_kept())) or 0


def people_in(session: Session, households: Sequence[str] | None = None) -> int:
    """How many people belong to these households and have not left; to all in use if None."""
    few = households is not None and len(households) <= _FEW
    kept = "household_id IN (SELECT id FROM household WHERE withdrawn = 0 AND merged_into IS NULL)"
    count = text(
        f"SELECT count(*) FROM member {'' if few else 'NOT INDEXED'} "
        f"WHERE {_PRESENT} AND {kept if households is None else AMONG}"
    )
    return int(
        session.execute(count, {} if households is None else {"households": json.dumps(households)}).scalar_one()
    )


def closed_in(session: Session) -> int:
    """How many households in use are closed (注销): lists show them, counts of the village leave them out."""
    closed = Household.registration_state.in_(values_with_role("registration_state", "closed"))
    kept = select(func.count()).select_from(Household).where(~Household.withdrawn, Household.merged_into.is_(None))
    return int(session.execute(kept.where(closed)).scalar_one())


def choices(session: Session) -> dict[str, list[str]]:
    """The values that occur, for each key of `HouseholdQuery.having`."""
    keys = _choices()
    rows = session.execute(select(*keys.values()).where(*_kept()).distinct()).all()
    return {key: sorted({row[n] for row in rows if row[n]}) for n, key in enumerate(keys)}


def visit_days(session: Session) -> int:
    """After how many days without a visit a household is listed: this workbook's preference, or the county's rule."""
    return int(preferences.stored_value(session, "visit_days") or resources.read("thresholds", "visit")["days_without"])


def place_in_village(household: Any) -> ColumnElement[Any]:
    """In SQL: where a household (the record or an alias of it) lives, its group, or its hamlet where none is known."""
    return func.coalesce(func.nullif(household.group_name, ""), household.hamlet)


def _kept() -> tuple[ColumnElement[bool], ...]:
    return ~Household.withdrawn, Household.merged_into.is_(None)


def _choices() -> dict[str, Any]:
    return {
        "group": place_in_village(Household),
        "kind": Household.household_kind,
        "monitored": monitored_kind(),
        "attribute": Household.household_attribute,
        "exit_status": Household.exit_status,
    }


def _shown(query: HouseholdQuery, found: Mapping[str, str] | None, days: int) -> Select[Any]:
    """Ids of what a query shows, in its order."""
    shown = select(Household.id).where(*_kept(), *_conditions(query, found, days))
    if query.sort in ("", "per_head"):
        return shown.order_by(*_BASE_ORDER)
    value, other = _sorted_by(query.sort)
    if other is not None:
        shown = shown.outerjoin(other, other.c.household_id == Household.id)
    key = func.sort_key(value) if query.sort_key else value
    return shown.order_by(or_(value.is_(None), value == ""), key.desc() if query.descending else key, *_BASE_ORDER)


def _conditions(query: HouseholdQuery, found: Mapping[str, str] | None, days: int) -> list[ColumnElement[bool]]:
    there = _choices()
    wanted = [there[key] == value for key, value in query.having.items()]
    if query.village:
        wanted.append(Household.village == query.village)
    if found is not None:
        wanted.append(Household.id.in_(select(func.json_each(json.dumps([*found])).table_valued("value").c.value)))
    if query.no_helper:
        helped = select(Assignment.household_id).join(Helper, Helper.id == Assignment.helper_id)
        helped = helped.where(is_in_force(), ~Helper.withdrawn, Assignment.household_id.is_not(None))
        wanted += [helper_needed(), Household.id.not_in(helped)]
    if query.unvisited:
        since = date.today() - timedelta(days=days)
        visited = select(Visit.household_id).where(~Visit.withdrawn, Visit.household_id.is_not(None))
        wanted += [helper_needed(), Household.id.not_in(visited.where(Visit.visited_on >= since))]
    return wanted


def _sorted_by(key: str) -> tuple[ColumnElement[Any], FromClause | None]:
    """What stands in a column, and the table beside the households that it is read from."""
    own: dict[str, Any] = {
        **_choices(),
        "household_no": Household.household_no,
        "hamlet": Household.hamlet,
        "phone": Household.phone,
        "cause": Household.cause_main,
        "state": Household.registration_state,
        "exit_year": Household.exit_year,
        "village": func.coalesce(
            select(Village.name)
            .where(Village.code == Household.village, ~Village.withdrawn)
            .limit(1)
            .scalar_subquery(),
            Household.village,
        ),
    }
    if key in own:
        return own[key], None
    if key == "helpers":
        theirs = _helpers()
        named = case((theirs.c.household_id.is_not(None), theirs.c.value), (helper_needed(), NO_HELPER))
        return named, theirs
    other = _BESIDE[key].columns(column("household_id"), column("value")).subquery()
    return (func.coalesce(other.c.value, 0) if key == "size" else other.c.value), other


def _helpers() -> FromClause:
    names = select(Assignment.household_id, func.group_concat(Helper.name, "、").label("value"))
    names = names.join(Helper, Helper.id == Assignment.helper_id).where(is_in_force(), ~Helper.withdrawn)
    return names.group_by(Assignment.household_id).subquery()


# scans: by index every row would be a jump in the encrypted file
_BESIDE: dict[str, TextClause] = {
    "size": text(
        f"SELECT household_id, count(*) AS value FROM member NOT INDEXED WHERE {_PRESENT} GROUP BY household_id"
    ),
    "head": text(
        "SELECT household_id, max(name) AS value FROM member NOT INDEXED "
        f"WHERE {_PRESENT} AND relation = :head GROUP BY household_id"
    ).bindparams(head=value_of("relation", "head")),
    "last_visit": text(
        "SELECT household_id, max(visited_on) AS value FROM visit NOT INDEXED WHERE NOT withdrawn GROUP BY household_id"
    ),
    "income_year": text(
        "SELECT household_id, max(year) AS value FROM income_year NOT INDEXED WHERE NOT withdrawn GROUP BY household_id"
    ),
}


def _ids(session: Session, shown: Select[Any], sort_key: Callable[[Any], Any] | None = None) -> list[str]:
    """All ids as one text: fetched one by one, 50,000 rows would ask 50,000 times for the interpreter."""
    if sort_key is not None:
        raw: Any = session.connection().connection.driver_connection
        raw.create_function("sort_key", 1, lambda value: None if value in (None, "") else sort_key(value))
    ordered = shown.subquery()
    joined = session.scalar(select(func.group_concat(ordered.c.id, ""))) or ""
    return [joined[start : start + _ID_LENGTH] for start in range(0, len(joined), _ID_LENGTH)]


def _by_income(session: Session, ids: list[str], descending: bool) -> list[str]:
    fen = {
        net.household_id: int(net.per_capita.scaleb(2))
        for net in yearly_incomes(session, households=None if len(ids) > _FEW else ids, latest=True)
        if net.per_capita is not None
    }
    known = sorted((id for id in ids if id in fen), key=fen.__getitem__, reverse=descending)
    return known + [id for id in ids if id not in fen]
