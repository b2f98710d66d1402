"""The program up to its first window."""

from PySide6.QtWidgets import QApplication

from ui.shell.theme import apply_theme
from ui.shell.window_sequence import WindowSequence

app = QApplication([])
apply_theme(app)
windows = WindowSequence(app)
windows.show_start()
app.processEvents()
assert windows.start is not None
windows.start.grab()
