"""Who came to the households of the sample village, what they saw and what they promised."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app.policies.common_policies import common_policies
from app.records.field import options
from app.sample.assistance import AssignmentSeed
from app.sample.families import (
    FIRST_VISITS,
    STORY_DAY,
    Row,
    SampleHousehold,
    SampleVillage,
    fill_template,
    load_data,
    matches_tags,
    seeded_rng,
)
from app.sample.text_context import build_context
from db.schema.policy import Policy
from db.schema.record import Record, derived_id
from db.schema.visit import VisitParticipant, VisitPlan, VisitPolicy
from resources.option_roles import value_of

_TEXTS = ("found", "explained", "asked_for", "solution", "promised", "carried_out")
_FOLLOW_UP_DELAY = timedelta(days=12)  # what fell due later is not yet carried out on the day of the story
_UNKEPT_PERCENT = 4  # of 100 promises
_APP_SINCE = date(2018, 7, 1)  # when the province's app came
_UPLOAD_DELAY = timedelta(days=5)  # the visits of the last days are not in it yet


def visit_rows(households: Sequence[SampleHousehold], assignment_seeds: Sequence[AssignmentSeed]) -> list[Row]:
    """All visits, household by household, the earliest first."""
    return [
        row
        for household in households
        for row in _household_visits(household, [seed for seed in assignment_seeds if seed.household is household])
    ]


def _household_visits(household: SampleHousehold, assignment_seeds: Sequence[AssignmentSeed]) -> Iterator[Row]:
    rng = seeded_rng(household, "visits")
    used_notes: list[Mapping[str, Any]] = []
    for day in sorted(_visit_days(household, rng)):
        candidates = [
            note for note in load_data("visits")["notes"] if note not in used_notes and _note_fits(household, note, day)
        ]
        rng.shuffle(candidates)
        for note in candidates:
            row = _visit(household, assignment_seeds, note, day, rng)
            if row is not None:
                used_notes.append(note)
                yield row
                break


def _visit_days(household: SampleHousehold, rng: Random) -> Iterator[date]:
    """Backwards from the last visit: about every seven weeks for a registered household, half a year for others."""
    rules = load_data("visits")
    if household.no in rules["never_visited"] or not household.members:
        return
    last = STORY_DAY - timedelta(days=rng.randrange(2, 58))
    if household.no in rules["quiet"]:
        last = STORY_DAY - timedelta(days=rng.randrange(95, 150))
    if departure_days := [
        person.left_on for person in household.members if person.left_on and not household.current_members
    ]:
        last = max(departure_days) - timedelta(days=rng.randrange(9, 30))
    while last >= max(FIRST_VISITS, household.registered_on):
        yield last
        last -= timedelta(days=rng.randrange(34, 66) if household.is_registered else rng.randrange(90, 150))


def _note_fits(household: SampleHousehold, note: Mapping[str, Any], day: date) -> bool:
    return matches_tags(household, note.get("only", [])) and day.month in note.get("months", range(1, 13))


def _visit(
    household: SampleHousehold,
    assignment_seeds: Sequence[AssignmentSeed],
    note: Mapping[str, Any],
    day: date,
    rng: Random,
) -> Row | None:
    context = build_context(household, day, rng)
    texts: Row = {name: fill_template(note[name], context.words) for name in _TEXTS if name in note}
    if None in texts.values():
        return None
    visitors, unit = _visitors(household, assignment_seeds, day, rng)
    if "promised" in texts:
        due = day + timedelta(days=note["days"])
        texts["promised_by"] = due
        if due > STORY_DAY - _FOLLOW_UP_DELAY or rng.randrange(100) < _UNKEPT_PERCENT:
            texts.pop("carried_out", None)
    return {
        "id": derived_id("visit", household.id, day),
        "village": household.village.code,
        "household_id": household.id,
        "visited_on": day,
        "visitors": visitors,
        "visitor_unit": unit,
        "way": note.get("way", value_of("visit_way", "at_home")),
        "purpose": tuple(option.value for option in options("visit_purpose") if option.value in note["purpose"]),
        **texts,
        **_shared(note, rng),
        **_signed(household, day, rng),
    }


def _shared(note: Mapping[str, Any], rng: Random) -> Row:
    """What was done together at a visit of 三同."""
    if "together" not in note:
        return {}
    meals, hours = rng.randrange(1, 3), Decimal(rng.randrange(2, 7))
    return {
        "together": tuple(note["together"]), "meals": meals, "labour_hours": hours, "labour": note["labour"],
    }  # fmt: skip


def _signed(household: SampleHousehold, day: date, rng: Random) -> Row:
    """Times of day, the head's signature, and the entry in the province's app a day or two later."""
    begun = datetime(day.year, day.month, day.day, rng.randrange(8, 16), rng.randrange(0, 60, 5))
    ended = begun + timedelta(minutes=rng.randrange(20, 75, 5))
    row: Row = {"started_at": f"{begun:%H:%M}", "ended_at": f"{ended:%H:%M}", "countersigned": rng.randrange(12) > 0}
    uploaded_on = day + timedelta(days=rng.randrange(3))
    if day >= _APP_SINCE and uploaded_on <= STORY_DAY - _UPLOAD_DELAY and rng.randrange(20):
        row |= {"uploaded_on": uploaded_on, "upload_no": f"ZF{day:%Y%m%d}{int(household.no):03}"}
    return row


def participant_rows(visits: Sequence[Row], helpers: Sequence[Row]) -> Iterator[tuple[type[Record], Row]]:
    """Helpers who are named among the visitors of the last months; before, names were only written down."""
    ids = {helper["name"]: helper["id"] for helper in helpers}
    for visit in visits:
        if visit["visited_on"] >= _APP_SINCE:
            for name in visit["visitors"].split("、"):
                if name in ids:
                    yield VisitParticipant, {"visit_id": visit["id"], "helper_id": ids[name]}


def explained_rows(village: SampleVillage, visits: Sequence[Row]) -> Iterator[tuple[type[Record], Row]]:
    """Policies of the library that the notes of a visit speak of."""
    words = load_data("visits")["policies"]
    ids = {row["name"]: Policy.id_of(village.code, row["name"], row.get("valid_from")) for row in common_policies()}
    for visit in visits:
        for name, word in words.items():
            if word in (visit.get("explained") or ""):
                yield VisitPolicy, {"visit_id": visit["id"], "policy_id": ids[name]}


def plan_rows(visits: Sequence[Row], assignment_seeds: Sequence[AssignmentSeed]) -> Iterator[tuple[type[Record], Row]]:
    """The plan of the last three months: each helped household once a month, on the day when it was visited or the
    tenth."""
    visited = {(visit["household_id"], f"{visit['visited_on']:%Y-%m}"): visit["visited_on"] for visit in visits}
    regular = value_of("visit_reason", "regular")
    for seed in assignment_seeds:
        for month in (10, 11, 12):
            first = date(STORY_DAY.year, month, 1)
            wanted = (seed.household.no + month) % 3 == 0 or (seed.row["household_id"], f"{first:%Y-%m}") in visited
            if seed.is_active(first) and wanted:
                yield (
                    VisitPlan,
                    {
                        "household_id": seed.row["household_id"],
                        "helper_id": seed.row["helper_id"],
                        "month": f"{first:%Y-%m}",
                        "target_on": visited.get((seed.row["household_id"], f"{first:%Y-%m}"), first.replace(day=10)),
                        "reason": regular,
                    },
                )


def _visitors(
    household: SampleHousehold, assignment_seeds: Sequence[AssignmentSeed], day: date, rng: Random
) -> tuple[str, str]:
    """The helper of that day, now and then with somebody of the team; village officers where there is no helper."""
    active = [seed for seed in assignment_seeds if seed.is_active(day)]
    if not active:
        return "汪巧珍", f"{household.village.name}村民委员会"
    helper = active[0]
    companion = rng.choice(("", "", "汪巧珍", "郑晓岚" if day >= date(2018, 4, 1) else "沈一鸣"))
    names = f"{helper.helper}、{companion}" if companion and companion != helper.helper else helper.helper
    return names, helper.unit
