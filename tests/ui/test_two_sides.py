"""The two sides of a page: on a narrow page both give way, and a handle that was moved stays."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.two_sides import two_sides


@pytest.mark.parametrize(("width", "left"), [(1170, 450), (1400, 450), (585, 225)])
def test_a_wide_page_gives_to_the_right_and_a_narrow_one_takes_from_both(qtbot: QtBot, width: int, left: int) -> None:
    sides = two_sides(QWidget(), QWidget(), (450, 720))
    qtbot.addWidget(sides)
    sides.show()
    for size in (800, width):
        sides.resize(size, 300)
    assert sides.sizes()[0] == pytest.approx(left, abs=sides.handleWidth())


def test_a_handle_that_was_moved_stays_where_it_is(qtbot: QtBot) -> None:
    sides = two_sides(QWidget(), QWidget(), (450, 720))
    qtbot.addWidget(sides)
    sides.resize(1170, 300)
    sides.show()
    handle = sides.handle(1)
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(1, 150))
    qtbot.mouseMove(handle, QPoint(-149, 150))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(-149, 150))
    assert sides.sizes()[0] == pytest.approx(300, abs=sides.handleWidth())
    sides.resize(1000, 300)
    assert sides.sizes()[0] == pytest.approx(300, abs=sides.handleWidth())
