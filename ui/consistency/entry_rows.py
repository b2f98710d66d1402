"""The tables of 待录入: the records, and what is to be typed in of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.consistency.entry_list import CHANGED, ENTERED, ENTRY_STATES, NOT_ENTERED, EntryLine, EntryState, entry_lines
from app.list_views.list_source import ListSource
from app.progress import run_to_completion
from app.records.field import field_label
from app.viewed_lists.entry_source import entry_list, entry_source, passes, search_text
from app.workbook.workbook import Workbook
from ui.household.household_columns import group_key, pinyin_key
from ui.widgets.made_rows import MadeRows
from ui.widgets.row_table import Column, Row

MOST_LINES = 20_000  # that a page holds where no view asks for what is beyond
_EMPHASIS = {CHANGED: "warn", NOT_ENTERED: "", ENTERED: "quiet"}
ENTRY_COLUMNS = (
    Column("state", "状态", width=8, sort_key=ENTRY_STATES.index),
    Column("home", "户主", width=10, sort_key=pinyin_key),
    Column("group", field_label("household", "group_name"), width=9, sort_key=group_key),
    Column("screen", "界面", width=15),
    Column("called", "对象", width=14),
    Column("content", "要录的内容", width=0),
    Column("known", "系统数据时间", width=13),
    Column("basis", "来源", width=16, hidden=True),
)
DIFFERENCE_COLUMNS = (
    Column("label", "字段", width=26),
    Column("before", "系统里的值", width=0),
    Column("after", "本工作簿的值", width=0),
    Column("by", "修改人", width=10),
    Column("at", "修改时间", width=17),
)


@dataclass(frozen=True, slots=True)
class EntryTable:
    """Lines made ready for the page: by key, as rows, in the words by which they are found, and as a list for views."""

    lines: Mapping[str, EntryLine]
    rows: Mapping[str, Row]
    search_texts: Mapping[str, str]
    source: ListSource

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Keys of those that fit what is set in the line above the list."""
        return [key for key, line in self.lines.items() if passes(line, self.search_texts[key], quick)]


NO_ENTRIES = EntryTable({}, {}, {}, entry_list())


def load_entries(
    workbook: Workbook, system_key: str, states: Sequence[EntryState], most: int | None = None
) -> EntryTable:
    """The records of a system that are in these states, so many of them at most."""
    found = run_to_completion(entry_lines(workbook, system_key, states=states, most=most))
    lines = {line.key: line for line in found}
    texts = {key: search_text(line) for key, line in lines.items()}
    return EntryTable(lines, MadeRows(lines, _row), texts, entry_source(lines))


def difference_rows(line: EntryLine | None) -> list[Row]:
    """One value a row, in the order of the screen."""
    rows: list[Row] = []
    for one in line.differences if line else ():
        before, after = one.texts()
        cells = {
            "label": one.label,
            "before": before,
            "after": after,
            "by": one.changed_by,
            "at": one.changed_at.isoformat(" ", "minutes") if one.changed_at else "",
        }
        rows.append(Row(one.column, cells))
    return rows


def _row(key: str, line: EntryLine) -> Row:
    cells = {
        "state": line.state,
        "home": line.household.head,
        "group": line.household.group,
        "screen": line.screen.title,
        "called": line.title,
        "content": line.content(),
        "known": line.known_at[:10],
        "basis": line.basis,
    }
    return Row(key, cells, _EMPHASIS[line.state])
