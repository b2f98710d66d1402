"""Who helps whom in the sample village, and what the homes are given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.sample.homes import STORY_DAY, Home, Place, Row, filled, fitting, id_number, rng, told
from app.sample.telling import Telling, telling
from db.schema.aid import Assignment, Helper
from db.schema.record import derived_id


@dataclass(frozen=True)
class Bond:
    """A helper for a home from a day on; `until` is None while it stands."""

    home: Home
    helper: str
    unit: str
    row: Row

    def stands(self, day: date) -> bool:
        return bool(self.row["started_on"] <= day and (self.row["ended_on"] is None or self.row["ended_on"] > day))


def helper_rows(place: Place) -> list[Row]:
    """The fourteen helpers."""
    return [_helper(place, n, raw) for n, raw in enumerate(told("helpers")["helpers"], 1)]


def bonds(homes: Sequence[Home], helpers: Sequence[Row]) -> list[Bond]:
    """All assignments, those in force and past ones."""
    by_no = {home.no: home for home in homes}
    return [
        _bond(by_no[no], helper, date.fromisoformat(start), date.fromisoformat(end) if end else None, why)
        for raw, helper in zip(told("helpers")["helpers"], helpers, strict=True)
        for numbers, start, end, why in _spans(raw)
        for no in numbers
    ]


def measure_rows(homes: Sequence[Home]) -> list[Row]:
    """What each home was given, year by year."""
    templates = told("measures")["measures"]
    return [
        row
        for home in homes
        if home.present
        for n, template in enumerate(templates)
        if fitting(home, template.get("only", []))
        for year in template["years"]
        if (row := _measure(home, template, n, year)) is not None
    ]


def _helper(place: Place, n: int, raw: Mapping[str, Any]) -> Row:
    phone = f"1549888{n:04}"
    return {
        "id": Helper.id_of(place.code, raw["name"], phone),
        "village": place.code,
        "name": raw["name"],
        "sex": raw["sex"],
        "id_no": id_number(date.fromisoformat(raw["birth"]), n, raw["sex"]),
        "political": raw["political"],
        "unit": raw["unit"].format(village=place.name),
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


def _spans(raw: Mapping[str, Any]) -> Iterator[tuple[list[int], str, str | None, str | None]]:
    yield raw["homes"], raw["since"], None, None
    for past in raw.get("past", ()):
        yield past["homes"], past["from"], past["to"], past["why"]


def _bond(home: Home, helper: Row, start: date, end: date | None, why: str | None) -> Bond:
    started = max(start, home.since)
    row = {
        "id": Assignment.id_of(home.id, helper["id"], started),
        "village": home.place.code,
        "household_id": home.id,
        "helper_id": helper["id"],
        "started_on": started,
        "ended_on": end,
        "change_reason": why,
    }
    return Bond(home, helper["name"], helper["unit"], row)


def _measure(home: Home, template: Mapping[str, Any], n: int, year: int) -> Row | None:
    """One measure of a year; None where the home has nothing of the kind, or the dice say no."""
    dice = rng(home, f"measure {template['title']} {year}")
    year = year or min(home.unsafe[1] if home.unsafe else STORY_DAY.year, STORY_DAY.year)
    started = date(year, template["month"], dice.randrange(3, 26))
    words = telling(home, started, dice)
    content = filled(template["content"], words.said)
    quantity = filled(template.get("quantity", ""), words.said)
    person = template.get("for", "")
    if content is None or quantity is None or (person and person not in words.whom):
        return None
    if dice.randrange(100) >= template["chance"] or started < home.since:
        return None
    amount = _amount(template["amount"], template["step"], dice.randrange(1000)) * _times(template, words)
    gain = _amount(template["gain"], 100, dice.randrange(1000)) if "gain" in template else None
    return {
        "id": derived_id("measure", home.id, template["title"], year, n),
        "village": home.place.code,
        "household_id": home.id,
        "member_id": words.whom.get(person),
        "kind": template["kind"],
        "title": template["title"],
        "year": year,
        "content": content,
        "quantity": quantity or None,
        "amount": amount or None,
        "fund_source": template["fund_source"],
        "responsible": template["responsible"].format(village=home.place.name),
        "evidence": template.get("evidence"),
        **_course(home, template, started),
        "expected_gain": gain,
    }


def _course(home: Home, template: Mapping[str, Any], started: date) -> Row:
    """Begun, ended, state and effect."""
    to_come = template["kind"] == "危房改造" and home.unsafe is not None and home.unsafe[1] > STORY_DAY.year
    if template.get("planned") or to_come:
        return {"started_on": None, "ended_on": date(STORY_DAY.year + 1, 10, 31), "state": "计划"}
    if template.get("stopped"):
        return {"started_on": started, "ended_on": None, "state": "已中止"}
    if template.get("ongoing"):
        return {"started_on": started, "ended_on": None, "state": "实施中", "effect": template["effect"]}
    ended = started + timedelta(days=150) if template.get("long") else date(started.year, 12, 15)
    return {"started_on": started, "ended_on": ended, "state": "已完成", "effect": template["effect"]}


def _amount(between: Sequence[int], step: int, die: int) -> Decimal:
    least, most = between
    return Decimal(least + die % ((most - least) // step + 1) * step)


def _times(template: Mapping[str, Any], words: Telling) -> int:
    return int(words.said["size"]) if template.get("times_size") else 1
