"""What a list of a register is narrowed by: words, the step that rows wait for, overdue, options, the year."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from app.list_views.register_source import OVERDUE
from app.registers.engine.register import Register
from ui.registers.register_rows import step_choices
from ui.widgets.search_line import SearchLine
from ui.widgets.wrapping_line import WrappingLine

_SEARCHED = {
    "household": "户主、内容里的字",
    "member": "姓名、户主、内容里的字",
    "helper": "姓名、内容里的字",
    "village": "内容里的字",
}
_MOST_BOXES = 3  # option boxes beside each other on a small screen
_SEARCH_WIDTH = 170  # pixels, at least
_YEARS = 8


class RegisterFilter(QWidget):
    """Signals:
    changed: another choice
    """

    changed = Signal()

    def __init__(self, register: Register) -> None:
        super().__init__()
        self._register = register
        boxes: list[QWidget] = []
        self.search = SearchLine("row_search", "查找", _SEARCHED[register.subject])
        self.search.textChanged.connect(lambda _: self.changed.emit())
        self.search.setMinimumWidth(_SEARCH_WIDTH)
        self.step_box = self._box("row_step", "进度", [("全部进度", ""), *step_choices(register)])
        self.overdue = QCheckBox("只看超期")
        self.overdue.setObjectName("row_overdue")
        self.overdue.toggled.connect(lambda _: self.changed.emit())
        if register.steps:
            boxes += [self.step_box, self.overdue]
        self.option_boxes: dict[str, QComboBox] = {}
        for one in [one for one in register.filter_fields if one.kind in ("choice", "choices")][:_MOST_BOXES]:
            choices = [(f"{one.label}：全部", ""), *((option.label, option.value) for option in one.options)]
            self.option_boxes[one.name] = self._box(f"filter_{one.name}", one.label, choices)
            boxes.append(self.option_boxes[one.name])
        this_year = date.today().year
        years = [(f"{year}年", str(year)) for year in range(this_year, this_year - _YEARS, -1)]
        self.year_box = self._box("row_year", "年度", [("全部年度", ""), *years])
        if register.dated:
            boxes.append(self.year_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(WrappingLine(self.search, boxes))

    def _box(self, name: str, label: str, choices: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(label)
        for text, value in choices:
            box.addItem(text, value)
        box.currentIndexChanged.connect(lambda _: self.changed.emit())
        return box

    def state(self) -> dict[str, str]:
        """What is set, as `quick_query` (app/list_views/register_source.py) reads it."""
        chosen = {
            "text": self.search.text(),
            "step": self.step_box.currentData(),
            "year": self.year_box.currentData(),
            OVERDUE: "1" if self.overdue.isChecked() else "",
            **{f"option.{name}": box.currentData() for name, box in self.option_boxes.items()},
        }
        return {name: str(value) for name, value in chosen.items() if value}

    def describe(self) -> str:
        """What is set, as it stands on the screen; "" where nothing is."""
        boxes = [box for box in (self.step_box, self.year_box, *self.option_boxes.values()) if box.currentData()]
        said = [f"查找“{self.search.text()}”" if self.search.text() else "", *(box.currentText() for box in boxes)]
        return "，".join(one for one in (*said, self.overdue.text() if self.overdue.isChecked() else "") if one)

    def restore(self, state: Mapping[str, str]) -> None:
        """Set just this; one signal, whatever changes."""
        self.blockSignals(True)
        self.search.setText(state.get("text", ""))
        self.overdue.setChecked(bool(state.get(OVERDUE)))
        boxes = {"step": self.step_box, "year": self.year_box}
        for name, box in {**boxes, **{f"option.{name}": box for name, box in self.option_boxes.items()}}.items():
            box.setCurrentIndex(max(0, box.findData(state.get(name, ""))))
        self.blockSignals(False)

    def reset(self) -> None:
        """Everything."""
        self.restore({})
        self.changed.emit()
