"""The bar over a page: its title, its actions, and, where there is room, the key of each."""

from collections.abc import Callable
from itertools import zip_longest

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

from ui.shell.shortcut_text import display_text
from ui.shell.theme import tokens

_PADDING, _ICON_SIZE, _ICON_GAP, _KEY_GAP = 8, 18, 5, 7  # pixels: margin, icon, icon to name, name to key


class _ActionButton(QToolButton):
    """An action: icon, name, and its key in small quiet letters."""

    def __init__(self, on_change: Callable[[], object]) -> None:
        """`on_change`: done when the action has another name, or is shown or not."""
        super().__init__()
        self._sizes: dict[bool, QSize] = {}  # with its key and without
        self._on_change = on_change
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every action has its key
        self._key_text = ""
        self._key_font = QFont(self.font())
        self._key_font.setPixelSize(11)
        self.shows_key = True

    def set_action(self, action: QAction | None) -> None:
        """The action that it stands for from now on, None: none at all, until another page has as many."""
        for earlier in self.actions():
            self.removeAction(earlier)
        self.setObjectName(f"{action.objectName()}Button" if action else "")
        self._key_text = display_text(action.shortcut()) if action else ""
        self._sizes.clear()
        if action is not None:
            self.setDefaultAction(action)
            self.setAccessibleName(action.text())

    def width_of(self, with_key: bool) -> int:
        """Pixels it takes."""
        return self._size(with_key).width()

    def _size(self, with_key: bool) -> QSize:
        """The bar asks for it hundreds of times while it is laid out."""
        size = self._sizes.get(with_key)
        if size is None:
            metrics = self.fontMetrics()
            name = metrics.horizontalAdvance(self.text())
            icon_width = 0 if self.icon().isNull() else _ICON_SIZE + _ICON_GAP
            key = (
                QFontMetrics(self._key_font).horizontalAdvance(self._key_text) + _KEY_GAP
                if with_key and self._key_text
                else 0
            )
            size = self._sizes[with_key] = QSize(2 * _PADDING + icon_width + name + key, max(32, metrics.height() + 12))
        return size

    def sizeHint(self) -> QSize:
        return self._size(self.shows_key)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        self._sizes.clear()  # it may have another font
        super().changeEvent(event)

    def actionEvent(self, event: QActionEvent) -> None:
        super().actionEvent(event)
        self._sizes.clear()
        if event.type() == QEvent.Type.ActionChanged:
            self.setAccessibleName(self.text())
            self._on_change()

    def paintEvent(self, event: QPaintEvent) -> None:
        style_option = QStyleOptionToolButton()
        self.initStyleOption(style_option)
        style_option.text, style_option.icon = "", QIcon()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, style_option)
        x, middle = _PADDING, Qt.AlignmentFlag.AlignVCenter
        if not self.icon().isNull():
            state = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
            self.icon().paint(
                painter,
                x,
                (self.height() - _ICON_SIZE) // 2,
                _ICON_SIZE,
                _ICON_SIZE,
                Qt.AlignmentFlag.AlignCenter,
                state,
            )
            x += _ICON_SIZE + _ICON_GAP
        text_rect = self.rect().adjusted(x, 0, -_PADDING, 0)
        painter.setPen(QColor(tokens().ink if self.isEnabled() else tokens().edge))
        painter.drawText(text_rect, int(middle | Qt.AlignmentFlag.AlignLeft), self.text())
        if self.shows_key and self._key_text:
            painter.setFont(self._key_font)
            painter.setPen(QColor(tokens().quiet if self.isEnabled() else tokens().edge))
            painter.drawText(text_rect, int(middle | Qt.AlignmentFlag.AlignRight), self._key_text)


class PageBar(QToolBar):
    """Title and actions of the page that is shown. Keys go first when the window is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tools")
        self.setIconSize(QSize(18, 18))
        self.setMovable(False)
        title_holder = QWidget()
        layout = QHBoxLayout(title_holder)
        layout.setContentsMargins(4, 0, 14, 0)
        self._title = QLabel()
        self._title.setObjectName("pageTitle")
        self._title.setProperty("pageTitle", True)
        layout.addWidget(self._title)
        self.addWidget(title_holder)
        self._buttons: list[_ActionButton] = []  # as many as the page with the most actions has asked for
        self._bar_actions: list[QAction] = []  # of each button, by which the bar shows it
        self._shown: list[_ActionButton] = []  # those of this page

    def show_page(self, title: str, actions: list[QAction]) -> None:
        """Another page's title and actions take the place of these.

        The buttons stay: to take one out of the bar and to style another one takes 4 ms, half the time of a page.
        """
        self._title.setText(title)
        while len(self._buttons) < len(actions):
            button = _ActionButton(self._fit_buttons)
            self._buttons.append(button)
            self._bar_actions.append(self.addWidget(button))
        self._shown = []  # what the buttons tell meanwhile is of no interest
        for button, bar_action, action in zip_longest(self._buttons, self._bar_actions, actions):
            bar_action.setVisible(action is not None)  # which enables the button, whatever its action says
            button.set_action(action)
        self._shown = self._buttons[: len(actions)]
        self._fit_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        """Keys are shown if all actions fit with them; the tool bar itself folds what does not fit even without."""
        for bar_action, button in zip(self._bar_actions, self._shown, strict=False):
            if bar_action.isVisible() != button.defaultAction().isVisible():
                bar_action.setVisible(button.defaultAction().isVisible())
                button.setEnabled(button.defaultAction().isEnabled())
        available = self.width() - self._title.sizeHint().width() - 60
        visible = [button for button in self._shown if button.defaultAction().isVisible()]
        fits = sum(button.width_of(with_key=True) + 4 for button in visible) <= available
        for button in self._shown:
            button.shows_key = fits
            button.updateGeometry()
            button.update()
