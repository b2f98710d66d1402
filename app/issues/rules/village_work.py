"""What lists of the village's work say of a household: who is paid, who signed, which unit of the grid it is in."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.issues.household_facts import HouseholdFacts, MemberFacts
from app.issues.rule import ERROR, HINT, WARNING, Finding, describe_fields, finding, rule
from db.schema.asset import Distribution, DistributionLine
from db.schema.community import Grid, GridHousehold, Meeting, MeetingParticipant
from resources.option_roles import value_of, values_with_role


@rule("paid_twice", WARNING, "同一笔收益发了两次", "§6-42")
def paid_twice(household: HouseholdFacts) -> Iterator[Finding]:
    """What one asset yields in a year is given to a household once, for one reason."""
    paid: defaultdict[tuple[str, int | None, str | None], list[DistributionLine]] = defaultdict(list)
    for line, distribution in _lines(household):
        paid[distribution.asset_id or distribution.name or "", distribution.year, distribution.reason].append(line)
    for (_, year, reason), lines in paid.items():
        if len(lines) > 1:
            listed = "、".join(f"{_name(household, line.member_id)} {line.amount or 0:,.2f} 元" for line in lines)
            message = f"{year} 年的{reason}，这一户列了 {len(lines)} 次：{listed}。"
            context = tuple(line.id for line in lines)
            yield finding(lines[-1], message, "amount", "member_id", context_values=context)


@rule("paid_after_leaving", ERROR, "减少人员列入发放", "§6-37；R065")
def paid_after_leaving(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever died or moved away before the money was paid is not on the list."""
    for line, distribution in _lines(household):
        member = _left_before(household, line.member_id, line.paid_on or distribution.paid_on or household.today)
        if member:
            message = (
                f"{member.name}{describe_fields(member.row, 'left', 'left_on')}，"
                f"仍在“{distribution.name}”{distribution.year} 年的名单里。"
            )
            yield finding(line, message, "member_id", "amount", context_values=(member.row.left_on,))


@rule("dividend_differs", WARNING, "分红与收入核算不符", "§6-19")
def dividend_differs(household: HouseholdFacts) -> Iterator[Finding]:
    """What was paid as dividend in the newest year is what the account of income says, where that has items."""
    income, kinds = household.latest_income_year, values_with_role("distribution_reason", "dividend")
    if income is None or income.totals.reported or not income.amounts:
        return
    paid = [
        line
        for line, distribution in _lines(household)
        if distribution.year == income.row.year and distribution.reason in kinds
        if line.paid_on or distribution.paid_on
    ]
    total = sum((line.amount or Decimal() for line in paid), Decimal())
    recorded = income.amounts.get(value_of("income_item", "dividend"), Decimal())
    if paid and total != recorded:
        message = f"{income.row.year} 年发了分红 {total:,.2f} 元，收入核算里是 {recorded:,.2f} 元。"
        yield finding(paid[-1], message, "amount", context_values=(total, recorded))


@rule("signed_after_leaving", ERROR, "减少人员在会议上签到", "§6-37")
def signed_after_leaving(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody signs for a meeting that was held after the person had left."""
    for row in household.rows_of(MeetingParticipant):
        meeting = household.lists_of(Meeting).get(row.meeting_id or "")
        if meeting and row.signed and meeting.held_on:
            member = _left_before(household, row.member_id, meeting.held_on)
            if member:
                message = (
                    f"{member.name}{describe_fields(member.row, 'left', 'left_on')}，"
                    f"却在 {meeting.held_on} 的“{meeting.title}”上签到。"
                )
                yield finding(row, message, "signed", "member_id", context_values=(member.row.left_on,))


@rule("units_several", WARNING, "一户编在几个单元", "§6-43")
def units_several(household: HouseholdFacts) -> Iterator[Finding]:
    """A household is in one unit of the grid."""
    rows = _units(household)
    if len(rows) > 1:
        names = "、".join(sorted(grid.name or "" for _, grid in rows))
        row, _ = rows[-1]
        yield finding(row, f"编在 {len(rows)} 个单元里：{names}。", "grid_id", context_values=(names,))


@rule("unit_missing", HINT, "没有编入单元", "§6-43")
def unit_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Where the village is divided into units, each household is in one."""
    village = household.row.village
    grids = [one for one in household.lists_of(Grid).values() if one.village == village and not one.dissolved_on]
    if grids and not _units(household):
        message = f"全村分了 {len(grids)} 个单元，这一户没有编入。"
        missing = ("grid_household", "grid_id")
        yield finding(household.row, message, missing=missing, context_values=(len(grids),))


def _lines(household: HouseholdFacts) -> Iterator[tuple[DistributionLine, Distribution]]:
    """The lines about the household's people, of distributions that were not stopped."""
    for line in household.rows_of(DistributionLine):
        distribution = household.lists_of(Distribution).get(line.distribution_id or "")
        if distribution and not distribution.stopped_on:
            yield line, distribution


def _units(household: HouseholdFacts) -> list[tuple[GridHousehold, Grid]]:
    """The units that the household is in, with the row that says so."""
    grids = household.lists_of(Grid)
    named = [(row, grids.get(row.grid_id or "")) for row in household.rows_of(GridHousehold)]
    return [(row, grid) for row, grid in named if grid and not grid.dissolved_on]


def _left_before(household: HouseholdFacts, member_id: str | None, day: date) -> MemberFacts | None:
    """A member who had left the household by a day."""
    member = next((one for one in household.former_members if one.row.id == member_id), None)
    return member if member and (member.row.left_on is None or member.row.left_on < day) else None


def _name(household: HouseholdFacts, member_id: str | None) -> str:
    member = household.person(member_id)
    return member.name if member else ""
