"""The fields above the rows of an entry: its title, what is reached by whom, the document."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.county.sheet import TICKED, CountySheet


class HeadFields(QWidget):
    """One line of fields.

    Signals:
        edited: something was typed or ticked
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._controls: dict[str, QLineEdit | QCheckBox] = {}
        self._kept: dict[str, str] = {}

    @property
    def cells(self) -> dict[str, str]:
        """What stands in the fields, beside what has none."""
        return {**self._kept, **{key: _value(control) for key, control in self._controls.items()}}

    def show_sheet(self, sheet: CountySheet) -> None:
        """The fields of a sheet."""
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._controls, self._kept = {}, dict(sheet.head_cells)
        for column in sheet.head:
            value = sheet.head_cells.get(column.key, "")
            if column.kind == "tick":
                box = QCheckBox(column.label)
                box.setChecked(value == TICKED)
                box.toggled.connect(lambda _: self.edited.emit())
                self._add(column.key, column.label, box)
                continue
            line = QLineEdit(value)
            letters = 6 if column.kind == "number" else 16
            line.setMaximumWidth(self.fontMetrics().horizontalAdvance("字" * letters) + 16)
            line.textEdited.connect(lambda _: self.edited.emit())
            label = QLabel(column.label)
            label.setBuddy(line)
            self._row.addWidget(label)
            self._add(column.key, column.label, line)
        self._row.addStretch(1)
        first = next(iter(self._controls.values()), None)
        if first is not None:
            self.setFocusProxy(first)
        self.setVisible(bool(sheet.head))

    def _add(self, key: str, label: str, control: QLineEdit | QCheckBox) -> None:
        control.setObjectName(f"county_{key}")
        control.setAccessibleName(label)
        self._controls[key] = control
        self._row.addWidget(control)


def _value(control: QLineEdit | QCheckBox) -> str:
    if isinstance(control, QLineEdit):
        return control.text().strip()
    return TICKED if control.isChecked() else ""
