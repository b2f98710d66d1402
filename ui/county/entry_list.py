"""What can be edited, kind by kind, with a box that narrows it down."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.county.sheet import EntryRef
from ui.widgets.pinyin import initials
from ui.widgets.search_line import SearchLine

_ENTRY_ROLE = Qt.ItemDataRole.UserRole
_CHANGED = "　·　本县"


class EntryList(QWidget):
    """The list at the left.

    Signals:
        entry_chosen: kind and name of another entry
    """

    entry_chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[EntryRef, ...] = ()
        self._groups: tuple[tuple[str, str], ...] = ()
        self.search = SearchLine("searchCounty", "查找规定", "名称或拼音首字母（Ctrl+F）")
        self.search.paused.connect(self._fill)
        self.tree = QTreeWidget()
        self.tree.setObjectName("countyEntries")
        self.tree.setAccessibleName("县里的规定")
        self.tree.setHeaderHidden(True)
        self.search.lead_to(self.tree, by_enter=True)
        self.tree.currentItemChanged.connect(lambda item, _: self._on_current(item))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)

    def show_entries(self, groups: Sequence[tuple[str, str]], entries: Sequence[EntryRef]) -> None:
        """All entries; the current one stays."""
        self._groups, self._entries = tuple(groups), tuple(entries)
        self._fill()

    @property
    def current(self) -> tuple[str, str]:
        """Kind and name of the entry that is pointed at; "" for none."""
        item = self.tree.currentItem()
        found: tuple[str, str] | None = item.data(0, _ENTRY_ROLE) if item is not None else None
        return tuple(found) if found else ("", "")  # type: ignore[return-value]

    def select(self, kind: str, name: str) -> None:
        """Point at an entry without saying so."""
        item = self._item_of(kind, name)
        self.tree.blockSignals(True)
        if item is not None:
            self.tree.setCurrentItem(item)
        self.tree.blockSignals(False)

    def _fill(self) -> None:
        typed, current = self.search.text().strip().lower(), self.current
        self.tree.blockSignals(True)
        self.tree.clear()
        for kind, title in self._groups:
            found = [one for one in self._entries if one.kind == kind and _fits(one, typed)]
            if len(found) == 1 and not found[0].name:
                self.tree.addTopLevelItem(_item(found[0]))
            elif found:
                group = QTreeWidgetItem([f"{title}（{len(found)}）"])
                group.setFlags(Qt.ItemFlag.ItemIsEnabled)
                group.addChildren([_item(one) for one in found])
                self.tree.addTopLevelItem(group)
                group.setExpanded(bool(typed) or kind == current[0] or len(found) < 12)
        self.tree.blockSignals(False)
        self.select(*current)

    def _item_of(self, kind: str, name: str) -> QTreeWidgetItem | None:
        pending = [self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount())]
        while pending:
            item = pending.pop()
            if item is None:
                continue
            if item.data(0, _ENTRY_ROLE) == (kind, name):
                return item
            pending += [item.child(n) for n in range(item.childCount())]
        return None

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, _ENTRY_ROLE):
            self.entry_chosen.emit(*item.data(0, _ENTRY_ROLE))


def _fits(entry: EntryRef, typed: str) -> bool:
    return not typed or typed in entry.title.lower() or typed in initials(entry.title)


def _item(entry: EntryRef) -> QTreeWidgetItem:
    item = QTreeWidgetItem([entry.title + (_CHANGED if entry.changed else "")])
    item.setData(0, _ENTRY_ROLE, (entry.kind, entry.name))
    return item
