"""动态管理 of the sample village: who came and went, which households left poverty and whose risk is gone."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.life_events.event_kind import publicity_days
from app.sample.families import STORY_DAY, Row, SampleHousehold, SamplePerson, load_data
from db.schema.life_event import LifeEvent
from resources.option_roles import value_of

_FIRST_DECISION = 2017  # exits of earlier years were written down before events were kept


def life_event_rows(household: SampleHousehold) -> Iterator[tuple[type[LifeEvent], Row]]:
    """The events of one household."""
    words: Mapping[str, Any] = load_data("registers")["life_events"]
    for person in household.members:
        for fact, role in (("joined", "arrival"), ("left", "departure")):
            if fact in person.attributes:
                yield LifeEvent, _natural(household, person, fact, role, words)
    for one in (one for one in words["more"] if one["household"] == household.no):
        yield LifeEvent, _told(household, one, words)
    exit_year = household.raw.get("exit")
    if isinstance(exit_year, int) and exit_year >= _FIRST_DECISION:
        yield LifeEvent, _decided(household, "exited", date(exit_year, 12, 5), words)
    for one in household.raw.get("monitoring", ()):
        if "removed" in one:
            year, month = (int(part) for part in str(one["removed"]).split("-"))
            yield LifeEvent, _decided(household, "risk_removed", date(year, month, 20), words)


def _natural(household: SampleHousehold, person: SamplePerson, fact: str, role: str, words: Mapping[str, Any]) -> Row:
    """What a certificate alone proves; it is settled a few days later."""
    cause, day = person.attributes[fact][0], date.fromisoformat(person.attributes[fact][1])
    settled = min(date.fromordinal(day.toordinal() + 12), STORY_DAY)
    return {
        "household_id": household.id,
        "kind": value_of("life_event_kind", role),
        "people": person.name,
        "cause": cause,
        "happened_on": day,
        "basis": words["basis"].get(cause, words["usual_basis"]),
        "applied_on": min(date.fromordinal(day.toordinal() + 5), STORY_DAY),
        "checked_on": settled,
        "checked_by": words["checked_by"],
        "settled_on": settled,
    }


def _told(household: SampleHousehold, told: Mapping[str, Any], words: Mapping[str, Any]) -> Row:
    """What the file tells in full."""
    kind, day = value_of("life_event_kind", told["role"]), told["happened_on"]
    changed = {"people": told.get("people"), "effect": told["effect"]}
    if publicity_days(kind) is not None:
        return _decided(household, told["role"], day, words) | changed
    settled = date.fromordinal(day.toordinal() + 2)
    checked = {"checked_on": settled, "checked_by": words["checked_by"], "settled_on": settled}
    row = {"household_id": household.id, "kind": kind, "happened_on": day, "basis": words["usual_basis"]}
    return {**row, "applied_on": day, **checked, **changed}


def _decided(household: SampleHousehold, role: str, day: date, words: Mapping[str, Any]) -> Row:
    """What is posted and decided above, step by step until the day on which it counts."""
    kind = value_of("life_event_kind", role)
    return {
        "household_id": household.id,
        "kind": kind,
        "happened_on": day,
        "basis": words["decided_basis"],
        "publicity_days": publicity_days(kind),
        "checked_by": words["checked_by"],
        **{name: date.fromordinal(day.toordinal() - before) for name, before in words["days_before"].items()},
        "settled_on": min(date.fromordinal(day.toordinal() + 3), STORY_DAY),
    }
