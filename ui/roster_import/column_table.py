"""The columns of one sheet with what each becomes: chosen in the table itself."""

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget, QTableWidgetItem

from app.sheets.column_mapping import YEARLY_TABLES, MappedColumn, field_unit
from app.sheets.column_targets import masked_sample, target_choices
from app.sheets.import_choices import ColumnChoice
from app.sheets.import_preview import ImportedSheet
from app.sheets.sheet import column_letters
from app.sheets.units import units_of

_HEADINGS = ("列", "分组", "列名", "前几格", "记到", "单位", "年度", "要看一看")
_TARGET, _UNIT, _YEAR, _DOUBT = 4, 5, 6, 7
_WIDTHS = (40, 110, 120, 160, 190, 76, 80)
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
        shown = [masked_sample(column.target, text) for text in samples]
        texts = (column_letters(column.index), column.group, column.header, "、".join(shown), "", "", "", doubt)
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
        self._offer_units(row, column.target, column.unit)
        self._offer_years(row, column.target, column.year)

    def _index_of(self, target: str) -> int:
        rows = range(self._targets.rowCount())
        return next((n for n in rows if self._targets.item(n).data() == target), 0)

    def _combo(self, row: int, place: int) -> QComboBox | None:
        combo = self.cellWidget(row, place)
        return combo if isinstance(combo, QComboBox) else None

    def _chosen(self, row: int, place: int) -> Any:
        combo = self._combo(row, place)
        return combo.currentData() if combo is not None else None

    def _offer(self, row: int, place: int, name: str, entries: Sequence[tuple[str, object]], chosen: object) -> None:
        """A box to choose from in a cell; none where there is nothing to choose."""
        if len(entries) < 2:
            self.removeCellWidget(row, place)
            return
        combo = QComboBox()
        combo.setAccessibleName(f"“{self._columns[row].header}”的{name}")
        for label, data in entries:
            combo.addItem(label, data)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        self.setCellWidget(row, place, combo)

    def _offer_units(self, row: int, target: str, chosen: str) -> None:
        own = field_unit(target)
        others = [(name, name) for name in units_of(own) if name != own]
        self._offer(row, _UNIT, "单位", [(own, ""), *others] if others else [], chosen)

    def _offer_years(self, row: int, target: str, chosen: int) -> None:
        is_yearly = target.partition(".")[0] in YEARLY_TABLES
        years = [(str(number), number) for number in range(_FIRST_YEAR, _LAST_YEAR)] if is_yearly else []
        self._offer(row, _YEAR, "年度", [(_OWN_YEAR, 0), *years], chosen)

    def _target(self, row: int) -> str:
        combo = self._combo(row, _TARGET)
        return str(self._targets.item(combo.currentIndex()).data()) if combo is not None else ""

    def _on_target_changed(self, row: int) -> None:
        self._offer_units(row, self._target(row), "")
        self._offer_years(row, self._target(row), self._columns[row].year)
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
            combo = self._combo(row, _TARGET)
            if takes_same and self._open[row] and combo is not None:
                combo.setCurrentIndex(self._index_of(target))
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
                str(self._chosen(row, _UNIT) or ""),
                int(self._chosen(row, _YEAR) or 0),
            )
            for row, column in enumerate(self._columns)
        }


def doubt_kind(doubt: str) -> str:
    """A doubt without what it is about, so that doubts of one kind are known."""
    return re.sub(r"“[^”]*”|[A-Z]+ 列|\d+", "", doubt)
