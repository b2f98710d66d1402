"""Cleaning rules about chronic illness: who is ill and has no card for it."""

from collections.abc import Iterator
from datetime import date

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import WARNING, Finding, describe_fields, finding, rule
from db.schema.health import ChronicCard
from resources.option_roles import values_with_role


@rule("chronic_uncarded", WARNING, "长期慢性病没有慢病证", "R097")
def chronic_uncarded(household: HouseholdFacts) -> Iterator[Finding]:
    """Who of a registered or monitored household is chronically ill has a card that is valid."""
    chronic, today = values_with_role("health", "chronic"), household.today
    carded = {row.member_id for row in household.rows_of(ChronicCard) if _is_valid(row, today)}
    for member in household.members if household.needs_helper else ():
        if not member.health.isdisjoint(chronic) and member.row.id not in carded:
            message = f"{member.name}的{describe_fields(member.row, 'health')}，没有有效的慢病证。请核对是否应办。"
            yield finding(member.row, message, "health", "illness_name")


def _is_valid(card: ChronicCard, today: date) -> bool:
    return bool(card.issued_on) and not card.renewed_on and (card.valid_until is None or card.valid_until >= today)
