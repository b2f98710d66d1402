"""The question whether to go on where characters cannot be printed."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton


class Lacking(QFrame):
    """Says which characters no font has and offers to spell them; hidden where all can be printed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.said = QLabel()
        self.said.setObjectName("lacking")
        self.said.setProperty("fault", True)
        self.said.setWordWrap(True)
        self.spell = QPushButton("用〔U+编码〕代替，继续")
        self.spell.setObjectName("spell")
        self.spell.clicked.connect(self._go_on)
        self._again: Callable[[], object] | None = None
        line = QHBoxLayout(self)
        line.addWidget(self.said, 1)
        line.addWidget(self.spell)
        self.hide()

    def ask(self, sentence: str, again: Callable[[], object]) -> None:
        """Show the sentence; `again` prints all the same."""
        self._again = again
        self.said.setText(sentence)
        self.show()
        self.spell.setFocus()

    def _go_on(self) -> None:
        self.hide()
        if self._again is not None:
            self._again()
