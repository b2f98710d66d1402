"""What every home of a round came to, by the checklist that the workbook kept of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.checklists.homes import Home, homes_of_round, register
from app.checklists.scoring import Score, combine, score, to_one_place
from app.checklists.template import Checklist, from_text
from app.errors import OfficeError
from app.records.field import options
from db.schema.household import Household
from db.schema.inspection import Answer, ChecklistUsed, Inspection, Round

_BETWEEN, _IS = "\x1e", "\x1f"


@dataclass(frozen=True, slots=True)
class Look:
    """What one inspector wrote down of one home."""

    inspection_id: str
    inspector: str
    seen_on: date | None
    note: str
    score: Score


@dataclass(frozen=True, slots=True)
class Result:
    """What a home came to in a round: all looks from the earliest to the latest, and the score that stands.

    `score` is None where nobody has written anything down yet.
    """

    home: Home
    checklist: Checklist
    looks: tuple[Look, ...]
    score: Score | None

    @property
    def finished(self) -> bool:
        """Seen: no check point is left open."""
        return self.score is not None and not self.score.open

    @property
    def begun(self) -> bool:
        """Interrupted: something is written down, but check points are open."""
        return self.score is not None and not self.finished

    @property
    def points(self) -> Decimal | None:
        """Of 100, one decimal; None until the home is finished."""
        return self.score.points if self.score and self.finished else None

    @property
    def grade(self) -> str:
        """The name of the grade, empty until the home is finished."""
        return self.score.grade if self.score and self.finished else ""

    @property
    def passed(self) -> bool:
        """达标, by the rule of the checklist."""
        return self.score is not None and self.score.passed

    @property
    def failing(self) -> tuple[str, ...]:
        """The items to put right, by name."""
        return tuple(item.label for item in self.score.items if item.failing) if self.score else ()

    @property
    def failed_checks(self) -> tuple[str, ...]:
        """The check points that earned nothing, in words."""
        return tuple(self.checklist.check(code).label for code in self.score.failed) if self.score else ()

    @property
    def hard_fails(self) -> tuple[str, ...]:
        """What must be done about failed check points that the checklist flags, in sentences."""
        return tuple(self.checklist.check(code).hard_fail for code in self.score.hard_fails) if self.score else ()

    @property
    def inspectors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(look.inspector for look in self.looks))

    @property
    def seen_on(self) -> date | None:
        """The day of the last look."""
        return self.looks[-1].seen_on if self.looks else None


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One home's result in one round, for its trend; `round_title` and `started_on` are the round's."""

    round_id: str
    round_title: str
    started_on: date | None
    result: Result


@dataclass(frozen=True, slots=True)
class RoundKept:
    """A round as it is kept, with the checklist it is scored with; `chosen` is None when it is about all homes."""

    id: str
    village: str
    title: str
    period: str
    started_on: date | None
    due_on: date | None
    state: str
    note: str
    chosen: tuple[str, ...] | None
    checklist_text: str

    @property
    def checklist(self) -> Checklist:
        return from_text(self.checklist_text)

    @property
    def open(self) -> bool:
        return self.state not in settled_states()


@cache
def settled_states() -> frozenset[str]:
    """States of a round in which no score may be written any more."""
    return frozenset(option.value for option in options("round_state") if not option.more["open"])


def round_kept(session: Session, round_id: str) -> RoundKept:
    """One round.

    Raises:
        OfficeError: there is none, or its checklist has not arrived from the colleague who opened it
    """
    found = rounds_kept(session, Round.id == round_id)
    if not found:
        raise OfficeError("这一轮检查不存在，或它的评分标准还没有从同事的数据包里收到。")
    return found[0]


def results(session: Session, round_id: str) -> tuple[Result, ...]:
    """What every home of a round came to, in walking order, homes not yet seen included.

    Raises:
        OfficeError: there is no such round
    """
    kept = round_kept(session, round_id)
    return results_by_round(session, [kept])[kept.id]


def results_of(session: Session, household_id: str) -> tuple[RoundResult, ...]:
    """The trend of one home: its results in the rounds that saw it, the earliest round first."""
    seen_in = select(Inspection.round_id).where(Inspection.household_id == household_id, ~Inspection.withdrawn)
    kept = rounds_kept(session, Round.id.in_(seen_in))
    found = results_by_round(session, kept, household_id)
    return tuple(
        RoundResult(one.id, one.title, one.started_on, result)
        for one in kept
        for result in found[one.id]
        if result.looks
    )


def average(found: Sequence[Result]) -> Decimal | None:
    """The mean of the finished homes, of 100, one decimal; None where none is finished."""
    exact = [result.score.exact for result in found if result.score and result.finished]
    counted = [one for one in exact if one is not None]
    return to_one_place(sum(counted, Fraction()) / len(counted)) if counted else None


def rounds_kept(session: Session, *which: Any) -> list[RoundKept]:
    """Rounds from the earliest to the latest; those whose checklist has not arrived yet are left out."""
    rows = session.execute(
        select(Round, ChecklistUsed.text)
        .join(ChecklistUsed, ChecklistUsed.id == Round.checklist_id)
        .where(~Round.withdrawn, ChecklistUsed.text.is_not(None), *which)
    )
    pairs = session.execute(select(Household.id, Household.merged_into).where(Household.merged_into > "")).all()
    joined: dict[str, str] = {household: kept or household for household, kept in pairs}
    kept = [
        RoundKept(
            id=row.id,
            village=row.village,
            title=row.title or "",
            period=row.period or "",
            started_on=row.started_on,
            due_on=row.due_on,
            state=row.state or "",
            note=row.note or "",
            chosen=tuple(dict.fromkeys(joined.get(id, id) for id in json.loads(row.scope))) if row.scope else None,
            checklist_text=text or "",
        )
        for row, text in rows
    ]
    return sorted(kept, key=lambda one: (one.started_on or date.min, one.title, one.id))


def results_by_round(
    session: Session, kept: Sequence[RoundKept], household_id: str = ""
) -> dict[str, tuple[Result, ...]]:
    """Round → its results, of several rounds in a few passes over the workbook.

    Args:
        household_id: only this home; all if ""
    """
    looks = _looks(session, kept, household_id)
    registers = {code: register(session, code, household_id) for code in {one.village for one in kept}}
    found = {}
    for one in kept:
        checklist, of_round = one.checklist, looks.get(one.id, {})
        about = homes_of_round(registers[one.village], one.chosen, of_round, settled=not one.open)
        found[one.id] = tuple(_result(home, checklist, of_round.get(home.household_id, ())) for home in about)
    return found


def _result(home: Home, checklist: Checklist, looks: Sequence[Look]) -> Result:
    ordered = tuple(sorted(looks, key=lambda look: (look.seen_on or date.min, look.inspector)))
    return Result(home, checklist, ordered, combine([look.score for look in ordered]) if ordered else None)


def _looks(session: Session, kept: Sequence[RoundKept], household_id: str) -> dict[str, dict[str, list[Look]]]:
    """Round → household → looks, in two statements and one row an inspection (1,000 homes have 32,000 answers)."""
    texts = {one.id: one.checklist_text for one in kept}
    mine = [Inspection.round_id.in_(texts), ~Inspection.withdrawn]
    if household_id:
        mine.append(Inspection.household_id == household_id)
    given = func.group_concat(Answer.check + _IS + Answer.value, _BETWEEN)
    answers: dict[str | None, str] = dict(
        session.execute(
            select(Answer.inspection_id, given)
            .join(Inspection, Inspection.id == Answer.inspection_id)
            .where(*mine, ~Answer.withdrawn, Answer.value.is_not(None))
            .group_by(Answer.inspection_id)
        ).all()
    )
    found: dict[str, dict[str, list[Look]]] = {}
    rows = session.execute(
        select(
            Inspection.id,
            Inspection.round_id,
            Inspection.household_id,
            Inspection.inspector,
            Inspection.seen_on,
            Inspection.note,
        ).where(*mine)
    )
    for id, round_id, household, inspector, seen_on, note in rows:
        look = Look(id, inspector or "", seen_on, note or "", _scored(texts[round_id or ""], answers.get(id, "")))
        found.setdefault(round_id or "", {}).setdefault(household or "", []).append(look)
    return found


@lru_cache(maxsize=8192)
def _scored(checklist_text: str, given: str) -> Score:
    """The score of "check=value" pairs; kept, because homes answered alike and rounds read again are many.

    A value that the scale does not have (from a colleague's older checklist) leaves its check point open, so that one
    such answer does not hide the whole round.
    """
    checklist = from_text(checklist_text)
    known = {step.value for step in checklist.scale}
    pairs = (pair.split(_IS, 1) for pair in given.split(_BETWEEN) if pair)
    return score(checklist, {check: value for check, value in pairs if value in known})
