"""The rail at the left: pages with icon and title, below them what can always be done; folds to its icons."""

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QToolButton, QVBoxLayout, QWidget

from ui.shell.shortcut_text import display_text
from ui.widgets.icons import QUIET, icon

COLLAPSED_WIDTH = 52  # pixels: an icon and its margins


class Navigation(QFrame):
    """Pages by name.

    Signals:
        page_selected: name of the page the officer asks for
    """

    page_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._titles: dict[str, str] = {}
        self.page_list = QListWidget()
        self.page_list.setObjectName("navigation")
        self.page_list.setAccessibleName("页面")
        self.page_list.setIconSize(QSize(20, 20))
        self.page_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page_list.currentItemChanged.connect(self._on_current_changed)
        self._footer = QVBoxLayout()
        self._footer.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(0)
        layout.addWidget(self.page_list, 1)
        layout.addLayout(self._footer)
        self._buttons: list[QToolButton] = []
        self.collapsed = str(QSettings("hudang", "hudang").value("folded")) == "true"

    def add_page(self, name: str, title: str, icon_name: str, shortcut: str) -> None:
        """One more page, in the order of calls."""
        self._titles[name] = title
        item = QListWidgetItem(icon(icon_name), title)
        item.setData(Qt.ItemDataRole.UserRole, name)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, title)
        item.setToolTip(f"{title}（{shortcut}）" if shortcut else title)
        self.page_list.addItem(item)

    def add_action(self, action: QAction, icon_name: str) -> None:
        """Something that can be done on every page, at the foot."""
        action.setIcon(icon(icon_name, QUIET))
        button = QToolButton()
        button.setObjectName(f"{action.objectName()}Button")
        button.setProperty("foot", True)
        button.setDefaultAction(action)
        button.setToolTip(f"{action.text()}（{display_text(action.shortcut())}）")
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setIconSize(QSize(18, 18))
        self._buttons.append(button)
        self._footer.addWidget(button)

    def set_current(self, name: str) -> None:
        """Show which page is open; a page that is not listed leaves the mark where it was."""
        self.page_list.blockSignals(True)
        for n in range(self.page_list.count()):
            if self.page_list.item(n).data(Qt.ItemDataRole.UserRole) == name:
                self.page_list.setCurrentRow(n)
        self.page_list.blockSignals(False)

    def set_collapsed(self, collapsed: bool) -> None:
        """Only icons, or titles as well; remembered."""
        self.collapsed = collapsed
        QSettings("hudang", "hudang").setValue("folded", "true" if collapsed else "false")
        character_width = self.fontMetrics().horizontalAdvance("字")
        self.setFixedWidth(COLLAPSED_WIDTH if collapsed else max(160, 11 * character_width))
        for n in range(self.page_list.count()):
            item = self.page_list.item(n)
            item.setText("" if collapsed else self._titles[item.data(Qt.ItemDataRole.UserRole)])
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if collapsed else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self._buttons:
            button.setToolButtonStyle(style)

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.page_selected.emit(item.data(Qt.ItemDataRole.UserRole))
