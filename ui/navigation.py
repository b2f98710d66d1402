"""The rail at the left: pages with icon and title, below them what can always be done; folds to its icons."""

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QToolButton, QVBoxLayout, QWidget

from ui.icons import QUIET, icon
from ui.keys import said

FOLDED = 52  # pixels: an icon and its margins


class Navigation(QFrame):
    """Pages by name.

    Signals:
        chosen: name of the page the officer asks for
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._titles: dict[str, str] = {}
        self.list = QListWidget()
        self.list.setObjectName("navigation")
        self.list.setAccessibleName("页面")
        self.list.setIconSize(QSize(20, 20))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._pointed)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 6)
        whole.setSpacing(0)
        whole.addWidget(self.list, 1)
        whole.addLayout(self._foot)
        self._buttons: list[QToolButton] = []
        self.folded = str(QSettings("hudang", "hudang").value("folded")) == "true"

    def add_page(self, name: str, title: str, drawn: str, shortcut: str) -> None:
        """One more page, in the order of calls."""
        self._titles[name] = title
        item = QListWidgetItem(icon(drawn), title)
        item.setData(Qt.ItemDataRole.UserRole, name)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, title)
        item.setToolTip(f"{title}（{shortcut}）" if shortcut else title)
        self.list.addItem(item)

    def add_action(self, action: QAction, drawn: str) -> None:
        """Something that can be done on every page, at the foot."""
        action.setIcon(icon(drawn, QUIET))
        button = QToolButton()
        button.setObjectName(f"{action.objectName()}Button")
        button.setProperty("foot", True)
        button.setDefaultAction(action)
        button.setToolTip(f"{action.text()}（{said(action.shortcut())}）")
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setIconSize(QSize(18, 18))
        self._buttons.append(button)
        self._foot.addWidget(button)

    def mark(self, name: str) -> None:
        """Show which page is open; a page that is not listed leaves the mark where it was."""
        self.list.blockSignals(True)
        for n in range(self.list.count()):
            if self.list.item(n).data(Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentRow(n)
        self.list.blockSignals(False)

    def fold(self, folded: bool) -> None:
        """Only icons, or titles as well; remembered."""
        self.folded = folded
        QSettings("hudang", "hudang").setValue("folded", "true" if folded else "false")
        letter = self.fontMetrics().horizontalAdvance("字")
        self.setFixedWidth(FOLDED if folded else max(160, 11 * letter))
        for n in range(self.list.count()):
            item = self.list.item(n)
            item.setText("" if folded else self._titles[item.data(Qt.ItemDataRole.UserRole)])
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if folded else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self._buttons:
            button.setToolButtonStyle(style)

    def _pointed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
