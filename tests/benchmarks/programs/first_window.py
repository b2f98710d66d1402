"""The program up to its first window."""

from PySide6.QtWidgets import QApplication

from ui.shell.application import Hudang
from ui.shell.theme import apply_theme

app = QApplication([])
apply_theme(app)
hudang = Hudang(app)
hudang.show_start()
app.processEvents()
assert hudang.start is not None
hudang.start.grab()
