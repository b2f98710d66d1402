"""Cleaning rules about 脱贫: its year, and what must no longer be the case."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from resources.option_roles import value_of, values_with_role


@rule("exit_year_missing", ERROR, "已脱贫而无脱贫年度", "§6-24")
def exit_year_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A household that is out of poverty has the year of its exit."""
    if household.has_exited and not household.row.exit_year:
        yield finding(
            household.row,
            f"{describe_fields(household.row, 'exit_status')}，但{describe_fields(household.row, 'exit_year')}。",
            "exit_year",
            "exit_status",
        )


@rule("exit_year_without", WARNING, "有脱贫年度而未脱贫", "§6-24")
def exit_year_without_exit(household: HouseholdFacts) -> Iterator[Finding]:
    """A year of exit comes with an exit; a household that returned to poverty has both."""
    row = household.row
    if row.exit_year and row.exit_status in values_with_role("exit_status", "not_exited"):
        yield finding(
            row, f"{describe_fields(row, 'exit_status', 'exit_year')}，互相矛盾。", "exit_status", "exit_year"
        )


@rule("exit_before_register", ERROR, "脱贫早于建档", "§6-24")
def exit_before_registration(household: HouseholdFacts) -> Iterator[Finding]:
    """A household is registered before its exit."""
    row = household.row
    if row.exit_year and row.register_date and row.exit_year < int(row.register_date[:4]):
        columns = ("exit_year", "register_date")
        yield finding(row, f"{describe_fields(row, *columns)}，脱贫年度不能更早。", *columns)


@rule("return_half", ERROR, "返贫年度与返贫原因缺一", "§6-24")
def return_incomplete(household: HouseholdFacts) -> Iterator[Finding]:
    """A return to poverty has a year and a cause."""
    row = household.row
    columns = ("return_year", "return_cause")
    if row.exit_status == value_of("exit_status", "returned") and not (row.return_year and row.return_cause):
        yield finding(row, f"{describe_fields(row, 'exit_status', *columns)}，请补上。", *columns, "exit_status")


@rule("exited_unsafe_house", ERROR, "已脱贫仍住危房", "R076")
def exited_unsafe_house(household: HouseholdFacts) -> Iterator[Finding]:
    """A household that is out of poverty has a safe house by the newest living conditions."""
    conditions = household.latest_conditions
    if household.has_exited and conditions and conditions.house_unsafe:
        columns = ("house_unsafe", "danger_level")
        yield finding(
            conditions,
            f"已脱贫，但 {conditions.year} 年度{describe_fields(conditions, *columns)}。",
            *columns,
            context_values=(household.row.exit_status,),
        )


@rule("exited_unsafe_water", ERROR, "已脱贫而饮水不安全", "§6-26；R076")
def exited_unsafe_water(household: HouseholdFacts) -> Iterator[Finding]:
    """A household that is out of poverty has safe water by the newest living conditions."""
    conditions = household.latest_conditions
    if household.has_exited and conditions and (conditions.water_safe is False or conditions.water_hard):
        columns = ("water_safe", "water_hard")
        yield finding(
            conditions,
            f"已脱贫，但 {conditions.year} 年度{describe_fields(conditions, *columns)}。",
            *columns,
            context_values=(household.row.exit_status,),
        )


@rule("exited_no_power", ERROR, "已脱贫未通生活用电", "R075")
def exited_no_power(household: HouseholdFacts) -> Iterator[Finding]:
    """A household that is out of poverty has electricity by the newest living conditions."""
    conditions = household.latest_conditions
    if household.has_exited and conditions and conditions.elec_life is False:
        message = f"已脱贫，但 {conditions.year} 年度{describe_fields(conditions, 'elec_life')}。"
        yield finding(conditions, message, "elec_life", context_values=(household.row.exit_status,))


@rule("exited_dropout", ERROR, "已脱贫而有辍学", "R076")
def exited_dropout(household: HouseholdFacts) -> Iterator[Finding]:
    """In a household that is out of poverty nobody of 6 to 15 has dropped out of school."""
    for member in household.members:
        dropped_out = (
            member.age_between(threshold("school_from"), threshold("school_to"))
            and member.row.dropout_cause
            and not member.attends_school
        )
        if household.has_exited and dropped_out:
            message = f"已脱贫，但{member.name} {member.age} 岁，{describe_fields(member.row, 'dropout_cause')}。"
            yield finding(
                member.row, message, "dropout_cause", "school_status", context_values=(household.row.exit_status,)
            )
