"""Cleaning rules about medical insurance and pension."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from resources.option_roles import yes_no

_MEDICAL = ("med_ins", "emp_med_ins")
_PENSION = ("pension", "emp_pension")


@rule("medical_twice", ERROR, "居民医保与职工医保重复", "R055")
def medical_duplicate(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody has both kinds of medical insurance."""
    for member in household.members:
        if member.row.med_ins and member.row.emp_med_ins:
            yield finding(
                member.row, f"{member.name}的{describe_fields(member.row, *_MEDICAL)}，只能参加一种。", *_MEDICAL
            )


@rule("medical_none", ERROR, "未参加医保", "§6-32；R055")
def medical_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Every member of a registered household has medical insurance on record."""
    for member in household.members:
        if household.needs_helper and not member.row.med_ins and not member.row.emp_med_ins:
            yield finding(
                member.row, f"{member.name}的{describe_fields(member.row, *_MEDICAL)}。请核对参保情况。", *_MEDICAL
            )


@rule("serious_none", ERROR, "未参加大病保险", "R056")
def serious_illness_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever has residents' medical insurance has serious illness insurance, which comes with it."""
    for member in household.members:
        if household.needs_helper and member.row.med_ins and not member.row.serious_ins:
            message = f"{member.name}的{describe_fields(member.row, 'serious_ins')}，参加居民医保的都有大病保险。"
            yield finding(
                member.row, message, "serious_ins", "med_ins", fix=("serious_ins", True, f"改为“{yes_no(True)}”")
            )


@rule("pension_unknown", ERROR, "养老保险未填", "§6-32；R057")
def pension_unknown(household: HouseholdFacts) -> Iterator[Finding]:
    """From 16 on, whoever is not at school has a pension entry."""
    for member in household.members:
        old_enough = member.age is not None and member.age >= threshold("work_from")
        if (
            household.needs_helper
            and old_enough
            and not member.attends_school
            and member.row.pension is None
            and not member.row.emp_pension
        ):
            yield finding(member.row, f"{member.name}的{describe_fields(member.row, *_PENSION)}。", *_PENSION)


@rule("pension_none", WARNING, "未参加养老保险", "§6-32")
def pension_not_insured(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever is between 16 and 59 and not at school has a pension insurance."""
    for member in household.members:
        is_working_age = member.age_between(threshold("work_from"), threshold("old") - 1) and not member.attends_school
        if household.needs_helper and is_working_age and member.row.pension is False and not member.row.emp_pension:
            message = f"{member.name} {member.age} 岁，{describe_fields(member.row, *_PENSION)}。请核对参保情况。"
            yield finding(member.row, message, *_PENSION)


@rule("rescue_uninsured", WARNING, "未参保却接受医疗救助", "R058")
def rescue_uninsured(household: HouseholdFacts) -> Iterator[Finding]:
    """Medical rescue requires medical insurance: it pays what insurance leaves over."""
    for member in household.members:
        if member.row.med_rescue and member.row.med_ins is False and not member.row.emp_med_ins:
            yield finding(
                member.row,
                f"{describe_fields(member.row, 'med_rescue', *_MEDICAL)}，互相矛盾。",
                "med_rescue",
                *_MEDICAL,
            )
