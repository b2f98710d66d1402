"""其他列: what imported lists said in columns of their own, of the household and of its people."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from app.dashboard.household_counts import CountedHousehold, PartCount
from app.records.household import HouseholdDetails
from app.records.named_note import NamedNote, named_notes, save_note
from ui.household.household_part import HouseholdPart
from ui.shell.page import AppContext
from ui.widgets.search_line import SearchLine

_HEADINGS = ("谁的", "列名", "内容")
_HOUSEHOLD = "户"
_HINT = "导入的表里，本工作簿没有栏目的列都在这里。双击内容可以改，清空就是不要这一条。"
_EMPTY = "这一户没有其他列。导入的表里有无对应栏目的列时，内容存在这里。"


class OtherColumnsPart(HouseholdPart):
    """A table of notes; the text can be changed, and found by any part of it."""

    TITLE = "其他列"
    ORDER = 45
    KEY = "K"

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        number = len(named_notes(session, household.id))
        return PartCount(str(number), description=f"其他列 {number} 条") if number else None

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._household_id = ""
        self._notes: Sequence[NamedNote] = ()
        self.search = SearchLine("searchNotes", "在其他列里找", "找列名或内容")
        self.search.textChanged.connect(self._filter)
        self.hint = QLabel(_HINT)
        self.hint.setProperty("quiet", True)
        self.hint.setWordWrap(True)
        self.table = QTableWidget(0, len(_HEADINGS))
        self.table.setObjectName("notes")
        self.table.setAccessibleName("其他列")
        self.table.setHorizontalHeaderLabels(_HEADINGS)
        self.table.verticalHeader().hide()
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.itemChanged.connect(self._save)
        self.search.lead_to(self.table)
        layout = QVBoxLayout(self)
        layout.addWidget(self.hint)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)

    def show_card(self, card: HouseholdDetails) -> None:
        self._household_id = card.id
        self.context.read(partial(self._show, card.id), named_notes, card.id)

    def _show(self, household_id: str, notes: Sequence[NamedNote]) -> None:
        if household_id != self._household_id:
            return
        self._notes = notes
        self.table.blockSignals(True)
        self.table.setRowCount(len(notes))
        for row, note in enumerate(notes):
            for column, text in enumerate((note.whose or _HOUSEHOLD, note.name, note.text)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column < 2:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(row, column, item)
        self.table.resizeColumnToContents(0)
        self.table.resizeColumnToContents(1)
        self.table.resizeRowsToContents()
        self.table.blockSignals(False)
        self.hint.setText(_HINT if notes else _EMPTY)
        for widget in (self.search, self.table):
            widget.setVisible(bool(notes))
        self._filter()

    def _filter(self) -> None:
        wanted = self.search.text().strip().casefold()
        for row, note in enumerate(self._notes):
            said = f"{note.whose} {note.name} {note.text}".casefold()
            self.table.setRowHidden(row, wanted not in said)

    def _save(self, item: QTableWidgetItem) -> None:
        note = self._notes[item.row()]
        if item.text().strip() != note.text:
            self.context.write(partial(save_note, self.context.workbook, note, item.text()))
