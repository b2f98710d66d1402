"""By what a list is sorted and grouped."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from app.list_views.definition import SortKey
from app.list_views.list_source import ListSource
from ui.widgets.search_combo import SearchCombo

_SORTS, _GROUPS = 3, 2  # lines that are offered
_NUMERALS = "一二三"
_WIDTH = 260  # pixels


class OrderPane(QWidget):
    """Up to three fields to sort by, up to two to group by."""

    def __init__(self, source: ListSource) -> None:
        super().__init__()
        self._shown = [(one.label, one.key) for one in source.fields if one.is_shown]
        form = QFormLayout(self)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._sorts: list[tuple[SearchCombo, QComboBox]] = []
        for n in range(_SORTS):
            box, direction = self._field_box(f"sort_{n}", f"排序{_NUMERALS[n]}"), QComboBox()
            direction.setObjectName(f"sort_{n}_direction")
            direction.setAccessibleName(f"排序{_NUMERALS[n]}的方向")
            direction.addItem("从小到大", False)
            direction.addItem("从大到小", True)
            line = QHBoxLayout()
            line.addWidget(box)
            line.addWidget(direction)
            line.addStretch(1)
            form.addRow("先按" if n == 0 else "再按", line)
            self._sorts.append((box, direction))
        self._groups = [self._field_box(f"group_{n}", f"分组{_NUMERALS[n]}") for n in range(_GROUPS)]
        for n, box in enumerate(self._groups):
            form.addRow("分组" if n == 0 else "组里再分", box)
        hint = QLabel("每组有户数或条数和小计；日期、年月按年分组。不选则不排序、不分组。")
        hint.setProperty("quiet", True)
        hint.setWordWrap(True)
        form.addRow(hint)

    def _field_box(self, name: str, label: str) -> SearchCombo:
        box = SearchCombo(name, label, [("（不选）", ""), *self._shown])
        box.set_key("")
        box.setFixedWidth(_WIDTH)
        return box

    def show_order(self, sort: Sequence[SortKey], groups: Sequence[str]) -> None:
        """Put in what a view says; nothing where it says nothing."""
        for n, (box, direction) in enumerate(self._sorts):
            box.set_key(sort[n].field if n < len(sort) else "")
            direction.setCurrentIndex(int(n < len(sort) and sort[n].descending))
        for n, box in enumerate(self._groups):
            box.set_key(groups[n] if n < len(groups) else "")

    def sort(self) -> tuple[SortKey, ...]:
        """What is chosen, each field once."""
        chosen: dict[str, bool] = {}
        for box, direction in self._sorts:
            if box.key:
                chosen.setdefault(box.key, bool(direction.currentData()))
        return tuple(SortKey(key, descending) for key, descending in chosen.items())

    def groups(self) -> tuple[str, ...]:
        """What is chosen, each field once."""
        return tuple(dict.fromkeys(box.key for box in self._groups if box.key))
