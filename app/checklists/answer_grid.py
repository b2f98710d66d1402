"""A round as one sheet: its households by its check points, for one inspector; planned before it is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.households import RoundHousehold
from app.checklists.inspections import check_writable, record_inspection
from app.checklists.results import RoundVersion, load_round, results_by_round
from app.checklists.template import Checklist
from app.workbook.workbook import Workbook, running_operation
from db.schema.inspection import Answer, Inspection

_UNKNOWN = "不在评分标准里，请从“{}”里选"


@dataclass(frozen=True, slots=True)
class AnswerGrid:
    """What one inspector has answered, household by household in walking order.

    Attributes:
        answers: household → check code → value
        points: household → what counts for it in the round, as people read it
        inspectors: who looked in this round so far
    """

    round: RoundVersion
    checklist: Checklist
    households: tuple[RoundHousehold, ...]
    answers: Mapping[str, Mapping[str, str]]
    points: Mapping[str, str]
    inspectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """A text for one check point of one household; "" takes the answer away."""

    household_id: str
    check: str
    text: str


@dataclass(frozen=True, slots=True)
class PlannedAnswer:
    """One answer that changes. `before`, `after`: "" for none."""

    household_id: str
    check: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AnswerPlan:
    """What some inputs would do. `refused`: with the reason."""

    changes: tuple[PlannedAnswer, ...]
    refused: tuple[tuple[AnswerInput, str], ...] = ()

    @property
    def households(self) -> int:
        """How many get another score."""
        return len({change.household_id for change in self.changes})


def load_answer_grid(session: Session, round_id: str, inspector: str) -> AnswerGrid:
    """The sheet of a round.

    Raises:
        UserError: there is no such round
    """
    version = load_round(session, round_id)
    results = results_by_round(session, [version])[version.id]
    points = {one.household.household_id: str(one.score.points) for one in results if one.score and one.finished}
    households = tuple(one.household for one in results)
    inspectors = tuple(dict.fromkeys(by.inspector for one in results for by in one.inspector_results))
    answers = _answers(session, round_id, inspector)
    return AnswerGrid(version, version.checklist, households, answers, points, inspectors)


def _answers(session: Session, round_id: str, inspector: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    rows = session.execute(
        select(Inspection.household_id, Answer.check, Answer.value)
        .join(Answer, Answer.inspection_id == Inspection.id)
        .where(Inspection.round_id == round_id, Inspection.inspector == inspector, ~Inspection.withdrawn)
        .where(~Answer.withdrawn, Answer.value.is_not(None))
    )
    for household_id, check, value in rows:
        found[household_id or ""][check or ""] = value or ""
    return dict(found)


def answer_of(checklist: Checklist, text: str) -> str | None:
    """The value of the scale that a text means: itself, its digit on the score sheet, or how it begins; None if it is
    none of them, or several."""
    typed = text.strip()
    counted = [step.value for step in checklist.scale if step.points is not None]
    by_digit = {str(n): value for n, value in enumerate(counted, start=1)}
    by_digit |= dict.fromkeys("0", next((step.value for step in checklist.scale if step.points is None), ""))
    if typed in by_digit:
        return by_digit[typed]
    exact = [step.value for step in checklist.scale if step.value == typed]
    fitting = exact or [step.value for step in checklist.scale if typed and step.value.startswith(typed)]
    return fitting[0] if len(fitting) == 1 else None


def plan_answers(session: Session, round_id: str, inspector: str, inputs: Iterable[AnswerInput]) -> AnswerPlan:
    """What these texts would do; one that says what is there already is left out. Writes nothing."""
    version = load_round(session, round_id)
    check_writable(version, {})
    checklist = version.checklist
    known = {check.code for check in checklist.checks()}
    now = _answers(session, round_id, inspector)
    changes: list[PlannedAnswer] = []
    refused: list[tuple[AnswerInput, str]] = []
    for one in inputs:
        before = now.get(one.household_id, {}).get(one.check, "")
        after = answer_of(checklist, one.text) if one.text.strip() else ""
        if one.check not in known:
            refused.append((one, "这一栏不是检查要点，不能填写"))
        elif after is None:
            values = "”“".join(step.value for step in checklist.scale)
            refused.append((one, f"“{one.text.strip()[:20]}”{_UNKNOWN.format(values)}"))
        elif after != before:
            changes.append(PlannedAnswer(one.household_id, one.check, before, after))
    return AnswerPlan(tuple(changes), tuple(refused))


def save_answers(
    workbook: Workbook, round_id: str, inspector: str, seen_on: date, inputs: Sequence[AnswerInput]
) -> AnswerPlan:
    """Write them as one operation; what is refused is told by the plan.

    Args:
        seen_on: the day of households that this inspector has not seen yet
    """
    with workbook.operation("评分") as session:
        plan = plan_answers(session, round_id, inspector, inputs)
        version = load_round(session, round_id)
        count = f"，{plan.households} 户" if plan.households > 1 else ""
        running_operation(session).title = f"评分：{version.title}{count}"
        days = _days(session, round_id, inspector)
        by_household: dict[str, dict[str, str | None]] = defaultdict(dict)
        for change in plan.changes:
            by_household[change.household_id][change.check] = change.after or None
        for household_id, answers in by_household.items():
            day = days.get(household_id) or seen_on
            record_inspection(session, version, household_id, inspector, day, answers, {})
    return plan


def _days(session: Session, round_id: str, inspector: str) -> dict[str | None, date | None]:
    rows: Any = session.execute(
        select(Inspection.household_id, Inspection.seen_on).where(
            Inspection.round_id == round_id, Inspection.inspector == inspector, ~Inspection.withdrawn
        )
    ).all()
    return dict(iter(rows))
