"""A form made from Fields: labels, controls, and in place the sentence that refuses a value."""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import ValidationError
from app.records.draft import values_of_id_number
from app.records.field import Field, Value
from ui.widgets.dialog import Fillable
from ui.widgets.field_controls import make_control
from ui.widgets.form_group import LABEL_GAP, FormGroup, FormLine, label_width

COLUMN_WIDTHS = (0, 540, 840)  # pixels of room from which a form has one, two, three columns


class RecordForm(Fillable):
    """Controls for the fields of one record.

    A value is judged when its control is left; a refused one stays there with the sentence below it, is not emitted,
    and is judged with each keystroke from then on, so that the sentence goes with its cause.

    Signals:
        value_changed: name and value, when the officer leaves a control whose acceptable value is not the one loaded
    """

    value_changed = Signal(str, object)

    def __init__(
        self,
        fields: Sequence[Field],
        columns: int = 3,
        groups: Sequence[tuple[str, Sequence[str]]] = (),
        parent: QWidget | None = None,
        *,
        at_once: bool = True,
    ) -> None:
        """
        Args:
            columns: the most that stand beside each other; a narrow form has fewer (COLUMN_WIDTHS)
            groups: (heading, field names) in their order; fields of no group come last, without a heading
            parent: what it stands in; put there later, all in it would be styled anew
            at_once: make the controls now. Else `making` does, a few at a time, or whatever needs them first: dozens
                take longer than the window may stand still
        """
        super().__init__(parent)
        self._fields = {field.name: field for field in fields}
        self._made_lines: dict[str, FormLine] = {}
        self._loaded: dict[str, Value] = {}
        self._first_shown: dict[str, Value] = {}
        self._remarks: dict[str, str] = {}
        self._groups: list[FormGroup] = []
        self._most_columns, self._columns = columns, 0
        grouped_names = {name for _, names in groups for name in names}
        ungrouped_names = [field.name for field in fields if field.name not in grouped_names]
        present = [
            (heading, [self._fields[name] for name in names if name in self._fields])
            for heading, names in (*groups, ("", ungrouped_names))
        ]
        self._group_fields = [(heading, of_group) for heading, of_group in present if of_group]
        self._unmade = self._make_groups()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        fold_action = QAction("收起或展开这一组", self)
        fold_action.setShortcut("Alt+-")
        fold_action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        fold_action.triggered.connect(self._fold_current)
        self.addAction(fold_action)
        if at_once:
            self._complete()

    def making(self) -> Iterator[None]:
        """Make what is not made yet, a control at a step."""
        yield from self._unmade

    @property
    def _lines(self) -> dict[str, FormLine]:
        """All of them: whoever asks before they are made does not wait."""
        self._complete()
        return self._made_lines

    def _complete(self) -> None:
        for _ in self._unmade:
            pass

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._columns:
            self._arrange(self._fitting_columns(event.size().width()))

    def _fitting_columns(self, width: int) -> int:
        return min(self._most_columns, sum(width >= least for least in COLUMN_WIDTHS))

    def minimumSizeHint(self) -> QSize:
        """That of one column, however many there are now: the form follows the room it is given."""
        lines = self._made_lines.values()
        widest = max((line.control.minimumSizeHint().width() for line in lines), default=0)
        labels = max((line.label.minimumWidth() for line in lines), default=0)
        return QSize(labels + LABEL_GAP + widest, super().minimumSizeHint().height())

    @property
    def label_width(self) -> int:
        """Pixels that the labels of the first group take, for what stands in line with them above the form."""
        first_group = self._group_fields[0][1] if self._group_fields else ()
        return max((label_width(field, self.fontMetrics()) for field in first_group), default=0)

    def _make_groups(self) -> Iterator[None]:
        for heading, fields in self._group_fields:
            group = FormGroup(heading, f"{fields[0].table}/{heading}", self)
            self._groups.append(group)
            for field in fields:
                group.lines.append(self._make_line(field, group.body))
                yield
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        for group in self._groups:
            layout.addWidget(group)
        layout.addStretch()
        yield
        self._arrange(self._most_columns)

    def _make_line(self, field: Field, parent: QWidget) -> FormLine:
        control = make_control(field, parent)
        line = self._made_lines[field.name] = FormLine(field, control, parent)
        control.edited.connect(lambda: self._on_edited(field.name))
        control.editing_finished.connect(lambda: self._commit(field.name))
        return line

    def _arrange(self, columns: int) -> None:
        """Lay all groups out in so many columns."""
        if columns != self._columns:
            self._columns = columns
            for group in self._groups:
                group.arrange(columns, self._most_columns)

    def _fold_current(self) -> None:
        """Fold the group that the cursor is in, or unfold it again."""
        focused = self.focusWidget()
        for group in self._groups:
            if focused is not None and group.isAncestorOf(focused):
                group.set_folded(not group.is_folded)

    def _unfold(self, name: str) -> None:
        for group in self._groups:
            if group.is_folded and any(line.field.name == name for line in group.lines):
                group.set_folded(False)

    def load(self, values: Mapping[str, Value]) -> None:
        """Show these values; what was refused or remarked before is gone."""
        self._remarks = {}
        for name, line in self._lines.items():
            self._loaded[name] = self._first_shown[name] = values.get(name)
            line.control.set_value(values.get(name))
            self.set_message(name, "")

    def set_value(self, name: str, value: Value) -> None:
        """Show one value that changed elsewhere (a date of birth that follows the ID number)."""
        if name in self._lines and not self.error_text(name):
            self._loaded[name] = self._first_shown[name] = value
            self._lines[name].control.set_value(value)

    @property
    def is_edited(self) -> bool:
        return any(self._differs(name, self._first_shown.get(name)) for name in self._lines)

    def values(self) -> dict[str, Value]:
        """What stands in the controls; a refused value is given as it was loaded."""
        values: dict[str, Value] = {}
        for name, line in self._lines.items():
            try:
                values[name] = self._fields[name].parse_and_validate(line.control.raw_value())
            except ValidationError:
                values[name] = self._loaded.get(name)
        return values

    def errors(self) -> dict[str, str]:
        """Name → sentence of everything that would be refused now, required fields that are empty included."""
        errors = {name: self._validation_error(name) for name in self._lines}
        return {name: error for name, error in errors.items() if error}

    def refusals(self) -> dict[str, str]:
        """Name → sentence of what was typed, or emptied, and cannot be saved. A required field that was empty already
        is not among them: a record that is begun may be completed later."""
        return {name: error for name, error in self.errors().items() if self._is_changed(name)}

    def show_errors(self) -> bool:
        """Show every refusal and go to the first; True if there is one."""
        errors = self.errors()
        for name in self._lines:
            self.set_message(name, errors.get(name, ""))
        if errors:
            self.focus_field(next(iter(errors)))
        return bool(errors)

    def error_text(self, name: str) -> str:
        """The sentence shown below a control."""
        return self._lines[name].remark_text

    def set_message(self, name: str, message: str, warning: bool = False) -> None:
        """Show a sentence below a control, "" for none."""
        line = self._lines[name]
        line.say(message, "warning" if warning else "fault")
        if message:
            self._unfold(name)
        input_widget = line.control.focusProxy() or line.control
        if input_widget.property("refused") != (bool(message) and not warning):
            input_widget.setProperty("refused", bool(message) and not warning)
            input_widget.style().polish(input_widget)

    def show_remarks(self, remarks: Mapping[str, str]) -> None:
        """What the other values and records say of fields, name → sentence; where a value is refused, that is said.

        They stand until the next ones, or until something else is loaded.
        """
        former, self._remarks = self._remarks, {name: text for name, text in remarks.items() if name in self._lines}
        for name in former.keys() | self._remarks.keys():
            if not self._validation_error(name):
                self._validate(name)

    def focus_field(self, name: str) -> None:
        """Put the cursor into a control."""
        self._unfold(name)
        self._lines[name].control.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Emit what was typed in the control that still has the focus, before the page goes."""
        for name in self._lines:
            if self._is_changed(name):
                self._commit(name)

    def _is_changed(self, name: str) -> bool:
        return self._differs(name, self._loaded.get(name))

    def _differs(self, name: str, value: Value) -> bool:
        try:
            return self._fields[name].parse(self._lines[name].control.raw_value()) != value
        except ValidationError:
            return True

    def _validation_error(self, name: str) -> str:
        field, raw = self._fields[name], self._lines[name].control.raw_value()
        if field.spec.derived or field.kind == "reference":
            return ""
        try:
            value = field.parse(raw)
        except ValidationError as error:
            return str(error)
        # a value that was there before this form is not refused for what it was
        return "" if value == self._loaded.get(name) and value is not None else field.check(value)

    def _on_edited(self, name: str) -> None:
        """While something is typed, only a sentence that stands there already is judged again."""
        if self.error_text(name):
            self._validate(name)

    def _validate(self, name: str) -> bool:
        error = self._validation_error(name)
        if error:
            self.set_message(name, error)
            return False
        value = self._fields[name].parse(self._lines[name].control.raw_value())
        remark = self._remarks.get(name, "") if value == self._loaded.get(name) else ""
        self.set_message(name, self._fields[name].warn(value) or remark, warning=True)
        return True

    def _commit(self, name: str) -> None:
        field = self._fields[name]
        if field.spec.derived or field.kind == "reference" or not self._validate(name):
            return
        value = field.parse(self._lines[name].control.raw_value())
        before = self._loaded.get(name)
        if value != before:
            self._loaded[name] = value
            self._lines[name].control.set_value(value)
            self._fill_from_id_number(name, before)
            self.value_changed.emit(name, value)

    def _fill_from_id_number(self, name: str, before: Value) -> None:
        """Show at once what an ID number says of birth and sex."""
        if name != "id_no":
            return
        now = {other: self._loaded.get(other) for other in ("birth", "sex")}
        filled = values_of_id_number(self._fields[name].table, {**now, name: before}, {name: self._loaded[name]})
        for other in now:
            if other in filled and other in self._lines and not self.error_text(other):
                self._loaded[other] = filled[other]
                self._lines[other].control.set_value(filled[other])
