"""Cleaning rules about helpers: who helps a household, and whether they may."""

from collections.abc import Iterator
from datetime import date

from app.issues.household_facts import AssignmentFacts, HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from app.workbook.masking import mask_text


def _active_assignments(household: HouseholdFacts) -> list[AssignmentFacts]:
    return [assignment for assignment in household.assignments if assignment.in_force]


@rule("no_helper", ERROR, "无帮扶责任人", "§6-27；R089")
def no_helper(household: HouseholdFacts) -> Iterator[Finding]:
    """Every household that is registered or monitored has a helper in force."""
    if household.needs_helper and not _active_assignments(household):
        yield finding(
            household.row, "这一户现在没有结对的帮扶联系人。请安排结对。", missing=("assignment", "helper_id")
        )


@rule("several_helpers", ERROR, "帮扶责任人多于规定", "R089")
def multiple_helpers(household: HouseholdFacts) -> Iterator[Finding]:
    """A household has no more helpers at one time than the county allows."""
    active = _active_assignments(household)
    if len(active) > threshold("helpers_per_household", "helper_limits"):
        names = "、".join(assignment.helper.name or "" for assignment in active if assignment.helper)
        latest = max(active, key=lambda assignment: (assignment.row.started_on or date.min, assignment.row.id))
        others = tuple(sorted(assignment.row.id for assignment in active))
        yield finding(
            latest.row, f"{names}同时结对这一户。请结束其中的结对。", "ended_on", "helper_id", context_values=others
        )


@rule("helper_over", WARNING, "帮扶责任人结对超限", "§6-27；R091")
def helper_over_limit(household: HouseholdFacts) -> Iterator[Finding]:
    """A helper has no more households than their rank allows."""
    for assignment in _active_assignments(household):
        burden = household.cross_index.burdens.get(assignment.row.helper_id or "")
        if burden and burden.households > burden.limit:
            message = (
                f"{burden.name}（{burden.rank or '职级未填'}）结对 {burden.households} 户，最多 {burden.limit} 户。"
            )
            yield finding(assignment.row, message, "helper_id", context_values=(burden.households, burden.limit))


@rule("helper_gone", ERROR, "帮扶责任人已离任仍结对", "§6-27")
def helper_inactive(household: HouseholdFacts) -> Iterator[Finding]:
    """A helper in force is active and not missing from the list of helpers."""
    for assignment in _active_assignments(household):
        if assignment.helper is None or assignment.helper.withdrawn:
            name = (assignment.helper.name if assignment.helper else None) or "帮扶联系人"
            message = f"{name}已不在帮扶联系人名单里，结对还没有结束。请结束结对或另外安排。"
            yield finding(assignment.row, message, "ended_on", "helper_id")


@rule("helper_is_member", ERROR, "帮扶责任人是本户成员", "§6-28")
def helper_is_member(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody helps their own household (same ID number)."""
    for assignment in _active_assignments(household):
        number = ((assignment.helper.id_no if assignment.helper else "") or "")[:18]
        matches = [member for member in household.members if number and (member.row.id_no or "")[:18] == number]
        if matches:
            name = assignment.helper.name if assignment.helper else ""
            message = f"帮扶联系人{name}和成员{matches[0].name}是同一个{describe_fields(matches[0].row, 'id_no')}。"
            yield finding(assignment.row, message, "helper_id", context_values=(matches[0].row.id, number))


@rule("helper_namesake", WARNING, "帮扶责任人与成员同名", "§6-28")
def helper_namesake(household: HouseholdFacts) -> Iterator[Finding]:
    """A helper shares no name with a member; where both ID numbers are known, `helper_is_member` decides."""
    for assignment in _active_assignments(household):
        name, number = (assignment.helper.name, assignment.helper.id_no) if assignment.helper else (None, None)
        matches = [
            member
            for member in household.members
            if name and member.row.name == name and not (number and member.row.id_no)
        ]
        if matches:
            yield finding(
                assignment.row,
                f"帮扶联系人和家庭成员都叫{name}。请核对是不是同一人。",
                "helper_id",
                context_values=(matches[0].row.id,),
            )


@rule("helper_registered", ERROR, "帮扶责任人又是贫困人口", "R090")
def helper_is_registered(household: HouseholdFacts) -> Iterator[Finding]:
    """No member of a registered household is on the list of helpers."""
    for member in household.members:
        name = household.cross_index.helpers.get((member.row.id_no or "")[:18]) if member.row.id_no else None
        if household.is_registered and name is not None:
            message = f"{member.name}（{describe_fields(member.row, 'id_no')}）也在帮扶联系人名单里。"
            yield finding(member.row, message, "id_no")


@rule("helper_phone", WARNING, "帮扶责任人电话与他人相同", "R090")
def helper_phone_shared(household: HouseholdFacts) -> Iterator[Finding]:
    """Every helper has a telephone number of their own."""
    for assignment in _active_assignments(household):
        number = (assignment.helper.phone if assignment.helper else None) or ""
        names = household.cross_index.helper_phones.get(number, ())
        if names:
            message = f"{'、'.join(names)}的电话都是{mask_text(number, 'phone')}。请核对。"
            yield finding(assignment.row, message, "helper_id", context_values=(number,))


@rule("help_early", ERROR, "帮扶早于建档", "R091")
def assignment_before_registration(household: HouseholdFacts) -> Iterator[Finding]:
    """An assignment begins no earlier than the household's registration."""
    registered_month = household.row.register_date or ""
    for assignment in household.assignments:
        if (
            registered_month
            and assignment.row.started_on
            and assignment.row.started_on.isoformat()[:7] < registered_month
        ):
            message = (
                f"{describe_fields(assignment.row, 'started_on')}，早于"
                f"{describe_fields(household.row, 'register_date')}。"
            )
            yield finding(assignment.row, message, "started_on", context_values=(registered_month,))


@rule("help_backwards", ERROR, "帮扶结束早于开始", "R091")
def assignment_ends_before_start(household: HouseholdFacts) -> Iterator[Finding]:
    """An assignment does not end before it begins."""
    for assignment in household.assignments:
        row = assignment.row
        if row.started_on and row.ended_on and row.ended_on < row.started_on:
            yield finding(
                row, f"{describe_fields(row, 'started_on', 'ended_on')}，次序不对。", "ended_on", "started_on"
            )
