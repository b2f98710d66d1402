"""The rows of 工作日历, and what stands on its days."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.list_views.list_source import ListSource
from app.rectifications.open_work import OpenWork
from app.viewed_lists.work_source import passes, people_in, waiting_work, work_source
from app.workbook.workbook import Workbook
from ui.registers.open_work_table import open_work_cells
from ui.widgets.made_rows import MadeRows
from ui.widgets.month_calendar import CalendarDay
from ui.widgets.row_table import Column, Row

WORK_COLUMNS = (
    Column("list", "来自", width=12),
    Column("title", "事项", width=0),
    Column("whom", "涉及户", width=14),
    Column("step", "进度", width=8),
    Column("responsible", "谁办", width=9),
    Column("due_on", "期限", width=11),
)


@dataclass(frozen=True, slots=True)
class WorkTable:
    """All that waits, made ready for the page: the things by id, the rows, the same as a list for views, by day."""

    items: Mapping[str, OpenWork]
    rows: Mapping[str, Row]
    source: ListSource
    by_day: Mapping[date, Sequence[OpenWork]] = field(default_factory=dict)

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Ids of those that fit what is set above the list and beside it."""
        return [id for id, one in self.items.items() if passes(one, quick)]

    @property
    def lists(self) -> list[str]:
        """The lists and registers that something comes from."""
        return sorted({one.list_name for one in self.items.values()})

    @property
    def people(self) -> list[str]:
        """Who has something to do."""
        return people_in(self.items.values())

    def mark(self, day: date) -> CalendarDay:
        """How many things are due on a day."""
        due = self.by_day.get(day, ())
        if not due:
            return CalendarDay(told="没有到期的事")
        late = sum(one.overdue for one in due)
        told = f"到期 {len(due)} 件" + (f"，已超期 {late} 件" if late else "")
        return CalendarDay(f"{len(due)} 件", told, "bad" if late else "info")


def load_work(workbook: Workbook) -> WorkTable:
    """All that waits today."""
    with workbook.reading() as session:
        items = waiting_work(session, date.today())
    by_day: defaultdict[date, list[OpenWork]] = defaultdict(list)
    for one in items.values():
        if one.due_on is not None:
            by_day[one.due_on].append(one)
    return WorkTable(items, MadeRows(items, lambda _, one: _row(one)), work_source(items), dict(by_day))


def _row(one: OpenWork) -> Row:
    cells = {**open_work_cells(one), "list": one.list_name, "due_on": str(one.due_on or "没有期限")}
    return Row(one.id, cells, "bad" if one.overdue else "")
