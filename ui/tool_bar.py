"""The bar over a page: its title, its actions, and, where there is room, the key of each."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolBar, QToolButton, QWidget

from ui.style import QUIET

_GAP = 8  # pixels between an action's name and its key


class _Button(QToolButton):
    """An action with its key in small quiet letters behind its name."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self.setDefaultAction(action)
        self.setObjectName(f"{action.objectName()}Button")
        self.setAccessibleName(action.text())
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every action has its key
        self._key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self._small = QFont(self.font())
        self._small.setPixelSize(11)
        self.shows_key = True

    def key_width(self) -> int:
        return QFontMetrics(self._small).horizontalAdvance(self._key) + _GAP if self._key else 0

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(size.width() + (self.key_width() if self.shows_key else 0), size.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.shows_key and self._key:
            painter = QPainter(self)
            painter.setFont(self._small)
            painter.setPen(QColor(QUIET if self.isEnabled() else "#B4BDB8"))
            flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(self.rect().adjusted(0, 0, -8, 0), flags, self._key)
            painter.end()


class PageBar(QToolBar):
    """Title and actions of the page that is shown. Keys go first when the window is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tools")
        self.setIconSize(QSize(18, 18))
        self.setMovable(False)
        self._title = QLabel()
        self._title.setObjectName("pageTitle")
        self._title.setProperty("pageTitle", True)
        self._buttons: list[_Button] = []
        self._places: list[QAction] = []

    def show_page(self, title: str, actions: list[QAction]) -> None:
        """Another page's title and actions take the place of these."""
        for place in self._places:
            self.removeAction(place)
            place.deleteLater()
        self._buttons = [_Button(action) for action in actions]
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(4, 0, 14, 0)
        self._title = QLabel(title)
        self._title.setObjectName("pageTitle")
        self._title.setProperty("pageTitle", True)
        line.addWidget(self._title)
        self._places = [self.addWidget(widget) for widget in (holder, *self._buttons)]
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Keys are shown if all actions fit with them; the tool bar itself folds what does not fit even without."""
        bare = sum(QToolButton.sizeHint(button).width() + 6 for button in self._buttons)
        keys = sum(button.key_width() for button in self._buttons)
        room = self.width() - self._title.sizeHint().width() - 60
        for button in self._buttons:
            if button.shows_key != (bare + keys <= room):
                button.shows_key = bare + keys <= room
                button.updateGeometry()
                button.update()
