"""What a dialog about a closed workbook has to say: what is under way, or why it cannot be."""

from PySide6.QtWidgets import QLabel


class MessageLabel(QLabel):
    """A warning has the colour of one, everything else has not."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWordWrap(True)

    def say(self, text: str) -> None:
        """What is under way, or was done."""
        self._show(text, is_warning=False)

    def warn(self, text: str) -> None:
        """Why it cannot be done, or what would be lost."""
        self._show(text, is_warning=True)

    def _show(self, text: str, *, is_warning: bool) -> None:
        self.setText(text)
        if self.property("fault") is not is_warning:
            self.setProperty("fault", is_warning)
            self.style().polish(self)
