"""待录入 as a list that can be viewed: one record in one system a row, and the household that it belongs to."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import case
from sqlalchemy.orm import Session

from app.consistency.entry_list import (
    CHANGED,
    ENTRY_STATES,
    NOT_ENTERED,
    EntryLine,
    EntryState,
    households_to_enter,
    lines_of,
)
from app.consistency.households import blocks
from app.consistency.systems import EntrySystem, entry_systems
from app.list_views.catalogue import ENTRY_LIST
from app.list_views.definition import ListView
from app.list_views.list_source import Expression, ListSource, made_field
from app.list_views.rows import view_ids
from app.records.field import field_label
from app.viewed_lists.household_rows import household_row_source

WAITING = "waiting"  # value of "state" in the line above the list: all that has to be typed in
_FIELDS = (
    made_field(ENTRY_LIST, "system", "系统"),
    made_field(ENTRY_LIST, "state", "状态"),
    made_field(ENTRY_LIST, "home", "户主", short=True),
    made_field(ENTRY_LIST, "group", field_label("household", "group_name")),
    made_field(ENTRY_LIST, "screen", "界面"),
    made_field(ENTRY_LIST, "called", "对象"),
    made_field(ENTRY_LIST, "content", "要录的内容", "long"),
    made_field(ENTRY_LIST, "values", "要录的项数", "integer"),
    made_field(ENTRY_LIST, "known", "系统数据时间", "date"),
    made_field(ENTRY_LIST, "basis", "来源"),
    made_field(ENTRY_LIST, "by", "修改人"),
    made_field(ENTRY_LIST, "changed", "修改日期", "date"),
)
_SHOWN = ("state", "home", "group", "screen", "called", "content", "known")


def asked_states(choice: str) -> Sequence[EntryState]:
    """The states that a choice in the line above the list stands for; "" for all."""
    return (NOT_ENTERED, CHANGED) if choice == WAITING else [state for state in ENTRY_STATES if choice in ("", state)]


def entry_source(by_key: Mapping[str, EntryLine]) -> ListSource:
    """The list with these rows, in their order."""
    return household_row_source(
        ENTRY_LIST,
        "待录入",
        _FIELDS,
        lambda: ((key, _cells(line)) for key, line in by_key.items()),
        columns=_SHOWN,
        orders={"state": _state_order},
        passes=lambda key, quick: _fits(by_key[key], quick),
        computed=_loaded,
    )


@cache
def entry_list() -> ListSource:
    """The list without rows: its fields."""
    return entry_source({})


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    return entry_source({line.key: line for line in _read(session, entry_systems())})


def entry_lines_in_view(session: Session, view: ListView) -> list[EntryLine]:
    """The lines that a view shows, in its order."""
    system = view.quick.get("system", "")
    lines = _read(session, [one for one in entry_systems() if system in ("", one.key)])
    by_key = {line.key: line for line in lines}
    return [by_key[key] for key in view_ids(session, entry_source(by_key), view)]


def _read(session: Session, systems: Sequence[EntrySystem]) -> list[EntryLine]:
    households = blocks(households_to_enter(session, systems))
    return [line for block in households for line in lines_of(session, block, systems, ENTRY_STATES)]


def search_text(line: EntryLine) -> str:
    """The words by which a line is found, in small letters."""
    household = line.household
    return f"{household.head} {household.group} {household.number} {line.title} {line.content()}".casefold()


def passes(line: EntryLine, words: str, quick: Mapping[str, str]) -> bool:
    """Whether a line fits what is set in the line above the list.

    Args:
        words: its `search_text`
    """
    return (
        quick.get("system", "") in ("", line.system.key)
        and line.state in asked_states(quick.get("state", ""))
        and all(term in words for term in quick.get("text", "").casefold().split())
    )


def _fits(line: EntryLine, quick: Mapping[str, str]) -> bool:
    return passes(line, search_text(line) if quick.get("text") else "", quick)


def _cells(line: EntryLine) -> tuple[object, ...]:
    newest = max((one.changed_at for one in line.differences if one.changed_at), default=None)
    return (
        line.system.title,
        line.state,
        line.household.head,
        line.household.group,
        line.screen.title,
        line.title,
        line.content(),
        len(line.differences),
        line.known_at[:10] or None,
        line.basis,
        "、".join(dict.fromkeys(one.changed_by for one in line.differences if one.changed_by)),
        newest.date() if newest else None,
        line.household.id,
    )


def _state_order(value: Expression) -> Expression:
    return case({state: place for place, state in enumerate(ENTRY_STATES)}, value=value)
