"""What a dialog about a closed workbook has to say: what is under way, or why it cannot be."""

from PySide6.QtWidgets import QLabel

_SOME_STEP = "正在处理，请稍候…"


class MessageLabel(QLabel):
    """A warning has the colour of one, everything else has not."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWordWrap(True)
        self._step, self._kept = _SOME_STEP, ""

    def say(self, text: str) -> None:
        """What is under way, or was done."""
        self._begin(text, is_warning=False)

    def warn(self, text: str) -> None:
        """Why it cannot be done, or what would be lost."""
        self._begin(text, is_warning=True)

    def show_step(self, step: str) -> None:
        """The step of a long work that is under way, and behind it what was said of the whole meanwhile."""
        self._step = f"正在{step}…"
        self._show(self._step + self._kept, is_warning=False)

    def keep_beside_steps(self, text: str) -> None:
        """Of a work that is under way: it stays when the next step begins, or nobody would have the time to read it."""
        self._kept = text
        self._show(self._step + self._kept, is_warning=False)

    def _begin(self, text: str, *, is_warning: bool) -> None:
        """Something else: neither the step nor what stood beside it holds any more."""
        self._step, self._kept = _SOME_STEP, ""
        self._show(text, is_warning=is_warning)

    def _show(self, text: str, *, is_warning: bool) -> None:
        self.setText(text)
        if self.property("fault") is not is_warning:
            self.setProperty("fault", is_warning)
            self.style().polish(self)
