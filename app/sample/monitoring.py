"""防返贫监测 of the sample village: a lead, households that are monitored, a risk that is gone, one that came back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.records.field import field
from app.sample.families import Row, SampleHousehold
from db.schema.monitoring import Monitoring


def monitoring_rows(households: Sequence[SampleHousehold]) -> list[Row]:
    """One row for each time that a household is monitored."""
    return [row for household in households for row in _rows(household)]


def _rows(household: SampleHousehold) -> Iterator[Row]:
    before = None
    for raw in household.raw.get("monitoring", ()):
        row = _row(household, raw) | {"return_of_id": before}
        yield row
        before = row["id"]


def _row(household: SampleHousehold, raw: Mapping[str, Any]) -> Row:
    values = {name: field(Monitoring.__tablename__, name).parse(value) for name, value in raw.items()}
    return {
        "id": Monitoring.id_of(household.id, values.get("identified"), values.get("lead_on")),
        "village": household.village.code,
        "household_id": household.id,
        **values,
    }
