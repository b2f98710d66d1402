"""The question whether to go on where something cannot be printed."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton


class UnprintableBanner(QFrame):
    """Says what cannot be drawn and offers to print without it; hidden where all can be printed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.message = QLabel()
        self.message.setObjectName("lacking")
        self.message.setProperty("fault", True)
        self.message.setWordWrap(True)
        self.substitute_button = QPushButton("照样打印")
        self.substitute_button.setObjectName("spell")
        self.substitute_button.setAutoDefault(True)  # it gets the focus: Enter presses it, not only the space bar
        self.substitute_button.clicked.connect(self._retry_substituting)
        self._retry: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.addWidget(self.message, 1)
        row.addWidget(self.substitute_button)
        self.hide()

    def ask(self, message: str, retry: Callable[[], object]) -> None:
        """Show the sentence; `again` prints all the same."""
        self._retry = retry
        self.message.setText(message)
        self.show()
        self.substitute_button.setFocus()

    def _retry_substituting(self) -> None:
        self.hide()
        if self._retry is not None:
            self._retry()
