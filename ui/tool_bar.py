"""The bar over a page: its title, its actions, and, where there is room, the key of each."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QActionEvent, QColor, QFont, QFontMetrics, QIcon, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolBar,
    QToolButton,
    QWidget,
)

from ui.keys import said
from ui.style import INK, QUIET

_SIDE, _PICTURE, _NEAR, _GAP = 8, 18, 5, 7  # pixels: margin, icon, icon to name, name to key
_OFF = "#A3ADA8"


class _Button(QToolButton):
    """An action: icon, name, and its key in small quiet letters."""

    def __init__(self, action: QAction, changed: Callable[[], object]) -> None:
        """`changed`: done when the action has another name, or is shown or not."""
        super().__init__()
        self._changed = changed
        self.setDefaultAction(action)
        self.setObjectName(f"{action.objectName()}Button")
        self.setAccessibleName(action.text())
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every action has its key
        self._key = said(action.shortcut())
        self._small = QFont(self.font())
        self._small.setPixelSize(11)
        self.shows_key = True

    def width_of(self, with_key: bool) -> int:
        """Pixels it takes."""
        name = self.fontMetrics().horizontalAdvance(self.text())
        picture = 0 if self.icon().isNull() else _PICTURE + _NEAR
        key = QFontMetrics(self._small).horizontalAdvance(self._key) + _GAP if with_key and self._key else 0
        return 2 * _SIDE + picture + name + key

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self.shows_key), max(32, self.fontMetrics().height() + 12))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def actionEvent(self, event: QActionEvent) -> None:
        super().actionEvent(event)
        if event.type() == QEvent.Type.ActionChanged:
            self.setAccessibleName(self.text())
            self._changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        frame = QStyleOptionToolButton()
        self.initStyleOption(frame)
        frame.text, frame.icon = "", QIcon()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, frame)
        left, middle = _SIDE, Qt.AlignmentFlag.AlignVCenter
        if not self.icon().isNull():
            state = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
            self.icon().paint(
                painter, left, (self.height() - _PICTURE) // 2, _PICTURE, _PICTURE, Qt.AlignmentFlag.AlignCenter, state
            )
            left += _PICTURE + _NEAR
        inside = self.rect().adjusted(left, 0, -_SIDE, 0)
        painter.setPen(QColor(INK if self.isEnabled() else _OFF))
        painter.drawText(inside, int(middle | Qt.AlignmentFlag.AlignLeft), self.text())
        if self.shows_key and self._key:
            painter.setFont(self._small)
            painter.setPen(QColor(QUIET if self.isEnabled() else _OFF))
            painter.drawText(inside, int(middle | Qt.AlignmentFlag.AlignRight), self._key)


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
        self._buttons = [_Button(action, self._fit) for action in actions]
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
        for place, button in zip(self._places[1:], self._buttons, strict=False):
            if place.isVisible() != button.defaultAction().isVisible():
                place.setVisible(button.defaultAction().isVisible())
        room = self.width() - self._title.sizeHint().width() - 60
        shown = [button for button in self._buttons if button.defaultAction().isVisible()]
        fits = sum(button.width_of(with_key=True) + 4 for button in shown) <= room
        for button in self._buttons:
            button.shows_key = fits
            button.updateGeometry()
            button.update()
