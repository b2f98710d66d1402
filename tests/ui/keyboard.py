"""Typing as an officer does: shortcuts into the window that is active, Chinese from an input method."""

from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def press_shortcut(qtbot, page, keys: str) -> None:
    """Press a shortcut, e.g. "Ctrl+J", once the page's window has the keyboard again (after a dialog)."""
    window = page.window()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=5000)
    QTest.keySequence(page, QKeySequence(keys))


def compose(widget: QWidget, text: str) -> None:
    """Commit a text into a widget, which then reacts as to typing."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)
