"""The results of every household in a round, by the checklist as the workbook stored it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.checklists.households import RegisterEntry, RoundHousehold, load_register, round_households
from app.checklists.scoring import Score, combine, round_to_one_decimal, score
from app.checklists.template import Checklist, is_readable, parse_checklist
from app.errors import UserError
from db.schema.household import Household
from db.schema.inspection import Answer, ChecklistVersion, Inspection, Round
from resources.option_roles import values_without_role

_PAIR_SEPARATOR, _VALUE_SEPARATOR = "\x1e", "\x1f"


@dataclass(frozen=True, slots=True)
class InspectorResult:
    """What one inspector recorded for one household."""

    inspection_id: str
    inspector: str
    seen_on: date | None
    note: str
    score: Score


@dataclass(frozen=True, slots=True)
class HouseholdResult:
    """A household's result in a round: all inspections from the earliest to the latest, and the score that counts.

    `score` is None while nothing is recorded.
    """

    household: RoundHousehold
    checklist: Checklist
    inspector_results: tuple[InspectorResult, ...]
    score: Score | None

    @property
    def finished(self) -> bool:
        """Inspected: no check point is left open."""
        return self.score is not None and not self.score.open

    @property
    def in_progress(self) -> bool:
        """Interrupted: something is recorded, but check points are open."""
        return self.score is not None and not self.finished

    @property
    def points(self) -> Decimal | None:
        """Of 100, one decimal; None until the household is finished."""
        return self.score.points if self.score and self.finished else None

    @property
    def grade(self) -> str:
        """The name of the grade, empty until the household is finished."""
        return self.score.grade if self.score and self.finished else ""

    @property
    def passed(self) -> bool:
        """达标, by the rule of the checklist."""
        return self.score is not None and self.score.passed

    @property
    def items_to_rectify(self) -> tuple[str, ...]:
        """The names of the items with a failed check point or too few points."""
        codes = self.score.items_to_rectify if self.score else ()
        return tuple(item.label for item in self.checklist.items if item.code in codes)

    @property
    def failed_checks(self) -> tuple[str, ...]:
        """The labels of the check points that earned nothing."""
        return tuple(self.checklist.check(code).label for code in self.score.failed) if self.score else ()

    @property
    def hard_fails(self) -> tuple[str, ...]:
        """What must be done about failed check points that the checklist flags, in sentences."""
        return tuple(self.checklist.check(code).hard_fail for code in self.score.hard_fails) if self.score else ()

    @property
    def inspectors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(inspector_result.inspector for inspector_result in self.inspector_results))

    @property
    def seen_on(self) -> date | None:
        """The day of the latest inspection."""
        return self.inspector_results[-1].seen_on if self.inspector_results else None


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One household's result in one round, for its trend; `round_title` and `started_on` are the round's."""

    round_id: str
    round_title: str
    started_on: date | None
    result: HouseholdResult


@dataclass(frozen=True, slots=True)
class RoundVersion:
    """A round with the checklist it is scored by; `chosen` is None when it covers all households."""

    id: str
    village: str
    title: str
    period: str
    started_on: date | None
    due_on: date | None
    state: str
    note: str
    household_ids: tuple[str, ...] | None
    checklist_text: str

    @property
    def checklist(self) -> Checklist:
        return parse_checklist(self.checklist_text)

    @property
    def open(self) -> bool:
        return self.state not in closed_states()


def closed_states() -> frozenset[str]:
    """States of a round in which no score may be written any more."""
    return values_without_role("round_state", "open")


def load_round(session: Session, round_id: str) -> RoundVersion:
    """One round.

    Raises:
        UserError: there is none, or its checklist has not arrived from the colleague who opened it, or is a newer
            program's
    """
    versions = load_rounds(session, Round.id == round_id)
    if not versions:
        raise UserError("这一轮检查不存在，或它的评分标准还没有从同事的数据包里收到，或是新版本的程序写的。")
    return versions[0]


def round_results(session: Session, round_id: str) -> tuple[HouseholdResult, ...]:
    """The result of every household of a round, in walking order, households not yet inspected included.

    Raises:
        UserError: there is no such round
    """
    round_version = load_round(session, round_id)
    return results_by_round(session, [round_version])[round_version.id]


def household_trend(session: Session, household_id: str) -> tuple[RoundResult, ...]:
    """The trend of one household: its results in the rounds that inspected it, the earliest round first."""
    inspected_rounds = select(Inspection.round_id).where(Inspection.household_id == household_id, ~Inspection.withdrawn)
    round_versions = load_rounds(session, Round.id.in_(inspected_rounds))
    results_by_id = results_by_round(session, round_versions, household_id)
    return tuple(
        RoundResult(round_version.id, round_version.title, round_version.started_on, result)
        for round_version in round_versions
        for result in results_by_id[round_version.id]
        if result.inspector_results
    )


def average_points(household_results: Sequence[HouseholdResult]) -> Decimal | None:
    """The mean of the finished households, of 100, one decimal; None where none is finished."""
    exact_scores = [result.score.exact for result in household_results if result.score and result.finished]
    known_scores = [exact_score for exact_score in exact_scores if exact_score is not None]
    return round_to_one_decimal(sum(known_scores, Fraction()) / len(known_scores)) if known_scores else None


def load_rounds(session: Session, *criteria: Any) -> list[RoundVersion]:
    """Rounds from the earliest to the latest, without those whose checklist cannot be read (`unreadable_rounds`)."""
    rows = session.execute(
        select(Round, ChecklistVersion.text)
        .join(ChecklistVersion, ChecklistVersion.id == Round.checklist_id)
        .where(~Round.withdrawn, ChecklistVersion.text.is_not(None), *criteria)
    )
    merged = select(Household.id, Household.merged_into).where(Household.merged_into.is_not(None))
    merge_targets: dict[str, str | None] = dict(session.execute(merged).all())
    versions = [
        RoundVersion(
            id=row.id,
            village=row.village,
            title=row.title or "",
            period=row.period or "",
            started_on=row.started_on,
            due_on=row.due_on,
            state=row.state or "",
            note=row.note or "",
            household_ids=tuple(dict.fromkeys(merge_targets.get(id) or id for id in json.loads(row.scope)))
            if row.scope
            else None,
            checklist_text=text or "",
        )
        for row, text in rows
        if is_readable(text or "")
    ]
    return sorted(versions, key=lambda version: (version.started_on or date.min, version.title, version.id))


def unreadable_rounds(session: Session, household_id: str) -> list[str]:
    """Titles of the rounds that inspected a household and whose checklist has not arrived, or is a newer program's."""
    inspected = select(Inspection.round_id).where(Inspection.household_id == household_id, ~Inspection.withdrawn)
    rows = session.execute(
        select(Round.title, ChecklistVersion.text)
        .outerjoin(ChecklistVersion, ChecklistVersion.id == Round.checklist_id)
        .where(~Round.withdrawn, Round.id.in_(inspected))
        .order_by(Round.started_on, Round.id)
    )
    return [title or "" for title, text in rows if not is_readable(text or "")]


def results_by_round(
    session: Session, round_versions: Sequence[RoundVersion], household_id: str = ""
) -> dict[str, tuple[HouseholdResult, ...]]:
    """Round → its results, of several rounds in a few passes over the workbook.

    Args:
        household_id: only this household; all if ""
    """
    return {one.id: tuple(results) for one, results in each_round_results(session, round_versions, household_id)}


def each_round_results(
    session: Session, round_versions: Sequence[RoundVersion], household_id: str = ""
) -> Iterator[tuple[RoundVersion, Iterator[HouseholdResult]]]:
    """The same round by round, each household's result made when it is asked for: who only counts keeps none."""
    inspector_results = _load_inspector_results(session, round_versions, household_id)
    registers = {
        code: load_register(session, code, household_id)
        for code in {round_version.village for round_version in round_versions}
    }
    for round_version in round_versions:
        by_household = inspector_results.get(round_version.id, {})
        yield round_version, _round_results(round_version, registers[round_version.village], by_household)


def _round_results(
    round_version: RoundVersion,
    register: Sequence[RegisterEntry],
    by_household: Mapping[str, Sequence[InspectorResult]],
) -> Iterator[HouseholdResult]:
    """Of all households that the round covers, in walking order."""
    ids, is_closed = round_version.household_ids, not round_version.open
    for household in round_households(register, ids, by_household, round_closed=is_closed):
        yield _household_result(household, round_version.checklist, by_household.get(household.household_id, ()))


def _household_result(
    household: RoundHousehold, checklist: Checklist, inspector_results: Sequence[InspectorResult]
) -> HouseholdResult:
    if not inspector_results:  # of most households while a round is open
        return HouseholdResult(household, checklist, (), None)
    ordered = tuple(
        sorted(
            inspector_results,
            key=lambda inspector_result: (inspector_result.seen_on or date.min, inspector_result.inspector),
        )
    )
    return HouseholdResult(
        household,
        checklist,
        ordered,
        combine([inspector_result.score for inspector_result in ordered]),
    )


def _load_inspector_results(
    session: Session, round_versions: Sequence[RoundVersion], household_id: str
) -> dict[str, dict[str, list[InspectorResult]]]:
    """Round → household → inspections, one row per inspection, since 1,000 households have 32,000 answers."""
    texts = {round_version.id: round_version.checklist_text for round_version in round_versions}
    criteria = [Inspection.round_id.in_(texts), ~Inspection.withdrawn]
    if household_id:
        criteria.append(Inspection.household_id == household_id)
    answer_pairs = func.group_concat(Answer.check + _VALUE_SEPARATOR + Answer.value, _PAIR_SEPARATOR)
    answers: dict[str | None, str] = dict(
        session.execute(
            select(Answer.inspection_id, answer_pairs)
            .join(Inspection, Inspection.id == Answer.inspection_id)
            .where(*criteria, ~Answer.withdrawn, Answer.value.is_not(None))
            .group_by(Answer.inspection_id)
        ).all()
    )
    results_by_id: dict[str, dict[str, list[InspectorResult]]] = {}
    rows = session.execute(
        select(
            Inspection.id,
            Inspection.round_id,
            Inspection.household_id,
            Inspection.inspector,
            Inspection.seen_on,
            Inspection.note,
        ).where(*criteria)
    )
    for id, round_id, household, inspector, seen_on, note in rows:
        inspector_result = InspectorResult(
            id, inspector or "", seen_on, note or "", _score_pairs(texts[round_id or ""], answers.get(id, ""))
        )
        results_by_id.setdefault(round_id or "", {}).setdefault(household or "", []).append(inspector_result)
    return results_by_id


@lru_cache(maxsize=8192)
def _score_pairs(checklist_text: str, answer_pairs: str) -> Score:
    """The score of "check=value" pairs; kept, because households answered alike and rounds read again are many.

    A value that the scale does not have (from a colleague's older checklist) leaves its check point open, so that one
    such answer does not hide the whole round.
    """
    checklist = parse_checklist(checklist_text)
    scale_values = {step.value for step in checklist.scale}
    pairs = (pair.split(_VALUE_SEPARATOR, 1) for pair in answer_pairs.split(_PAIR_SEPARATOR) if pair)
    return score(checklist, {check: value for check, value in pairs if value in scale_values})
