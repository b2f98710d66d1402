"""Below the score sheet: what was noted of the current check point, and of the household as a whole."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

_SAVE_DELAY_MS = 800  # ms without a key after which a note is saved


class NoteFields(QWidget):
    """Two lines of text. A note is told of after a pause, at Enter, and when the focus or the check point moves on.

    Signals:
        note_changed: check code ("" for the household) and text, which differs from what was there
        submitted: Enter was pressed, the keys go back to the sheet
    """

    note_changed = Signal(str, str)
    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._saved_notes: dict[str, str] = {}
        self._check_code = ""
        self._writable = False
        self.check_edit, self.household_edit = (
            self._make_edit("check_note", "要点说明"),
            self._make_edit("home_note", "全户说明"),
        )
        self.household_edit.setPlaceholderText("全户情况说明（M）")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.check_edit, 3)
        line.addWidget(self.household_edit, 2)
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(_SAVE_DELAY_MS)
        self._save_timer.timeout.connect(self.save)

    def note_of(self, check: str) -> str:
        """The note of a check point, "" for none."""
        return self._saved_notes.get(check, "")

    @property
    def has_focus(self) -> bool:
        return self.check_edit.hasFocus() or self.household_edit.hasFocus()

    def show_household(self, notes: Mapping[str, str], note: str, *, writable: bool) -> None:
        """The notes of another household; which check point is current is told next."""
        self._saved_notes, self._check_code, self._writable = dict(notes) | {"": note}, "", writable
        for line in (self.check_edit, self.household_edit):
            line.setReadOnly(not writable)
        if self.household_edit.text() != note:
            self.household_edit.setText(note)

    def show_check(self, check: str, label: str) -> None:
        """Another check point is current."""
        self.save()
        self._check_code = check
        if self.check_edit.text() != self.note_of(check):
            self.check_edit.setText(self.note_of(check))
        self.check_edit.setPlaceholderText(f"“{label}”的情况说明（N）")

    def save(self) -> None:
        """Tell of what was changed and not yet told of."""
        self._save_timer.stop()
        if not self._writable:
            return
        for check, line in ((self._check_code, self.check_edit), ("", self.household_edit)):
            text = line.text().strip()
            if (check or line is self.household_edit) and text != self.note_of(check):
                self._saved_notes[check] = text
                self.note_changed.emit(check, text)

    def _make_edit(self, name: str, label: str) -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(name)
        line.setAccessibleName(label)
        line.textEdited.connect(lambda _: self._save_timer.start())
        line.editingFinished.connect(self.save)
        line.returnPressed.connect(self.submitted)
        return line
