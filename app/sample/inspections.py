"""Two rounds of 四净两规范 in the sample village: the first finished and filed, the second with homes left to see."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from app.checklists import template
from app.checklists.rounds import USUAL, plan
from app.checklists.scoring import score
from app.checklists.template import Checklist, checklist
from app.sample.homes import STORY_DAY, Home, Place, Row, fitting, rng, told
from db.schema.inspection import Answer, ChecklistUsed, Inspection
from db.schema.record import derived_id

ROUND_DAYS = (date(2018, 10, 8), date(2018, 12, 3))


@dataclass
class Rounds:
    """Rows of the two rounds by table; `looked` finds an inspection by round (0 or 1) and number of the home."""

    checklist_used: list[Row] = field(default_factory=list)
    round: list[Row] = field(default_factory=list)
    inspection: list[Row] = field(default_factory=list)
    answer: list[Row] = field(default_factory=list)
    looked: dict[tuple[int, int], Row] = field(default_factory=dict)


def rounds(place: Place, homes: Sequence[Home]) -> Rounds:
    """Both rounds with all their inspections and answers."""
    text, made, rules = template.text(USUAL), Rounds(), told("inspections")
    used = ChecklistUsed.id_of(place.code, text)
    one = checklist(USUAL)
    made.checklist_used.append({"id": used, "village": place.code, "code": one.code, "title": one.title, "text": text})
    about = [home for home in homes if home.in_force]
    for n, day in enumerate(ROUND_DAYS):
        row = _round(place, n, day, used, about)
        made.round.append(row)
        for home in about:
            if n == 0 or home.no not in rules["left"]:
                _look(made, one, row["id"], n, home, rules["inspectors"][home.no % 3])
            if n == 0 and home.no in rules["seen_twice"]:
                _look(made, one, row["id"], n, home, rules["second_inspector"])
    return made


def _round(place: Place, n: int, day: date, used: str, about: Sequence[Home]) -> Row:
    planned = plan(USUAL, day)
    return {
        "id": derived_id("round", place.code, planned.title),
        "village": place.code,
        "checklist_id": used,
        "title": planned.title,
        "period": planned.period,
        "started_on": day,
        "due_on": planned.due_on,
        "state": "入户" if n else "归档",
        # a round that is filed has noted down which homes it was about
        "scope": None if n else json.dumps([home.id for home in about]),
        "note": None if n else "村“三委”会议审定，前十名在村务公开栏公示五天，无异议。",
    }


def _look(made: Rounds, one: Checklist, round_id: str, n: int, home: Home, inspector: str) -> None:
    """What one inspector wrote down of one home."""
    dice = rng(home, f"look {n} {inspector}")
    second = inspector == told("inspections")["second_inspector"]
    days = dice.randrange(12, 20) if second else dice.randrange(12)
    seen_on = min(ROUND_DAYS[n] + timedelta(days=days), STORY_DAY)
    row: Row = {
        "id": Inspection.id_of(round_id, home.id, inspector),
        "village": home.place.code,
        "round_id": round_id,
        "household_id": home.id,
        "inspector": inspector,
        "seen_on": seen_on,
    }
    values = dict(_values(one, home, n, seen_on, dice))
    if n == 1 and home.no == told("inspections")["begun"]:
        values = dict(list(values.items())[: len(values) // 2])
    else:
        row["note"] = _remark(one, values, dice)
    made.inspection.append(row)
    made.looked.setdefault((n, home.no), row)
    for code, value in values.items():
        made.answer.append(
            {
                "id": Answer.id_of(row["id"], code),
                "village": home.place.code,
                "inspection_id": row["id"],
                "check": code,
                "value": value,
                "note": dice.choice(told("inspections")["notes"][code]) if value == "不达标" else None,
            }
        )


def _values(one: Checklist, home: Home, n: int, day: date, dice: Random) -> Iterator[tuple[str, str]]:
    """An answer to each check point: how tidy a home is stays with it, and gets better from round to round."""
    habit = rng(home, "habit").gauss(0.84, 0.12) + 0.05 * n
    if fitting(home, ["tekun"]) or any(person.labour == "丧失劳动力" for person in home.present):
        habit -= 0.12
    for check in one.checks():
        if check.code in _nothing_there(home, day):
            yield check.code, "不适用"
        elif check.code == "J3.1" and not home.toilet(day.year):
            yield check.code, "不达标"
        elif check.hard_fail:
            yield check.code, "达标" if dice.random() < habit + 0.25 else "不达标"
        else:
            chance = dice.random()
            half = habit + (1 - habit) * 0.65
            yield check.code, "达标" if chance < habit else "基本达标" if chance < half else "不达标"


def _nothing_there(home: Home, day: date) -> set[str]:
    """Check points that do not apply: no animals, no vehicle, nobody who must be cared for."""
    animals = fitting(home, ["黑毛猪", "山羊", "土鸡", "土鸭"])
    cared_for = any(person.age(day) >= 70 or person.health for person in home.here(day))
    found = set() if animals else {"J1.4", "J2.2"}
    return found | (set() if cared_for else {"J4.5"}) | ({"G2.5"} if home.no % 3 == 1 else set())


def _remark(one: Checklist, values: Mapping[str, str], dice: Random) -> str:
    points = score(one, values).points or 0
    remarks: dict[str, Any] = told("inspections")["remarks"]
    return str(dice.choice(remarks["high" if points >= 90 else "middle" if points >= 75 else "low"]))
