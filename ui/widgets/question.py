"""A question with two to five answers, and a sentence that only wants to be read."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.widgets.button_row import ChoiceRow
from ui.widgets.dialog import Dialog
from ui.widgets.icons import icon

_ICON_SIZE = 32  # pixels
_WIDTH = 440  # pixels, so that a sentence is neither a ribbon nor a column
Choice = tuple[str, Callable[[], object]]  # what stands on the button, and what it does


class QuestionDialog(Dialog):
    """Enter takes the first answer, or 取消 where the question is `careful`; Esc leaves.

    Attributes:
        message, details: what is asked, and what would follow
        buttons: in their order, the one that leaves last
    """

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        title: str,
        message: str,
        details: str = "",
        *,
        choices: Sequence[Choice] = (),
        cancel: str = "取消",
        careful: bool = False,
    ) -> None:
        """`choices`: none where there is nothing to decide."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(_WIDTH)
        self.message, self.details = message, details
        row = ChoiceRow(self, cancel if choices else "确定")
        self.buttons: list[QPushButton] = [self._add_choice(row, n, *choice) for n, choice in enumerate(choices)]
        self.buttons.append(row.cancel_button)
        default = self.buttons[-1 if careful else 0]
        default.setAutoDefault(True)
        default.setDefault(True)
        default.setProperty("primary", True)
        text = QVBoxLayout()
        text.setSpacing(8)
        for sentence, quiet in ((message, False), (details, True)):
            if sentence:
                text.addWidget(self._label(sentence, quiet))
        text.addStretch()
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(
            self._icon_label("doubts" if careful else "help" if choices else "part"), 0, Qt.AlignmentFlag.AlignTop
        )
        line.addLayout(text, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(16)
        layout.addLayout(line)
        layout.addWidget(row)
        default.setFocus()

    def _add_choice(self, row: ChoiceRow, n: int, label: str, act: Callable[[], object]) -> QPushButton:
        def choose() -> None:
            self.accept()
            act()

        return row.add_button(label, f"answer_{n}", choose)

    def _label(self, sentence: str, quiet: bool) -> QLabel:
        label = QLabel(sentence)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setWordWrap(True)
        label.setProperty("quiet", quiet)
        return label

    def _icon_label(self, name: str) -> QLabel:
        label = QLabel()
        label.setPixmap(icon(name, "warn" if name == "doubts" else "accent").pixmap(_ICON_SIZE, _ICON_SIZE))
        return label


def ask(
    parent: QWidget | None,
    name: str,
    title: str,
    message: str,
    details: str = "",
    *,
    choices: Sequence[Choice],
    cancel: str = "取消",
    careful: bool = False,
) -> QuestionDialog:
    """Ask, and go on: the answer calls what it stands for.

    Args:
        name: objectName of the dialog
        careful: whether what is asked loses something or breaks a rule, so that Enter leaves
    """
    question = QuestionDialog(parent, name, title, message, details, choices=choices, cancel=cancel, careful=careful)
    question.open()
    return question


def tell(parent: QWidget | None, name: str, title: str, message: str, details: str = "") -> QuestionDialog:
    """Say something that must be read before the work goes on."""
    notice = QuestionDialog(parent, name, title, message, details)
    notice.open()
    return notice
