"""Which households an archive is printed of: a list to search, to filter by group and to choose from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.records.field import label_of
from app.records.lists import HouseholdRow
from ui.tables.row_table import Column, Row, RowTable

_ALL_GROUPS = "全部村民组"
_COLUMNS = (
    Column("head", "户主", width=10),
    Column("number", label_of("household", "household_no"), width=17),
    Column("group", "村组", width=0),
    Column("size", "人口", align="right", width=5),
)


class Homes(QWidget):
    """The households, several of which may be chosen.

    Signals:
        pointed: id of the household that is shown, "" for none
        chosen_changed: how many are chosen now
    """

    pointed = Signal(str)
    chosen_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.table = RowTable("archiveHomes", "户")
        self.table.hint = "还没有户。请先在“户”里登记，或从名册导入。"
        self.table.set_columns(_COLUMNS)
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setAccessibleName("查找户主、户编号")
        self.search.setPlaceholderText("户主、户编号")
        self.search.setClearButtonEnabled(True)
        self.group = QComboBox()
        self.group.setObjectName("group")
        self.group.setAccessibleName(label_of("household", "group_name"))
        self.group.addItem(_ALL_GROUPS)
        self.group.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.count = QLabel()
        self.count.setObjectName("count")
        line, side = QHBoxLayout(), QVBoxLayout(self)
        line.addWidget(self.search, 1)
        line.addWidget(self.group)
        side.setContentsMargins(0, 0, 0, 0)
        side.addLayout(line)
        side.addWidget(self.table, 1)
        side.addWidget(self.count)
        self.search.textChanged.connect(lambda _: self._filter())
        self.group.currentIndexChanged.connect(lambda _: self._filter())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._count())
        self.table.pointed.connect(self.pointed)

    def show_homes(self, homes: Sequence[HouseholdRow], wanted: Sequence[str] = ()) -> None:
        """The list anew; if any are `wanted`, these alone are chosen then, whatever was searched for."""
        rows = [
            Row(
                one.id,
                {
                    "head": one.head,
                    "number": one.household_no,
                    "group": one.group or one.hamlet,
                    "size": one.size,
                },
            )
            for one in homes
        ]
        if wanted:
            self.search.clear()
            self.group.setCurrentIndex(0)
        self._show_groups(sorted({str(row.cells["group"]) for row in rows if row.cells["group"]}))
        self.table.set_rows(rows)
        if wanted:
            self.table.choose(wanted)
        self._count()

    def choose_all(self) -> None:
        """All households of the list as it is filtered."""
        self.table.setFocus()
        self.table.selectAll()

    def _show_groups(self, groups: list[str]) -> None:
        before = self.group.currentText()
        self.group.blockSignals(True)
        self.group.clear()
        self.group.addItems([_ALL_GROUPS, *groups])
        self.group.setCurrentText(before if before in groups else _ALL_GROUPS)
        self.group.blockSignals(False)

    def _filter(self) -> None:
        wanted, group = self.search.text().strip().casefold(), self.group.currentText()

        def fits(row: Row) -> bool:
            said = f"{row.cells['head']} {row.cells['number']}".casefold()
            return wanted in said and group in (_ALL_GROUPS, "", row.cells["group"])

        self.table.filter(fits)
        self._count()

    def _count(self) -> None:
        many = len(self.table.chosen())
        self.count.setText(f"选中 {many} 户，列表 {len(self.table.shown_ids())} 户")
        self.chosen_changed.emit(many)
