"""Whether each pupil is found, gets the highest tier with a proof, and is followed term by term."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import resources
from app.issues.household_facts import HouseholdFacts, MemberFacts, threshold
from app.issues.rule import ERROR, HINT, WARNING, Finding, describe_fields, finding, rule
from app.records.row_views import age_on
from db.schema.education import EducationAid, SchoolTerm
from resources.option_roles import value_of, values_with_role
from resources.overlay import cached

_AUTUMN, _SPRING = 9, 3  # the month in which a term has begun everywhere


@rule("grant_low", WARNING, "教育资助不是最高档", "R099")
def grant_low(household: HouseholdFacts) -> Iterator[Finding]:
    """Pupils of registered and monitored households are granted the highest tier. Former years had other tiers."""
    for row in household.rows_of(EducationAid) if household.needs_helper else ():
        highest, granted = _highest_tiers().get(row.item or ""), row.standard if row.standard is not None else row.paid
        if not highest or granted is None or (row.year or 0) < household.today.year - 1:
            continue
        due = Decimal(highest * 2 if row.term in values_with_role("school_term", "year") else highest)
        if granted < due:
            message = (
                f"{_name(household, row.member_id)} {row.year} 年{row.term or ''}的{row.item}是 {granted:,.2f} 元，"
                f"最高档 {due:,.2f} 元。请核对是否应按最高档。"
            )
            yield finding(row, message, "standard", "paid", "item", context_values=(due,))


@rule("grant_over", ERROR, "教育资助实发多于标准", "R098")
def grant_over(household: HouseholdFacts) -> Iterator[Finding]:
    """What is paid is at most what was granted."""
    for row in household.rows_of(EducationAid):
        if row.paid is not None and row.standard is not None and row.paid > row.standard:
            message = f"{_name(household, row.member_id)}的{describe_fields(row, 'item', 'standard', 'paid')}，多发了。"
            yield finding(row, message, "paid", "standard")


@rule("grant_unproven", HINT, "教育资助发了没有佐证", "§6-38")
def grant_unproven(household: HouseholdFacts) -> Iterator[Finding]:
    """What was paid has something that proves it."""
    for row in household.rows_of(EducationAid):
        if row.paid_on and not row.evidence:
            whose = f"{_name(household, row.member_id)}的{describe_fields(row, 'item', 'paid_on')}"
            yield finding(row, f"{whose}，{describe_fields(row, 'evidence')}。", "evidence", "paid_on")


@rule("pupil_omitted", WARNING, "在校生本学年没有资助记录", "§6-31")
def pupil_omitted(household: HouseholdFacts) -> Iterator[Finding]:
    """Where one child of a household is aided, each of its pupils is, in whatever stage of school."""
    rows = household.rows_of(EducationAid) if household.needs_helper else ()
    aided = {row.member_id for row in rows if _is_of_school_year(row, household.today)}
    for member in household.members if rows else ():
        if member.attends_school and member.row.id not in aided:
            message = (
                f"{member.name}的{describe_fields(member.row, 'school_status')}，台账里本学年没有资助。请核对是否遗漏。"
            )
            yield finding(member.row, message, "school_status", context_values=(_school_year(household.today),))


@rule("term_unchecked", HINT, "本学期没有核查就学情况", "§6-10")
def term_unchecked(household: HouseholdFacts) -> Iterator[Finding]:
    """Who was followed in an earlier term is followed in this one, as long as school is compulsory."""
    year, term = _term_of(household.today)
    for member in _of_school_age(household):
        rows = _terms(household, member)
        if rows and not any((row.year, row.term) == (year, term) for row in rows):
            message = f"{member.name}以前学期有就学情况，{year} 年{term}没有。请核查登记。"
            yield finding(rows[-1], message, "term", "year", context_values=(year, term))


@rule("dropout_hidden", ERROR, "台账失学辍学而户档在校", "§6-10；R022")
def dropout_hidden(household: HouseholdFacts) -> Iterator[Finding]:
    """Who is out of school by the latest term, and has not come back, is not at school in the record of members."""
    missing = values_with_role("schooling_state", "missing")
    for member in household.members:
        row = next(iter(_terms(household, member)[-1:]), None)
        if row and row.state in missing and not row.returned_on and member.attends_school:
            message = (
                f"{member.name} {row.year} 年{row.term}的{describe_fields(row, 'state', 'returned_on')}，"
                f"成员里{describe_fields(member.row, 'school_status')}，对不上。"
            )
            yield finding(row, message, "state", "returned_on", context_values=(member.row.school_status,))


@cached
def _highest_tiers() -> dict[str, int]:
    """Item of aid → its highest tier in one term, in yuan."""
    tiers = resources.read("thresholds", "aid_standards")["highest"]
    return {item: int(yuan) for role, yuan in tiers.items() for item in values_with_role("education_aid_item", role)}


def _school_year(day: date) -> int:
    """The year in which the school year of a day began."""
    return day.year if day.month >= _AUTUMN else day.year - 1


def _is_of_school_year(row: EducationAid, day: date) -> bool:
    """Of the autumn in which the school year began, or the spring after it."""
    first = _school_year(day)
    springs, years = (values_with_role("school_term", role) for role in ("spring", "year"))
    return row.year in ((first + 1,) if row.term in springs else (first, first + 1) if row.term in years else (first,))


def _term_of(day: date) -> tuple[int, str]:
    """Year and term that run on a day."""
    if day.month < _SPRING:
        return day.year - 1, value_of("school_term", "autumn")
    return day.year, value_of("school_term", "autumn" if day.month >= _AUTUMN else "spring")


def _terms(household: HouseholdFacts, member: MemberFacts) -> Sequence[SchoolTerm]:
    """What was written down of a child, the earliest term first."""
    springs = values_with_role("school_term", "spring")
    rows = [row for row in household.rows_of(SchoolTerm) if row.member_id == member.row.id]
    return sorted(rows, key=lambda row: (row.year or 0, row.term not in springs))


def _of_school_age(household: HouseholdFacts) -> Iterator[MemberFacts]:
    first, last = threshold("school_from"), threshold("school_to")
    for member in household.members:
        age = age_on(member.birth_date, household.today)
        if age is not None and first <= age <= last:
            yield member


def _name(household: HouseholdFacts, member_id: str | None) -> str:
    member = household.person(member_id)
    return member.name if member else ""
