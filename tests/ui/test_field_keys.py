"""Keys of actions while the focus is in a text field, as under X11, where a field edits with Ctrl+E, K, U and D."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from tests.ui.keyboard import is_claimed
from ui.shell.field_keys import FieldKeys

FIELDS = {"line": QLineEdit, "box": QPlainTextEdit, "choice": QComboBox}


@pytest.fixture
def panel(qtbot):
    """A window with one field of each kind, a grid and no shortcut."""
    panel = QWidget()
    qtbot.addWidget(panel)
    panel.field_keys = FieldKeys(panel)
    for name, kind in FIELDS.items():
        field = kind(panel)
        field.setObjectName(name)
        if isinstance(field, QComboBox):
            field.setEditable(True)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return panel


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_keeps_what_edits_its_text(panel, name):
    field = panel.findChild(QWidget, name)
    field.setFocus()
    for keys in ("Ctrl+Delete", "Ctrl+Shift+Z", "Ctrl+Backspace", "Ctrl+E", "Ctrl+U"):
        assert not is_claimed(field, keys), keys
    for keys in ("Ctrl+C", "Ctrl+V", "Ctrl+A", "Ctrl+Left", "Home", "Shift+End", "A", "Backspace"):
        assert is_claimed(field, keys), keys


def test_a_key_without_an_action_leaves_the_text_alone(panel):
    field = panel.findChild(QLineEdit, "line")
    field.setText("双包责任人")
    field.setFocus()
    field.setCursorPosition(0)
    for keys in ("Ctrl+U", "Ctrl+K", "Ctrl+D"):
        QTest.keySequence(field, QKeySequence(keys))
    assert field.text() == "双包责任人"


def test_an_editor_in_a_grid_keeps_ctrl_delete(qtbot):
    grid = QTableWidget(1, 1)
    qtbot.addWidget(grid)
    keys = FieldKeys(grid)
    grid.setItem(0, 0, QTableWidgetItem("低保"))
    with qtbot.waitActive(grid):
        grid.show()
        grid.activateWindow()
    grid.editItem(grid.item(0, 0))
    editor = grid.findChild(QLineEdit)
    qtbot.waitUntil(editor.hasFocus)
    assert keys.parent() is grid
    assert is_claimed(editor, "Ctrl+Delete")
    assert not is_claimed(editor, "Ctrl+E")


def test_a_field_that_is_gone_is_forgotten(qtbot, panel):
    field = panel.findChild(QLineEdit, "line")
    field.setFocus()
    field.deleteLater()
    qtbot.wait(10)
    box = panel.findChild(QPlainTextEdit, "box")
    box.setFocus()
    assert not is_claimed(box, "Ctrl+E")


_UNDER_X11 = """
import sys
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from ui.shell.field_keys import FieldKeys

application = QApplication(sys.argv)
assert QKeySequence.keyBindings(QKeySequence.StandardKey.DeleteCompleteLine), "not the keys of X11"
window, done = QWidget(), []
field, keys = QLineEdit("text", window), FieldKeys(window)
for shortcut in ("Ctrl+E", "Ctrl+K", "Ctrl+D", "Ctrl+Delete"):
    action = QAction(window)
    action.setShortcut(shortcut)
    action.triggered.connect(lambda _, shortcut=shortcut: done.append(shortcut))
    window.addAction(action)
window.show()
assert QTest.qWaitForWindowExposed(window)
window.activateWindow()
assert QTest.qWaitForWindowActive(window)
field.setFocus()
field.setCursorPosition(0)
for shortcut in ("Ctrl+E", "Ctrl+K", "Ctrl+D", "Ctrl+Delete", "Ctrl+U"):
    QTest.keySequence(field, QKeySequence(shortcut))
print(",".join(done), field.text())
"""


@pytest.mark.skipif(not shutil.which("xvfb-run"), reason="needs an X server")
def test_under_x11(tmp_path):
    child = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-c", _UNDER_X11],
        env=os.environ | {"QT_QPA_PLATFORM": "xcb"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.stdout.strip() == "Ctrl+E,Ctrl+K,Ctrl+D,Ctrl+Delete text", child.stderr
