"""Cleaning rules about causes of poverty that the household's records do not support."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from resources.option_roles import value_of


@rule("cause_missing", ERROR, "主要致贫原因未填", "R066")
def cause_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Every registered household has a main cause of poverty."""
    if household.is_registered and not household.row.cause_main:
        yield finding(
            household.row, f"{describe_fields(household.row, 'cause_main')}，请按建档资料补上。", "cause_main"
        )


@rule("cause_repeated", ERROR, "主要致贫原因与其他重复", "R066")
def cause_repeated(household: HouseholdFacts) -> Iterator[Finding]:
    """The main cause is not repeated among the other causes."""
    if household.row.cause_main and household.row.cause_main in (household.row.cause_other or ()):
        columns = ("cause_other", "cause_main")
        yield finding(household.row, f"{describe_fields(household.row, *columns)}，不要重复选。", *columns)


@rule("cause_without", ERROR, "致贫原因没有相应成员", "§6-22；R067")
def cause_unsupported(household: HouseholdFacts) -> Iterator[Finding]:
    """因病 comes with an ill member, 因残 with a disabled one, 因学 with a pupil; former members count as well."""
    all_members = (*household.members, *household.former_members)
    evidence_by_cause = {
        value_of("poverty_cause", "illness"): ("患病", any(member.is_ill for member in all_members)),
        value_of("poverty_cause", "disability"): (
            value_of("health", "disabled"),
            any(member.is_disabled for member in all_members),
        ),
        value_of("poverty_cause", "schooling"): (
            "在校",
            any(member.attends_school for member in all_members) or household.has_exited,
        ),
    }
    evidence, is_supported = evidence_by_cause.get(household.row.cause_main or "", ("", True))
    if not is_supported:
        yield finding(
            household.row, f"{describe_fields(household.row, 'cause_main')}，但成员中没有{evidence}的人。", "cause_main"
        )


@rule("cause_labour", WARNING, "缺劳力而劳动力不少", "§6-23；R068")
def cause_labour_shortage(household: HouseholdFacts) -> Iterator[Finding]:
    """缺劳动力 is not the cause where two members, and at least half of the household, can fully work."""
    able_count = sum(member.labour_capacity == "full" for member in household.members)
    short = household.row.cause_main == value_of("poverty_cause", "labour_shortage")
    if short and able_count >= 2 and able_count * 2 >= len(household.members):
        message = (
            f"{describe_fields(household.row, 'cause_main')}，但 "
            f"{len(household.members)} 人中有 {able_count} 个劳动力。"
        )
        yield finding(household.row, message, "cause_main", context_values=(able_count, len(household.members)))


@rule("risk_work", WARNING, "务工就业不稳而无人务工", "R069")
def risk_work(household: HouseholdFacts) -> Iterator[Finding]:
    """The risk of unsteady work comes with a member who works away."""
    row = household.monitoring
    if row is None or value_of("risk", "unsteady_work") not in (row.risks or ()):
        return
    if not any(member.works_away for member in household.members):
        yield finding(row, f"{describe_fields(row, 'risks')}，但没有登记务工的人。", "risks")
