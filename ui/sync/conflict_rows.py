"""The table of 冲突: one cell with several values a row, household by household."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from app.list_views.list_source import ListSource
from app.sync.conflicts import Conflict, ConflictedHousehold, list_by_household, masked
from app.viewed_lists.conflict_source import (
    conflict_list,
    conflict_source,
    passes,
    record_text,
    search_text,
    value_texts,
)
from app.workbook.workbook import Workbook
from ui.widgets.row_table import Column, Row

CONFLICT_COLUMNS = (
    Column("household", "户", width=25),
    Column("about", "记录", width=12),
    Column("field", "项目", width=0),
    Column("ours", "第一个值", width=18, hidden=True),
    Column("theirs", "其他的值", width=18, hidden=True),
)
_NO_HOUSEHOLD = "—"


@dataclass(frozen=True, slots=True)
class OpenConflicts:
    """Open conflicts made ready for the page: by id, as rows, in the words by which they are found, and as a list for
    views. Rows, words and list have personal numbers masked.

    Attributes:
        households: by their ids
    """

    conflicts: Mapping[str, Conflict]
    households: Mapping[str, ConflictedHousehold]
    rows: Mapping[str, Row]
    search_texts: Mapping[str, str]
    source: ListSource

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Ids of those that fit what is typed above the list."""
        return [id for id, words in self.search_texts.items() if passes(words, quick)]


NO_CONFLICTS = OpenConflicts({}, {}, {}, {}, conflict_list())


def load_conflicts(workbook: Workbook) -> OpenConflicts:
    """All open conflicts, those of a household together."""
    households = list_by_household(workbook)
    found = [conflict for household in households for conflict in household.conflicts]
    hidden = [masked(conflict) for conflict in found]
    return OpenConflicts(
        {conflict.id: conflict for conflict in found},
        {household.household_id: household for household in households if household.household_id},
        {conflict.id: _row(conflict) for conflict in hidden},
        {conflict.id: search_text(conflict) for conflict in hidden},
        conflict_source(hidden),
    )


def household_by_household(table: OpenConflicts, rows: Iterable[Row]) -> list[Row]:
    """Rows of which those of a household stand together: its name, and how many there are, at the first only."""
    listed: list[Row] = []
    for _, group in groupby(rows, key=lambda row: table.conflicts[row.id].household_id):
        first, *others = group
        name, more = first.cells["household"], f"　{len(others) + 1} 处" if others else ""
        listed.append(replace(first, cells={**first.cells, "household": f"{name}{more}"}))
        listed += [replace(row, cells={**row.cells, "household": ""}) for row in others]
    return listed


def _row(conflict: Conflict) -> Row:
    ours, *theirs = value_texts(conflict)
    cells = {
        "household": conflict.household or _NO_HOUSEHOLD,
        "about": record_text(conflict),
        "field": conflict.field_label,
        "ours": ours,
        "theirs": "；".join(theirs),
    }
    return Row(conflict.id, cells)
