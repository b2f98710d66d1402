"""The two sides of a page: on a narrow page both give way, and a handle that was moved stays."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QSplitter, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.two_sides import two_sides

UI = Path(__file__).parents[2] / "ui"


@pytest.fixture
def sides(qtbot: QtBot) -> Iterator[QSplitter]:
    """Those of a page that is shown."""
    page = QWidget()
    qtbot.addWidget(page)
    made = two_sides(QWidget(), QWidget(), (450, 720), page)
    page.resize(1500, 300)
    page.show()
    yield made
    page.close()


@pytest.mark.parametrize(("width", "left"), [(1170, 450), (1400, 450), (585, 225)])
def test_a_wide_page_gives_to_the_right_and_a_narrow_one_takes_from_both(
    sides: QSplitter, width: int, left: int
) -> None:
    for size in (800, width):
        sides.resize(size, 300)
    assert sides.sizes()[0] == pytest.approx(left, abs=sides.handleWidth())


def test_a_handle_that_was_moved_stays_where_it_is(qtbot: QtBot, sides: QSplitter) -> None:
    sides.resize(1170, 300)
    handle = sides.handle(1)
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(1, 150))
    qtbot.mouseMove(handle, QPoint(-149, 150))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(-149, 150))
    assert sides.sizes()[0] == pytest.approx(300, abs=sides.handleWidth())
    sides.resize(1000, 300)
    assert sides.sizes()[0] == pytest.approx(300, abs=sides.handleWidth())


def test_no_splitter_is_made_without_an_owner() -> None:
    """It would be a window of its own until it is laid out, and dress both sides twice."""
    made_where = {
        f"{path.relative_to(UI)}:{call.lineno}": [ast.unparse(argument) for argument in call.args]
        for path in UI.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "QSplitter"
    }
    assert len(made_where) > 5
    assert [where for where, arguments in made_where.items() if arguments[-1:] != ["self"]] == []
