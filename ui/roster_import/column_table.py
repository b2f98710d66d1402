"""The columns of one sheet with what each becomes: chosen in the table itself."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget, QTableWidgetItem

from app.sheets.column_mapping import MappedColumn, field_unit
from app.sheets.column_targets import target_choices
from app.sheets.import_choices import ColumnChoice
from app.sheets.import_preview import ImportedSheet
from app.sheets.sheet import column_letters
from app.sheets.units import units_of

_HEADINGS = ("列", "分组", "列名", "前几格", "记到", "单位", "年度", "要看一看")
_TARGET, _UNIT, _YEAR, _DOUBT = 4, 5, 6, 7
_WIDTHS = (44, 110, 130, 190, 200, 84, 84)
_FIRST_YEAR, _LAST_YEAR = 2010, 2035
_OWN_YEAR = "随表"


class ColumnTable(QTableWidget):
    """One row a column; doubtful ones first in mind, all in the order of the sheet."""

    changed = Signal()

    def __init__(self, sheet: ImportedSheet) -> None:
        super().__init__(len(sheet.columns), len(_HEADINGS))
        self.setObjectName("columns")
        self.setAccessibleName(f"“{sheet.name}”的列")
        self.setHorizontalHeaderLabels(_HEADINGS)
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        for place, width in enumerate(_WIDTHS):
            self.setColumnWidth(place, width)
        self.horizontalHeader().setSectionResizeMode(_DOUBT, QHeaderView.ResizeMode.Stretch)
        self._columns: Sequence[MappedColumn] = sheet.columns
        self._open = [bool(column.doubt and seen) for column, seen in zip(sheet.columns, sheet.samples, strict=True)]
        self._targets = QStandardItemModel(self)
        for target, label in target_choices(sheet.kind):
            item = QStandardItem(label)
            item.setData(target)
            self._targets.appendRow(item)
        for row, (column, samples) in enumerate(zip(sheet.columns, sheet.samples, strict=True)):
            self._add_row(row, column, samples)

    def _add_row(self, row: int, column: MappedColumn, samples: Sequence[str]) -> None:
        doubt = column.doubt if self._open[row] else ""
        texts = (column_letters(column.index), column.group, column.header, "、".join(samples), "", "", "", doubt)
        for place, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            self.setItem(row, place, item)
        target = QComboBox()
        target.setModel(self._targets)
        target.setAccessibleName(f"“{column.header}”记到")
        target.setMaxVisibleItems(18)
        target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        target.setCurrentIndex(self._index_of(column.target))
        target.currentIndexChanged.connect(lambda _: self._on_target_changed(row))
        self.setCellWidget(row, _TARGET, target)
        unit, year = QComboBox(), QComboBox()
        unit.setAccessibleName(f"“{column.header}”的单位")
        self.setCellWidget(row, _UNIT, unit)
        self._offer_units(row, column.target, column.unit)
        year.setAccessibleName(f"“{column.header}”的年度")
        year.addItem(_OWN_YEAR, 0)
        for number in range(_FIRST_YEAR, _LAST_YEAR):
            year.addItem(str(number), number)
        year.setCurrentIndex(max(0, year.findData(column.year)))
        self.setCellWidget(row, _YEAR, year)

    def _index_of(self, target: str) -> int:
        rows = range(self._targets.rowCount())
        return next((n for n in rows if self._targets.item(n).data() == target), 0)

    def _combo(self, row: int, place: int) -> QComboBox:
        combo = self.cellWidget(row, place)
        assert isinstance(combo, QComboBox)
        return combo

    def _offer_units(self, row: int, target: str, chosen: str) -> None:
        unit, own = self._combo(row, _UNIT), field_unit(target)
        unit.clear()
        unit.addItem(own, "")
        for name in units_of(own):
            if name != own:
                unit.addItem(name, name)
        unit.setCurrentIndex(max(0, unit.findData(chosen)))
        unit.setEnabled(unit.count() > 1)

    def _target(self, row: int) -> str:
        return str(self._targets.item(self._combo(row, _TARGET).currentIndex()).data())

    def _on_target_changed(self, row: int) -> None:
        self._offer_units(row, self._target(row), "")
        self._settle(row)
        self.changed.emit()

    def _settle(self, row: int) -> None:
        self._open[row] = False
        item = self.item(row, _DOUBT)
        if item is not None:
            item.setText("")

    def count_open(self) -> int:
        """How many doubts nobody has decided."""
        return sum(self._open)

    def decide_alike(self) -> int:
        """What is chosen for the current column, for all columns with a doubt of the same kind; returns how many."""
        current = self.currentRow()
        if current < 0:
            return 0
        kind, target = doubt_kind(self._columns[current].doubt), self._target(current)
        takes_same = target != self._columns[current].target
        alike = [row for row, column in enumerate(self._columns) if column.doubt and doubt_kind(column.doubt) == kind]
        for row in alike:
            if takes_same and self._open[row]:
                self._combo(row, _TARGET).setCurrentIndex(self._index_of(target))
            self._settle(row)
        self.changed.emit()
        return len(alike)

    def select_first_open(self) -> None:
        """Go to the first column that is to be looked at."""
        self.setCurrentCell(next((row for row, is_open in enumerate(self._open) if is_open), 0), _TARGET)

    def choices(self) -> dict[int, ColumnChoice]:
        """What each column becomes."""
        return {
            column.index: ColumnChoice(
                self._target(row),
                str(self._combo(row, _UNIT).currentData() or ""),
                int(self._combo(row, _YEAR).currentData() or 0),
            )
            for row, column in enumerate(self._columns)
        }


def doubt_kind(doubt: str) -> str:
    """A doubt without what it is about, so that doubts of one kind are known."""
    return re.sub(r"“[^”]*”|[A-Z]+ 列|\d+", "", doubt)
