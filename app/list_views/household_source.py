"""The list of households as one that can be viewed: their columns, their people, helpers, visits and income."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, Integer, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from app.list_views.list_source import Expression, ListField, ListSource, Related, made_field, related_fields, titled
from app.list_views.person_fields import age_field, monitored_field
from app.list_views.register_source import village_field
from app.records.assignment import is_in_force
from app.records.field import Field, fields
from app.records.household_list import HouseholdQuery, listed, place_in_village, visit_days
from app.records.income import yearly_incomes
from app.records.monitoring import monitored_kind
from app.records.row_views import HEAD_RELATION
from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear
from db.types import ScaledDecimal

HOUSEHOLDS = "household"  # key of the list
_PERSON = aliased(Member)
_PRESENT = (_PERSON.left.is_(None), ~_PERSON.withdrawn)
_LISTED = {
    "hamlet": "hamlet", "household_kind": "kind", "household_attribute": "attribute", "exit_status": "exit_status",
    "cause_main": "cause", "phone": "phone", "household_no": "household_no", "registration_state": "state",
    "exit_year": "exit_year",
}  # fmt: skip
_OTHER_LABELS = {"population": "登记的人数"}  # the list counts its people itself
_LEFT_OUT = ("group_name", "import_extra")


@cache
def household_source() -> ListSource:
    """The list of households; what its table shows goes by the names that the table gives it."""
    people = Related(Household.id, _PERSON.household_id, _PRESENT, many=True, table=_PERSON)
    return ListSource(
        key=HOUSEHOLDS,
        title="农户",
        record=Household,
        fields=(
            _head(), _group(), *_own_fields(), *_counted_fields(), _helpers(), _monitored(), _income(),
            village_field(Household),
            *related_fields(_PERSON, people, "成员："),
            age_field(_PERSON, people, "成员："),
            *_living_conditions(),
        ),
        columns=("head", "group", "size", "kind", "attribute", "helpers", "last_visit", "per_head", "phone"),
        totals=("size",),
        find=_find,
    )  # fmt: skip


def quick_household_query(quick: Mapping[str, str]) -> HouseholdQuery:
    """What the line above the list of households asks for, as its `FilterBar` puts it down."""
    having = {name.removeprefix("having."): value for name, value in quick.items() if name.startswith("having.")}
    return HouseholdQuery(
        typed=quick.get("typed", ""),
        having=having,
        no_helper=bool(quick.get("no_helper")),
        unvisited=bool(quick.get("unvisited")),
    )


def _find(
    session: Session, quick: Mapping[str, str], conditions: Sequence[ColumnElement[bool]], order: Sequence[Any]
) -> Sequence[str]:
    return listed(session, quick_household_query(quick), visit_days(session), conditions, order).ids


def _head() -> ListField:
    related = Related(Household.id, _PERSON.household_id, (_PERSON.relation == HEAD_RELATION, *_PRESENT))
    return ListField("head", made_field("member", "name", "户主", short=True), _PERSON.name, related)


def _group() -> ListField:
    return ListField("group", titled("household", "group_name"), place_in_village(Household))


def _own_fields() -> list[ListField]:
    kept = [one for one in fields("household") if not one.spec.internal and one.name not in _LEFT_OUT]
    return [
        ListField(
            _LISTED.get(one.name, one.name),
            titled("household", one.name, _OTHER_LABELS.get(one.name, "")),
            getattr(Household, one.name),
        )
        for one in kept
        if one.kind != "reference"
    ]


def _counted_fields() -> list[ListField]:
    """What is counted among the rows of a household: read once for a filter, row by row where it is shown."""
    return [
        _counted(
            "size", made_field("household", "size", "人数", "integer"), func.count(), _PERSON, _PRESENT, missing=0,
        ),
        _counted(
            "last_visit", made_field("visit", "visited_on", "最近走访", "date"),
            type_coerce(func.max(Visit.visited_on), Date), Visit, (~Visit.withdrawn,),
        ),
        _counted(
            "income_year", made_field("income_year", "year", "收入年度", "year"),
            type_coerce(func.max(IncomeYear.year), Integer), IncomeYear, (~IncomeYear.withdrawn,),
        ),
    ]  # fmt: skip


def _counted(
    key: str,
    one: Field,
    counted: Expression,
    record: Any,
    where: tuple[ColumnElement[bool], ...],
    missing: object = None,
) -> ListField:
    rows = select(record.household_id, counted.label("value")).where(*where)
    rows = rows.with_hint(record, "NOT INDEXED", "sqlite").group_by(record.household_id)
    all_households: FromClause = rows.subquery()
    return ListField(
        key,
        one,
        all_households.c.value,
        Related(Household.id, all_households.c.household_id),
        select(counted).select_from(record).where(record.household_id == Household.id, *where).scalar_subquery(),
        missing=missing,
    )


def _helpers() -> ListField:
    """Compared with each of a household's helpers, shown together."""
    bond, helper = aliased(Assignment), aliased(Helper)
    together = select(func.group_concat(Helper.name, "、")).join(Assignment, Helper.id == Assignment.helper_id)
    together = together.where(Assignment.household_id == Household.id, is_in_force(), ~Helper.withdrawn)
    in_force = select(Assignment.id).where(is_in_force())
    theirs = select(bond.household_id).where(bond.helper_id == helper.id, bond.id.in_(in_force))
    each = theirs.add_columns(helper.name).where(~helper.withdrawn).subquery()
    return ListField(
        "helpers",
        made_field("helper", "name", "帮扶联系人"),
        each.c.name,
        Related(Household.id, each.c.household_id, many=True),
        together.scalar_subquery(),
    )


def _monitored() -> ListField:
    return replace(monitored_field(Household.id, "monitored"), shown=monitored_kind())


def _living_conditions() -> list[ListField]:
    """Of the newest year that a household has."""
    year, newest = aliased(LivingCondition), aliased(LivingCondition)
    latest = select(func.max(newest.year)).where(newest.household_id == year.household_id, ~newest.withdrawn)
    kept = (~year.withdrawn, year.year == latest.correlate(year).scalar_subquery())
    return related_fields(year, Related(Household.id, year.household_id, kept), "生活条件：")


def _income() -> ListField:
    """Net income of the newest year per head, which is worked out from the lines of the account."""
    income = func.newest_income_per_head(Household.id, type_=ScaledDecimal(2))
    return ListField("per_head", titled("income_year", "reported_per_head"), income, summed=False, load=_load_incomes)


def _load_incomes(session: Session, ids: Sequence[str] | None) -> None:
    fen = {
        net.household_id: int(net.per_capita.scaleb(2))
        for net in yearly_incomes(session, households=ids, latest=True)
        if net.per_capita is not None
    }
    raw: Any = session.connection().connection.driver_connection
    raw.create_function("newest_income_per_head", 1, fen.get)
