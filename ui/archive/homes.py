"""Which households an archive is printed of: a list to search, to filter by group and to choose from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.records.field import label_of
from app.records.lists import HouseholdRow
from ui.tables.row_table import Column, Row, RowTable

_ALL_GROUPS, _ALL_KINDS = "全部村民组", "全部户类型"
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
        self._many = 0
        self.table = RowTable("archiveHomes", "户")
        self.table.hint = "还没有户。请先在“农户”里登记，或从名册导入。"
        self.table.set_columns(_COLUMNS)
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setAccessibleName("查找户主、户编号")
        self.search.setPlaceholderText("户主、户编号")
        self.search.setClearButtonEnabled(True)
        self.group = self._filtering("group", label_of("household", "group_name"), _ALL_GROUPS)
        self.kind = self._filtering("kind", label_of("household", "household_kind"), _ALL_KINDS)
        self.count = QLabel()
        self.count.setObjectName("count")
        line, side = QHBoxLayout(), QVBoxLayout(self)
        for widget in (self.search, self.group, self.kind):
            line.addWidget(widget, 1)
        side.setContentsMargins(0, 0, 0, 0)
        side.addLayout(line)
        side.addWidget(self.table, 1)
        side.addWidget(self.count)
        self.search.textChanged.connect(lambda _: self._filter())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._count())
        self.table.pointed.connect(self.pointed)

    @property
    def whole(self) -> bool:
        """Whether the list shows every household."""
        return len(self.table.shown_ids()) == self._many

    def _filtering(self, name: str, label: str, every: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(label)
        box.addItem(every)
        box.setMinimumContentsLength(5)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.currentIndexChanged.connect(lambda _: self._filter())
        return box

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
                    "kind": one.kind,
                },
            )
            for one in homes
        ]
        if wanted:
            self.search.clear()
            self.group.setCurrentIndex(0)
            self.kind.setCurrentIndex(0)
        for box, key in ((self.group, "group"), (self.kind, "kind")):
            self._offer(box, sorted({str(row.cells[key]) for row in rows if row.cells[key]}))
        self._many = len(rows)
        self.table.set_rows(rows)
        if wanted:
            self.table.choose(wanted)
        self._count()

    def choose_all(self) -> None:
        """All households of the list as it is filtered."""
        self.table.setFocus()
        self.table.selectAll()

    def _offer(self, box: QComboBox, found: list[str]) -> None:
        before, every = box.currentText(), box.itemText(0)
        box.blockSignals(True)
        box.clear()
        box.addItems([every, *found])
        box.setCurrentText(before if before in found else every)
        box.blockSignals(False)

    def _filter(self) -> None:
        wanted = self.search.text().strip().casefold()
        group, kind = self.group.currentText(), self.kind.currentText()

        def fits(row: Row) -> bool:
            said = f"{row.cells['head']} {row.cells['number']}".casefold()
            return (
                wanted in said
                and group in (_ALL_GROUPS, "", row.cells["group"])
                and kind in (_ALL_KINDS, "", row.cells["kind"])
            )

        self.table.filter(fits)
        self._count()

    def _count(self) -> None:
        many = len(self.table.chosen())
        self.count.setText(f"选中 {many} 户，列表 {len(self.table.shown_ids())} 户")
        self.chosen_changed.emit(many)
