"""What the list of households is narrowed by: the search box, a choice a property, and two boxes."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from app.figures.village import visit_due
from app.records.lists import HouseholdRow
from ui.household.list_columns import by_group, group_of

_FILTERS = (("group", "全部村组"), ("kind", "全部户类型"), ("attribute", "全部属性"), ("exit_status", "全部脱贫状态"))


class FilterBar(QWidget):
    """Says which households pass; the page asks the workbook what was found.

    Signals:
        typed: another text stands in the search box
        changed: a choice or a box is another one
        entered: Enter in the search box
    """

    typed = Signal()
    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._days = 0
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setAccessibleName("查找农户")
        self.search.setPlaceholderText("姓名、拼音、首字母、村组、户编号或证件号尾数（Ctrl+F）")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(170)
        self.search.textChanged.connect(lambda _: self.typed.emit())
        self.search.returnPressed.connect(self.entered)
        self.choices = {key: self._choice(key, label) for key, label in _FILTERS}
        self.no_helper = self._box("no_helper", "没有帮扶人")
        self.unvisited = self._box("unvisited", "久未走访")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.search, 1)
        for part in (*self.choices.values(), self.no_helper, self.unvisited):
            line.addWidget(part)

    def _choice(self, key: str, label: str) -> QComboBox:
        made = QComboBox()
        made.setObjectName(f"filter_{key}")
        made.setAccessibleName(label)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        made.addItem(label, "")
        made.currentIndexChanged.connect(lambda _: self.changed.emit())
        return made

    def _box(self, name: str, label: str) -> QCheckBox:
        made = QCheckBox(label)
        made.setObjectName(name)
        made.setAccessibleName(label)
        made.toggled.connect(lambda _: self.changed.emit())
        return made

    def offer(self, rows: Sequence[HouseholdRow], days: int) -> None:
        """Renew the choices from what is there; `days` without a visit are long."""
        self._days = days
        self.unvisited.setToolTip(f"超过 {days} 天没有走访的户")
        for key, choice in self.choices.items():
            chosen = choice.currentData()
            choice.blockSignals(True)
            while choice.count() > 1:
                choice.removeItem(1)
            there = {_of(row, key) for row in rows} - {""}
            for value in sorted(there, key=by_group if key == "group" else None):
                choice.addItem(value, value)
            choice.setCurrentIndex(max(0, choice.findData(chosen)))
            choice.blockSignals(False)

    def clear(self) -> None:
        """All households again."""
        for choice in self.choices.values():
            choice.setCurrentIndex(0)
        self.no_helper.setChecked(False)
        self.unvisited.setChecked(False)
        self.search.clear()

    def to_search(self) -> None:
        """The cursor into the search box, its text selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def passes(self) -> Callable[[HouseholdRow], bool] | None:
        """Whether a household passes the choices and boxes; None where all do."""
        wanted = {key: choice.currentData() for key, choice in self.choices.items() if choice.currentData()}
        lonely, unseen, days = self.no_helper.isChecked(), self.unvisited.isChecked(), self._days
        if not wanted and not lonely and not unseen:
            return None

        def passes(one: HouseholdRow) -> bool:
            return (
                (not lonely or (one.needs_helper and not one.helpers))
                and (not unseen or visit_due(one, days))
                and all(_of(one, key) == value for key, value in wanted.items())
            )

        return passes


def _of(row: HouseholdRow, key: str) -> str:
    return group_of(row) if key == "group" else str(getattr(row, key) or "")
