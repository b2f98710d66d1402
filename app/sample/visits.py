"""Who came to the households of the sample village, what they saw and what they promised."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from app.records.field import options
from app.sample.assistance import AssignmentSeed
from app.sample.families import (
    FIRST_VISITS,
    STORY_DAY,
    Row,
    SampleHousehold,
    fill_template,
    load_data,
    matches_tags,
    seeded_rng,
)
from app.sample.text_context import build_context
from db.schema.record import derived_id
from resources.option_roles import value_of

_TEXTS = ("found", "explained", "asked_for", "solution", "promised", "carried_out")
_FOLLOW_UP_DELAY = timedelta(days=12)  # what fell due later is not yet carried out on the day of the story
_UNKEPT_PERCENT = 4  # of 100 promises


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
    }


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
