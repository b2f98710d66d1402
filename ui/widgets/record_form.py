"""A form made from Fields: labels, controls, and in place the sentence that refuses a value."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.errors import ValidationError
from app.records.field import Field, Value
from ui.widgets.field_controls import FieldControl, make_control

WIDE_KINDS = ("long", "choices")
COLUMN_WIDTHS = (0, 540, 840)  # pixels of room from which a form has one, two, three columns
LABEL_GAP = 12  # pixels between a label and its control
ERROR_LINE_HEIGHT = 18  # pixels: a line of the small letters below a control


class _ErrorLabel(QLabel):
    """The sentence below a control. The place of one line is always kept, so that nothing moves under the cursor; the
    blank above and below the letters is given to the rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("remark", "fault")
        self.setWordWrap(True)

    def heightForWidth(self, width: int) -> int:
        lines = max(1, round(super().heightForWidth(width) / ERROR_LINE_HEIGHT)) if self.text() else 1
        return lines * ERROR_LINE_HEIGHT - 4

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), ERROR_LINE_HEIGHT - 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), ERROR_LINE_HEIGHT - 4)


class RecordForm(QWidget):
    """Controls for the fields of one record.

    Each keystroke is checked; a refused value stays in its control with the sentence below it and is not emitted.

    Signals:
        value_changed: name and value, when the officer leaves a control whose acceptable value is not the one loaded
    """

    value_changed = Signal(str, object)

    def __init__(
        self,
        fields: Sequence[Field],
        columns: int = 2,
        groups: Sequence[tuple[str, Sequence[str]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        """
        Args:
            columns: the most that stand beside each other; a narrow form has fewer (COLUMN_WIDTHS)
            groups: (heading, field names) in their order; fields of no group come last, without a heading
        """
        super().__init__(parent)
        self._fields = {field.name: field for field in fields}
        self._controls: dict[str, FieldControl] = {}
        self._error_labels: dict[str, QLabel] = {}
        self._labels: dict[str, QLabel] = {}
        self._loaded: dict[str, Value] = {}
        self._grids: list[tuple[QGridLayout, Sequence[Field]]] = []
        self._most_columns, self._columns = columns, 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        grouped_names = {name for _, names in groups for name in names}
        ungrouped_names = [field.name for field in fields if field.name not in grouped_names]
        for heading, names in (*groups, ("", ungrouped_names)):
            present = [self._fields[name] for name in names if name in self._fields]
            if present:
                self._add_group(layout, heading, present)
        layout.addStretch()
        self._arrange(columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(min(self._most_columns, sum(event.size().width() >= width for width in COLUMN_WIDTHS)))

    def minimumSizeHint(self) -> QSize:
        """That of one column, however many there are now: the form follows the room it is given."""
        widest = max((control.minimumSizeHint().width() for control in self._controls.values()), default=0)
        label_width = max((label.minimumWidth() for label in self._labels.values()), default=0)
        return QSize(label_width + LABEL_GAP + widest, super().minimumSizeHint().height())

    @property
    def label_width(self) -> int:
        """Pixels that the labels of the first group take, for what stands in line with them above the form."""
        _, first_group = self._grids[0] if self._grids else (None, ())
        return max((self._labels[field.name].minimumWidth() for field in first_group), default=0)

    def _add_group(self, layout: QVBoxLayout, heading: str, fields: Sequence[Field]) -> None:
        if heading:
            title = QLabel(heading)
            title.setProperty("heading", True)
            layout.addWidget(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(LABEL_GAP)
        grid.setVerticalSpacing(1)
        for field in fields:
            self._add_field(field)
        self._grids.append((grid, fields))
        layout.addLayout(grid)

    def _arrange(self, columns: int) -> None:
        """Lay all groups out in so many columns."""
        if columns == self._columns:
            return
        self._columns = columns
        for grid, fields in self._grids:
            while grid.count():
                grid.takeAt(0)
            for n in range(self._most_columns):
                grid.setColumnStretch(2 * n + 1, int(n < columns))
            row = column = 0
            for field in fields:
                wide = field.kind in WIDE_KINDS
                if wide and column:
                    row, column = row + 2, 0
                self._place_field(grid, field, row, column, columns if wide else 1)
                column += columns if wide else 1
                if column >= columns:
                    row, column = row + 2, 0

    def _place_field(self, grid: QGridLayout, field: Field, row: int, column: int, span: int) -> None:
        grid.addWidget(self._labels[field.name], row, 2 * column)
        grid.addWidget(self._controls[field.name], row, 2 * column + 1, 1, 2 * span - 1)
        grid.addWidget(self._error_labels[field.name], row + 1, 2 * column + 1, 1, 2 * span - 1)

    def _add_field(self, field: Field) -> None:
        control = make_control(field)
        control.setParent(self)
        label = QLabel(f"{field.label}{' *' if field.spec.required else ''}", self)
        label.setBuddy(control)
        label.setObjectName(f"{field.name}_label")
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        label.setContentsMargins(0, 6, 0, 0)
        label.setWordWrap(True)
        shortest, longest = (self.fontMetrics().horizontalAdvance("字" * characters) for characters in (6, 9))
        label.setMinimumWidth(min(max(shortest, self.fontMetrics().horizontalAdvance(label.text())), longest))
        label.setMaximumWidth(longest)
        error_label = _ErrorLabel()
        error_label.setParent(self)
        error_label.setObjectName(f"{field.name}_fault")
        self._labels[field.name], self._controls[field.name] = label, control
        self._error_labels[field.name] = error_label
        control.edited.connect(lambda: self._validate(field.name))
        control.editing_finished.connect(lambda: self._commit(field.name))

    def load(self, values: Mapping[str, Value]) -> None:
        """Show these values; what was refused before is gone."""
        for name, control in self._controls.items():
            self._loaded[name] = values.get(name)
            control.set_value(values.get(name))
            self.set_message(name, "")

    def set_value(self, name: str, value: Value) -> None:
        """Show one value that changed elsewhere (a date of birth that follows the ID number)."""
        if name in self._controls and not self.error_text(name):
            self._loaded[name] = value
            self._controls[name].set_value(value)

    def values(self) -> dict[str, Value]:
        """What stands in the controls; a refused value is given as it was loaded."""
        values: dict[str, Value] = {}
        for name, control in self._controls.items():
            try:
                values[name] = self._fields[name].parse_and_validate(control.raw_value())
            except ValidationError:
                values[name] = self._loaded.get(name)
        return values

    def errors(self) -> dict[str, str]:
        """Name → sentence of everything that would be refused now, required fields that are empty included."""
        errors = {name: self._validation_error(name) for name in self._controls}
        return {name: error for name, error in errors.items() if error}

    def refusals(self) -> dict[str, str]:
        """Name → sentence of what was typed, or emptied, and cannot be saved. A required field that was empty already
        is not among them: a record that is begun may be completed later."""
        return {name: error for name, error in self.errors().items() if self._is_changed(name)}

    def show_errors(self) -> bool:
        """Show every refusal and go to the first; True if there is one."""
        errors = self.errors()
        for name in self._controls:
            self.set_message(name, errors.get(name, ""))
        if errors:
            self.focus_field(next(iter(errors)))
        return bool(errors)

    def error_text(self, name: str) -> str:
        """The sentence shown below a control."""
        return self._error_labels[name].text()

    def set_message(self, name: str, message: str, warning: bool = False) -> None:
        """Show a sentence below a control, "" for none."""
        label, control = self._error_labels[name], self._controls[name]
        if label.text() != message:
            label.setText(message)
            label.setProperty("remark", "warning" if warning else "fault")
            label.style().unpolish(label)
            label.style().polish(label)
        input_widget = control.focusProxy() or control
        if input_widget.property("refused") != (bool(message) and not warning):
            input_widget.setProperty("refused", bool(message) and not warning)
            input_widget.style().polish(input_widget)

    def focus_field(self, name: str) -> None:
        """Put the cursor into a control."""
        self._controls[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Emit what was typed in the control that still has the focus, before the page goes."""
        for name in self._controls:
            if self._is_changed(name):
                self._commit(name)

    def _is_changed(self, name: str) -> bool:
        try:
            return self._fields[name].parse(self._controls[name].raw_value()) != self._loaded.get(name)
        except ValidationError:
            return True

    def _validation_error(self, name: str) -> str:
        field, raw = self._fields[name], self._controls[name].raw_value()
        if field.spec.derived or field.kind == "reference":
            return ""
        try:
            value = field.parse(raw)
        except ValidationError as error:
            return str(error)
        # a value that was there before this form is not refused for what it was
        return "" if value == self._loaded.get(name) and value is not None else field.check(value)

    def _validate(self, name: str) -> bool:
        error = self._validation_error(name)
        if error:
            self.set_message(name, error)
            return False
        value = self._fields[name].parse(self._controls[name].raw_value())
        self.set_message(name, self._fields[name].warn(value), warning=True)
        return True

    def _commit(self, name: str) -> None:
        field = self._fields[name]
        if field.spec.derived or field.kind == "reference" or not self._validate(name):
            return
        value = field.parse(self._controls[name].raw_value())
        if value != self._loaded.get(name):
            self._loaded[name] = value
            self._controls[name].set_value(value)
            self.value_changed.emit(name, value)
