"""Above the score sheet: whose home it is, how far the round is, who looks and on which day."""

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLabel, QWidget

from app.checklists.homes import Home
from app.records.field import label_of


class Heading(QWidget):
    """Inspector and day stay as they were set from home to home."""

    inspector_changed = Signal(str)
    day_changed = Signal(object)  # date

    def __init__(self, inspector: str) -> None:
        super().__init__()
        self.name, self.place, self.progress = (self._label(one) for one in ("home_name", "home_place", "progress"))
        self.name.setStyleSheet("font-size: 20px; font-weight: bold;")
        self.inspector, self.seen_on = QComboBox(), QDateEdit()
        self.inspector.setObjectName("inspector")
        self.inspector.setAccessibleName(label_of("inspection", "inspector"))
        self.inspector.setEditable(True)
        self.inspector.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.inspector.setMinimumWidth(120)
        self.seen_on.setObjectName("seen_on")
        self.seen_on.setAccessibleName(label_of("inspection", "seen_on"))
        self.seen_on.setDisplayFormat("yyyy-MM-dd")
        self.seen_on.setCalendarPopup(True)
        self._inspector = inspector
        self.set_inspectors(())
        self.set_day(date.today())
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        for part in (self.name, self.place, self.progress):
            line.addWidget(part)
        line.addStretch(1)
        for words, control in ((label_of("inspection", "inspector"), self.inspector), ("日期", self.seen_on)):
            line.addWidget(QLabel(words))
            line.addWidget(control)
        self.inspector.activated.connect(self._take_inspector)
        line_edit = self.inspector.lineEdit()
        assert line_edit is not None
        line_edit.setObjectName("inspector_name")
        line_edit.editingFinished.connect(self._take_inspector)
        self.seen_on.dateChanged.connect(lambda day: self.day_changed.emit(day.toPython()))

    @property
    def day(self) -> date:
        found = self.seen_on.date()
        return date(found.year(), found.month(), found.day())

    @property
    def who(self) -> str:
        """The inspector."""
        return self._inspector

    def set_inspectors(self, names: Iterable[str]) -> None:
        """Offer those who looked in this round already."""
        self.inspector.clear()
        self.inspector.addItems(list(dict.fromkeys((self._inspector, *names))))
        self.inspector.setCurrentText(self._inspector)

    def set_day(self, day: date) -> None:
        """Show a day without telling of it. Days to come cannot be chosen, unless one was written down."""
        self.seen_on.blockSignals(True)
        self.seen_on.setMaximumDate(QDate(max(day, date.today())))
        self.seen_on.setDate(QDate(day))
        self.seen_on.blockSignals(False)

    def show_home(self, home: Home, number: int, homes: int, left: int) -> None:
        self.name.setText(home.name)
        self.place.setText("　".join(part for part in (home.group or "未分组", home.household_no) if part))
        self.progress.setText(f"第 {number} 户，共 {homes} 户　还剩 {left} 户未评")

    def _take_inspector(self) -> None:
        name = self.inspector.currentText().strip()
        if name and name != self._inspector:
            self._inspector = name
            self.inspector_changed.emit(name)
        self.inspector.setCurrentText(self._inspector)

    def _label(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label
