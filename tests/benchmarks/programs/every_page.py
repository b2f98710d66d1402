"""Open every page of a workbook (first argument) and print the resident memory in KB."""

import sys
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

import ui  # noqa: F401 - before whatever stands behind a page, as in the program
from app.workbook.access import unlock
from tests.builders import PASSPHRASE
from ui.shell.heap import share_one_heap
from ui.shell.main_window import MainWindow
from ui.shell.old_objects import watch_collections
from ui.shell.theme import add_rare_fonts, apply_theme

share_one_heap()  # as the program does
watch_collections()
app = QApplication([])
apply_theme(app)
window = MainWindow(unlock(Path(sys.argv[1]), PASSPHRASE))
window.show()
add_rare_fonts(app)
for name in window.page_names:
    window.open(name)
    while not window.tasks.is_idle:
        app.processEvents()
    app.processEvents()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as the program's own loop does
    window.grab()
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")))
window.close()
