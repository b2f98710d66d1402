"""What the list of households is narrowed by: the search box, a choice a property, and two boxes."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from ui.household.household_columns import group_key
from ui.widgets.search_line import SearchLine
from ui.widgets.wrapping_line import WrappingLine

_FILTERS = (
    ("group", "全部村组"),
    ("kind", "全部户类型"),
    ("monitored", "全部监测类别"),
    ("attribute", "全部属性"),
    ("exit_status", "全部脱贫状态"),
)


class FilterBar(QWidget):
    """Says which households pass; the page asks the workbook which ones these are.

    Signals:
        search_edited: another text stands in the search box
        filters_changed: a choice or a box is another one
        search_submitted: Enter in the search box
    """

    search_edited = Signal()
    filters_changed = Signal()
    search_submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = SearchLine("search", "查找农户", "姓名、首字母、村组、编号、证件号尾数")
        self.search.setMinimumWidth(170)
        self.search.textChanged.connect(lambda _: self.search_edited.emit())
        self.search.returnPressed.connect(self.search_submitted)
        self.choices = {key: self._make_choice(key, label) for key, label in _FILTERS}
        self.no_helper = self._make_check_box("no_helper", "没有帮扶人")
        self.unvisited = self._make_check_box("unvisited", "久未走访")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(WrappingLine(self.search, (*self.choices.values(), self.no_helper, self.unvisited)))

    def _make_choice(self, key: str, label: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"filter_{key}")
        combo.setAccessibleName(label)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.addItem(label, "")
        combo.currentIndexChanged.connect(lambda _: self.filters_changed.emit())
        return combo

    def _make_check_box(self, name: str, label: str) -> QCheckBox:
        check_box = QCheckBox(label)
        check_box.setObjectName(name)
        check_box.setAccessibleName(label)
        check_box.toggled.connect(lambda _: self.filters_changed.emit())
        return check_box

    def update_choices(self, values: Mapping[str, Sequence[str]], days: int) -> None:
        """Renew the choices from what is there; `days` without a visit are long."""
        self.unvisited.setToolTip(f"超过 {days} 天没有走访的户")
        for key, choice in self.choices.items():
            current_value = choice.currentData()
            choice.blockSignals(True)
            while choice.count() > 1:
                choice.removeItem(1)
            for value in sorted(values[key], key=group_key if key == "group" else None):
                choice.addItem(value, value)
            choice.setCurrentIndex(max(0, choice.findData(current_value)))
            choice.blockSignals(False)

    def reset(self) -> None:
        """All households again."""
        self.restore({})
        self.filters_changed.emit()

    def state(self) -> dict[str, str]:
        """What is set, as `quick_household_query` (app/list_views/household_source.py) reads it."""
        chosen = {
            "typed": self.search.text(),
            "no_helper": "1" if self.no_helper.isChecked() else "",
            "unvisited": "1" if self.unvisited.isChecked() else "",
            **{f"having.{key}": value for key, value in self.having().items()},
        }
        return {name: value for name, value in chosen.items() if value}

    def describe(self) -> str:
        """What is set, as it stands on the screen; "" where nothing is."""
        typed = f"查找“{self.search.text()}”" if self.search.text() else ""
        boxes = [box.text() for box in (self.no_helper, self.unvisited) if box.isChecked()]
        return "，".join(one for one in (typed, *self.having().values(), *boxes) if one)

    def restore(self, state: Mapping[str, str]) -> None:
        """Set just this, without signals; a choice that nobody has is offered nevertheless."""
        self.blockSignals(True)
        for key, choice in self.choices.items():
            value = state.get(f"having.{key}", "")
            if choice.findData(value) < 0:
                choice.addItem(value, value)
            choice.setCurrentIndex(choice.findData(value))
        self.no_helper.setChecked(bool(state.get("no_helper")))
        self.unvisited.setChecked(bool(state.get("unvisited")))
        self.search.setText(state.get("typed", ""))
        self.blockSignals(False)

    def focus_search(self) -> None:
        """The cursor into the search box, its text selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def having(self) -> dict[str, str]:
        """What is chosen, by key; nothing where all pass."""
        return {key: choice.currentData() for key, choice in self.choices.items() if choice.currentData()}
