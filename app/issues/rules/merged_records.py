"""The cleaning rule about records whose duplicates said something else when two households were merged."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import WARNING, Finding, describe_fields, finding, rule
from app.records.field import field


@rule("merged_differs", WARNING, "合并的记录内容不一致", "§6-41")
def merged_differs(household: HouseholdFacts) -> Iterator[Finding]:
    """A duplicate that is no longer shown says nothing else than the record shown, or somebody has compared the two."""
    reported: set[str] = set()
    for record in household.merged_records:
        if record.kept.id in reported:
            continue
        reported.add(record.kept.id)
        first = record.columns[0]
        first_field = field(record.kept.__tablename__, first)
        value = getattr(record.merged, first)
        other = describe_fields(record.merged, *record.columns)
        yield finding(
            record.kept,
            f"两户合并后这条记录只显示一份，另一份写的是{other}，请核对用哪一份。",
            *record.columns,
            context_values=tuple(getattr(record.merged, column) for column in record.columns),
            fix=(first, value, f"{first_field.label}改为{first_field.text(value, hide=True)}{first_field.unit}"),
        )
