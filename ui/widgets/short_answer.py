"""One thing that is asked for in a dialog of its own: an entry of a list, a year, a few words."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.number_box import NumberBox

_WIDTH = 380  # pixels


class _ShortAnswer(Dialog):
    """A question above its control; Enter takes what stands there."""

    def __init__(self, parent: QWidget, title: str, question: str, control: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("short_answer")
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        label = QLabel(question)
        label.setWordWrap(True)
        label.setBuddy(control)
        control.setObjectName("answer")
        control.setAccessibleName(question)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for widget in (label, control, ButtonRow(self, "确定")):
            layout.addWidget(widget)
        control.setFocus()


def ask_option(
    parent: QWidget, title: str, question: str, options: Sequence[str], *, proposed: int = 0, is_open: bool = False
) -> str:
    """One of the options, "" where the question was dismissed.

    Args:
        proposed: number of the one that is chosen at first
        is_open: whether something else may be typed; nothing is proposed then
    """
    box = QComboBox()
    box.addItems(list(options))
    box.setCurrentIndex(proposed)
    if is_open:
        box.setEditable(True)
        box.setCurrentIndex(-1)
        box.setEditText("")
    return box.currentText().strip() if _ShortAnswer(parent, title, question, box).exec() else ""


def ask_number(parent: QWidget, title: str, question: str, proposed: int, least: int, most: int) -> int | None:
    """A whole number between two, None where the question was dismissed."""
    box = NumberBox()
    box.setRange(least, most)
    box.setValue(proposed)
    box.selectAll()
    return box.value() if _ShortAnswer(parent, title, question, box).exec() else None


def ask_words(parent: QWidget, title: str, question: str, proposed: str = "") -> str | None:
    """A line of text, None where the question was dismissed."""
    line = QLineEdit(proposed)
    line.selectAll()
    return line.text().strip() if _ShortAnswer(parent, title, question, line).exec() else None
