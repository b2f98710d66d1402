"""Cleaning rules about 低保 and 特困: the household's attribute, its members and its money."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from resources.option_roles import yes_no

_ATTRIBUTE = "household_attribute"


@rule("dibao_nobody", ERROR, "低保户中无低保成员", "R059")
def dibao_without_recipient(household: HouseholdFacts) -> Iterator[Finding]:
    """In a 低保户 at least one member gets 低保."""
    if (
        household.attribute_is("dibao")
        and household.members
        and not any(member.row.dibao for member in household.members)
    ):
        yield finding(
            household.row, f"{describe_fields(household.row, _ATTRIBUTE)}，但成员都没有享受低保。", _ATTRIBUTE
        )


@rule("dibao_ordinary", ERROR, "一般户有低保成员", "R059")
def dibao_in_ordinary_household(household: HouseholdFacts) -> Iterator[Finding]:
    """In an ordinary household nobody gets 低保."""
    for member in household.members:
        if household.attribute_is("ordinary") and member.row.dibao:
            message = (
                f"{member.name}的{describe_fields(member.row, 'dibao')}"
                f"，但{describe_fields(household.row, _ATTRIBUTE)}。"
            )
            yield finding(member.row, message, "dibao", context_values=(household.row.household_attribute,))


@rule("tekun_nobody", ERROR, "特困户中无特困人员", "R059")
def tekun_without_recipient(household: HouseholdFacts) -> Iterator[Finding]:
    """In a 特困户 at least one member is provided for."""
    if (
        household.attribute_is("tekun")
        and household.members
        and not any(member.row.tekun for member in household.members)
    ):
        yield finding(
            household.row, f"{describe_fields(household.row, _ATTRIBUTE)}，但成员都不是特困供养人员。", _ATTRIBUTE
        )


@rule("tekun_able", ERROR, "特困供养人员有劳动能力", "R060")
def tekun_with_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody who is 18 to 59, healthy and not at school is provided for as 特困."""
    for member in household.members:
        if (
            member.row.tekun
            and member.is_healthy
            and member.age_between(18, threshold("old") - 1)
            and not member.attends_school
        ):
            message = f"{member.name} {member.age} 岁，{describe_fields(member.row, 'tekun', 'health', 'labour')}。"
            yield finding(member.row, message, "tekun", "health", "labour", "birth")


@rule("no_labour_unprovided", WARNING, "整户无劳动力而无低保特困", "R062")
def no_labour_unassisted(household: HouseholdFacts) -> Iterator[Finding]:
    """A household without anybody able to work has somebody who gets 低保 or is provided for."""
    if (
        household.needs_helper
        and _has_no_labour(household)
        and not any(member.row.dibao or member.row.tekun for member in household.members)
    ):
        yield finding(
            household.row,
            "全家没有劳动力，也没有人享受低保或特困供养。请核对。",
            _ATTRIBUTE,
            context_values=_labour_capacities(household),
        )


@rule("fallback_unmarked", WARNING, "整户无劳动力未标兜底保障户", "R108")
def fallback_unmarked(household: HouseholdFacts) -> Iterator[Finding]:
    """整户无劳动能力兜底保障户 is marked where the members' records say so."""
    if household.needs_helper and _has_no_labour(household) and not household.row.no_labour_fallback:
        fix = ("no_labour_fallback", True, f"改为“{yes_no(True)}”")
        message = f"全家没有劳动力，但{describe_fields(household.row, 'no_labour_fallback')}。"
        yield finding(
            household.row, message, "no_labour_fallback", context_values=_labour_capacities(household), fix=fix
        )


@rule("fallback_wrong", ERROR, "兜底保障户有劳动力", "R108")
def fallback_with_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """A household marked as without labour has no member able to work."""
    able_names = [member.name for member in household.members if member.labour_capacity == "full"]
    if household.row.no_labour_fallback and able_names:
        message = f"{describe_fields(household.row, 'no_labour_fallback')}，但{'、'.join(able_names)}是劳动力。"
        yield finding(household.row, message, "no_labour_fallback", context_values=_labour_capacities(household))


def _has_no_labour(household: HouseholdFacts) -> bool:
    return bool(household.members) and all(member.labour_capacity == "none" for member in household.members)


def _labour_capacities(household: HouseholdFacts) -> tuple[str, ...]:
    return tuple(f"{member.row.id} {member.labour_capacity}" for member in household.members)
