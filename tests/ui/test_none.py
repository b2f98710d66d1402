"""PySide6 on Python 3.11 takes references of None away; the window must survive it. See ui/__init__.py."""

import subprocess
import sys

_CALLS = """
import ui
from PySide6.QtCore import QObject
thing = QObject()
for _ in range(300_000):
    thing.setObjectName("x")
"""


def test_many_calls_of_qt_do_not_abort_the_program():
    done = subprocess.run([sys.executable, "-c", _CALLS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
