"""Cleaning rules about telephone numbers and bank cards."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from app.records.field import field
from db.schema.record import Record


def _phones(household: HouseholdFacts) -> Iterator[tuple[Record, str, str]]:
    """Record, column and number of every telephone of a household."""
    if household.row.phone:
        yield household.row, "phone", household.row.phone
    for member in household.members:
        if member.row.member_phone:
            yield member.row, "member_phone", member.row.member_phone


@rule("phone_form", ERROR, "电话号码不对", "§6-34；R063")
def phone_format(household: HouseholdFacts) -> Iterator[Finding]:
    """A telephone number is a mobile number of 11 digits or a landline with its area code."""
    for row, column, number in _phones(household):
        error = field(row.__tablename__, column).check(number)
        if error:
            yield finding(row, f"{describe_fields(row, column)}不对：{error}", column)


@rule("phone_shared", WARNING, "同一电话用于几户", "§6-34；R064")
def phone_shared(household: HouseholdFacts) -> Iterator[Finding]:
    """A telephone number belongs to one household."""
    for row, column, number in _phones(household):
        others = {owner.household_id: owner.household_name for owner in household.cross_index.phones.get(number, ())}
        others.pop(household.row.id, None)
        if others:
            names = "、".join(list(others.values())[:5])
            message = f"{describe_fields(row, column)}也是{names}户的电话，请核对。"
            yield finding(row, message, column, context_values=tuple(sorted(others)))


@rule("bank_card", WARNING, "银行卡号校验不过", "§6-33")
def bank_card(household: HouseholdFacts) -> Iterator[Finding]:
    """A bank card number has a valid length and check digit (Luhn). Passbooks are numbered differently, so this is
    only an issue.
    """
    number = household.row.bank_card_no
    if number:
        field_spec = field("household", "bank_card_no")
        error = field_spec.check(number) or field_spec.warn(number)
        if error:
            yield finding(household.row, f"{describe_fields(household.row, 'bank_card_no')}：{error}", "bank_card_no")
