"""三者一致 as a list that can be viewed: one fact a row, and the household that it is of."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import case
from sqlalchemy.orm import Session

from app.consistency.households import blocks, compared_households
from app.consistency.observed_values import Observation
from app.consistency.three_way import AGREEMENT_STATES, FactLine, lines_of
from app.list_views.catalogue import THREE_WAY
from app.list_views.list_source import Expression, ListSource, made_field
from app.records.field import field_label
from app.viewed_lists.household_rows import household_row_source

_FIELDS = (
    made_field(THREE_WAY, "state", "结果"),
    made_field(THREE_WAY, "home", "户主", short=True),
    made_field(THREE_WAY, "group", field_label("household", "group_name")),
    made_field(THREE_WAY, "called", "对象"),
    made_field(THREE_WAY, "fact", "内容"),
    made_field(THREE_WAY, "value", "本工作簿"),
    made_field(THREE_WAY, "system", "系统"),
    made_field(THREE_WAY, "archive", "档案"),
    made_field(THREE_WAY, "actual", "实际"),
    made_field(THREE_WAY, "todo", "要做的事"),
    made_field(THREE_WAY, "system_day", "系统数据日期", "date"),
    made_field(THREE_WAY, "archive_day", "档案打印日期", "date"),
    made_field(THREE_WAY, "actual_day", "核实日期", "date"),
    made_field(THREE_WAY, "seen_by", "核实人"),
)
_SHOWN = ("state", "home", "called", "fact", "value", "system", "archive", "actual", "todo")


def fact_source(by_key: Mapping[str, FactLine]) -> ListSource:
    """The list with these rows, in their order."""
    return household_row_source(
        THREE_WAY,
        "三者一致",
        _FIELDS,
        lambda: ((key, _cells(line)) for key, line in by_key.items()),
        columns=_SHOWN,
        orders={"state": _state_order},
        passes=lambda key, quick: _fits(by_key[key], quick),
        computed=_loaded,
    )


@cache
def fact_list() -> ListSource:
    """The list without rows: its fields."""
    return fact_source({})


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    households = [one for one in compared_households(session) if one.registered]
    return fact_source({line.key: line for block in blocks(households) for line in lines_of(session, block)})


def search_text(line: FactLine) -> str:
    """The words by which a fact is found, in small letters."""
    household = line.household
    return f"{household.head} {household.group} {household.number} {line.title} {line.field.label}".casefold()


def passes(line: FactLine, words: str, quick: Mapping[str, str]) -> bool:
    """Whether a fact fits what is set in the line above the list.

    Args:
        words: its `search_text`
    """
    todo = quick.get("todo", "")
    return (
        quick.get("state", "") in ("", line.state)
        and quick.get("fact", "") in ("", f"{line.table}.{line.column}")
        and (not todo or todo in line.corrections)
        and all(term in words for term in quick.get("text", "").casefold().split())
    )


def _fits(line: FactLine, quick: Mapping[str, str]) -> bool:
    return passes(line, search_text(line) if quick.get("text") else "", quick)


def _cells(line: FactLine) -> tuple[object, ...]:
    return (
        line.state,
        line.household.head,
        line.household.group,
        line.title,
        line.field.label,
        line.text(line.value),
        _seen(line, line.system),
        _seen(line, line.archive),
        _seen(line, line.actual),
        "、".join(line.corrections),
        _day(line.system),
        _day(line.archive),
        _day(line.actual),
        line.actual.by if line.actual else None,
        line.household.id,
    )


def _seen(line: FactLine, observation: Observation | None) -> str | None:
    return (line.text(observation.value) or "空") if observation else None


def _day(observation: Observation | None) -> str | None:
    return observation.at[:10] if observation else None


def _state_order(value: Expression) -> Expression:
    return case({state: place for place, state in enumerate(AGREEMENT_STATES)}, value=value)
