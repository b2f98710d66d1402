"""One inspector's answers for one household: read them, write more of them. docs/domain/checklists.md §1.3–1.4."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.checklists.households import RoundHousehold, load_register
from app.checklists.results import InspectorResult, RoundResult, RoundVersion, household_trend, load_round
from app.checklists.scoring import score
from app.checklists.template import Checklist
from app.errors import UserError
from app.records.field import field
from app.workbook.workbook import Workbook, running_operation
from db.schema.household import Household
from db.schema.inspection import Answer, Inspection
from db.schema.photo import Photo
from db.schema.relations import standing_record


class RoundClosed(UserError):
    """The round is closed; nothing is written to it any more."""


@dataclass(frozen=True, slots=True)
class InspectionSheet:
    """The score sheet of one household as one inspector has it before them.

    Attributes:
        writable: the round is open
        answers: check code → value, of this inspector; open check points are missing
        notes: check code → what this inspector noted
        seen_on: None while this inspector has recorded nothing
        other_results: what other inspectors recorded in this round
        previous_result: the household's result in the last round before this one with the same checklist
        photos: check code → how many photographs; "" is the household as a whole
    """

    round_id: str
    round_title: str
    village: str
    writable: bool
    checklist: Checklist
    household: RoundHousehold
    inspection_id: str
    inspector: str
    answers: Mapping[str, str]
    notes: Mapping[str, str]
    seen_on: date | None
    note: str
    other_results: tuple[InspectorResult, ...]
    previous_result: RoundResult | None
    photos: Mapping[str, int]


def load_sheet(session: Session, round_id: str, household_id: str, inspector: str) -> InspectionSheet:
    """The score sheet of one household, empty where this inspector has not been there.

    Raises:
        UserError: there is no such round, or no such household
    """
    round_version = load_round(session, round_id)
    entries = load_register(session, round_version.village, household_id)
    if not entries:
        raise UserError("这一户已不在名单里。请刷新后重选。")
    id = Inspection.id_of(round_id, household_id, inspector)
    standing = standing_record(session, Inspection, id)
    row = standing if standing is not None and not standing.withdrawn else None
    id = standing.id if standing is not None else id
    recorded = _load_answers(session, id) if row else {}
    scale_values = {scale_step.value for scale_step in round_version.checklist.scale}
    trend = household_trend(session, household_id)
    current_result = next((round_result.result for round_result in trend if round_result.round_id == round_id), None)
    photo_counts = (
        select(Photo.check, func.count()).where(Photo.inspection_id == id, ~Photo.withdrawn).group_by(Photo.check)
    )
    return InspectionSheet(
        round_id=round_id,
        round_title=round_version.title,
        village=round_version.village,
        writable=round_version.open,
        checklist=round_version.checklist,
        household=entries[0].household,
        inspection_id=id,
        inspector=inspector,
        answers=MappingProxyType({check: value for check, (value, _) in recorded.items() if value in scale_values}),
        notes=MappingProxyType({check: note for check, (_, note) in recorded.items() if note}),
        seen_on=row.seen_on if row else None,
        note=(row.note or "") if row else "",
        other_results=tuple(
            inspector_result
            for inspector_result in current_result.inspector_results
            if inspector_result.inspection_id != id
        )
        if current_result
        else (),
        previous_result=_previous_result(trend, round_version),
        photos=MappingProxyType({check or "": count for check, count in session.execute(photo_counts)}),
    )


def save_inspection(
    workbook: Workbook,
    round_id: str,
    household_id: str,
    inspector: str,
    seen_on: date,
    answers: Mapping[str, str | None],
    notes: Mapping[str, str | None] = MappingProxyType({}),
    note: str | None = None,
) -> str:
    """Save an inspector's answers, all of them or those given so far, in one transaction.

    Only cells that change are written. Two inspectors of one household are both kept; one inspector on two laptops
    writes the same cells. Returns the id of the inspection.

    Args:
        answers: check code → a value of the checklist's scale, None or "" takes the answer away; check points that are
            not named stay as they are
        notes: check code → text, in the same way
        note: about the whole household; None leaves it as it is, "" takes it away

    Raises:
        RoundClosed: the round is closed
        UnknownAnswer: a value that the scale does not have; nothing is written
        ValidationError: no inspector or no day
        UserError: no such round, household or check point
    """
    inspector_name = str(field("inspection", "inspector").parse_and_validate(inspector))
    day = field("inspection", "seen_on").parse_and_validate(seen_on)
    assert isinstance(day, date)
    with workbook.operation("评分") as session:
        round_version = load_round(session, round_id)
        running_operation(session).title = f"评分：{round_version.title}"
        return record_inspection(session, round_version, household_id, inspector_name, day, answers, notes, note)


def record_inspection(
    session: Session,
    round_version: RoundVersion,
    household_id: str,
    inspector: str,
    day: date,
    answers: Mapping[str, str | None],
    notes: Mapping[str, str | None],
    note: str | None = None,
) -> str:
    """The same within a running operation, e.g. of many households.

    Raises:
        RoundClosed: the round is closed
        UserError: no such household or check point
    """
    check_writable(round_version, answers, notes)
    household = session.get(Household, household_id)
    if household is None or household.withdrawn or household.merged_into or household.village != round_version.village:
        raise UserError("这一户已不在名单里。请刷新后重选。")
    row, restored = _get_or_create_inspection(session, round_version, household_id, inspector, day)
    if note is not None:
        row.note = note.strip() or None
    session.flush()
    _write_answers(session, row, answers, notes, reset=restored)
    return row.id


def _previous_result(trend: tuple[RoundResult, ...], round_version: RoundVersion) -> RoundResult | None:
    def is_earlier(candidate: RoundResult) -> bool:
        same_checklist = candidate.result.checklist.code == round_version.checklist.code
        return (
            same_checklist
            and candidate.round_id != round_version.id
            and (candidate.started_on or date.min) <= (round_version.started_on or date.max)
        )

    return next(
        (candidate for candidate in reversed(trend) if is_earlier(candidate) and candidate.result.finished), None
    )


def _load_answers(session: Session, inspection_id: str) -> dict[str, tuple[str | None, str | None]]:
    """Check code → value and note, as stored."""
    rows = session.execute(
        select(Answer.check, Answer.value, Answer.note).where(
            Answer.inspection_id == inspection_id, ~Answer.withdrawn, Answer.check.is_not(None)
        )
    )
    return {check or "": (value, note) for check, value, note in rows}


def check_writable(
    round_version: RoundVersion,
    answers: Mapping[str, str | None],
    notes: Mapping[str, str | None] = MappingProxyType({}),
) -> None:
    """Refuse what cannot be written to a round.

    Raises:
        RoundClosed, UnknownAnswer, UserError: as `save_inspection` says
    """
    if not round_version.open:
        raise RoundClosed(
            f"“{round_version.title}”已到“{round_version.state}”，不能再改评分。确实要改，请先把轮次改回“入户”。"
        )
    score(round_version.checklist, answers)
    known_codes = {check.code for check in round_version.checklist.checks()}
    if unknown := [code for code in (*answers, *notes) if code not in known_codes]:
        raise UserError(f"“{round_version.checklist.title}”里没有“{unknown[0]}”这个检查要点。")


def _get_or_create_inspection(
    session: Session, round_version: RoundVersion, household_id: str, inspector: str, day: date
) -> tuple[Inspection, bool]:
    """The inspection of the household, created or restored if need be; True: its former answers do not count."""
    id = Inspection.id_of(round_version.id, household_id, inspector)
    row = standing_record(session, Inspection, id)
    if row is None:
        row = Inspection(
            id=id,
            village=round_version.village,
            round_id=round_version.id,
            household_id=household_id,
            inspector=inspector,
            seen_on=day,
        )
        session.add(row)
        return row, False
    was_withdrawn, row.withdrawn, row.seen_on = row.withdrawn, False, day
    return row, was_withdrawn


def _write_answers(
    session: Session,
    row: Inspection,
    answers: Mapping[str, str | None],
    notes: Mapping[str, str | None],
    *,
    reset: bool,
) -> None:
    existing = _load_answers(session, row.id)
    if reset:
        answers = dict.fromkeys(existing) | dict(answers)
        notes = dict.fromkeys(existing) | dict(notes)
    withdrawn = set(session.scalars(select(Answer.id).where(Answer.inspection_id == row.id, Answer.withdrawn)))
    new = []
    for check in dict.fromkeys((*answers, *notes)):
        submitted = {
            name: (source[check] or None) for name, source in (("value", answers), ("note", notes)) if check in source
        }
        id = Answer.id_of(row.id, check)
        if check in existing:
            stored = dict(zip(("value", "note"), existing[check], strict=True))
            if changed := {name: value for name, value in submitted.items() if value != stored[name]}:
                session.execute(update(Answer).where(Answer.id == id).values(**changed))
        elif id in withdrawn:
            values = {"value": None, "note": None, "withdrawn": False} | submitted
            session.execute(update(Answer).where(Answer.id == id).values(**values))
        elif any(submitted.values()):
            new.append(
                {"id": id, "village": row.village, "inspection_id": row.id, "check": check, "value": None, "note": None}
                | submitted
            )
    if new:
        session.execute(insert(Answer), new)
