"""Files dragged onto the window: the events that the window system delivers, from entering to letting go.

They are sent to the window of the system, so that Qt itself looks for the widget below the mouse that takes them.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import wait_until_idle


def drag_onto(window: QWidget, *paths: Path) -> bool:
    """Drag files over the middle of the window and let them go; returns whether they were taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    handle, middle = window.windowHandle(), window.rect().center().toPointF()
    copy, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter, move = (kind(middle, copy, data, buttons, keys) for kind in (QDragEnterEvent, QDragMoveEvent))
    QApplication.sendEvent(handle, enter)
    if not enter.isAccepted():
        return False
    move.setDropAction(copy)
    move.accept()  # as Qt does: to accept the entering is enough
    QApplication.sendEvent(handle, move)
    if not move.isAccepted():
        return False
    drop = QDropEvent(middle, copy, data, buttons, keys)
    QApplication.sendEvent(handle, drop)
    return drop.isAccepted()


@pytest.mark.parametrize(
    ("name", "page"), [("花名册.xlsx", "roster_import"), ("包.hdpack", "sync"), ("名片.HDCARD", "sync")]
)
def test_files_that_are_dragged_onto_the_window_go_to_their_page(qtbot, window, tmp_path, name, page):
    wait_until_idle(qtbot, window)
    (tmp_path / name).write_bytes(b"x")
    assert drag_onto(window, tmp_path / name)
    assert window.current == page
    wait_until_idle(qtbot, window)


def test_what_no_page_takes_is_not_taken(qtbot, window, tmp_path):
    wait_until_idle(qtbot, window)
    before = window.current
    assert not drag_onto(window, tmp_path / "歌.mp3")
    assert window.current == before
