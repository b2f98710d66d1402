"""问题整改: a problem is found, fixed by its deadline, verified by a follow-up visit, and only then closed out.

Deadlines: resources/dictionaries/rectification_deadline.toml. 回访销号: docs/domain/mechanisms.md 4.5-3, 4.5-4, 5.2-5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.results import HouseholdResult, RoundResult, household_trend, round_results
from app.errors import UserError
from app.records.draft import SaveResult, is_taken, new_draft, open_draft, validation_errors, write_draft
from app.records.field import Value, options
from app.records.row_views import HEAD_RELATION
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from db.schema.record import derived_id, new_id
from db.schema.rectification import Rectification
from resources.option_roles import value_of

IMMEDIATE_DEADLINE = value_of("rectification_deadline", "at_once")
DEFAULT_DEADLINE = value_of("rectification_deadline", "usual")
CLOSING_COLUMNS = ("closed_on", "reviewed_by")  # written by `close_out` alone


class RectificationState(StrEnum):
    """The state of a problem."""

    OPEN = "整改中"
    AWAITING_FOLLOWUP = "待回访"
    AWAITING_CLOSURE = "待销号"
    CLOSED = "已销号"


@dataclass(frozen=True, slots=True)
class RectificationRow:
    """One problem in a list. `overdue`: not fixed, and its day has passed; `days_left` until then."""

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
    state: RectificationState
    overdue: bool
    days_left: int | None


@dataclass(frozen=True, slots=True)
class FailedItem:
    """One failed item of an inspection, before it becomes a rectification."""

    household_id: str
    inspection_id: str
    item: str
    problem: str
    found_on: date
    due_on: date
    source: str


def due_date(found_on: date, deadline: str) -> date:
    """The last day of a class of deadline (立即, 7天, 15天, 30天).

    Raises:
        UserError: there is no such class
    """
    for option in options("rectification_deadline"):
        if option.value == deadline:
            return found_on + timedelta(days=int(option.extra["days"]))
    raise UserError(f"没有“{deadline}”这种整改时限，请从列表里选。")


def rectification_rows(
    session: Session, household_id: str = "", *, state: str = "", overdue: bool = False, today: date | None = None
) -> list[RectificationRow]:
    """Problems of one household, or all: those that are overdue first, then by deadline, closed ones last.

    Args:
        state: only these; all if ""
        overdue: only those that are overdue
    """
    reference_day = today or date.today()
    query = select(Rectification).where(~Rectification.withdrawn)
    if household_id:
        query = query.where(Rectification.household_id == household_id)
    heads, groups = _heads_and_groups(session)
    result = [_to_row(record, heads, groups, reference_day) for record in session.scalars(query)]
    result = [record for record in result if state in ("", record.state) and (record.overdue or not overdue)]
    order = list(RectificationState)
    return sorted(
        result,
        key=lambda record: (
            not record.overdue,
            order.index(record.state),
            record.due_on or date.max,
            record.group,
            record.head,
            record.id,
        ),
    )


def _to_row(
    record: Rectification, heads: Mapping[str, str], groups: Mapping[str, str], reference_day: date
) -> RectificationRow:  # fmt: skip
    state = state_of(record)
    is_pending = state is RectificationState.OPEN and record.due_on is not None
    return RectificationRow(
        id=record.id,
        household_id=record.household_id or "",
        head=heads.get(record.household_id or "", ""),
        group=groups.get(record.household_id or "", ""),
        number=record.number or "",
        source=record.source or "",
        level=record.level or "",
        problem=record.problem or "",
        responsible=record.responsible or "",
        found_on=record.found_on,
        due_on=record.due_on,
        done_on=record.done_on,
        followup_on=record.followup_on,
        closed_on=record.closed_on,
        state=state,
        overdue=is_pending and record.due_on is not None and record.due_on < reference_day,
        days_left=(record.due_on - reference_day).days if is_pending and record.due_on else None,
    )


def state_of(record: Rectification) -> RectificationState:
    """The state follows from the latest date that is filled in."""
    if record.closed_on:
        return RectificationState.CLOSED
    if record.done_on is None:
        return RectificationState.OPEN
    return RectificationState.AWAITING_CLOSURE if record.followup_on else RectificationState.AWAITING_FOLLOWUP


def default_values(found_on: date, deadline: str = DEFAULT_DEADLINE, **overrides: Value) -> dict[str, Value]:
    """Default columns of a new problem; `overrides` take precedence."""
    defaults: dict[str, Value] = {
        "number": f"{found_on.year}-{new_id()[:4].upper()}",
        "source": value_of("rectification_source", "visit"),
        "level": value_of("rectification_level", "listed"),
        "found_on": found_on,
        "due_on": due_date(found_on, deadline),
        "problem": "（请写明问题）",
    }
    return defaults | overrides


def open_problem(
    workbook: Workbook,
    household_id: str,
    problem: str,
    found_on: date,
    deadline: str = DEFAULT_DEADLINE,
    **extra: Value,
) -> str:
    """Open a rectification in a household; returns its id.

    Args:
        deadline: class of the time it may take
        extra: other columns of the record: source, level, responsible …

    Raises:
        ValidationError, UserError: a value is not acceptable, or the household is gone
    """
    with workbook.operation("列入整改") as session:
        household = session.get(Household, household_id)
        if household is None or household.withdrawn:
            raise UserError("这一户已不在名单里，请刷新后再试。")
        values = default_values(found_on, deadline, problem=problem, household_id=household_id, **extra)
        draft = new_draft("rectification", household.village, "", **values)
        if errors := validation_errors(draft):
            raise UserError(next(iter(errors.values())))
        write_draft(session, draft)
    return draft.id


def failed_items(household_result: HouseholdResult) -> list[FailedItem]:
    """The failed items of a household's finished inspection; what must be done at once is due the same day."""
    if household_result.score is None or not household_result.finished or not household_result.inspector_results:
        return []
    inspector_result = next(
        (
            candidate
            for candidate in reversed(household_result.inspector_results)
            if candidate.score is household_result.score
        ),
        household_result.inspector_results[-1],
    )
    inspected_on = inspector_result.seen_on or date.today()
    score, checklist, band = household_result.score, household_result.checklist, household_result.score.band
    regular_due_on = (
        inspected_on + timedelta(days=band.recheck_days)
        if band and band.recheck_days
        else due_date(inspected_on, DEFAULT_DEADLINE)
    )
    source = "inspection" if checklist.code == "four_clean_two_norms" else "self_check"
    items = []
    for item_score in (candidate for candidate in score.items if candidate.failed):
        item = next(candidate for candidate in checklist.items if candidate.code == item_score.code)
        failed_checks = [check for check in item.checks if check.code in score.failed]
        immediate = any(check.code in score.hard_fails for check in failed_checks)
        check_labels = "；".join(check.label for check in failed_checks)
        items.append(
            FailedItem(
                household_id=household_result.household.household_id,
                inspection_id=inspector_result.inspection_id,
                item=item.code,
                problem=item.label
                + value_of("check_value", "failed")
                + (f"，没有做到：{check_labels}" if check_labels else ""),
                found_on=inspected_on,
                due_on=due_date(inspected_on, IMMEDIATE_DEADLINE) if immediate else regular_due_on,
                source=value_of("rectification_source", source),
            )
        )
    return items


def create_from_round(workbook: Workbook, round_id: str, household_id: str = "") -> int:
    """Open rectifications for what failed in a round, of one household or all; existing ones stay unchanged.

    The id follows from inspection and item, so that two laptops that do this open one problem. Returns how many.

    Raises:
        UserError: there is no such round
    """
    with workbook.reading() as session:
        household_results = round_results(session, round_id)
    selected = [
        household_result
        for household_result in household_results
        if household_id in ("", household_result.household.household_id)
    ]
    created = 0
    with workbook.operation("按检查结果列入整改") as session:
        for household_result in selected:
            for failed_item in failed_items(household_result):
                created += _create_from_failed_item(session, failed_item)
    return created


def _create_from_failed_item(session: Session, failed_item: FailedItem) -> bool:
    id = derived_id("rectification", failed_item.inspection_id, failed_item.item)
    household = session.get(Household, failed_item.household_id)
    if household is None or is_taken(session, "rectification", id):
        return False
    values = default_values(
        failed_item.found_on, DEFAULT_DEADLINE, household_id=failed_item.household_id, check=failed_item.item
    )
    values |= {
        "number": f"{failed_item.found_on.year}-{id[:4].upper()}",
        "inspection_id": failed_item.inspection_id,
        "source": failed_item.source,
        "problem": failed_item.problem,
        "due_on": failed_item.due_on,
    }
    write_draft(session, new_draft("rectification", household.village, id, **values))
    return True


def close_out(
    workbook: Workbook, id: str, closed_on: date, reviewed_by: str
) -> SaveResult:  # fmt: skip
    """销号: only after the problem was fixed and then verified by a visit.

    Raises:
        UserError: it was not fixed, there was no follow-up visit, or the dates are out of order
    """
    with workbook.operation("整改销号") as session:
        draft = open_draft(session, "rectification", id)
        completed_on, followup_on = draft.values["done_on"], draft.values["followup_on"]
        if not isinstance(completed_on, date):
            raise UserError("还没有写完成日期，不能销号。请先填完成情况和完成日期。")
        if not isinstance(followup_on, date) or not draft.values["followup_by"]:
            raise UserError("还没有回访，不能销号。请先填回访日期、回访人和回访结果。")
        if followup_on < completed_on or closed_on < followup_on:
            raise UserError(
                f"日期前后不对：完成 {completed_on}，回访 {followup_on}，销号 {closed_on}。请改正后再销号。"
            )
        return write_draft(session, draft.with_values(closed_on=closed_on, reviewed_by=reviewed_by or None))


def reopen(workbook: Workbook, id: str) -> SaveResult:
    """反弹: a closed problem has recurred; it must be fixed and verified again."""
    with workbook.operation("重新整改") as session:
        draft = open_draft(session, "rectification", id)
        return write_draft(
            session, draft.with_values(closed_on=None, reviewed_by=None, done_on=None, followup_on=None)
        )  # fmt: skip


def latest_failed_result(session: Session, household_id: str) -> RoundResult | None:
    """The last round in which something of this household failed; None where nothing did."""
    return next(
        (
            round_result
            for round_result in reversed(household_trend(session, household_id))
            if failed_items(round_result.result)
        ),
        None,
    )


def _heads_and_groups(session: Session) -> tuple[dict[str, str], dict[str, str]]:
    """Household id → its head's name; household id → its group."""
    heads = session.execute(
        select(Member.household_id, Member.name).where(
            Member.relation == HEAD_RELATION, Member.left.is_(None), ~Member.withdrawn
        )
    )
    groups = session.execute(select(Household.id, Household.group_name, Household.hamlet))
    return (
        {household or "": name or "" for household, name in heads},
        {household: group or hamlet or "" for household, group, hamlet in groups},
    )
