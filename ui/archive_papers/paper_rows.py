"""The table of 档案完整性: one paper that an archive owes a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any

from app.consistency.households import ComparedHousehold
from app.records.field import field_label
from app.reports.completeness import COMPLETE, MISSING, PAPER_STATES, UNSIGNED, PaperLine, village_papers
from app.workbook.workbook import Workbook
from ui.household.household_columns import group_key, pinyin_key
from ui.widgets.made_rows import Cells
from ui.widgets.row_table import Column, Row

_EMPHASIS = {MISSING: "bad", UNSIGNED: "warn", COMPLETE: "quiet"}
_PAPER_COLUMNS = (
    Column("state", "情况", width=8, sort_key=PAPER_STATES.index),
    Column("paper", "材料", width=0),
    Column("signers", "应签字", width=32),
    Column("signed", field_label("paper_signature", "signed_on"), width=13),
    Column("check", field_label("answer", "check"), width=9, hidden=True),
)
VILLAGE_COLUMNS = (
    _PAPER_COLUMNS[0],
    Column("home", "户主", width=10, sort_key=pinyin_key),
    Column("group", field_label("household", "group_name"), width=9, sort_key=group_key),
    *_PAPER_COLUMNS[1:],
)
HOUSEHOLD_COLUMNS = _PAPER_COLUMNS


@dataclass(frozen=True)
class PaperTable:
    """All papers of the village made ready for the page: by id and as rows, and the households that owe them."""

    lines: Mapping[str, PaperLine]
    rows: Sequence[Row]
    households: Mapping[str, ComparedHousehold]

    @cached_property
    def search_texts(self) -> Mapping[str, str]:
        """The words by which each is found; made when somebody first searches."""
        whose = {id: f"{one.head} {one.group} {one.number}" for id, one in self.households.items()}
        return {id: f"{whose[line.household_id]} {line.title}".casefold() for id, line in self.lines.items()}


def load_papers(workbook: Workbook) -> PaperTable:
    """Every paper that an archive of the village owes, household by household."""
    with workbook.reading() as session:
        found = village_papers(session)
    lines = {line.id: line for _, papers in found for line in papers}
    households = {one.id: one for one, _ in found}
    readers = {id: _household_readers(one) for id, one in households.items()}
    rows = [Row(id, Cells(line, readers[line.household_id]), _EMPHASIS[line.state]) for id, line in lines.items()]
    return PaperTable(lines, rows, households)


def paper_row(line: PaperLine) -> Row:
    """A paper among those of one household."""
    return Row(line.id, Cells(line, _CELLS), _EMPHASIS[line.state])


def _household_readers(household: ComparedHousehold) -> Mapping[str, Callable[[PaperLine], Any]]:
    """What is read of each paper of a household, in a list of several."""
    return {**_CELLS, "home": lambda _: household.head, "group": lambda _: household.group}


def _signed_on(line: PaperLine) -> str:
    return line.signed_on.isoformat() if line.signed_on and line.signed_on > date.min else ""


_CELLS: Mapping[str, Callable[[PaperLine], Any]] = {
    "state": attrgetter("state"),
    "paper": attrgetter("title"),
    "signers": lambda line: "、".join(line.signers),
    "signed": _signed_on,
    "check": attrgetter("check"),
}


def to_register(lines: Sequence[PaperLine]) -> list[PaperLine]:
    """Those that an officer can say are signed or, where only paper can hold them, are there."""
    return [line for line in lines if line.state == UNSIGNED or (line.by_hand and line.state == MISSING)]
