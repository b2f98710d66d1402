"""What households live on: trades and their sales, training, workshops, and what those who were moved live on."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import ERROR, HINT, WARNING, Finding, describe_fields, finding, rule
from db.schema.asset import IndustryLink
from db.schema.employment import (
    PublicJob,
    SkillTraining,
    TrainingParticipant,
    TrainingWish,
    WorkshopPay,
    WorkshopPayLine,
    WorkSpell,
)
from db.schema.production import FarmBusiness
from db.schema.record import Record
from resources.option_roles import values_with_role

_YEAR = timedelta(days=365)


@rule("moved_unsupported", WARNING, "搬迁户没有后续帮扶", "§6-30")
def moved_unsupported(household: HouseholdFacts) -> Iterator[Finding]:
    """搬得出、稳得住、能发展: a household that was moved has a job, a trade or a measure that gives it one."""
    moved = [member.row for member in household.members if member.row.relocated_person]
    if moved and not _has_livelihood(household):
        message = "有易地扶贫搬迁人口，近一年没有产业、就业方面的帮扶措施、岗位、务工或产业。请落实后续帮扶。"
        yield finding(moved[0], message, "relocated_person", context_values=tuple(row.id for row in moved))


@rule("sold_over_output", ERROR, "销量多于产量", "§6-46")
def sold_over_output(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody sells more than came of it."""
    for row in household.rows_of(FarmBusiness):
        if row.sold is not None and row.output is not None and row.sold > row.output:
            yield finding(row, f"{describe_fields(row, 'year', 'kind', 'output', 'sold')}。", "sold", "output")


@rule("sales_differ", WARNING, "销售收入与销量乘单价不符", "§6-46")
def sales_differ(household: HouseholdFacts) -> Iterator[Finding]:
    """What was earned is what was sold by the price."""
    for row in household.rows_of(FarmBusiness):
        if row.sold is not None and row.price is not None and row.sales is not None:
            expected = row.sold * row.price
            if abs(expected - row.sales) >= 1:  # yuan; prices are rounded
                told = describe_fields(row, "year", "kind", "sold", "price", "sales")
                yield finding(row, f"{told}，按销量乘单价是 {expected:,.2f} 元。", "sales", "price", "sold")


@rule("training_unfit", WARNING, "无劳动力参加技能培训", "R053")
def training_unfit(household: HouseholdFacts) -> Iterator[Finding]:
    """Who is taught a skill to work with, or wants to be, can work."""
    skills, courses = values_with_role("training_kind", "skill"), household.lists_of(SkillTraining)
    rows: list[tuple[Record, str | None, str | None]] = [
        (row, row.member_id, courses[row.training_id].kind)
        for row in household.rows_of(TrainingParticipant)
        if row.training_id and row.training_id in courses
    ]
    rows += [(row, row.member_id, row.kind) for row in household.rows_of(TrainingWish) if not row.dropped_on]
    for row, member_id, kind in rows:
        member = household.person(member_id)
        if member and kind in skills and member.labour_capacity == "none":
            message = f"{member.name}的{describe_fields(member.row, 'labour')}，在“{kind}”的培训名单里。"
            yield finding(row, message, "member_id", context_values=(member.row.labour, kind))


@rule("labour_unasked", HINT, "劳动力没有登记培训意愿", "§6-47")
def labour_unasked(household: HouseholdFacts) -> Iterator[Finding]:
    """Where one labourer of a household was asked this year what to learn, each was."""
    year = household.today.year
    asked = {row.member_id for row in household.rows_of(TrainingWish) if row.year == year}
    for member in household.members if asked else ():
        if member.labour_capacity in ("full", "half") and not member.attends_school and member.row.id not in asked:
            message = f"{member.name}是劳动力，{year} 年没有登记培训意愿；不需要的也请写明。"
            yield finding(member.row, message, "labour", context_values=(year,))


@rule("workshop_far", WARNING, "在县外务工又在本地车间计件", "R048")
def workshop_far(household: HouseholdFacts) -> Iterator[Finding]:
    """Who works outside the county in a month has no wage from a workshop of the village in it."""
    outside, months = values_with_role("work_region", "outside_county"), household.lists_of(WorkshopPay)
    spells = [row for row in household.rows_of(WorkSpell) if row.region in outside and row.started_on]
    for line in household.rows_of(WorkshopPayLine):
        month = months[line.pay_id].month if line.pay_id and line.pay_id in months else None
        away = next((row for row in spells if row.member_id == line.member_id and _covers(row, month or "")), None)
        if away:
            message = (
                f"{_whose(household, line)}{describe_fields(away, 'place', 'started_on')}，{month} 又有车间计件工资。"
            )
            yield finding(line, message, "wage", "member_id", context_values=(away.id, month))


def _has_livelihood(household: HouseholdFacts) -> bool:
    """Whether it had a trade, a job or a measure for one within the last year."""
    since, stopped = household.today - _YEAR, values_with_role("measure_state", "stopped")
    measures = household.measures_of("development") + household.measures_of("employment")
    return (
        any((one.year or 0) >= since.year and one.state not in stopped for one in measures)
        or any(
            _goes_on(one, since) for model in (PublicJob, WorkSpell, IndustryLink) for one in household.rows_of(model)
        )
        or any((one.year or 0) >= since.year for one in household.rows_of(FarmBusiness))
        or any(member.works_away for member in household.members)
    )


def _goes_on(row: Any, since: date) -> bool:
    return row.ended_on is None or row.ended_on >= since


def _covers(spell: WorkSpell, month: str) -> bool:
    """Whether somebody was away the whole of a month, as YYYY-MM."""
    ended = f"{spell.ended_on:%Y-%m}" if spell.ended_on else "9999-12"
    return bool(month) and f"{spell.started_on:%Y-%m}" < month < ended


def _whose(household: HouseholdFacts, row: Record) -> str:
    member = household.person(getattr(row, "member_id", None))
    return f"{member.name}的" if member else ""
