"""A form made from Fields: labels, controls, and in place the sentence that refuses a value."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.errors import FieldRefused
from app.records.field import Field, Value
from ui.forms.controls import Control, control

WIDE = ("long", "choices")
LINE = 18  # pixels: a line of the small letters below a control


class _Fault(QLabel):
    """The sentence below a control. The place of one line is always kept, so that nothing moves under the cursor; the
    blank above and below the letters is given to the rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("remark", "fault")
        self.setWordWrap(True)

    def heightForWidth(self, width: int) -> int:
        lines = max(1, round(super().heightForWidth(width) / LINE)) if self.text() else 1
        return lines * LINE - 4

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), LINE - 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), LINE - 4)


class RecordForm(QWidget):
    """Controls for the fields of one record.

    Each keystroke is checked; a refused value stays in its control with the sentence below it and is not emitted.

    Signals:
        changed: name and value, when the officer leaves a control whose acceptable value is not the one loaded
    """

    changed = Signal(str, object)

    def __init__(
        self,
        fields: Sequence[Field],
        columns: int = 2,
        groups: Sequence[tuple[str, Sequence[str]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`groups`: (heading, field names) in their order; fields of no group come last, without a heading."""
        super().__init__(parent)
        self._fields = {field.name: field for field in fields}
        self._controls: dict[str, Control] = {}
        self._faults: dict[str, QLabel] = {}
        self._loaded: dict[str, Value] = {}
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        grouped = {name for _, names in groups for name in names}
        rest = [field.name for field in fields if field.name not in grouped]
        for heading, names in (*groups, ("", rest)):
            present = [self._fields[name] for name in names if name in self._fields]
            if present:
                self._add_group(whole, heading, present, columns)
        whole.addStretch()

    def _add_group(self, whole: QVBoxLayout, heading: str, fields: Sequence[Field], columns: int) -> None:
        if heading:
            title = QLabel(heading)
            title.setProperty("heading", True)
            whole.addWidget(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        for n in range(columns):
            grid.setColumnStretch(2 * n + 1, 1)
        row = column = 0
        for field in fields:
            wide = field.kind in WIDE
            if wide and column:
                row, column = row + 2, 0
            self._add_field(grid, field, row, column, columns if wide else 1)
            column += columns if wide else 1
            if column >= columns:
                row, column = row + 2, 0
        whole.addLayout(grid)

    def _add_field(self, grid: QGridLayout, field: Field, row: int, column: int, span: int) -> None:
        made = control(field)
        label = QLabel(f"{field.label}{' *' if field.declared.required else ''}")
        label.setBuddy(made)
        label.setObjectName(f"{field.name}_label")
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        label.setContentsMargins(0, 6, 0, 0)
        label.setWordWrap(True)
        label.setMinimumWidth(self.fontMetrics().horizontalAdvance("字" * 6))
        label.setMaximumWidth(self.fontMetrics().horizontalAdvance("字" * 9))
        fault = _Fault()
        fault.setObjectName(f"{field.name}_fault")
        grid.addWidget(label, row, 2 * column)
        grid.addWidget(made, row, 2 * column + 1, 1, 2 * span - 1)
        grid.addWidget(fault, row + 1, 2 * column + 1, 1, 2 * span - 1)
        self._controls[field.name], self._faults[field.name] = made, fault
        made.typed.connect(lambda: self._check(field.name))
        made.left.connect(lambda: self._left(field.name))

    def load(self, values: Mapping[str, Value]) -> None:
        """Show these values; what was refused before is gone."""
        for name, made in self._controls.items():
            self._loaded[name] = values.get(name)
            made.show_value(values.get(name))
            self.show_fault(name, "")

    def load_one(self, name: str, value: Value) -> None:
        """Show one value that changed elsewhere (a date of birth that follows the ID number)."""
        if name in self._controls and not self.fault(name):
            self._loaded[name] = value
            self._controls[name].show_value(value)

    def values(self) -> dict[str, Value]:
        """What stands in the controls; a refused value is given as it was loaded."""
        found: dict[str, Value] = {}
        for name, made in self._controls.items():
            try:
                found[name] = self._fields[name].taken(made.raw())
            except FieldRefused:
                found[name] = self._loaded.get(name)
        return found

    def faults(self) -> dict[str, str]:
        """Name → sentence of everything that would be refused now, required fields that are empty included."""
        found = {name: self._refusal(name) for name in self._controls}
        return {name: sentence for name, sentence in found.items() if sentence}

    def show_faults(self) -> bool:
        """Show every refusal and go to the first; True if there is one."""
        found = self.faults()
        for name in self._controls:
            self.show_fault(name, found.get(name, ""))
        if found:
            self.focus(next(iter(found)))
        return bool(found)

    def fault(self, name: str) -> str:
        """The sentence shown below a control."""
        return self._faults[name].text()

    def show_fault(self, name: str, sentence: str, warning: bool = False) -> None:
        """Show a sentence below a control, "" for none."""
        label, made = self._faults[name], self._controls[name]
        if label.text() != sentence:
            label.setText(sentence)
            label.setProperty("remark", "warning" if warning else "fault")
            label.style().unpolish(label)
            label.style().polish(label)
        inner = made.focusProxy() or made
        if inner.property("refused") != (bool(sentence) and not warning):
            inner.setProperty("refused", bool(sentence) and not warning)
            inner.style().polish(inner)

    def focus(self, name: str) -> None:
        """Put the cursor into a control."""
        self._controls[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def has_unsaved(self) -> bool:
        """Whether something acceptable was typed and not yet emitted, or something is refused."""
        return any(self.fault(name) for name in self._faults) or self.values() != {
            name: self._loaded.get(name) for name in self._controls
        }

    def flush(self) -> None:
        """Emit what was typed in the control that still has the focus, before the page goes."""
        for name in self._controls:
            self._left(name)

    def _refusal(self, name: str) -> str:
        field, raw = self._fields[name], self._controls[name].raw()
        if field.declared.derived or field.kind == "reference":
            return ""
        try:
            value = field.parse(raw)
        except FieldRefused as refused:
            return str(refused)
        # a value that was there before this form is not refused for what it was
        return "" if value == self._loaded.get(name) and value is not None else field.check(value)

    def _check(self, name: str) -> bool:
        sentence = self._refusal(name)
        if sentence:
            self.show_fault(name, sentence)
            return False
        value = self._fields[name].parse(self._controls[name].raw())
        self.show_fault(name, self._fields[name].warn(value), warning=True)
        return True

    def _left(self, name: str) -> None:
        field = self._fields[name]
        if field.declared.derived or field.kind == "reference" or not self._check(name):
            return
        value = field.parse(self._controls[name].raw())
        if value != self._loaded.get(name):
            self._loaded[name] = value
            self._controls[name].show_value(value)
            self.changed.emit(name, value)
