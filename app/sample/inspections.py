"""Two rounds of 四净两规范 in the sample village: the first closed, the second with households not yet inspected."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from app.checklists import template
from app.checklists.rounds import DEFAULT_CHECKLIST, round_defaults
from app.checklists.scoring import score
from app.checklists.template import Checklist, checklist
from app.sample.families import (
    STORY_DAY,
    Row,
    SampleHousehold,
    SampleVillage,
    load_data,
    matches_tags,
    seeded_rng,
)
from db.schema.inspection import Answer, ChecklistVersion, Inspection
from db.schema.record import derived_id
from resources.option_roles import value_of

ROUND_DAYS = (date(2018, 10, 8), date(2018, 12, 3))


@dataclass
class InspectionRows:
    """Rows of the two rounds by table; `looked` finds an inspection by round (0 or 1) and number of the household."""

    checklist_used: list[Row] = field(default_factory=list)
    round: list[Row] = field(default_factory=list)
    inspection: list[Row] = field(default_factory=list)
    answer: list[Row] = field(default_factory=list)
    by_round_and_household: dict[tuple[int, int], Row] = field(default_factory=dict)


def build_rounds(village: SampleVillage, households: Sequence[SampleHousehold]) -> InspectionRows:
    """Both rounds with all their inspections and answers."""
    text, rows, rules = template.checklist_text(DEFAULT_CHECKLIST), InspectionRows(), load_data("inspections")
    checklist_version_id = ChecklistVersion.id_of(village.code, text)
    checklist_definition = checklist(DEFAULT_CHECKLIST)
    rows.checklist_used.append(
        {
            "id": checklist_version_id,
            "village": village.code,
            "code": checklist_definition.code,
            "title": checklist_definition.title,
            "text": text,
        }
    )
    active_households = [household for household in households if household.is_active]
    for n, day in enumerate(ROUND_DAYS):
        row = _round(village, n, day, checklist_version_id, active_households)
        rows.round.append(row)
        for household in active_households:
            if n == 0 or household.no not in rules["left"]:
                _add_inspection(
                    rows, checklist_definition, row["id"], n, household, rules["inspectors"][household.no % 3]
                )
            if n == 0 and household.no in rules["seen_twice"]:
                _add_inspection(rows, checklist_definition, row["id"], n, household, rules["second_inspector"])
    return rows


def _round(
    village: SampleVillage, n: int, day: date, checklist_version_id: str, active_households: Sequence[SampleHousehold]
) -> Row:
    defaults = round_defaults(DEFAULT_CHECKLIST, day)
    return {
        "id": derived_id("round", village.code, defaults.title),
        "village": village.code,
        "checklist_id": checklist_version_id,
        "title": defaults.title,
        "period": defaults.period,
        "started_on": day,
        "due_on": defaults.due_on,
        "state": value_of("round_state", "visiting" if n else "archived"),
        # a round that is filed has noted down which households it was about
        "scope": None if n else json.dumps([household.id for household in active_households]),
        "note": None if n else "村“三委”会议审定，前十名在村务公开栏公示五天，无异议。",
    }


def _add_inspection(
    rows: InspectionRows,
    checklist_definition: Checklist,
    round_id: str,
    n: int,
    household: SampleHousehold,
    inspector: str,
) -> None:
    """What one inspector wrote down of one household."""
    rng = seeded_rng(household, f"look {n} {inspector}")
    is_second_inspector = inspector == load_data("inspections")["second_inspector"]
    days = rng.randrange(12, 20) if is_second_inspector else rng.randrange(12)
    seen_on = min(ROUND_DAYS[n] + timedelta(days=days), STORY_DAY)
    row: Row = {
        "id": Inspection.id_of(round_id, household.id, inspector),
        "village": household.village.code,
        "round_id": round_id,
        "household_id": household.id,
        "inspector": inspector,
        "seen_on": seen_on,
    }
    values = dict(_values(checklist_definition, household, n, seen_on, rng))
    if n == 1 and household.no == load_data("inspections")["begun"]:
        values = dict(list(values.items())[: len(values) // 2])
    else:
        row["note"] = _remark(checklist_definition, values, rng)
    rows.inspection.append(row)
    rows.by_round_and_household.setdefault((n, household.no), row)
    failed = value_of("check_value", "failed")
    for code, value in values.items():
        rows.answer.append(
            {
                "id": Answer.id_of(row["id"], code),
                "village": household.village.code,
                "inspection_id": row["id"],
                "check": code,
                "value": value,
                "note": rng.choice(load_data("inspections")["notes"][code]) if value == failed else None,
            }
        )


def _values(
    checklist_definition: Checklist, household: SampleHousehold, n: int, day: date, rng: Random
) -> Iterator[tuple[str, str]]:
    """An answer to each check point: how tidy a household is stays with it, and gets better from round to round."""
    tidiness = seeded_rng(household, "habit").gauss(0.84, 0.12) + 0.05 * n
    met, partly_met, failed = (value_of("check_value", role) for role in ("met", "partly_met", "failed"))
    if matches_tags(household, ["tekun"]) or any(
        person.labour == value_of("labour", "lost") for person in household.current_members
    ):
        tidiness -= 0.12
    for check in checklist_definition.checks():
        if check.code in _inapplicable_checks(household, day):
            yield check.code, value_of("check_value", "not_applicable")
        elif check.code == "J3.1" and not household.had_toilet(day.year):
            yield check.code, failed
        elif check.hard_fail:
            yield check.code, met if rng.random() < tidiness + 0.25 else failed
        else:
            draw = rng.random()
            partial_limit = tidiness + (1 - tidiness) * 0.65
            yield check.code, met if draw < tidiness else partly_met if draw < partial_limit else failed


def _inapplicable_checks(household: SampleHousehold, day: date) -> set[str]:
    """Check points that do not apply: no animals, no vehicle, nobody who must be cared for."""
    has_animals = matches_tags(household, ["黑毛猪", "山羊", "土鸡", "土鸭"])
    has_dependants = any(person.age(day) >= 70 or person.health for person in household.members_on(day))
    inapplicable = set() if has_animals else {"J1.4", "J2.2"}
    return inapplicable | (set() if has_dependants else {"J4.5"}) | ({"G2.5"} if household.no % 3 == 1 else set())


def _remark(checklist_definition: Checklist, values: Mapping[str, str], rng: Random) -> str:
    points = score(checklist_definition, values).points or 0
    remarks: dict[str, Any] = load_data("inspections")["remarks"]
    return str(rng.choice(remarks["high" if points >= 90 else "middle" if points >= 75 else "low"]))
