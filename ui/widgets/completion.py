"""Lists of what fits, offered while one types."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QCompleter, QWidget

from ui.shell.theme import dress
from ui.widgets.pinyin import initials

SEARCH_ROLE = int(Qt.ItemDataRole.UserRole) + 1  # of an item: what is looked through, `searched_text`


def searched_text(label: str) -> str:
    """What a label is found by: any part of it, or of its initials."""
    return f"{label} {initials(label)}"


class ListCompleter(QCompleter):
    """Offers its list as a window without a parent, which is made and dressed once something is typed."""

    def splitPath(self, path: str) -> list[str]:
        popup = self.popup()
        if popup is not None and not popup.styleSheet():
            dress(popup)
        return super().splitPath(path)


class LabelCompleter(ListCompleter):
    """Looks through labels and initials (SEARCH_ROLE), and puts in the label."""

    def __init__(self, model: QAbstractItemModel, parent: QWidget) -> None:
        super().__init__(model, parent)
        self.setCompletionRole(SEARCH_ROLE)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data() or "")
