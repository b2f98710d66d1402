"""Below the score sheet: what was noted of the current check point, and of the home as a whole."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

_PAUSE = 800  # ms without a key after which a note is saved


class NoteFields(QWidget):
    """Two lines of text. A note is told of after a pause, at Enter, and when the focus or the check point moves on.

    Signals:
        noted: check code ("" for the home) and text, which differs from what was there
        entered: Enter was pressed, the keys go back to the sheet
    """

    noted = Signal(str, str)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, str] = {}
        self._check = ""
        self._writable = False
        self.check, self.home = self._field("check_note", "要点说明"), self._field("home_note", "全户说明")
        self.home.setPlaceholderText("全户情况说明（M）")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.check, 3)
        line.addWidget(self.home, 2)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.save)

    def of(self, check: str) -> str:
        """The note of a check point, "" for none."""
        return self._kept.get(check, "")

    @property
    def focused(self) -> bool:
        return self.check.hasFocus() or self.home.hasFocus()

    def show_home(self, notes: Mapping[str, str], note: str, *, writable: bool) -> None:
        """The notes of another home; which check point is current is told next."""
        self._kept, self._check, self._writable = dict(notes) | {"": note}, "", writable
        for line in (self.check, self.home):
            line.setReadOnly(not writable)
        if self.home.text() != note:
            self.home.setText(note)

    def show_check(self, check: str, label: str) -> None:
        """Another check point is current."""
        self.save()
        self._check = check
        if self.check.text() != self.of(check):
            self.check.setText(self.of(check))
        self.check.setPlaceholderText(f"“{label}”的情况说明（N）")

    def save(self) -> None:
        """Tell of what was changed and not yet told of."""
        self._pause.stop()
        if not self._writable:
            return
        for check, line in ((self._check, self.check), ("", self.home)):
            text = line.text().strip()
            if (check or line is self.home) and text != self.of(check):
                self._kept[check] = text
                self.noted.emit(check, text)

    def _field(self, name: str, label: str) -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(name)
        line.setAccessibleName(label)
        line.textEdited.connect(lambda _: self._pause.start())
        line.editingFinished.connect(self.save)
        line.returnPressed.connect(self.entered)
        return line
