"""一轮检查: open an inspection of many households, list who remains, close it. docs/domain/checklists.md §1.4."""

import json
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

import resources
from app.checklists import template
from app.checklists.households import RoundHousehold
from app.checklists.results import (
    HouseholdResult,
    RoundVersion,
    average_points,
    closed_states,
    each_round_results,
    load_round,
    load_rounds,
    results_by_round,
    round_results,
)
from app.checklists.template import checklist
from app.errors import UserError
from app.records.field import field, options
from app.workbook.workbook import Workbook, running_operation
from db.schema.household import Household
from db.schema.inspection import ChecklistVersion, Round
from db.schema.record import new_id
from resources.option_roles import value_of
from resources.overlay import current_overlay

DEFAULT_CHECKLIST = "four_clean_two_norms"


@dataclass(frozen=True, slots=True)
class ChecklistPreset:
    """A checklist that a round can be opened with; `items` are the names of what is scored."""

    name: str
    title: str
    period: str
    items: tuple[str, ...]
    checks: int


@dataclass(frozen=True, slots=True)
class RoundDefaults:
    """Defaults of a new round; the officer may change all of them."""

    title: str
    period: str
    started_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round in a list.

    `open`: scores may still be written. `households`: how many it covers, `inspected`: how many of them have a finished
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
    households: int
    inspected: int
    passed: int
    average: Decimal | None
    note: str

    @property
    def remaining(self) -> int:
        """How many households are still to be inspected."""
        return self.households - self.inspected


def checklist_presets() -> tuple[ChecklistPreset, ...]:
    """All checklists on offer, the usual one first, then those that share its name, then the others by title."""
    result = []
    for name in (one for one in resources.names("checklists") if not current_overlay().is_hidden("checklists", one)):
        preset = checklist(name)
        labels = tuple(item.label for item in preset.items)
        result.append(ChecklistPreset(name, preset.title, preset.period, labels, sum(1 for _ in preset.checks())))
    default_title = checklist(DEFAULT_CHECKLIST).title
    return tuple(
        sorted(
            result,
            key=lambda preset: (
                preset.name != DEFAULT_CHECKLIST,
                not preset.title.startswith(default_title),
                preset.title,
            ),
        )
    )


def round_defaults(checklist_name: str, day: date, period: str = "") -> RoundDefaults:
    """Title and dates of a round that begins on a day; it is due when its period ends.

    Args:
        period: a value of round_period; what the checklist says if ""
    """
    definition = checklist(checklist_name)
    period = period or definition.period or value_of("round_period", "monthly")
    months = next((option.extra.get("months") for option in options("round_period") if option.value == period), None)
    match months:
        case 1:
            period_label, last_month = f"{day.year}年{day.month}月", day.month
        case 3:
            quarter = (day.month + 2) // 3
            period_label, last_month = f"{day.year}年第{'一二三四'[quarter - 1]}季度", quarter * 3
        case 6:
            period_label, last_month = (
                f"{day.year}年{'上' if day.month <= 6 else '下'}半年",
                6 if day.month <= 6 else 12,
            )
        case 12:
            period_label, last_month = f"{day.year}年", 12
        case int() if months and 12 % months == 0:  # of the county
            last_month = ((day.month - 1) // months + 1) * months
            period_label = f"{day.year}年{last_month - months + 1}—{last_month}月"
        case _:
            return RoundDefaults(f"{day.year}年{day.month}月{day.day}日{definition.title}抽查", period, day, day)
    return RoundDefaults(
        f"{period_label}{definition.title}",
        period,
        day,
        date(day.year, last_month, monthrange(day.year, last_month)[1]),
    )


def open_round(
    workbook: Workbook,
    village: str,
    checklist_name: str,
    title: str,
    period: str,
    started_on: date,
    due_on: date | None = None,
    household_ids: Sequence[str] | None = None,
    note: str = "",
) -> str:
    """Open a round; the text of its checklist is copied into the workbook. Returns the id of the round.

    Args:
        checklist_name: a file of resources/checklists, without its ending
        household_ids: the households it covers; None for all registered ones of the village, including later ones
        note: a remark, e.g. how the households were chosen

    Raises:
        ValidationError: no title or no date
        UserError: dates in the wrong order, a round of this title exists, households that are not of this village
    """
    raw_values = {"title": title, "period": period, "started_on": started_on, "due_on": due_on}
    values = {name: field("round", name).parse_and_validate(value) for name, value in raw_values.items()}
    if due_on and due_on < started_on:
        raise UserError(f"截止日期 {due_on} 早于开始日期 {started_on}，请改日期。")
    if household_ids is not None and not household_ids:
        raise UserError("还没有选要检查的户。请至少选一户，或检查全部在册户。")
    with workbook.operation(f"新建检查轮次：{title}") as session:
        if checklist_name not in resources.names("checklists"):
            raise UserError(f"没有“{checklist_name}”这份评分标准，请从列表里选一份。")
        checklist(checklist_name)
        text = template.checklist_text(checklist_name)
        same_title = select(Round.id).where(Round.village == village, Round.title == values["title"], ~Round.withdrawn)
        if session.scalar(same_title):
            raise UserError(f"已经有一轮“{values['title']}”。请接着检查那一轮，或换一个名称。")
        checklist_id = _store_checklist_version(session, village, text)
        scope = _scope(session, village, household_ids)
        state = value_of("round_state", "visiting")
        values["note"] = note or None
        round_record = Round(
            id=new_id(), village=village, checklist_id=checklist_id, state=state, scope=scope, **values
        )
        session.add(round_record)
        session.flush()
        return round_record.id


def set_round_state(workbook: Workbook, round_id: str, state: str) -> None:
    """Set a round's state, a value of round_state.

    Closing a round about all households records which these were, so that households registered later do not count
    as missing.

    Raises:
        ValidationError: there is no such state
        UserError: there is no such round
    """
    new_state = str(field("round", "state").parse_and_validate(state) or "")
    with workbook.operation("更改轮次状态") as session:
        round_version = load_round(session, round_id)
        running_operation(session).title = f"轮次改为“{new_state}”：{round_version.title}"
        row = session.get_one(Round, round_id)
        if new_state in closed_states() and round_version.household_ids is None:
            household_results = results_by_round(session, [round_version])[round_version.id]
            row.scope = json.dumps([result.household.household_id for result in household_results])
        row.state = new_state


def list_rounds(session: Session, *, only_open: bool = False) -> tuple[RoundRow, ...]:
    """All rounds, or those that are open, the latest first."""
    round_versions = [one for one in load_rounds(session) if one.open or not only_open]
    rows = [_round_row(version, results) for version, results in each_round_results(session, round_versions)]
    return tuple(reversed(rows))


def round_and_results(session: Session, round_id: str) -> tuple[RoundRow, tuple[HouseholdResult, ...]]:
    """One round as the list of rounds shows it, with its results."""
    round_version = load_round(session, round_id)
    household_results = results_by_round(session, [round_version])[round_version.id]
    return _round_row(round_version, household_results), household_results


def remaining_households(session: Session, round_id: str) -> tuple[RoundHousehold, ...]:
    """The households without a finished inspection, in walking order."""
    return tuple(result.household for result in round_results(session, round_id) if not result.finished)


def next_household(session: Session, round_id: str, after: str = "") -> RoundHousehold | None:
    """The next remaining household in walking order, wrapping around; None when no other remains.

    Args:
        after: id of the current household; the first remaining household if ""
    """
    return next_household_of(round_results(session, round_id), after)


def next_household_of(household_results: Sequence[HouseholdResult], after: str = "") -> RoundHousehold | None:
    """`next_household` for results that were read already."""
    ids = [result.household.household_id for result in household_results]
    start = ids.index(after) + 1 if after in ids else 0
    ordered = (*household_results[start:], *household_results[:start])
    return next(
        (
            household_result.household
            for household_result in ordered
            if not household_result.finished and household_result.household.household_id != after
        ),
        None,
    )


def _round_row(round_version: RoundVersion, household_results: Iterable[HouseholdResult]) -> RoundRow:
    households, begun = 0, []  # in one pass, so that results of households not yet seen need not be kept
    for result in household_results:
        households += 1
        if result.score is not None:
            begun.append(result)
    return RoundRow(
        id=round_version.id,
        village=round_version.village,
        title=round_version.title,
        checklist_code=round_version.checklist.code,
        checklist_title=round_version.checklist.title,
        period=round_version.period,
        started_on=round_version.started_on,
        due_on=round_version.due_on,
        state=round_version.state,
        open=round_version.open,
        households=households,
        inspected=sum(result.finished for result in begun),
        passed=sum(result.passed for result in begun),
        average=average_points(begun),
        note=round_version.note,
    )


def _store_checklist_version(session: Session, village: str, text: str) -> str:
    """The id of the workbook's copy of a checklist, stored if it is not there yet."""
    id = ChecklistVersion.id_of(village, text)
    row = session.get(ChecklistVersion, id)
    if row is None:
        definition = template.parse_checklist(text)
        session.add(ChecklistVersion(id=id, village=village, code=definition.code, title=definition.title, text=text))
        session.flush()
    return id


def _scope(session: Session, village: str, household_ids: Sequence[str] | None) -> str | None:
    if household_ids is None:
        return None
    is_active = ~Household.withdrawn & Household.merged_into.is_(None)
    village_ids = set(session.scalars(select(Household.id).where(Household.village == village, is_active)))
    selected = list(dict.fromkeys(household_ids))
    if unknown := [id for id in selected if id not in village_ids]:
        raise UserError(f"选中的户里有 {len(unknown)} 户不在本村名单里。请刷新后重选。")
    return json.dumps(selected)
