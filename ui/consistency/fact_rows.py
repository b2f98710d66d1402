"""The table of 三者一致: one fact a row, with what stands where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.consistency.observed_values import Observation, latest_day
from app.consistency.three_way import (
    AGREEING,
    AGREEMENT_STATES,
    DIFFERENT,
    INCOMPLETE,
    AgreementShare,
    AgreementState,
    FactLine,
    agreement_share,
    fact_lines,
    system_place,
)
from app.list_views.list_source import ListSource
from app.progress import run_to_completion
from app.records.field import field_label
from app.viewed_lists.fact_source import fact_source, passes, search_text
from app.workbook.workbook import Workbook
from ui.household.household_columns import group_key, pinyin_key
from ui.widgets.made_rows import MadeRows
from ui.widgets.row_table import Column, Row

MOST_FACTS = 50_000  # that a page holds where no view asks for what is beyond
_EMPHASIS = {DIFFERENT: "bad", INCOMPLETE: "", AGREEING: "quiet"}
FACT_COLUMNS = (
    Column("state", "结果", width=8, sort_key=AGREEMENT_STATES.index),
    Column("home", "户主", width=9, sort_key=pinyin_key),
    Column("group", field_label("household", "group_name"), width=8, sort_key=group_key, hidden=True),
    Column("called", "对象", width=9),
    Column("fact", "内容", width=15),
    Column("value", "本工作簿", width=18),
    Column("system", "系统", width=0),
    Column("archive", "档案", width=0),
    Column("actual", "实际", width=0),
    Column("todo", "要做的事", width=22),
)


@dataclass(frozen=True)
class FactTable:
    """Facts made ready for the page, with the share of households that agree and the day of the system's data."""

    lines: Mapping[str, FactLine]
    rows: Mapping[str, Row]
    source: ListSource
    share: AgreementShare
    system_day: str

    @cached_property
    def search_texts(self) -> Mapping[str, str]:
        """The words by which each is found; made when somebody first searches."""
        return {key: search_text(line) for key, line in self.lines.items()}

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Keys of those that fit what is set in the line above the list."""
        texts = self.search_texts if quick.get("text", "").strip() else {}
        return [key for key, line in self.lines.items() if passes(line, texts.get(key, ""), quick)]


def load_facts(workbook: Workbook, states: Sequence[AgreementState], most: int | None = None) -> FactTable:
    """The facts in these states of the households that are registered or monitored, so many of them at most."""
    found = run_to_completion(fact_lines(workbook, states=states, most=most))
    lines = {line.key: line for line in found}
    with workbook.reading() as session:
        share, day = agreement_share(session), latest_day(session, system_place())
    return FactTable(lines, MadeRows(lines, _row), fact_source(lines), share, day)


def _row(key: str, line: FactLine) -> Row:
    cells = {
        "state": line.state,
        "home": line.household.head,
        "group": line.household.group,
        "called": line.title,
        "fact": line.field.label,
        "value": line.text(line.value),
        "system": told(line, line.system),
        "archive": told(line, line.archive),
        "actual": told(line, line.actual),
        "todo": "、".join(line.corrections),
    }
    return Row(key, cells, _EMPHASIS[line.state])


def told(line: FactLine, observation: Observation | None) -> str:
    """A value with its day, "" where nothing is known."""
    return f"{line.text(observation.value) or '空'}（{observation.at[:10]}）" if observation else ""


def description(line: FactLine | None) -> str:
    """What stands where, since when, from whom and from what."""
    if line is None:
        return ""
    whom = " ".join(text for text in (f"{line.household.head}户", line.title, line.field.label) if text)
    places = (("系统", line.system), ("档案", line.archive), ("实际", line.actual))
    return f"{whom}：本工作簿 {line.text(line.value) or '空'}　" + "　".join(
        f"{name} {_told_fully(line, observation)}" for name, observation in places
    )


def _told_fully(line: FactLine, observation: Observation | None) -> str:
    if observation is None:
        return "不详"
    at = observation.at[:10] if observation is line.actual else observation.at[:16]
    source = "，".join(text for text in (at, observation.by, observation.basis) if text)
    return f"{line.text(observation.value) or '空'}（{source}）"
