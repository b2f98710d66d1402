"""The lower half of 今日: what is under way, the same by person, and what was never done, one behind the other."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QTabWidget

from app.dashboard.missing_work import MissingWork
from app.dashboard.work_by_person import PersonWork
from app.records.named_people import names_in
from app.rectifications.open_work import OpenWork
from ui.registers.open_work_table import READING, OpenWorkTable
from ui.widgets.row_table import Column, Row, RowTable

_PERSON_COLUMNS = (
    Column("name", "谁办", width=14),
    Column("overdue", "超期", align="right", width=8),
    Column("waiting", "待办", align="right", width=8),
    Column("unvisited", "久未走访", align="right", width=10),
    Column("households", "所帮户数", align="right", width=10),
    Column("hint", "", width=0),
)
_NEVER_COLUMNS = (
    Column("title", "还没有办的事", width=24),
    Column("households", "户数", align="right", width=8),
    Column("hint", "", width=0),
)
_EVERYBODY = "全部"


class OpenWorkTabs(QTabWidget):
    """办理中的事, 按责任人 and 从未办过. Enter on a person shows what waits for them, on a thing its households.

    Signals:
        work_activated: key of the register and id of the record
        households_wanted: ids of the households behind a line, and what the line says
    """

    work_activated = Signal(str, str)
    households_wanted = Signal(list, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("open_work_tabs")
        self._items: Sequence[OpenWork] = ()
        self._people: dict[str, PersonWork] = {}
        self._never: dict[str, MissingWork] = {}
        self.work_table = OpenWorkTable()
        self.people_table = _table("work_by_person", "按责任人", _PERSON_COLUMNS)
        self.never_table = _table("never_done", "从未办过", _NEVER_COLUMNS)
        for table, label in (
            (self.work_table, "办理中的事"), (self.people_table, "按责任人"), (self.never_table, "从未办过"),
        ):  # fmt: skip
            self.addTab(table, label)
        self.person_box = QComboBox()
        self.person_box.setObjectName("work_of_person")
        self.person_box.setAccessibleName("只看谁办的事")
        self.person_box.addItem(_EVERYBODY)
        self.person_box.activated.connect(lambda _: self._show_work())
        self.setCornerWidget(self.person_box)
        self.currentChanged.connect(lambda n: self.person_box.setVisible(n == 0))
        self.work_table.row_activated.connect(
            lambda id: self.work_activated.emit(self.work_table.item(id).register, id)
        )
        self.people_table.row_activated.connect(self._open_person)
        self.never_table.row_activated.connect(self._open_never)

    def show_work(self, items: Sequence[OpenWork]) -> None:
        """What is under way."""
        self._items = items
        chosen = self.person_box.currentText()
        names = sorted({name for item in items for name in names_in(item.responsible)})
        self.person_box.clear()
        self.person_box.addItems([_EVERYBODY, *names])
        self.person_box.setCurrentText(chosen if chosen in names else _EVERYBODY)
        self._show_work()

    def show_people(self, people: Sequence[PersonWork]) -> None:
        """Who has how much to do."""
        self._people = {one.name: one for one in people}
        self.people_table.placeholder = "没有人有待办的事，各户也都走访到了。"
        self.people_table.set_rows([_person_row(one) for one in people])

    def show_never(self, never: Sequence[MissingWork]) -> None:
        """What was never done, or not this year."""
        self._never = {one.key: one for one in never}
        self.never_table.placeholder = "应帮扶的户，该办的事都办过。"
        self.never_table.set_rows([_never_row(one) for one in never])

    def _show_work(self) -> None:
        name = self.person_box.currentText()
        is_all = self.person_box.currentIndex() <= 0
        self.work_table.show_items([item for item in self._items if is_all or name in names_in(item.responsible)])

    def _open_person(self, name: str) -> None:
        """What waits for somebody; where nothing does, the households that they have not visited."""
        person = self._people[name]
        if person.waiting and self.person_box.findText(name) > 0:
            self.person_box.setCurrentText(name)
            self._show_work()
            self.setCurrentIndex(0)
            self.work_table.setFocus()
        else:
            self.households_wanted.emit(person.unvisited, f"{name} 久未走访的户")

    def _open_never(self, key: str) -> None:
        self.households_wanted.emit(list(self._never[key].households), self._never[key].title)


def _table(name: str, label: str, columns: Sequence[Column]) -> RowTable:
    table = RowTable(name, label)
    table.set_columns(columns)
    table.placeholder = READING
    return table


def _person_row(one: PersonWork) -> Row:
    hint = "回车看待办的事" if one.waiting else "回车看这些户"
    cells = {
        "name": one.name,
        "overdue": str(one.overdue or ""),
        "waiting": str(one.waiting or ""),
        "unvisited": str(len(one.unvisited) or ""),
        "households": str(one.households or ""),
        "hint": hint,
    }
    return Row(one.name, cells, "bad" if one.overdue else "warn" if one.unvisited else "")


def _never_row(one: MissingWork) -> Row:
    return Row(one.key, {"title": one.title, "households": f"{len(one.households)} 户", "hint": "回车看这些户"})
