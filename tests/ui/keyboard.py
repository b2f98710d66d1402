"""Typing as an officer does: shortcuts into the window that is active, Chinese from an input method."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

CLIPBOARD = {"Ctrl+V", "Ctrl+Z", "Ctrl+Y"}  # in a field they are about its text; the window's undo has tests of its own


def press_shortcut(qtbot, page, keys: str) -> None:
    """Press a shortcut, e.g. "Ctrl+J", once the page's window has the keyboard again (after a dialog)."""
    window = page.window()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    QTest.keySequence(page, QKeySequence(keys))


def compose(widget: QWidget, text: str) -> None:
    """Commit a text into a widget, which then reacts as to typing: what it offers is shown when this returns."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)
    QApplication.processEvents()


def keys(text: str = "", *after: Qt.Key) -> None:
    """Type into what has the focus, then press these keys; what pops up meanwhile gets them first, as from a screen."""
    for key in (*text, *after):
        QTest.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget(), key)
        QApplication.processEvents()  # nobody presses the next one before this one is answered


def press_in(qtbot, dialog: QWidget, shortcut: str | Qt.Key) -> None:
    """Press a shortcut in a dialog that is shown; a list that it offers has the keyboard first."""
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    QTest.keySequence(QApplication.activePopupWidget() or dialog, shortcut)


def is_claimed(field: QWidget, keys: str) -> bool:
    """Whether the field takes the key before any shortcut sees it."""
    combination = QKeySequence(keys)[0]
    event = QKeyEvent(QEvent.Type.ShortcutOverride, combination.key(), combination.keyboardModifiers())
    event.ignore()
    QApplication.sendEvent(field, event)
    return event.isAccepted()


def is_for_fields(shortcut: QKeySequence) -> bool:
    """Letters and bare keys belong to who types, and the clipboard to the text."""
    bare = shortcut[0].keyboardModifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    is_function_key = Qt.Key.Key_F1 <= shortcut[0].key() <= Qt.Key.Key_F35
    return (not bare or is_function_key) and shortcut.toString() not in CLIPBOARD


class Keyboard:
    """Keys that go through the window system: to whatever window, popup or editor has the keyboard, shortcuts first.

    Attributes:
        strokes: how many keys and clicks were given, without the text itself
    """

    def __init__(self, qtbot, window: QWidget) -> None:
        self._qtbot, self._window = qtbot, window
        self.strokes = 0

    def press(self, *keys: str) -> None:
        """Press one key or chord after another, each counted as one stroke."""
        for key in keys:
            QTest.keySequence(self._focus_window(), QKeySequence(key))
            QApplication.processEvents()
            self.strokes += 1

    def choose(self, initials: str) -> None:
        """Type letters that choose in a list: each is a stroke."""
        self.type(initials)
        self.strokes += len(initials)

    def type(self, text: str) -> None:
        """Type a text; Chinese comes as from an input method."""
        for character in text:
            if character.isascii():
                QTest.keyClick(self._focus_window(), character)
            else:
                compose(QApplication.focusWidget(), character)
        QApplication.processEvents()

    def click(self, widget: QWidget) -> None:
        """Click on a button."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.strokes += 1

    def wait(self) -> None:
        """Until the window has done what it was told."""
        self._qtbot.waitUntil(lambda: self._window.tasks.is_idle)
        self._qtbot.wait(5)
        self._qtbot.waitUntil(lambda: self._window.tasks.is_idle)

    def _focus_window(self):
        """The window that has the keyboard; offscreen nobody hands it on when a dialog opens or closes."""
        top = QApplication.activeModalWidget() or self._window
        if QApplication.activePopupWidget() is None and not top.isActiveWindow():
            top.activateWindow()
            self._qtbot.waitUntil(top.isActiveWindow)
        return QApplication.focusWindow()
