"""Lists of what fits, offered while one types."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QCompleter

from ui.shell.theme import dress


class ListCompleter(QCompleter):
    """Offers its list as a window without a parent, which is made and dressed once something is typed."""

    def splitPath(self, path: str) -> list[str]:
        popup = self.popup()
        if popup is not None and not popup.styleSheet():
            dress(popup)
        return super().splitPath(path)


class LabelCompleter(ListCompleter):
    """Looks through labels and initials, and puts in the label."""

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data() or "")
