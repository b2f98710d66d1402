"""Above the score sheet: whose household it is, how far the round is, who looks and on which day."""

from collections.abc import Iterable, Sequence
from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.checklists.households import RoundHousehold
from app.records.field import field_label
from ui.widgets.calendar_popup import make_calendar
from ui.widgets.wrapping_line import WrappingLine

_GAP = 12  # pixels


def _beside(widgets: Sequence[QWidget]) -> QWidget:
    whole = QWidget()
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(_GAP)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return whole


def _labelled(text: str, control: QWidget) -> QWidget:
    return _beside([QLabel(text), control])


class SheetHeader(QWidget):
    """Inspector and day stay as they were set from household to household."""

    inspector_changed = Signal(str)
    day_changed = Signal(object)  # date

    def __init__(self, inspector: str) -> None:
        super().__init__()
        self.name_label, self.place_label, self.progress_label = (
            self._make_label(object_name) for object_name in ("home_name", "home_place", "progress")
        )
        self.name_label.setStyleSheet("font-size: 20px; font-weight: bold;")
        self.inspector_box, self.date_edit = QComboBox(), QDateEdit()
        self.inspector_box.setObjectName("inspector")
        self.inspector_box.setAccessibleName(field_label("inspection", "inspector"))
        self.inspector_box.setEditable(True)
        self.inspector_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.inspector_box.setMinimumWidth(120)
        self.date_edit.setObjectName("seen_on")
        self.date_edit.setAccessibleName(field_label("inspection", "seen_on"))
        self.date_edit.setDisplayFormat("yyyy-MM-dd")
        self.date_edit.setCalendarPopup(True)
        self.date_edit.setCalendarWidget(make_calendar())
        self._inspector_name = inspector
        self.set_inspectors(())
        self.set_day(date.today())
        labels = [self.name_label, self.place_label, self.progress_label]
        labelled = [
            _labelled(field_label("inspection", "inspector"), self.inspector_box),
            _labelled("日期", self.date_edit),
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(WrappingLine(_beside(labels), labelled, _GAP))  # on a narrow window in two lines
        self.inspector_box.activated.connect(self._on_inspector_edited)
        line_edit = self.inspector_box.lineEdit()
        assert line_edit is not None
        line_edit.setObjectName("inspector_name")
        line_edit.editingFinished.connect(self._on_inspector_edited)
        self.date_edit.dateChanged.connect(lambda day: self.day_changed.emit(day.toPython()))

    @property
    def day(self) -> date:
        qt_date = self.date_edit.date()
        return date(qt_date.year(), qt_date.month(), qt_date.day())

    @property
    def inspector(self) -> str:
        """The inspector."""
        return self._inspector_name

    def set_inspectors(self, names: Iterable[str]) -> None:
        """Offer those who looked in this round already."""
        self.inspector_box.clear()
        self.inspector_box.addItems(list(dict.fromkeys((self._inspector_name, *names))))
        self.inspector_box.setCurrentText(self._inspector_name)

    def set_day(self, day: date) -> None:
        """Show a day without telling of it. Days to come cannot be chosen, unless one was written down."""
        self.date_edit.blockSignals(True)
        self.date_edit.setMaximumDate(QDate(max(day, date.today())))
        self.date_edit.setDate(QDate(day))
        self.date_edit.blockSignals(False)

    def show_household(self, household: RoundHousehold, number: int, total: int, remaining: int) -> None:
        self.name_label.setText(household.name)
        self.place_label.setText(
            "　".join(text for text in (household.group or "未分组", household.household_no) if text)
        )
        self.progress_label.setText(f"第 {number} 户，共 {total} 户　还剩 {remaining} 户未评")

    def _on_inspector_edited(self) -> None:
        name = self.inspector_box.currentText().strip()
        if name and name != self._inspector_name:
            self._inspector_name = name
            self.inspector_changed.emit(name)
        self.inspector_box.setCurrentText(self._inspector_name)

    def _make_label(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label
