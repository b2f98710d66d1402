"""Every number that is counted up and down keeps its distance from the edge, as what is typed elsewhere does."""

import re
from pathlib import Path

from pytestqt.qtbot import QtBot

from ui.widgets.number_box import NumberBox

UI = Path(__file__).parents[2] / "ui"


def test_a_number_does_not_stick_to_the_edge(qtbot: QtBot) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    assert box.lineEdit().textMargins().left() == 6


def test_no_window_makes_a_bare_spin_box() -> None:
    bare = [path.name for path in UI.rglob("*.py") if re.search(r"\bQSpinBox\(\w*\)(?!:)", path.read_text("utf-8"))]
    assert bare == []
