"""Open every page of the sample village (its file is the argument) once, with the first row of its list, as an officer
does; print as JSON the longest turn of the event loop for each, in ms of CPU of the window's own thread."""

import json
import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

import ui  # noqa: F401 - before whatever stands behind a page, as in the program
from app import sample
from app.workbook.access import unlock
from ui.screenshots import HEIGHT, WIDTH, page_params
from ui.shell.heap import share_one_heap
from ui.shell.main_window import MainWindow
from ui.shell.old_objects import watch_collections
from ui.shell.page_loading import DELAY_MS
from ui.shell.theme import add_rare_fonts, apply_theme

QUIET_TURNS = 20  # in a row, in which nothing was under way: then the page stands


def rest(window: MainWindow) -> float:
    """Turn round until nothing is under way; how long the longest turn took, in ms of CPU."""
    quiet, longest = 0, 0.0
    while quiet < QUIET_TURNS:
        began = time.thread_time()
        QApplication.processEvents()
        longest = max(longest, 1000 * (time.thread_time() - began))
        quiet = quiet + 1 if window.tasks.is_idle else 0
        time.sleep(0.001)
    return longest


share_one_heap()  # as the program does
watch_collections()
app = QApplication([])
apply_theme(app)
window = MainWindow(unlock(Path(sys.argv[1]), sample.PASSPHRASE))
window.auto_lock.stop()  # nobody touches it
window.resize(WIDTH, HEIGHT)
window.show()
add_rare_fonts(app)
until = time.monotonic() + 2 * DELAY_MS / 1000
while time.monotonic() < until:
    rest(window)
longest = {}
for name in window.page_names:
    about = page_params(name, window)
    start = time.thread_time()
    window.open(name, **about)
    opening = 1000 * (time.thread_time() - start)
    longest[name] = round(max(opening, rest(window)), 1)
print(json.dumps(longest))
window.close()
