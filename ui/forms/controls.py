"""One control for each kind of value. All speak the same: `raw()`, `show_value()`, signals typed and left."""

from typing import Any

from PySide6.QtCore import QDate, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QCompleter,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.records.field import Field, Value
from ui.forms.lines import Line, Long
from ui.hanzi import initials


class Control(QWidget):
    """What a form knows of a control.

    Signals:
        typed: something changed; not necessarily acceptable
        left: the officer has finished with it (focus went on, Enter, a choice was made)
    """

    typed = Signal()
    left = Signal()

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field

    def raw(self) -> object:
        """What stands in the control, for Field.parse."""
        raise NotImplementedError

    def show_value(self, value: Value) -> None:
        """Put a kept value in, without signals."""
        raise NotImplementedError

    def _named(self, widget: QWidget) -> None:
        """The inner widget carries the field's name and label, for tests and screen readers."""
        widget.setObjectName(self.field.name)
        widget.setAccessibleName(self.field.label)
        self.setFocusProxy(widget)


class TextControl(Control):
    """Text, numbers, years, months: typed as text, with the unit behind it."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line = Line(field.declared.mask)
        self._named(self.line)
        hints = {"month": "2018-08", "year": "2018", "date": "2018-08-10"}
        self.line.setPlaceholderText(field.declared.hint or hints.get(field.kind, ""))
        if field.kind in ("integer", "decimal", "money"):
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.textEdited.connect(lambda _: self.typed.emit())
        self.line.finished.connect(self.left)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.line, 1)
        if field.unit:
            unit = QLabel(field.unit)
            unit.setObjectName(f"{field.name}_unit")
            self._layout.addWidget(unit)
        if field.declared.derived or field.kind == "reference":
            self.line.setReadOnly(True)
            self.line.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def raw(self) -> object:
        return self.line.whole()

    def show_value(self, value: Value) -> None:
        self.line.put(self.field.text(value))
        self.line.setCursorPosition(0)


class DateControl(TextControl):
    """A date, typed in any usual way, or taken from a calendar."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        button = QToolButton()
        button.setObjectName(f"{field.name}_calendar")
        button.setText("▾")
        button.setAccessibleName(f"{field.label}：日历")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self._open_calendar)
        self._layout.addWidget(button)
        pick = QAction(self)
        pick.setShortcut("F4")
        pick.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        pick.triggered.connect(self._open_calendar)
        self.addAction(pick)

    def _open_calendar(self) -> None:
        popup = QFrame(self, Qt.WindowType.Popup)
        calendar = QCalendarWidget(popup)
        calendar.setGridVisible(False)
        shown = QDate.fromString(self.line.text(), Qt.DateFormat.ISODate)
        if shown.isValid():
            calendar.setSelectedDate(shown)
        calendar.activated.connect(lambda day: self._take(day, popup))
        calendar.clicked.connect(lambda day: self._take(day, popup))
        inside = QVBoxLayout(popup)
        inside.setContentsMargins(4, 4, 4, 4)
        inside.addWidget(calendar)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.move(self.mapToGlobal(QPoint(0, self.height())))
        popup.show()
        calendar.setFocus()

    def _take(self, day: QDate, popup: QWidget) -> None:
        popup.close()
        self.line.setText(day.toString(Qt.DateFormat.ISODate))
        self.typed.emit()
        self.left.emit()


class LongControl(Control):
    """Several lines of text; Tab goes on to the next control."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.box = Long()
        self._named(self.box)
        self.box.setTabChangesFocus(True)
        self.box.setPlaceholderText(field.declared.hint)
        self.box.setFixedHeight(self.box.fontMetrics().lineSpacing() * 4 + 14)
        self.box.setReadOnly(field.declared.derived)
        self.box.textChanged.connect(self.typed)
        self.box.finished.connect(self.left)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.box)

    def raw(self) -> object:
        return self.box.toPlainText()

    def show_value(self, value: Value) -> None:
        self.box.blockSignals(True)
        self.box.setPlainText(self.field.text(value))
        self.box.blockSignals(False)


_SEARCHED = int(Qt.ItemDataRole.UserRole) + 1  # an option's label and initials


class _Completer(QCompleter):
    """Looks through labels and initials, and puts in the label."""

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data() or "")


class ChoiceControl(Control):
    """One option of a list: type any part of it or its pinyin initials, or open the list."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.combo = QComboBox()
        self._named(self.combo)
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setMaxVisibleItems(16)
        self.combo.addItem("", None)
        for n, option in enumerate(field.options, 1):
            self.combo.addItem(option.label, option.value)
            self.combo.setItemData(n, f"{option.label} {initials(option.label)}", _SEARCHED)
        line = Line()
        line.setObjectName(f"{field.name}_typed")
        line.setAccessibleName(field.label)
        self.combo.setLineEdit(line)
        completer = _Completer(self.combo.model(), self.combo)
        completer.setCompletionRole(_SEARCHED)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.combo.setCompleter(completer)
        line.textEdited.connect(lambda _: self.typed.emit())
        line.editingFinished.connect(self.left)
        self.combo.activated.connect(self._chosen)
        # a wheel that scrolls the page must not change what it passes over
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.combo.installEventFilter(self)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.combo)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.combo and event.type() == QEvent.Type.Wheel and not self.combo.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _chosen(self) -> None:
        self.typed.emit()
        self.left.emit()

    def raw(self) -> object:
        typed = self.combo.currentText().strip()
        if typed.isascii() and typed.isalpha():
            meant = [one.label for one in self.field.options if initials(one.label).startswith(typed.lower())]
            exactly = [label for label in meant if initials(label) == typed.lower()]
            if len(exactly or meant) == 1:
                return (exactly or meant)[0]
        return typed

    def show_value(self, value: Value) -> None:
        self.combo.setCurrentIndex(max(0, self.combo.findData(value)))
        self.combo.setEditText(self.field.text(value))


class YesNoControl(Control):
    """是, 否 or not known; the arrow keys and blank choose."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._buttons: dict[bool, QToolButton] = {}
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        for value, label in ((True, "是"), (False, "否")):
            button = QToolButton()
            button.setText(label)
            button.setCheckable(True)
            button.setProperty("choice", True)
            button.setObjectName(f"{field.name}_{'yes' if value else 'no'}")
            button.setAccessibleName(f"{field.label}：{label}")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda on, value=value: self._pressed(value, on))
            self._buttons[value] = button
            inside.addWidget(button)
        inside.addStretch()
        self.setObjectName(field.name)
        self.setAccessibleName(field.label)
        self.setFocusProxy(self._buttons[True])

    def _pressed(self, value: bool, on: bool) -> None:
        self._buttons[not value].setChecked(False)
        self._buttons[value].setChecked(on)
        self.typed.emit()
        self.left.emit()

    def raw(self) -> object:
        return next((value for value, button in self._buttons.items() if button.isChecked()), None)

    def show_value(self, value: Value) -> None:
        for meaning, button in self._buttons.items():
            button.setChecked(value is meaning)


class ChoicesControl(Control):
    """Several options of a list, as boxes."""

    def __init__(self, field: Field, across: int = 3) -> None:
        super().__init__(field)
        self._boxes: dict[str, QCheckBox] = {}
        inside = QGridLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setHorizontalSpacing(12)
        inside.setVerticalSpacing(4)
        for n, option in enumerate(field.options):
            box = QCheckBox(option.label)
            box.setObjectName(f"{field.name}_{n}")
            box.setAccessibleName(f"{field.label}：{option.label}")
            box.clicked.connect(self._pressed)
            self._boxes[option.value] = box
            inside.addWidget(box, n // across, n % across)
        self.setObjectName(field.name)
        self.setAccessibleName(field.label)
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))

    def _pressed(self) -> None:
        self.typed.emit()
        self.left.emit()

    def raw(self) -> object:
        return tuple(value for value, box in self._boxes.items() if box.isChecked())

    def show_value(self, value: Value) -> None:
        chosen: Any = value or ()
        for option, box in self._boxes.items():
            box.setChecked(option in chosen)


def control(field: Field) -> Control:
    """The control for a field."""
    kinds: dict[str, type[Control]] = {
        "long": LongControl,
        "date": DateControl,
        "choice": ChoiceControl,
        "choices": ChoicesControl,
        "yes_no": YesNoControl,
    }
    return kinds.get(field.kind, TextControl)(field)
