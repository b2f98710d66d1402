"""问题整改: a problem is found, put right within its time, looked at again, and only then closed out.

Deadlines: resources/dictionaries/rectification_deadline.toml. 回访销号: domain/mechanisms.md 4.5-3, 4.5-4, 5.2-5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.results import Result, RoundResult, results, results_of
from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.draft import Saved, faults, new_draft, open_draft, write_draft
from app.records.field import Value, options
from app.records.lists import HEAD
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from db.schema.record import derived_id, new_id
from db.schema.work import Rectification

AT_ONCE = "立即"
USUAL = "15天"
CLOSING = ("closed_on", "reviewed_by")  # written by `close_out` alone


class State(StrEnum):
    """How far a problem has come."""

    OPEN = "整改中"
    DONE = "待回访"
    SEEN = "待销号"
    CLOSED = "已销号"


@dataclass(frozen=True, slots=True)
class RectificationRow:
    """One problem in a list. `overdue`: not put right, and its day has passed; `days_left` until then."""

    id: str
    household_id: str
    head: str
    group: str
    number: str
    source: str
    level: str
    problem: str
    responsible: str
    found_on: date | None
    due_on: date | None
    done_on: date | None
    followup_on: date | None
    closed_on: date | None
    state: State
    overdue: bool
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Failing:
    """One failing item of an inspection, on its way to being handed over."""

    household_id: str
    inspection_id: str
    item: str
    problem: str
    found_on: date
    due_on: date
    source: str


def due_day(found_on: date, deadline: str) -> date:
    """The last day of a class of deadline (立即, 7天, 15天, 30天).

    Raises:
        OfficeError: there is no such class
    """
    for option in options("rectification_deadline"):
        if option.value == deadline:
            return found_on + timedelta(days=int(option.more["days"]))
    raise OfficeError(f"没有“{deadline}”这种整改时限，请从列表里选。")


def rows(
    session: Session, household_id: str = "", *, state: str = "", overdue: bool = False, today: date | None = None
) -> list[RectificationRow]:
    """Problems of one household, or all: those that are overdue first, then by deadline, closed ones last.

    Args:
        state: only these; all if ""
        overdue: only those that are overdue
    """
    day = today or date.today()
    query = select(Rectification).where(~Rectification.withdrawn)
    if household_id:
        query = query.where(Rectification.household_id == household_id)
    heads, groups = _names(session)
    found = [_row(one, heads, groups, day) for one in session.scalars(query)]
    found = [one for one in found if state in ("", one.state) and (one.overdue or not overdue)]
    order = list(State)
    return sorted(
        found,
        key=lambda one: (not one.overdue, order.index(one.state), one.due_on or date.max, one.group, one.head, one.id),
    )


def _row(
    one: Rectification, heads: Mapping[str, str], groups: Mapping[str, str], day: date
) -> RectificationRow:  # fmt: skip
    state = state_of(one)
    open_still = state is State.OPEN and one.due_on is not None
    return RectificationRow(
        id=one.id,
        household_id=one.household_id or "",
        head=heads.get(one.household_id or "", ""),
        group=groups.get(one.household_id or "", ""),
        number=one.number or "",
        source=one.source or "",
        level=one.level or "",
        problem=one.problem or "",
        responsible=one.responsible or "",
        found_on=one.found_on,
        due_on=one.due_on,
        done_on=one.done_on,
        followup_on=one.followup_on,
        closed_on=one.closed_on,
        state=state,
        overdue=open_still and one.due_on is not None and one.due_on < day,
        days_left=(one.due_on - day).days if open_still and one.due_on else None,
    )


def state_of(one: Rectification) -> State:
    """What is written down last tells how far it is."""
    if one.closed_on:
        return State.CLOSED
    if one.done_on is None:
        return State.OPEN
    return State.SEEN if one.followup_on else State.DONE


def beginning(found_on: date, deadline: str = USUAL, **more: Value) -> dict[str, Value]:
    """What a new problem begins with, as columns; `more` goes before."""
    begun: dict[str, Value] = {
        "number": f"{found_on.year}-{new_id()[:4].upper()}",
        "source": "走访发现",
        "level": "整改清单",
        "found_on": found_on,
        "due_on": due_day(found_on, deadline),
        "problem": "（请写明问题）",
    }
    return begun | more


def open_problem(
    workbook: Workbook,
    household_id: str,
    problem: str,
    found_on: date,
    deadline: str = USUAL,
    by: object | None = None,
    **more: Value,
) -> Work[str]:
    """A problem that somebody found in a household; returns its id.

    Args:
        deadline: class of the time it may take
        more: other columns of the record: source, level, responsible …

    Raises:
        FieldRefused, OfficeError: a value is not acceptable, or the household is gone
    """
    yield Progress(0, 1, "列入整改")
    with workbook.writing(by) as session:
        home = session.get(Household, household_id)
        if home is None or home.withdrawn:
            raise OfficeError("这一户已不在名单里，请刷新后再试。")
        values = beginning(found_on, deadline, problem=problem, household_id=household_id, **more)
        draft = new_draft("rectification", home.village, "", **values)
        if refused := faults(draft):
            raise OfficeError(next(iter(refused.values())))
        write_draft(session, draft)
    yield Progress(1, 1, "")
    return draft.id


def failing_of(found: Result) -> list[Failing]:
    """The failing items of a home's finished inspection; what must be done at once is due the same day."""
    if found.score is None or not found.finished or not found.looks:
        return []
    look = next((one for one in reversed(found.looks) if one.score is found.score), found.looks[-1])
    day = look.seen_on or date.today()
    score, checklist, band = found.score, found.checklist, found.score.band
    usual = day + timedelta(days=band.recheck_days) if band and band.recheck_days else due_day(day, USUAL)
    made = []
    for scored in (one for one in score.items if one.failing):
        item = next(one for one in checklist.items if one.code == scored.code)
        failed = [check for check in item.checks if check.code in score.failed]
        at_once = any(check.code in score.hard_fails for check in failed)
        said = "；".join(check.label for check in failed)
        made.append(
            Failing(
                household_id=found.home.household_id,
                inspection_id=look.inspection_id,
                item=item.code,
                problem=f"{item.label}不达标" + (f"，没有做到：{said}" if said else ""),
                found_on=day,
                due_on=due_day(day, AT_ONCE) if at_once else usual,
                source="四净两规范检查" if checklist.code == "four_clean_two_norms" else "自查",
            )
        )
    return made


def open_failings(workbook: Workbook, round_id: str, household_id: str = "", by: object | None = None) -> Work[int]:
    """Hand over what failed in a round, of one home or all; what was handed over before stays as it is.

    The id follows from inspection and item, so that two laptops that do this open one problem. Returns how many.

    Raises:
        OfficeError: there is no such round
    """
    with workbook.reading() as session:
        found = results(session, round_id)
    wanted = [one for one in found if household_id in ("", one.home.household_id)]
    many = 0
    with workbook.writing(by) as session:
        for n, one in enumerate(wanted):
            yield Progress(n, len(wanted), "列入整改")
            for failing in failing_of(one):
                many += _hand_over(session, failing)
    return many


def _hand_over(session: Session, failing: Failing) -> bool:
    id = derived_id("rectification", failing.inspection_id, failing.item)
    home = session.get(Household, failing.household_id)
    if home is None or session.get(Rectification, id) is not None:
        return False
    values = beginning(failing.found_on, USUAL, household_id=failing.household_id, check=failing.item)
    values |= {
        "number": f"{failing.found_on.year}-{id[:4].upper()}",
        "inspection_id": failing.inspection_id,
        "source": failing.source,
        "problem": failing.problem,
        "due_on": failing.due_on,
    }
    write_draft(session, new_draft("rectification", home.village, id, **values))
    return True


def close_out(
    workbook: Workbook, id: str, closed_on: date, reviewed_by: str, by: object | None = None
) -> Work[Saved]:  # fmt: skip
    """销号: only of what was put right and, after that, seen again.

    Raises:
        OfficeError: it was not put right, nobody came back to look, or the days are not in order
    """
    yield Progress(0, 1, "销号")
    with workbook.writing(by) as session:
        draft = open_draft(session, "rectification", id)
        done, seen = draft.values["done_on"], draft.values["followup_on"]
        if not isinstance(done, date):
            raise OfficeError("还没有写完成日期，不能销号。请先填完成情况和完成日期。")
        if not isinstance(seen, date) or not draft.values["followup_by"]:
            raise OfficeError("还没有回访，不能销号。请先填回访日期、回访人和回访结果。")
        if seen < done or closed_on < seen:
            raise OfficeError(f"日期前后不对：完成 {done}，回访 {seen}，销号 {closed_on}。请改正后再销号。")
        return write_draft(session, draft.with_values(closed_on=closed_on, reviewed_by=reviewed_by or None))


def reopen(workbook: Workbook, id: str, by: object | None = None) -> Work[Saved]:
    """反弹: a closed problem is there again; it must be put right and seen once more."""
    yield Progress(0, 1, "重新整改")
    with workbook.writing(by) as session:
        draft = open_draft(session, "rectification", id)
        return write_draft(
            session, draft.with_values(closed_on=None, reviewed_by=None, done_on=None, followup_on=None)
        )  # fmt: skip


def latest_failing(session: Session, household_id: str) -> RoundResult | None:
    """The last round in which something of this home failed; None where nothing did."""
    return next((one for one in reversed(results_of(session, household_id)) if failing_of(one.result)), None)


def _names(session: Session) -> tuple[dict[str, str], dict[str, str]]:
    """Household id → its head's name; household id → its group."""
    heads = session.execute(
        select(Member.household_id, Member.name).where(
            Member.relation == HEAD, Member.left.is_(None), ~Member.withdrawn
        )
    )
    groups = session.execute(select(Household.id, Household.group_name, Household.hamlet))
    return (
        {household or "": name or "" for household, name in heads},
        {household: group or hamlet or "" for household, group, hamlet in groups},
    )
