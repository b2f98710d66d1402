"""The columns of one sheet with what each becomes: chosen in the table itself."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget, QTableWidgetItem

from app.sheets.column_mapping import field_unit
from app.sheets.column_targets import masked_sample
from app.sheets.import_choices import ColumnChoice
from app.sheets.imported_sheet import ImportedSheet
from app.sheets.mapped_column import YEARLY_TABLES, MappedColumn
from app.sheets.sheet import column_letters
from app.sheets.units import units_of

_HEADINGS = ("列", "分组", "列名", "前几格", "", "单位", "年度", "要看一看")
_TARGET, _UNIT, _YEAR, _DOUBT = 4, 5, 6, 7
_WIDTHS = (40, 110, 120, 160, 190, 76, 80)
_FIRST_YEAR, _LAST_YEAR = 2010, 2035
_OWN_YEAR = "随表"


class ColumnTable(QTableWidget):
    """One row a column, in the order of the sheet. The boxes to choose from are on the current row only: on all rows
    they would hold the window up."""

    changed = Signal()

    def __init__(self, sheet: ImportedSheet, targets: Sequence[tuple[str, str]], target_heading: str) -> None:
        """
        Args:
            targets: what a column may become, with its label
            target_heading: above what each becomes
        """
        super().__init__(len(sheet.columns), len(_HEADINGS))
        self._target_heading = target_heading
        self.setObjectName("columns")
        self.setAccessibleName(f"“{sheet.name}”的列")
        self.setHorizontalHeaderLabels([heading or target_heading for heading in _HEADINGS])
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
        self._chosen = [ColumnChoice(column.target, column.unit, column.year) for column in sheet.columns]
        self._labels = dict(targets)
        for row, (column, samples) in enumerate(zip(sheet.columns, sheet.samples, strict=True)):
            self._add_row(row, column, samples)
        self.currentCellChanged.connect(lambda row, _, former, __: self._move_boxes(row, former))

    def _add_row(self, row: int, column: MappedColumn, samples: Sequence[str]) -> None:
        doubt = column.doubt if self._open[row] else ""
        shown = [masked_sample(column.target, text) for text in samples]
        texts = (column_letters(column.index), column.group, column.header, "、".join(shown), "", "", "", doubt)
        for place, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            self.setItem(row, place, item)
        self._show_choice(row)

    def _show_choice(self, row: int) -> None:
        """What is chosen for a column, as text."""
        choice = self._chosen[row]
        is_yearly = choice.target.partition(".")[0] in YEARLY_TABLES
        unit = choice.unit or (field_unit(choice.target) if len(units_of(field_unit(choice.target))) > 1 else "")
        year = (str(choice.year) if choice.year else _OWN_YEAR) if is_yearly else ""
        texts = {_TARGET: self._labels.get(choice.target, choice.target), _UNIT: unit, _YEAR: year}
        for place, text in texts.items():
            item = self.item(row, place)
            if item is not None:
                item.setText(text)

    # the boxes of the current row

    def _move_boxes(self, row: int, former: int) -> None:
        if row == former:
            return
        for place in (_TARGET, _UNIT, _YEAR) if 0 <= former < self.rowCount() else ():
            self.removeCellWidget(former, place)
        if row >= 0:
            self._offer(row, _TARGET, "", [(label, target) for target, label in self._labels.items()])
            self._offer_units_and_years(row)

    def _offer_units_and_years(self, row: int) -> None:
        target = self._chosen[row].target
        own = field_unit(target)
        others = [(name, name) for name in units_of(own) if name != own]
        self._offer(row, _UNIT, "单位", [(own, ""), *others] if others else [])
        is_yearly = target.partition(".")[0] in YEARLY_TABLES
        years = [(str(number), number) for number in range(_FIRST_YEAR, _LAST_YEAR)] if is_yearly else []
        self._offer(row, _YEAR, "年度", [(_OWN_YEAR, 0), *years])

    def _offer(self, row: int, place: int, name: str, entries: Sequence[tuple[str, object]]) -> None:
        """A box to choose from in a cell; none where there is nothing to choose."""
        if len(entries) < 2:
            self.removeCellWidget(row, place)
            return
        choice = self._chosen[row]
        combo = QComboBox()
        combo.setAccessibleName(f"“{self._columns[row].header}”{f'的{name}' if name else self._target_heading}")
        combo.setMaxVisibleItems(18)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for label, data in entries:
            combo.addItem(label, data)
        chosen = {_TARGET: choice.target, _UNIT: choice.unit, _YEAR: choice.year}[place]
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        combo.currentIndexChanged.connect(lambda _: self._on_chosen(row, place, combo.currentData()))
        self.setCellWidget(row, place, combo)

    def _on_chosen(self, row: int, place: int, data: Any) -> None:
        if place == _TARGET:
            self._choose_target(row, str(data))
            self._offer_units_and_years(row)
        else:
            self._chosen[row] = replace(self._chosen[row], **{"unit" if place == _UNIT else "year": data})
            self._settle(row)
        self.changed.emit()

    def _choose_target(self, row: int, target: str) -> None:
        """Another field: its own unit, and the year that the heading says."""
        self._chosen[row] = ColumnChoice(target, "", self._columns[row].year)
        self._settle(row)

    def _settle(self, row: int) -> None:
        self._open[row] = False
        self._show_choice(row)
        item = self.item(row, _DOUBT)
        if item is not None:
            item.setText("")

    # what is decided

    def count_open(self) -> int:
        """How many doubts nobody has decided."""
        return sum(self._open)

    def decide_alike(self) -> None:
        """What is chosen for the current column, for all columns with an open doubt of the same kind."""
        current = self.currentRow()
        if current < 0:
            return
        kind, target = doubt_kind(self._columns[current].doubt), self._chosen[current].target
        is_changed = target != self._columns[current].target
        for row, column in enumerate(self._columns):
            if column.doubt and self._open[row] and doubt_kind(column.doubt) == kind:
                if is_changed:
                    self._choose_target(row, target)
                else:
                    self._settle(row)
        self.changed.emit()

    def select_first_open(self) -> None:
        """Go to the first column that is to be looked at."""
        self.setCurrentCell(next((row for row, is_open in enumerate(self._open) if is_open), 0), _TARGET)

    def choices(self) -> dict[int, ColumnChoice]:
        """What each column becomes."""
        return {column.index: choice for column, choice in zip(self._columns, self._chosen, strict=True)}


def doubt_kind(doubt: str) -> str:
    """A doubt without what it is about, so that doubts of one kind are known."""
    return re.sub(r"“[^”]*”|[A-Z]+ 列|\d+", "", doubt)
