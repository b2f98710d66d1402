"""Registers as lists that can be viewed: their columns, how far a row has come, and whom it is about."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import Boolean, ColumnElement, case, func, literal, null, type_coerce
from sqlalchemy.orm import Session, aliased

from app.list_views.list_source import ListField, ListSource, Related, made_field, related_fields, titled
from app.list_views.person_fields import age_field, monitored_field
from app.records.household_list import place_in_village
from app.records.row_views import HEAD_RELATION
from app.registers.engine import progress
from app.registers.engine.register import SORT_BY_DUE, SORT_BY_STEP, Register
from app.registers.engine.rows import RowQuery, household_column, row_ids
from db.schema.aid import Helper
from db.schema.household import Household, Member
from db.schema.village import Village

OVERDUE = "overdue"
_HOUSEHOLD, _MEMBER, _HELPER = aliased(Household), aliased(Member), aliased(Helper)
_HEAD, _NAMED_MEMBER, _NAMED_HELPER, _VILLAGE = aliased(Member), aliased(Member), aliased(Helper), aliased(Village)


@cache
def register_source(register: Register) -> ListSource:
    """A register's list."""
    own = [*_subject_fields(register), *_progress_fields(register), *_own_fields(register)]
    about = [*_about_fields(register), village_field(register.record)]
    known = {one.key for one in own}
    return ListSource(
        key=register.key,
        title=register.title,
        record=register.record,
        fields=(*own, *(one for one in about if one.key not in known)),
        columns=(
            *(one.key for one in _subject_fields(register)),
            *(name for name in dict.fromkeys((*register.ledger.columns, *register.columns)) if name in known),
        ),
        totals=register.totals,
        find=partial(_find, register),
    )


def quick_query(quick: Mapping[str, str]) -> RowQuery:
    """What the line above a register's list asks for, as `RegisterFilter` puts it down."""
    options = {name.removeprefix("option."): value for name, value in quick.items() if name.startswith("option.")}
    year = quick.get("year", "")
    return RowQuery(
        text=quick.get("text", ""),
        equals=options,
        year=int(year) if year.isdecimal() else 0,
        step=quick.get("step", ""),
        overdue=bool(quick.get(OVERDUE)),
    )


def village_field(record: Any) -> ListField:
    """The name of the village that a row belongs to."""
    related = Related(record.village, _VILLAGE.code, (~_VILLAGE.withdrawn,))
    return ListField("village", made_field("village", "name", "村"), _VILLAGE.name, related)


def _find(
    register: Register,
    session: Session,
    quick: Mapping[str, str],
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[Any],
) -> list[str]:
    return row_ids(session, register, quick_query(quick), conditions, order)


def _subject_fields(register: Register) -> list[ListField]:
    """Whom a row is about, under the names that the table of the list gives them."""
    if register.subject == "helper":
        related = Related(register.expression("helper_id"), _HELPER.id)
        return [
            ListField("name", titled("helper", "name"), _HELPER.name, related),
            ListField("unit", titled("helper", "unit"), _HELPER.unit, related),
        ]
    if register.subject == "village":
        return []
    household = household_column(register)
    is_head = (_HEAD.relation == HEAD_RELATION, _HEAD.left.is_(None), ~_HEAD.withdrawn)
    group = place_in_village(_HOUSEHOLD)
    fields = [
        ListField(
            "head", made_field("member", "name", "户主", short=True), _HEAD.name,
            Related(household, _HEAD.household_id, is_head),
        ),
        ListField("group", titled("household", "group_name"), group, Related(household, _HOUSEHOLD.id)),
    ]  # fmt: skip
    if register.subject == "member":
        person = Related(register.expression("member_id"), _MEMBER.id)
        fields.insert(0, ListField("name", titled("member", "name"), _MEMBER.name, person))
    return fields


def _progress_fields(register: Register) -> Iterator[ListField]:
    if not register.steps:
        return
    table = register.key
    yield ListField(
        SORT_BY_STEP,
        made_field(table, SORT_BY_STEP, "进度"),
        _progress_label(register),
        order=progress.step_number(register),
    )
    if progress.has_deadlines(register):
        due = progress.due_day(register)
        yield ListField(SORT_BY_DUE, made_field(table, SORT_BY_DUE, "办理期限", "date"), due)
        is_late = type_coerce(func.coalesce(due < func.date("now", "localtime"), literal(False)), Boolean)
        yield ListField(OVERDUE, made_field(table, OVERDUE, "超期", "yes_no"), is_late)


def _progress_label(register: Register) -> ColumnElement[Any]:
    """In SQL: what `step_progress` calls the state of a row."""
    number = progress.step_number(register)
    waiting = [(number == n, literal(step.waiting_label)) for n, step in enumerate(register.steps) if not step.optional]
    abandoned = register.abandoned
    ended = [(register.expression(abandoned.done_on).is_not(None), literal(f"已{abandoned.name}"))] if abandoned else []
    last: list[Any] = []
    always: ColumnElement[Any] = null()
    for step in reversed(register.steps):
        if not step.if_filled:
            always = literal(f"已{step.name}")
            break
        last.append((register.expression(step.if_filled).is_not(None), literal(f"已{step.name}")))
    return case(*ended, *waiting, *last, else_=always)


def _own_fields(register: Register) -> Iterator[ListField]:
    for one in register.fields(tuple(dict.fromkeys((*register.columns, *register.ledger.columns)))):
        if one.spec.internal:
            continue
        if one.kind != "reference":
            yield ListField(one.name, one, register.expression(one.name))
        elif one.spec.refers == "member":
            label = titled("member", "name", one.label)
            related = Related(register.expression(one.name), _NAMED_MEMBER.id)
            yield ListField(one.name, label, _NAMED_MEMBER.name, related)
        elif one.spec.refers == "helper":
            label = titled("helper", "name", one.label)
            related = Related(register.expression(one.name), _NAMED_HELPER.id)
            yield ListField(one.name, label, _NAMED_HELPER.name, related)


def _about_fields(register: Register) -> Iterator[ListField]:
    """All columns of the person, the household or the helper that a row is about."""
    record: Any = register.record
    if record is Member:
        yield age_field(Member)
    if hasattr(record, "member_id"):
        person = Related(record.member_id, _MEMBER.id)
        yield from related_fields(_MEMBER, person, "成员：")
        yield age_field(_MEMBER, person, "成员：")
    if register.subject in ("household", "member"):
        household = household_column(register)
        yield from related_fields(_HOUSEHOLD, Related(household, _HOUSEHOLD.id), "农户：")
        yield monitored_field(household, "household.monitored", "农户：")
    if register.subject == "helper":
        yield from related_fields(_HELPER, Related(record.helper_id, _HELPER.id), "联系人：")
