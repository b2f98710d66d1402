"""Who helps whom in the sample village, and what the households are given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.sample.families import (
    STORY_DAY,
    Row,
    SampleHousehold,
    SampleVillage,
    fill_template,
    id_number,
    load_data,
    matches_tags,
    seeded_rng,
)
from app.sample.text_context import TextContext, build_context
from db.schema.aid import Assignment, Helper
from db.schema.record import derived_id
from resources.option_roles import value_of, values_with_role


@dataclass(frozen=True)
class AssignmentSeed:
    """A helper for a household from a day on; `until` is None while it stands."""

    household: SampleHousehold
    helper: str
    unit: str
    row: Row

    def is_active(self, day: date) -> bool:
        return bool(self.row["started_on"] <= day and (self.row["ended_on"] is None or self.row["ended_on"] > day))


def helper_rows(village: SampleVillage) -> list[Row]:
    """The fourteen helpers."""
    return [_helper(village, n, entry) for n, entry in enumerate(load_data("helpers")["helpers"], 1)]


def assignment_seeds(households: Sequence[SampleHousehold], helpers: Sequence[Row]) -> list[AssignmentSeed]:
    """All assignments, those in force and past ones."""
    by_no = {household.no: household for household in households}
    return [
        _assignment_seed(by_no[no], helper, date.fromisoformat(start), date.fromisoformat(end) if end else None, reason)
        for entry, helper in zip(load_data("helpers")["helpers"], helpers, strict=True)
        for numbers, start, end, reason in _assignment_spans(entry)
        for no in numbers
    ]


def measure_rows(households: Sequence[SampleHousehold]) -> list[Row]:
    """What each household was given, year by year."""
    templates = load_data("measures")["measures"]
    return [
        row
        for household in households
        if household.current_members
        for n, template in enumerate(templates)
        if matches_tags(household, template.get("only", []))
        for year in template["years"]
        if (row := _measure(household, template, n, year)) is not None
    ]


def _helper(village: SampleVillage, n: int, raw: Mapping[str, Any]) -> Row:
    phone = f"1549888{n:04}"
    return {
        "id": Helper.id_of(village.code, raw["name"], phone),
        "village": village.code,
        "name": raw["name"],
        "sex": raw["sex"],
        "id_no": id_number(date.fromisoformat(raw["birth"]), n, raw["sex"]),
        "political": raw["political"],
        "unit": raw["unit"].format(village=village.name),
        "unit_type": raw["unit_type"],
        "affiliation": raw["affiliation"],
        "post": raw["post"],
        "rank": raw["rank"],
        "phone": phone,
        "is_first_secretary": raw.get("first_secretary", False),
        "is_team_leader": raw.get("team_leader", False),
        "is_team_member": raw.get("team_member", False),
        "note": raw.get("note"),
    }


def _assignment_spans(raw: Mapping[str, Any]) -> Iterator[tuple[list[int], str, str | None, str | None]]:
    yield raw["households"], raw["since"], None, None
    for past in raw.get("past", ()):
        yield past["households"], past["from"], past["to"], past["why"]


def _assignment_seed(
    household: SampleHousehold, helper: Row, start: date, end: date | None, reason: str | None
) -> AssignmentSeed:
    started_on = max(start, household.registered_on)
    row = {
        "id": Assignment.id_of(household.id, helper["id"], started_on),
        "village": household.village.code,
        "household_id": household.id,
        "helper_id": helper["id"],
        "started_on": started_on,
        "ended_on": end,
        "change_reason": reason,
    }
    return AssignmentSeed(household, helper["name"], helper["unit"], row)


def _measure(household: SampleHousehold, template: Mapping[str, Any], n: int, year: int) -> Row | None:
    """One measure of a year; None where the household has nothing of the kind, or the dice say no."""
    rng = seeded_rng(household, f"measure {template['title']} {year}")
    year = year or min(household.unsafe_house[1] if household.unsafe_house else STORY_DAY.year, STORY_DAY.year)
    started = date(year, template["month"], rng.randrange(3, 26))
    context = build_context(household, started, rng)
    content = fill_template(template["content"], context.words)
    quantity = fill_template(template.get("quantity", ""), context.words)
    person = template.get("for", "")
    if content is None or quantity is None or (person and person not in context.member_ids):
        return None
    if rng.randrange(100) >= template["chance"] or started < household.registered_on:
        return None
    amount = _amount(template["amount"], template["step"], rng.randrange(1000)) * _multiplier(template, context)
    gain = _amount(template["gain"], 100, rng.randrange(1000)) if "gain" in template else None
    return {
        "id": derived_id("measure", household.id, template["title"], year, n),
        "village": household.village.code,
        "household_id": household.id,
        "member_id": context.member_ids.get(person),
        "kind": template["kind"],
        "title": template["title"],
        "year": year,
        "content": content,
        "quantity": quantity or None,
        "amount": amount or None,
        "fund_source": template["fund_source"],
        "responsible": template["responsible"].format(village=household.village.name),
        "evidence": template.get("evidence"),
        **_progress(household, template, started),
        "expected_gain": gain,
    }


def _progress(household: SampleHousehold, template: Mapping[str, Any], started: date) -> Row:
    """Begun, ended, state and effect."""
    is_future = (
        template["kind"] in values_with_role("measure_kind", "housing")
        and household.unsafe_house is not None
        and household.unsafe_house[1] > STORY_DAY.year
    )
    if template.get("planned") or is_future:
        return {
            "started_on": None,
            "ended_on": date(STORY_DAY.year + 1, 10, 31),
            "state": value_of("measure_state", "planned"),
        }
    if template.get("stopped"):
        return {"started_on": started, "ended_on": None, "state": value_of("measure_state", "stopped")}
    if template.get("ongoing"):
        return {
            "started_on": started,
            "ended_on": None,
            "state": value_of("measure_state", "running"),
            "effect": template["effect"],
        }
    ended = started + timedelta(days=150) if template.get("long") else date(started.year, 12, 15)
    return {
        "started_on": started,
        "ended_on": ended,
        "state": value_of("measure_state", "done"),
        "effect": template["effect"],
    }


def _amount(bounds: Sequence[int], step: int, draw: int) -> Decimal:
    lower, upper = bounds
    return Decimal(lower + draw % ((upper - lower) // step + 1) * step)


def _multiplier(template: Mapping[str, Any], context: TextContext) -> int:
    return int(context.words["size"]) if template.get("times_size") else 1
