"""一轮检查: opening a dated inspection of many homes, who is left to see, closing it. domain/checklists.md §1.4."""

import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

import resources
from app.checklists import template
from app.checklists.homes import Home
from app.checklists.results import (
    Result,
    RoundKept,
    average,
    results,
    results_by_round,
    round_kept,
    rounds_kept,
    settled_states,
)
from app.checklists.template import checklist
from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.field import field
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.inspection import ChecklistUsed, Round
from db.schema.record import new_id

USUAL = "four_clean_two_norms"


@dataclass(frozen=True, slots=True)
class Preset:
    """A checklist that a round can be opened with; `items` are the names of what is scored."""

    name: str
    title: str
    period: str
    items: tuple[str, ...]
    checks: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new round is filled in with; the officer may change all of it."""

    title: str
    period: str
    started_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round in a list.

    `open`: scores may still be written. `homes`: how many it is about, `seen`: how many of them have a finished
    inspection. `average` of the finished ones, of 100, None while there is none.
    """

    id: str
    village: str
    title: str
    checklist_code: str
    checklist_title: str
    period: str
    started_on: date | None
    due_on: date | None
    state: str
    open: bool
    homes: int
    seen: int
    passed: int
    average: Decimal | None
    note: str

    @property
    def left(self) -> int:
        """How many homes are still to be seen."""
        return self.homes - self.seen


def presets() -> tuple[Preset, ...]:
    """All checklists, the usual one first, then those that share its name, then the others by title."""
    found = []
    for name in resources.names("checklists"):
        one = checklist(name)
        labels = tuple(item.label for item in one.items)
        found.append(Preset(name, one.title, one.period, labels, sum(1 for _ in one.checks())))
    usual = checklist(USUAL).title
    return tuple(sorted(found, key=lambda one: (one.name != USUAL, not one.title.startswith(usual), one.title)))


def plan(checklist_name: str, day: date, period: str = "") -> Plan:
    """Title and dates of a round that begins on a day; it is due when its period ends.

    Args:
        period: a value of round_period; what the checklist says if ""
    """
    one = checklist(checklist_name)
    period = period or one.period or "月度"
    match period:
        case "月度":
            when, last = f"{day.year}年{day.month}月", day.month
        case "季度":
            quarter = (day.month + 2) // 3
            when, last = f"{day.year}年第{'一二三四'[quarter - 1]}季度", quarter * 3
        case "半年":
            when, last = f"{day.year}年{'上' if day.month <= 6 else '下'}半年", 6 if day.month <= 6 else 12
        case "年度":
            when, last = f"{day.year}年", 12
        case _:
            return Plan(f"{day.year}年{day.month}月{day.day}日{one.title}抽查", period, day, day)
    return Plan(f"{when}{one.title}", period, day, date(day.year, last, monthrange(day.year, last)[1]))


def open_round(
    workbook: Workbook,
    village: str,
    checklist_name: str,
    title: str,
    period: str,
    started_on: date,
    due_on: date | None = None,
    household_ids: Sequence[str] | None = None,
    by: object | None = None,
) -> Work[str]:
    """Begin a round; the text of its checklist is copied into the workbook. Returns the id of the round.

    Args:
        checklist_name: a file of resources/checklists, without its ending
        household_ids: the homes it is about; None for all of the village that are in force, also those to come

    Raises:
        FieldRefused: no title or no date
        OfficeError: dates in the wrong order, a round of this title exists, homes that are not of this village
    """
    what = {"title": title, "period": period, "started_on": started_on, "due_on": due_on}
    values = {name: field("round", name).taken(value) for name, value in what.items()}
    if due_on and due_on < started_on:
        raise OfficeError(f"截止日期 {due_on} 早于开始日期 {started_on}，请改日期。")
    if checklist_name not in resources.names("checklists"):
        raise OfficeError(f"没有“{checklist_name}”这份评分标准，请从列表里选一份。")
    if household_ids is not None and not household_ids:
        raise OfficeError("还没有选要检查的户。请至少选一户，或检查全部在册户。")
    checklist(checklist_name)
    text = template.text(checklist_name)
    yield Progress(0, 1, "正在建立轮次")
    with workbook.writing(by) as session:
        same = select(Round.id).where(Round.village == village, Round.title == values["title"], ~Round.withdrawn)
        if session.scalar(same):
            raise OfficeError(f"已经有一轮“{values['title']}”。请接着检查那一轮，或换一个名称。")
        used = _checklist_used(session, village, text)
        scope = _scope(session, village, household_ids)
        made = Round(id=new_id(), village=village, checklist_id=used, state="入户", scope=scope, **values)
        session.add(made)
        session.flush()
        round_id = made.id
    yield Progress(1, 1, "已建立轮次")
    return round_id


def set_state(workbook: Workbook, round_id: str, state: str, by: object | None = None) -> Work[None]:
    """Bring a round to another state of round_state.

    Closing a round about all homes notes down which homes these were, so that homes registered later are not missing
    from it.

    Raises:
        FieldRefused: there is no such state
        OfficeError: there is no such round
    """
    taken = str(field("round", "state").taken(state) or "")
    yield Progress(0, 1, "正在保存")
    with workbook.writing(by) as session:
        kept = round_kept(session, round_id)
        row = session.get_one(Round, round_id)
        if taken in settled_states() and kept.chosen is None:
            about = results_by_round(session, [kept])[kept.id]
            row.scope = json.dumps([result.home.household_id for result in about])
        row.state = taken
    yield Progress(1, 1, "已保存")


def rounds(session: Session) -> tuple[RoundRow, ...]:
    """All rounds, the latest first."""
    kept = rounds_kept(session)
    found = results_by_round(session, kept)
    return tuple(_row(one, found[one.id]) for one in reversed(kept))


def round_and_results(session: Session, round_id: str) -> tuple[RoundRow, tuple[Result, ...]]:
    """One round as the list of rounds has it, with its results, read once."""
    kept = round_kept(session, round_id)
    found = results_by_round(session, [kept])[kept.id]
    return _row(kept, found), found


def homes_left(session: Session, round_id: str) -> tuple[Home, ...]:
    """The homes without a finished inspection, in walking order."""
    return tuple(result.home for result in results(session, round_id) if not result.finished)


def next_home(session: Session, round_id: str, after: str = "") -> Home | None:
    """The next home left in walking order, beginning again at the start; None when no other is left.

    Args:
        after: id of the household one is standing at; the first home left if ""
    """
    return next_of(results(session, round_id), after)


def next_of(found: Sequence[Result], after: str = "") -> Home | None:
    """`next_home` of results that were read already."""
    ids = [result.home.household_id for result in found]
    start = ids.index(after) + 1 if after in ids else 0
    on_the_way = (*found[start:], *found[:start])
    return next((one.home for one in on_the_way if not one.finished and one.home.household_id != after), None)


def _row(kept: RoundKept, found: Sequence[Result]) -> RoundRow:
    return RoundRow(
        id=kept.id,
        village=kept.village,
        title=kept.title,
        checklist_code=kept.checklist.code,
        checklist_title=kept.checklist.title,
        period=kept.period,
        started_on=kept.started_on,
        due_on=kept.due_on,
        state=kept.state,
        open=kept.open,
        homes=len(found),
        seen=sum(result.finished for result in found),
        passed=sum(result.passed for result in found),
        average=average(found),
        note=kept.note,
    )


def _checklist_used(session: Session, village: str, text: str) -> str:
    """The id of the workbook's copy of a checklist, made if it is not there yet."""
    id = ChecklistUsed.id_of(village, text)
    row = session.get(ChecklistUsed, id)
    if row is None:
        made = template.from_text(text)
        session.add(ChecklistUsed(id=id, village=village, code=made.code, title=made.title, text=text))
        session.flush()
    return id


def _scope(session: Session, village: str, household_ids: Sequence[str] | None) -> str | None:
    if household_ids is None:
        return None
    kept = ~Household.withdrawn & Household.merged_into.is_(None)
    here = set(session.scalars(select(Household.id).where(Household.village == village, kept)))
    chosen = list(dict.fromkeys(household_ids))
    if strangers := [id for id in chosen if id not in here]:
        raise OfficeError(f"选中的户里有 {len(strangers)} 户不在本村名单里。请刷新后重选。")
    return json.dumps(chosen)
