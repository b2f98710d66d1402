"""Cleaning rules about the sources that households drink of."""

from collections.abc import Iterator
from datetime import date

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import WARNING, Finding, describe_fields, finding, rule
from db.schema.water import WaterHousehold, WaterSource, WaterTest
from resources.option_roles import values_with_role


@rule("water_unclean", WARNING, "水源检测不合格而饮水安全", "R096")
def water_unclean(household: HouseholdFacts) -> Iterator[Finding]:
    """Who drinks of a source whose last test failed is not marked as having safe water."""
    sources, unclean = household.lists_of(WaterSource), values_with_role("water_result", "unclean")
    living = household.latest_conditions
    for row in household.rows_of(WaterHousehold):
        source = sources.get(row.source_id or "")
        last = _last_test(household, row.source_id) if source and not source.closed_on else None
        if source and last and last.result in unclean and living and living.water_safe:
            told = describe_fields(last, "tested_on", "result")
            message = f"水源“{source.name}”的{told}，{describe_fields(living, 'water_safe')}。请核对。"
            yield finding(living, message, "water_safe", context_values=(source.id, last.tested_on, last.result))


def _last_test(household: HouseholdFacts, source_id: str | None) -> WaterTest | None:
    tests = [test for test in household.lists_of(WaterTest).values() if test.source_id == source_id and test.tested_on]
    return max(tests, key=lambda test: test.tested_on or date.min, default=None)
