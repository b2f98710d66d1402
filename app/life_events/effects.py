"""What each kind of event does to the household, its members and what hangs on them."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import or_, select

from app.errors import UserError
from app.life_events.planning import PlannedChanges, present_ids
from app.records.assignment import is_in_force
from app.records.field import Value
from app.records.monitoring import is_open, monitorings
from app.records.row_views import HEAD_RELATION
from app.registers import all_registers
from app.registers.engine.rows import id_values
from db.schema import records, relations
from db.schema.aid import Assignment
from db.schema.household import Household, Member
from db.schema.photo import Photo
from db.schema.record import derived_id
from resources.option_roles import value_of, values_with_role

_COPIED_TO_NEW_HOUSEHOLD = (
    "hamlet", "group_name", "address", "household_kind", "registration_state", "household_attribute", "exit_status",
    "ident_standard", "register_date", "exit_year", "cause_main", "cause_other",
)  # fmt: skip


def arrival(changes: PlannedChanges) -> None:
    """Somebody is born, married or moved into the household."""
    values = changes.request.values
    if values.get("relation") == HEAD_RELATION and changes.head is not None:
        raise UserError("这一户已有户主。请先登记户主变更，或改“与户主关系”。")
    number = values.get("id_no")
    of_number = (number,) if number else (values.get("name"), changes.request.happened_on)
    member_id = (
        Member.id_in_household(changes.household.id, str(number))
        if number
        else derived_id("member", changes.household.id, *of_number)
    )
    changes.cause = str(values.get("joined") or "")
    changes.names.append(str(values.get("name") or ""))
    joined = {**values, "household_id": changes.household.id, "joined_on": changes.request.happened_on}
    changes.add("member", member_id, **joined)
    changes.change_size(changes.household.id, 1)


def departure(changes: PlannedChanges) -> None:
    """Somebody dies, marries or moves away: what was his ends, and the head is followed by another."""
    request = changes.request
    person = _chosen_person(changes)
    reason, day = request.values.get("left"), request.happened_on
    if person.birth and day < person.birth:
        raise UserError(f"变更日期 {day} 早于{person.name}的出生日期 {person.birth}，请改日期。")
    changes.cause = str(reason or "")
    changes.names.append(person.name)
    changes.change("member", person.id, {"left": reason, "left_on": day})
    others = [one for one in changes.people if one.id != person.id]
    if person.relation == HEAD_RELATION and others:
        _make_head(changes, {one.id for one in others})
    for register in all_registers():
        if register.ends_with_member:
            _end_rows(changes, register.record, register.ends_with_member, person.id)
    changes.change_size(changes.household.id, -1)
    if not others:
        _close_unless_monitored(changes, changes.household.id)


def head(changes: PlannedChanges) -> None:
    """Another member becomes the head; everybody says what he is to the new one."""
    new_head = changes.person(changes.request.new_head)
    if new_head is None or new_head.relation == HEAD_RELATION:
        raise UserError("请选一位现在不是户主的成员做新户主。")
    changes.names.append(new_head.name)
    _make_head(changes, {one.id for one in changes.people})


def split(changes: PlannedChanges) -> None:
    """Some members become a household of their own, with what is theirs; the same helpers go on."""
    request = changes.request
    moving = [one for one in changes.people if one.id in request.members]
    if not moving or len(moving) == len(changes.people):
        raise UserError("请勾选分出去的成员；原户至少留一位。")
    if any(one.relation == HEAD_RELATION for one in moving):
        raise UserError("户主要留在原户。户主分出去的，先登记户主变更，再分户。")
    number = request.values.get("household_no")
    new_id = (
        Household.id_of(str(number))
        if number
        else derived_id("household", "split", changes.household.id, request.happened_on, *sorted(request.members))
    )
    copied = {name: getattr(changes.household, name) for name in _COPIED_TO_NEW_HOUSEHOLD}
    given = {name: value for name, value in request.values.items() if value is not None}
    changes.add("household", new_id, **{**copied, **given, "population": len(moving)})
    changes.other_household_id = new_id
    for one in moving:
        changes.names.append(one.name)
        changes.change("member", one.id, {"household_id": new_id})
    _make_head(changes, {one.id for one in moving})
    changes.change_size(changes.household.id, -len(moving))
    _move_rows(changes, {one.id for one in moving}, new_id)
    for helper_id in changes.session.scalars(_helpers_of(changes.household.id)):
        day = request.happened_on
        values: dict[str, Value] = {"household_id": new_id, "helper_id": helper_id, "started_on": day}
        changes.add("assignment", Assignment.id_of(new_id, helper_id, day), **values)
    changes.remarks.append("年度收入、生活条件和整户的记录留在原户，新户的请另填")


def union(changes: PlannedChanges) -> None:
    """Everybody of another household lives in this one from now on; the other is closed."""
    other_id = changes.request.other_household_id
    other = changes.session.get(Household, other_id) if other_id else None
    if other is None or other.withdrawn or other.id == changes.household.id:
        raise UserError("请选并进来的是哪一户。")
    moving = present_ids(changes.session, [other.id])
    for member_id in moving:
        relation = changes.request.relations.get(member_id, "")
        if not relation or relation == HEAD_RELATION:
            raise UserError("请填写并进来的每一位与户主的关系；一户只有一位户主。")
        changes.names.append(changes.session.get_one(Member, member_id).name or "")
        changes.change("member", member_id, {"household_id": changes.household.id, "relation": relation})
    changes.other_household_id = other.id
    changes.change_size(changes.household.id, len(moving))
    changes.change_size(other.id, -len(moving))
    _move_rows(changes, set(moving), changes.household.id)
    _close(changes, other.id)


def identified(changes: PlannedChanges) -> None:
    """The household is registered as poor."""
    _require_kind(changes, "ordinary", "这一户已是建档立卡户，不用再识别。")
    changes.change(
        "household",
        changes.household.id,
        {
            "household_kind": value_of("household_kind", "poor"),
            "exit_status": value_of("exit_status", "poor"),
            "registration_state": value_of("registration_state", "registered"),
            "register_date": f"{changes.request.happened_on:%Y-%m}",
            **changes.request.values,
        },
    )


def returned(changes: PlannedChanges) -> None:
    """A household that had left poverty falls back."""
    _require_kind(changes, "lifted", "这一户不是脱贫户，不能登记返贫。")
    changes.change(
        "household",
        changes.household.id,
        {
            "household_kind": value_of("household_kind", "poor"),
            "exit_status": value_of("exit_status", "returned"),
            "registration_state": value_of("registration_state", "returned"),
            "household_attribute": _attribute_as(changes.household.household_attribute, "poor"),
            "return_year": changes.request.happened_on.year,
            **changes.request.values,
        },
    )


def exited(changes: PlannedChanges) -> None:
    """The household leaves poverty."""
    _require_kind(changes, "poor", "这一户不是建档立卡贫困户，不能登记脱贫退出。")
    changes.change(
        "household",
        changes.household.id,
        {
            "household_kind": value_of("household_kind", "lifted"),
            "exit_status": value_of("exit_status", "exited"),
            "registration_state": value_of("registration_state", "exited"),
            "household_attribute": _attribute_as(changes.household.household_attribute, "exited"),
            "exit_year": changes.request.happened_on.year,
        },
    )


def risk_removed(changes: PlannedChanges) -> None:
    """What the household was monitored for is gone."""
    watched = [row for row in monitorings(changes.session, changes.household.id) if is_open(row)]
    if not watched:
        raise UserError("这一户没有正在监测的记录，不能登记风险消除。")
    for row in watched:
        month = f"{changes.request.happened_on:%Y-%m}"
        decision = changes.request.decision
        dates = {f"removal_{name}": decision.get(name) for name in ("checked_on", "notice_on", "notice_until")}
        changes.change("monitoring", row.id, {"removed": month, **dates, **changes.request.values})


def attribute(changes: PlannedChanges) -> None:
    """The household is of another class."""
    changes.change("household", changes.household.id, changes.request.values)


def closed(changes: PlannedChanges) -> None:
    """The household is not kept any more; nothing of it is deleted."""
    if any(is_open(row) for row in monitorings(changes.session, changes.household.id)):
        raise UserError("这一户还在监测。请先登记风险消除，再整户销户。")
    _close(changes, changes.household.id)


def reopened(changes: PlannedChanges) -> None:
    """A closed household is kept again."""
    if changes.household.registration_state not in values_with_role("registration_state", "closed"):
        raise UserError("这一户没有销户，不用恢复。")
    changes.change(
        "household", changes.household.id, {"registration_state": value_of("registration_state", "registered")}
    )


EFFECTS: Mapping[str, Callable[[PlannedChanges], None]] = {
    effect.__name__: effect
    for effect in (
        arrival, departure, head, split, union, identified, returned, exited, risk_removed, attribute, closed, reopened,
    )
}  # fmt: skip


def _chosen_person(changes: PlannedChanges) -> Any:
    people = [one for one in map(changes.person, changes.request.members) if one is not None]
    if len(people) != 1:
        raise UserError("请选一位现在的家庭成员。")
    return people[0]


def _make_head(changes: PlannedChanges, household: Collection[str]) -> None:
    """Of these who live together one becomes the head, and each other's relation to him is told."""
    request = changes.request
    if request.new_head not in household:
        raise UserError("请选谁是新户主。")
    changes.change("member", request.new_head, {"relation": HEAD_RELATION})
    for one in changes.people:
        if one.id in household and one.id != request.new_head:
            relation = request.relations.get(one.id, "")
            if not relation or relation == HEAD_RELATION:
                raise UserError(f"请填写{one.name}与新户主的关系；一户只有一位户主。")
            changes.change("member", one.id, {"relation": relation})


def _end_rows(changes: PlannedChanges, record: Any, column: str, member_id: str) -> None:
    """What a member had until now ends on the day; the officer may leave it open."""
    still = (record.member_id == member_id, ~record.withdrawn, getattr(record, column).is_(None))
    for row_id in changes.session.scalars(select(record.id).where(*still).order_by(record.id)):
        values: dict[str, Value] = {column: changes.request.happened_on}
        if hasattr(record, "end_reason"):
            values["end_reason"] = changes.cause
        changes.change(record.__tablename__, row_id, values, is_choice=True)


def _move_rows(changes: PlannedChanges, members: Collection[str], household_id: str) -> None:
    """What names a household and one of these members goes with him; the officer may leave it. So does what is attached
    to that, and to whatever else is his."""
    below = relations.rows_below(changes.session, Member.__tablename__, members)
    theirs_below = [row_id for rows in below.values() for row_id in rows]
    for table, record in records().items():
        model: Any = record
        if table != "life_event" and hasattr(model, "household_id") and hasattr(model, "member_id"):
            theirs = (model.member_id.in_(list(members)), model.household_id != household_id, ~model.withdrawn)
            for row_id in changes.session.scalars(select(model.id).where(*theirs).order_by(model.id)):
                changes.change(table, row_id, {"household_id": household_id}, is_choice=True)
                theirs_below.append(row_id)
    attached = or_(Photo.about_id.in_(id_values(theirs_below)), Photo.entry_id.in_(id_values(theirs_below)))
    papers = select(Photo.id).where(attached, Photo.household_id != household_id, ~Photo.withdrawn).order_by(Photo.id)
    for photo_id in changes.session.scalars(papers):
        changes.change(Photo.__tablename__, photo_id, {"household_id": household_id}, is_choice=True)


def _close(changes: PlannedChanges, household_id: str) -> None:
    changes.change("household", household_id, {"registration_state": value_of("registration_state", "closed")})
    reason = value_of("assignment_change", "household_closed")
    in_force = (Assignment.household_id == household_id, is_in_force())
    for id in changes.session.scalars(select(Assignment.id).where(*in_force).order_by(Assignment.id)):
        changes.change("assignment", id, {"ended_on": changes.request.happened_on, "change_reason": reason})


def _close_unless_monitored(changes: PlannedChanges, household_id: str) -> None:
    """Nobody lives there any more. While it is monitored it stays, because its risk must be removed by decision."""
    if any(is_open(row) for row in monitorings(changes.session, household_id)):
        title = relations.record_title(changes.session, "household", household_id)
        changes.warnings.append(f"{title}没有人了，但还在监测，所以没有销户。请先登记风险消除，再登记整户销户")
    else:
        _close(changes, household_id)


def _helpers_of(household_id: str) -> Any:
    in_force = (Assignment.household_id == household_id, is_in_force(), Assignment.helper_id.is_not(None))
    return select(Assignment.helper_id).where(*in_force).distinct().order_by(Assignment.helper_id)


def _require_kind(changes: PlannedChanges, role: str, refusal: str) -> None:
    kind = changes.household.household_kind
    if kind not in values_with_role("household_kind", role) and (kind or role != "ordinary"):
        raise UserError(refusal)


def _attribute_as(former: str | None, side: str) -> str | None:
    """The same class of household before (poor) or after (exited) it left poverty."""
    for role in ("ordinary", "dibao", "tekun"):
        if former in values_with_role("household_attribute", role):
            return value_of("household_attribute", role, side)
    return former
