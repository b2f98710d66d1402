"""Which columns a list shows, in which order."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.list_views.list_source import ListSource
from ui.widgets.pinyin import initials
from ui.widgets.search_line import SearchLine

_KEY_ROLE = int(Qt.ItemDataRole.UserRole)


class ColumnsPane(QWidget):
    """Every field that can be a column, those that are shown first; 空格 chooses, Ctrl+↑ and Ctrl+↓ move."""

    def __init__(self, source: ListSource) -> None:
        super().__init__()
        self._source = source
        self.search = SearchLine("column_search", "查找列", "列名或拼音首字母")
        self.search.textChanged.connect(self._narrow)
        self.list = QListWidget()
        self.list.setObjectName("column_list")
        self.list.setAccessibleName("显示的列")
        self.search.lead_to(self.list)
        hint = QLabel("空格选上或去掉，Ctrl+↑、Ctrl+↓ 换位置。")
        hint.setProperty("quiet", True)
        for keys, step in (("Ctrl+Up", -1), ("Ctrl+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda step=step: self._move(step))
        layout = QVBoxLayout(self)
        for widget in (self.search, self.list, hint):
            layout.addWidget(widget)

    def show_columns(self, keys: Sequence[str]) -> None:
        """These are chosen, in this order."""
        self.list.clear()
        labels = {one.key: one.label for one in self._source.fields if one.is_shown}
        shown = [key for key in keys if key in labels]
        for key in (*shown, *(key for key in labels if key not in shown)):
            item = QListWidgetItem(labels[key], self.list)
            item.setData(_KEY_ROLE, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in shown else Qt.CheckState.Unchecked)
        self.list.setCurrentRow(0)

    def columns(self) -> tuple[str, ...]:
        """What is chosen, in its order."""
        items = [self.list.item(n) for n in range(self.list.count())]
        return tuple(item.data(_KEY_ROLE) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _narrow(self, typed: str) -> None:
        """The first that is left becomes current, so that Tab and 空格 choose it."""
        items = [self.list.item(n) for n in range(self.list.count())]
        for item in items:
            item.setHidden(typed.casefold() not in f"{item.text()} {initials(item.text())}".casefold())
        if first := next((item for item in items if not item.isHidden()), None):
            self.list.setCurrentItem(first)

    def _move(self, step: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + step < self.list.count():
            self.list.insertItem(row + step, self.list.takeItem(row))
            self.list.setCurrentRow(row + step)
