"""Which households an archive is printed of: a list to search, to filter by group and to choose from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from app.records.field import field_label
from app.records.row_views import HouseholdRow
from ui.registers.open_work_table import READING
from ui.widgets.row_table import Column, Row, RowTable
from ui.widgets.search_line import SearchLine
from ui.widgets.wrapping_line import WrappingLine

_ALL_GROUPS, _ALL_HOUSEHOLD_KINDS = "全部村民组", "全部户类型"
_NONE = "还没有户。请先在“农户”里登记，或从名册导入。"
_LEAST_ROWS = 5  # heading and rows that a low window leaves to the list; the page rolls then
_COLUMNS = (
    Column("head", "户主", width=8),
    Column("number", field_label("household", "household_no"), width=17),
    Column("group", "村组", width=9),
    Column("size", "人口", align="right", width=5),
)


class PrintHouseholdList(QWidget):
    """The households, several of which may be chosen.

    Signals:
        household_selected: id of the household that is shown, "" for none
        selection_count_changed: how many are chosen now
    """

    household_selected = Signal(str)
    selection_count_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._total = 0
        self.table = RowTable("archiveHomes", "户")
        self.table.placeholder = READING
        self.table.set_columns(_COLUMNS)
        self.table.setMinimumHeight(_LEAST_ROWS * self.table.verticalHeader().defaultSectionSize())
        self.search = SearchLine("search", "查找户主、户编号", "户主、户编号")
        self.group = self._filter_box("group", field_label("household", "group_name"), _ALL_GROUPS)
        self.kind = self._filter_box("kind", field_label("household", "household_kind"), _ALL_HOUSEHOLD_KINDS)
        self.count = QLabel()
        self.count.setObjectName("count")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(WrappingLine(self.search, (self.group, self.kind)))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.count)
        self.search.textChanged.connect(lambda _: self._filter())
        self.search.lead_to(self.table)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._update_count())
        self.table.current_row_changed.connect(self.household_selected)

    @property
    def shows_all(self) -> bool:
        """Whether the list shows every household."""
        return len(self.table.visible_ids()) == self._total

    def _filter_box(self, name: str, label: str, all_label: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(label)
        box.addItem(all_label)
        box.setMinimumContentsLength(10)  # of narrow letters: five Chinese ones
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.currentIndexChanged.connect(lambda _: self._filter())
        return box

    def show_households(self, households: Sequence[HouseholdRow], selected: Sequence[str] = ()) -> None:
        """The list anew; if any are `wanted`, these alone are chosen then, whatever was searched for."""
        rows = [
            Row(
                household.id,
                {
                    "head": household.head,
                    "number": household.household_no,
                    "group": household.group or household.hamlet,
                    "size": household.size,
                    "kind": household.kinds,
                },
            )
            for household in households
        ]
        if selected:
            self.search.clear()
            self.group.setCurrentIndex(0)
            self.kind.setCurrentIndex(0)
        self._set_items(self.group, sorted({str(row.cells["group"]) for row in rows if row.cells["group"]}))
        kinds = {kind for household in households for kind in (household.kind, household.monitored)}
        self._set_items(self.kind, sorted(kinds - {""}))
        self._total = len(rows)
        self.table.placeholder = _NONE
        self.table.set_rows(rows)
        if selected:
            self.table.select_ids(selected)
        self._update_count()

    def select_all(self) -> None:
        """All households of the list as it is filtered."""
        self.table.setFocus()
        self.table.selectAll()

    def _set_items(self, box: QComboBox, items: list[str]) -> None:
        previous, all_label = box.currentText(), box.itemText(0)
        box.blockSignals(True)
        box.clear()
        box.addItems([all_label, *items])
        box.setCurrentText(previous if previous in items else all_label)
        box.blockSignals(False)

    def _filter(self) -> None:
        query = self.search.text().strip().casefold()
        group, kind = self.group.currentText(), self.kind.currentText()

        def matches(row: Row) -> bool:
            search_text = f"{row.cells['head']} {row.cells['number']}".casefold()
            return (
                query in search_text
                and group in (_ALL_GROUPS, "", row.cells["group"])
                and (kind in (_ALL_HOUSEHOLD_KINDS, "") or kind in str(row.cells["kind"]).split("、"))
            )

        self.table.set_filter(matches)
        self._update_count()

    def _update_count(self) -> None:
        selected_count = len(self.table.selected_ids())
        self.count.setText(f"选中 {selected_count} 户，列表 {len(self.table.visible_ids())} 户")
        self.selection_count_changed.emit(selected_count)
