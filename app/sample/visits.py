"""Who came to the homes of the sample village, what they saw and what they promised."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from app.records.field import options
from app.sample.aid import Bond
from app.sample.homes import FIRST_VISITS, STORY_DAY, Home, Row, filled, fitting, rng, told
from app.sample.telling import telling
from db.schema.record import derived_id

_TEXTS = ("found", "explained", "asked_for", "solution", "promised", "carried_out")
_FOUND_OUT = timedelta(days=12)  # what fell due later is not yet carried out on the day of the story
_FORGOTTEN = 4  # of 100 promises


def visit_rows(homes: Sequence[Home], bonds: Sequence[Bond]) -> list[Row]:
    """All visits, home by home, the earliest first."""
    return [row for home in homes for row in _of_home(home, [bond for bond in bonds if bond.home is home])]


def _of_home(home: Home, bonds: Sequence[Bond]) -> Iterator[Row]:
    dice = rng(home, "visits")
    said_already: list[Mapping[str, Any]] = []
    for day in sorted(_days(home, dice)):
        fit = [note for note in told("visits")["notes"] if note not in said_already and _fits(home, note, day)]
        dice.shuffle(fit)
        for note in fit:
            row = _visit(home, bonds, note, day, dice)
            if row is not None:
                said_already.append(note)
                yield row
                break


def _days(home: Home, dice: Random) -> Iterator[date]:
    """Backwards from the last visit: about every seven weeks for a registered home, half a year for others."""
    rules = told("visits")
    if home.no in rules["never_visited"] or not home.people:
        return
    last = STORY_DAY - timedelta(days=dice.randrange(2, 58))
    if home.no in rules["quiet"]:
        last = STORY_DAY - timedelta(days=dice.randrange(95, 150))
    if gone := [person.left_on for person in home.people if person.left_on and not home.present]:
        last = max(gone) - timedelta(days=dice.randrange(9, 30))
    while last >= max(FIRST_VISITS, home.since):
        yield last
        last -= timedelta(days=dice.randrange(34, 66) if home.registered else dice.randrange(90, 150))


def _fits(home: Home, note: Mapping[str, Any], day: date) -> bool:
    return fitting(home, note.get("only", [])) and day.month in note.get("months", range(1, 13))


def _visit(home: Home, bonds: Sequence[Bond], note: Mapping[str, Any], day: date, dice: Random) -> Row | None:
    words = telling(home, day, dice)
    texts: Row = {name: filled(note[name], words.said) for name in _TEXTS if name in note}
    if None in texts.values():
        return None
    visitors, unit = _visitors(home, bonds, day, dice)
    if "promised" in texts:
        due = day + timedelta(days=note["days"])
        texts["promised_by"] = due
        if due > STORY_DAY - _FOUND_OUT or dice.randrange(100) < _FORGOTTEN:
            texts.pop("carried_out", None)
    return {
        "id": derived_id("visit", home.id, day),
        "village": home.place.code,
        "household_id": home.id,
        "visited_on": day,
        "visitors": visitors,
        "visitor_unit": unit,
        "way": note.get("way", "入户"),
        "purpose": tuple(option.value for option in options("visit_purpose") if option.value in note["purpose"]),
        **texts,
    }


def _visitors(home: Home, bonds: Sequence[Bond], day: date, dice: Random) -> tuple[str, str]:
    """The helper of that day, now and then with somebody of the team; village officers where there is no helper."""
    standing = [bond for bond in bonds if bond.stands(day)]
    if not standing:
        return "汪巧珍", f"{home.place.name}村民委员会"
    helper = standing[0]
    company = dice.choice(("", "", "汪巧珍", "郑晓岚" if day >= date(2018, 4, 1) else "沈一鸣"))
    together = f"{helper.helper}、{company}" if company and company != helper.helper else helper.helper
    return together, helper.unit
