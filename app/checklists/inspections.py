"""One inspector at one home: what is written down already, and writing more of it. domain/checklists.md §1.3–1.4."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.checklists.homes import Home, register
from app.checklists.results import Look, RoundKept, RoundResult, results_of, round_kept
from app.checklists.scoring import score
from app.checklists.template import Checklist
from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.field import field
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.inspection import Answer, Inspection
from db.schema.photo import Photo


class RoundClosed(OfficeError):
    """The round's results were settled; nothing is written into it any more."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The score sheet of one home as one inspector has it before them.

    Attributes:
        writable: the round is open
        answers: check code → value, of this inspector; open check points are missing
        notes: check code → what this inspector noted
        seen_on: None while this inspector has written nothing down
        others: what other inspectors wrote down in this round
        before: the home in the last round before this one with the same checklist
        photos: check code → how many photographs; "" is the home as a whole
    """

    round_id: str
    round_title: str
    village: str
    writable: bool
    checklist: Checklist
    home: Home
    inspection_id: str
    inspector: str
    answers: Mapping[str, str]
    notes: Mapping[str, str]
    seen_on: date | None
    note: str
    others: tuple[Look, ...]
    before: RoundResult | None
    photos: Mapping[str, int]


def sheet(session: Session, round_id: str, household_id: str, inspector: str) -> Sheet:
    """The score sheet of one home, empty where this inspector has not been there.

    Raises:
        OfficeError: there is no such round, or no such home
    """
    kept = round_kept(session, round_id)
    entries = register(session, kept.village, household_id)
    if not entries:
        raise OfficeError("这一户已不在名单里。请刷新后重选。")
    id = Inspection.id_of(round_id, household_id, inspector)
    row = session.scalar(select(Inspection).where(Inspection.id == id, ~Inspection.withdrawn))
    given = _given(session, id) if row else {}
    scale = {step.value for step in kept.checklist.scale}
    trend = results_of(session, household_id)
    here = next((one.result for one in trend if one.round_id == round_id), None)
    counted = select(Photo.check, func.count()).where(Photo.inspection_id == id, ~Photo.withdrawn).group_by(Photo.check)
    return Sheet(
        round_id=round_id,
        round_title=kept.title,
        village=kept.village,
        writable=kept.open,
        checklist=kept.checklist,
        home=entries[0].home,
        inspection_id=id,
        inspector=inspector,
        answers=MappingProxyType({check: value for check, (value, _) in given.items() if value in scale}),
        notes=MappingProxyType({check: note for check, (_, note) in given.items() if note}),
        seen_on=row.seen_on if row else None,
        note=(row.note or "") if row else "",
        others=tuple(look for look in here.looks if look.inspection_id != id) if here else (),
        before=_before(trend, kept),
        photos=MappingProxyType({check or "": count for check, count in session.execute(counted)}),
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
    by: object | None = None,
) -> Work[str]:
    """Write down what an inspector saw, all of it or the part they have come to, in one transaction.

    Only cells that change are written. Two inspectors of one home are both kept; one inspector on two laptops writes
    the same cells. Returns the id of the inspection.

    Args:
        answers: check code → a value of the checklist's scale, None or "" takes the answer away; check points that are
            not named stay as they are
        notes: check code → text, in the same way
        note: about the whole home; None leaves it as it is, "" takes it away

    Raises:
        RoundClosed: the round is settled
        UnknownAnswer: a value that the scale does not have; nothing is written
        FieldRefused: no inspector or no day
        OfficeError: no such round, home or check point
    """
    who = str(field("inspection", "inspector").taken(inspector))
    day = field("inspection", "seen_on").taken(seen_on)
    assert isinstance(day, date)
    yield Progress(0, 1, "正在保存")
    with workbook.writing(by) as session:
        kept = round_kept(session, round_id)
        _refuse(kept, answers, notes)
        household = session.get(Household, household_id)
        if household is None or household.withdrawn or household.merged_into or household.village != kept.village:
            raise OfficeError("这一户已不在名单里。请刷新后重选。")
        row, again = _inspection(session, kept, household_id, who, day)
        if note is not None and (row.note or "") != note.strip():
            row.note = note.strip() or None
        session.flush()
        _write(session, row, answers, notes, afresh=again)
        id = row.id
    yield Progress(1, 1, "已保存")
    return id


def _before(trend: tuple[RoundResult, ...], kept: RoundKept) -> RoundResult | None:
    def earlier(one: RoundResult) -> bool:
        same = one.result.checklist.code == kept.checklist.code
        return same and one.round_id != kept.id and (one.started_on or date.min) <= (kept.started_on or date.max)

    return next((one for one in reversed(trend) if earlier(one) and one.result.finished), None)


def _given(session: Session, inspection_id: str) -> dict[str, tuple[str | None, str | None]]:
    """Check code → value and note, of what is kept."""
    rows = session.execute(
        select(Answer.check, Answer.value, Answer.note).where(
            Answer.inspection_id == inspection_id, ~Answer.withdrawn, Answer.check.is_not(None)
        )
    )
    return {check or "": (value, note) for check, value, note in rows}


def _refuse(kept: RoundKept, answers: Mapping[str, str | None], notes: Mapping[str, str | None]) -> None:
    if not kept.open:
        raise RoundClosed(f"“{kept.title}”已到“{kept.state}”，不能再改评分。确实要改，请先把轮次改回“入户”。")
    score(kept.checklist, answers)
    known = {check.code for check in kept.checklist.checks()}
    if unknown := [code for code in (*answers, *notes) if code not in known]:
        raise OfficeError(f"“{kept.checklist.title}”里没有“{unknown[0]}”这个检查要点。")


def _inspection(session: Session, kept: RoundKept, household_id: str, who: str, day: date) -> tuple[Inspection, bool]:
    """The inspection of the home, made or brought back if need be; True: its former answers do not count."""
    id = Inspection.id_of(kept.id, household_id, who)
    row = session.get(Inspection, id)
    if row is None:
        row = Inspection(
            id=id, village=kept.village, round_id=kept.id, household_id=household_id, inspector=who, seen_on=day
        )
        session.add(row)
        return row, False
    again, row.withdrawn, row.seen_on = row.withdrawn, False, day
    return row, again


def _write(
    session: Session,
    row: Inspection,
    answers: Mapping[str, str | None],
    notes: Mapping[str, str | None],
    *,
    afresh: bool,
) -> None:
    there = _given(session, row.id)
    if afresh:
        answers = dict.fromkeys(there) | dict(answers)
        notes = dict.fromkeys(there) | dict(notes)
    new = []
    for check in dict.fromkeys((*answers, *notes)):
        given = {name: (side[check] or None) for name, side in (("value", answers), ("note", notes)) if check in side}
        id = Answer.id_of(row.id, check)
        if check in there:
            former = dict(zip(("value", "note"), there[check], strict=True))
            if changed := {name: value for name, value in given.items() if value != former[name]}:
                session.execute(update(Answer).where(Answer.id == id).values(**changed))
        elif any(given.values()):
            new.append(
                {"id": id, "village": row.village, "inspection_id": row.id, "check": check, "value": None, "note": None}
                | given
            )
    if new:
        session.execute(insert(Answer), new)
