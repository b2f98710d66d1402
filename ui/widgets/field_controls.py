"""One control for each kind of value. All have `raw_value()` and `set_value()`, and tell when they are edited."""

from typing import Any

from PySide6.QtCore import (
    QDate,
    QEvent,
    QObject,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.records.field import Field, Value
from ui.widgets.calendar_popup import CalendarPopup
from ui.widgets.flow_grid import FlowGrid
from ui.widgets.option_box import OptionBox
from ui.widgets.pinyin import initials
from ui.widgets.text_edits import MultiLineEdit, SingleLineEdit

# digits that a line shows, by the kind of its field and by the rule of its text; other text takes what room there is
_WIDTHS = {"year": 6, "month": 9, "date": 11, "integer": 8, "decimal": 9, "money": 12}
_WIDTHS_OF_RULES = {
    "id_number": 20,
    "disability_no": 22,
    "phone": 15,
    "bank_card": 22,
    "person_name": 14,
    "household_no": 20,
    "person_no": 20,
    "village_code": 14,
}
_FRAME = 20  # pixels: margins and frame of a line


class FieldControl(QWidget):
    """What a form knows of a control.

    Signals:
        edited: something changed; not necessarily acceptable
        editing_finished: the officer has finished with it (focus went on, Enter, a choice was made)
    """

    edited = Signal()
    editing_finished = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """`parent`: what it stands in. Made elsewhere and put there later, all in it would be styled anew."""
        super().__init__(parent)
        self.field = field

    def raw_value(self) -> object:
        """What stands in the control, for Field.parse."""
        raise NotImplementedError

    def set_value(self, value: Value) -> None:
        """Put a stored value in, without signals."""
        raise NotImplementedError

    def _identify(self, widget: QWidget) -> None:
        """The inner widget carries the field's name and label, for tests and screen readers."""
        widget.setObjectName(self.field.name)
        widget.setAccessibleName(self.field.label)
        self.setFocusProxy(widget)


class TextControl(FieldControl):
    """Text, numbers, years, months: typed as text, with the unit behind it; no wider than what is typed."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line_edit = SingleLineEdit(field.spec.mask, self)
        self._identify(self.line_edit)
        placeholders = {"month": "2018-08", "year": "2018", "date": "2018-08-10"}
        self.line_edit.setPlaceholderText(field.spec.hint or placeholders.get(field.kind, ""))
        if field.is_number:
            self.line_edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line_edit.textEdited.connect(lambda _: self.edited.emit())
        self.line_edit.editing_done.connect(self.editing_finished)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.line_edit, 1)
        self._add_unit()
        digits = _WIDTHS.get(field.kind) or _WIDTHS_OF_RULES.get(field.spec.rule)
        if digits is not None:
            width = self.fontMetrics().horizontalAdvance("0") * digits + _FRAME
            self.line_edit.setMaximumWidth(width)
            if field.kind in _WIDTHS:
                self.line_edit.setMinimumWidth(width)  # a date that is cut says another day
            self._layout.addStretch()
        if field.spec.derived or field.kind == "reference":
            self.line_edit.setReadOnly(True)
            self.line_edit.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _add_unit(self) -> None:
        if self.field.unit:
            unit = QLabel(self.field.unit, self)
            unit.setObjectName(f"{self.field.name}_unit")
            self._layout.addWidget(unit)

    def raw_value(self) -> object:
        return self.line_edit.full_text()

    def set_value(self, value: Value) -> None:
        self.line_edit.set_text(self.field.text(value))
        self.line_edit.setCursorPosition(0)


class DateControl(TextControl):
    """A date, typed in any usual way, or taken from a calendar."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        button = QToolButton(self)
        button.setObjectName(f"{field.name}_calendar")
        button.setText("▾")
        button.setProperty("inField", True)
        button.setAccessibleName(f"{field.label}：日历")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self._open_calendar)
        self._layout.insertWidget(1, button)
        open_action = QAction(self)
        open_action.setShortcut("F4")
        open_action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        open_action.triggered.connect(self._open_calendar)
        self.addAction(open_action)

    def _open_calendar(self) -> None:
        popup = CalendarPopup(self, QDate.fromString(self.line_edit.text(), Qt.DateFormat.ISODate))
        popup.day_picked.connect(self._pick_date)
        popup.open()

    def _pick_date(self, day: QDate) -> None:
        self.line_edit.setText(day.toString(Qt.DateFormat.ISODate))
        self.edited.emit()
        self.editing_finished.emit()


class MultiLineControl(FieldControl):
    """Several lines of text; Tab goes on to the next control."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.text_edit = MultiLineEdit(self)
        self._identify(self.text_edit)
        self.text_edit.setTabChangesFocus(True)
        self.text_edit.setPlaceholderText(field.spec.hint)
        self.text_edit.setFixedHeight(self.text_edit.fontMetrics().lineSpacing() * 4 + 14)
        self.text_edit.setReadOnly(field.spec.derived)
        self.text_edit.textChanged.connect(self.edited)
        self.text_edit.editing_done.connect(self.editing_finished)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text_edit)

    def raw_value(self) -> object:
        return self.text_edit.toPlainText()

    def set_value(self, value: Value) -> None:
        self.text_edit.blockSignals(True)
        self.text_edit.setPlainText(self.field.text(value))
        self.text_edit.blockSignals(False)


_SHORTEST_CHOICE, _LONGEST_CHOICE = 4, 16  # characters
_ARROW = 40  # pixels: the arrow of a list, margins and frame
_MOST_BOXES, _BOX_GAP = 3, 12  # beside each other; pixels between them


class ChoiceControl(FieldControl):
    """One option of a list: type any part of it or its pinyin initials, or open the list."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        options = field.options
        self.combo = OptionBox(options, self)
        self._identify(self.combo)
        line_edit = SingleLineEdit(parent=self.combo)
        line_edit.setObjectName(f"{field.name}_typed")
        line_edit.setAccessibleName(field.label)
        self.combo.setLineEdit(line_edit)
        self.combo.setCompleter(None)  # type: ignore[arg-type]  # Qt's own; the stub leaves None out
        line_edit.textEdited.connect(lambda _: self.edited.emit())
        line_edit.editingFinished.connect(self.editing_finished)
        self.combo.activated.connect(self._on_activated)
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.combo, 1)
        layout.addStretch()
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        longest = max((len(option.label) for option in options), default=0)
        characters = min(max(longest, _SHORTEST_CHOICE), _LONGEST_CHOICE)
        self.combo.setMaximumWidth(self.fontMetrics().horizontalAdvance("字") * characters + _ARROW)

    def _on_activated(self) -> None:
        self.edited.emit()
        self.editing_finished.emit()

    def raw_value(self) -> object:
        text = self.combo.currentText().strip()
        if text.isascii() and text.isalpha():
            matches = [option.label for option in self.field.options if initials(option.label).startswith(text.lower())]
            exact_matches = [label for label in matches if initials(label) == text.lower()]
            if len(exact_matches or matches) == 1:
                return (exact_matches or matches)[0]
        return text

    def set_value(self, value: Value) -> None:
        self.combo.show_option(value, self.field.text(value))
        line_edit = self.combo.lineEdit()
        if line_edit is not None and not line_edit.hasFocus():
            line_edit.setCursorPosition(0)  # where it is narrow, the beginning is read


class YesNoControl(FieldControl):
    """是, 否 or not known; the arrow keys and blank choose."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._buttons: dict[bool, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for value in (True, False):
            label = field.text(value)
            button = QToolButton(self)
            button.setText(label)
            button.setCheckable(True)
            button.setProperty("choice", True)
            button.setObjectName(f"{field.name}_{'yes' if value else 'no'}")
            button.setAccessibleName(f"{field.label}：{label}")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda on, value=value: self._on_clicked(value, on))
            self._buttons[value] = button
            layout.addWidget(button)
        layout.addStretch()
        self.setObjectName(field.name)
        self.setAccessibleName(field.label)
        self.setFocusProxy(self._buttons[True])

    def _on_clicked(self, value: bool, checked: bool) -> None:
        self._buttons[not value].setChecked(False)
        self._buttons[value].setChecked(checked)
        self.edited.emit()
        self.editing_finished.emit()

    def raw_value(self) -> object:
        return next((value for value, button in self._buttons.items() if button.isChecked()), None)

    def set_value(self, value: Value) -> None:
        for button_value, button in self._buttons.items():
            button.setChecked(value is button_value)


_BOX_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class MultiChoiceControl(FieldControl):
    """Several options of a list, as boxes; as many beside each other as there is room for.

    Tab comes to the first and goes on behind the last, arrows go from box to box, Space ticks.
    """

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._check_boxes: dict[str, QCheckBox] = {}
        for n, option in enumerate(field.options):
            box = QCheckBox(option.label, self)
            box.setObjectName(f"{field.name}_{n}")
            box.setAccessibleName(f"{field.label}：{option.label}")
            box.clicked.connect(self._on_clicked)
            box.setFocusPolicy(Qt.FocusPolicy.ClickFocus if self._check_boxes else Qt.FocusPolicy.StrongFocus)
            box.installEventFilter(self)
            self._check_boxes[option.value] = box
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(FlowGrid(list(self._check_boxes.values()), _MOST_BOXES, _BOX_GAP, even=True, parent=self))
        self.setObjectName(field.name)
        self.setAccessibleName(field.label)
        if self._check_boxes:
            self.setFocusProxy(next(iter(self._check_boxes.values())))

    def eventFilter(self, box: QObject, event: QEvent) -> bool:
        step = _BOX_STEPS.get(Qt.Key(event.key())) if isinstance(event, QKeyEvent) else None
        if step is None or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(box, event)
        boxes = list(self._check_boxes.values())
        at = next(n for n, one in enumerate(boxes) if one is box) + step
        boxes[min(max(0, at), len(boxes) - 1)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _on_clicked(self) -> None:
        self.edited.emit()
        self.editing_finished.emit()

    def raw_value(self) -> object:
        return tuple(value for value, box in self._check_boxes.items() if box.isChecked())

    def set_value(self, value: Value) -> None:
        selected: Any = value or ()
        for option, box in self._check_boxes.items():
            box.setChecked(option in selected)


def make_control(field: Field, parent: QWidget | None = None) -> FieldControl:
    """The control for a field, in its place."""
    control_types: dict[str, type[FieldControl]] = {
        "long": MultiLineControl,
        "date": DateControl,
        "choice": ChoiceControl,
        "choices": MultiChoiceControl,
        "yes_no": YesNoControl,
    }
    return control_types.get(field.kind, TextControl)(field, parent)
