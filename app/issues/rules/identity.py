"""Cleaning rules about ID numbers, sex and birth dates."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from app.records.row_views import age_on
from app.records.validators import id_birth, id_number_error, id_sex


@rule("id_missing", ERROR, "证件号码未填", "R006")
def id_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Every member has an ID number."""
    for member in household.members:
        if not member.row.id_no:
            yield finding(
                member.row, f"{member.name}的{describe_fields(member.row, 'id_no')}。请对照户口本补上。", "id_no"
            )


@rule("id_number", ERROR, "证件号码不对", "§6-1；R003、R004、R006")
def id_invalid(household: HouseholdFacts) -> Iterator[Finding]:
    """An ID number has a valid length, birth date and check digit (GB 11643)."""
    for member in household.members:
        error = id_number_error(member.row.id_no) if member.row.id_no else ""
        if error:
            yield finding(member.row, f"{describe_fields(member.row, 'id_no')}{error}。", "id_no")


@rule("id_twice", ERROR, "证件号码重复", "§6-2；R001、R002")
def id_duplicate(household: HouseholdFacts) -> Iterator[Finding]:
    """An ID number (its first 18 characters) belongs to one person, here and in all households."""
    for member in household.members:
        owners = household.cross_index.ids.get((member.row.id_no or "")[:18], ())
        others = [owner for owner in owners if owner.record_id != member.row.id]
        if others:
            other_names = "、".join(f"{other.household_name}户的{other.name}" for other in others[:5])
            message = (
                f"{describe_fields(member.row, 'id_no')}与{other_names}相同。请核对是谁的号码，或是否一人登记了两次。"
            )
            yield finding(
                member.row, message, "id_no", context_values=tuple(sorted(other.record_id for other in others))
            )


@rule("id_sex", ERROR, "性别与证件不符", "§6-3；R007")
def id_sex_mismatch(household: HouseholdFacts) -> Iterator[Finding]:
    """The sex agrees with digit 17 of the ID number."""
    for member in household.members:
        expected = id_sex(member.row.id_no or "") if member.has_valid_id else None
        if expected and member.row.sex and expected != member.row.sex:
            message = (
                f"{describe_fields(member.row, 'sex')}，按{describe_fields(member.row, 'id_no')}应是“{expected}”。"
            )
            yield finding(member.row, message, "sex", "id_no", fix=("sex", expected, f"按证件号码改为“{expected}”"))


@rule("id_birth", ERROR, "出生日期与证件不符", "§6-3；R007")
def id_birth_mismatch(household: HouseholdFacts) -> Iterator[Finding]:
    """The birth date agrees with digits 7 to 14 of the ID number."""
    for member in household.members:
        expected = id_birth(member.row.id_no or "") if member.has_valid_id else None
        if expected and member.row.birth and expected != member.row.birth:
            message = (
                f"{describe_fields(member.row, 'birth')}，按{describe_fields(member.row, 'id_no')}应是“{expected}”。"
            )
            yield finding(member.row, message, "birth", "id_no", fix=("birth", expected, f"按证件号码改为“{expected}”"))


@rule("birth_impossible", ERROR, "出生日期不可能", "§6-4；R007")
def birth_impossible(household: HouseholdFacts) -> Iterator[Finding]:
    """A birth date lies between 1900 and today."""
    for member in household.members:
        if member.row.birth and not 1900 <= member.row.birth.year <= household.today.year:
            yield finding(member.row, f"{describe_fields(member.row, 'birth')}不可能，请对照户口本改正。", "birth")
        elif member.row.birth and member.row.birth > household.today:
            yield finding(member.row, f"{describe_fields(member.row, 'birth')}在今天以后，请对照户口本改正。", "birth")


@rule("very_old", WARNING, "年龄超过 110 岁", "§6-5")
def very_old(household: HouseholdFacts) -> Iterator[Finding]:
    """A very old member is still alive: deaths are often not reported."""
    for member in household.members:
        years = age_on(member.birth_date, household.today)
        if years is not None and threshold("oldest") < years < household.today.year - 1900:
            message = f"{describe_fields(member.row, 'birth')}，已 {years} 岁。请核对出生日期，去世的请办理减少。"
            yield finding(member.row, message, "birth")
