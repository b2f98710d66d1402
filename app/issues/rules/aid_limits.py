"""What is paid: not above the standard of its kind, not twice in a year, not to who left."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from app.records.field import field
from db.schema.education import EducationAid
from db.schema.employment import WorkSpell
from db.schema.insurance import InsuranceEnrolment
from db.schema.record import Record
from resources.limits import limits
from resources.option_roles import values_with_role

# records of money for a member, with the day on which it was paid
_PAID: tuple[tuple[type[Record], str], ...] = (
    (EducationAid, "paid_on"), (WorkSpell, "subsidy_paid_on"), (InsuranceEnrolment, "paid_on"),
)  # fmt: skip


@rule("aid_above", WARNING, "补助超过规定标准", "§6-45")
def aid_above(household: HouseholdFacts) -> Iterator[Finding]:
    """既不降低标准也不吊高胃口: no payment is more than the standard of its kind."""
    for most in limits("aid_standards")["most"].values():
        table, column, by, limit = most["register"], most["column"], most["by"], Decimal(most["yuan"])
        for row in household.register_rows.get(table, ()) if limit else ():
            kinds = values_with_role(field(table, by).spec.options, most["role"]) if by else frozenset()
            amount = getattr(row, column)
            if amount is not None and amount > limit and (not by or getattr(row, by) in kinds):
                told = describe_fields(row, *([by] if by else []), column)
                message = f"{_whose(household, row)}{told}，规定标准是 {limit:,.2f} 元。请核对，不降低也不拔高标准。"
                yield finding(row, message, column, *([by] if by else []), context_values=(limit,))


@rule("travel_twice", WARNING, "一年两次交通补助", "§6-42")
def travel_twice(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody gets the travel subsidy twice in a year."""
    kinds = values_with_role("work_subsidy", "travel")
    first: dict[tuple[str | None, int], str] = {}
    for row in sorted(household.rows_of(WorkSpell), key=lambda row: row.subsidy_paid_on or date.max):
        if row.subsidy_kind in kinds and row.subsidy_paid_on:
            key = (row.member_id, row.subsidy_paid_on.year)
            if key in first:
                told = describe_fields(row, "subsidy_kind", "subsidy_paid_on")
                message = f"{_whose(household, row)}{told}，{key[1]} 年已经发过一次。"
                yield finding(row, message, "subsidy", "subsidy_paid_on", context_values=(first[key],))
            first.setdefault(key, row.id)


@rule("aid_after_leaving", ERROR, "减少以后还发补助", "§6-37；R065")
def aid_after_leaving(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody who died or moved away was paid a grant, a subsidy or an insurance afterwards."""
    former = {member.row.id: member for member in household.former_members}
    for model, column in _PAID:
        for row in household.rows_of(model):
            member, paid_on = former.get(getattr(row, "member_id", None) or ""), getattr(row, column)
            if member and member.row.left_on and paid_on and paid_on > member.row.left_on:
                message = (
                    f"{member.name}{describe_fields(member.row, 'left', 'left_on')}，{describe_fields(row, column)}。"
                )
                yield finding(row, message, column, "member_id", context_values=(member.row.left_on,))


def _whose(household: HouseholdFacts, row: Record) -> str:
    member = household.person(getattr(row, "member_id", None))
    return f"{member.name}的" if member else ""
