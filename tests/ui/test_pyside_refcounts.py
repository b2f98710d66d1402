"""PySide6 on Python 3.11 takes references of None and True away; the window must survive it. See ui/__init__.py."""

import subprocess
import sys

import pytest

_CALLS = """
import ui
from PySide6.QtCore import QObject, Signal
class Thing(QObject):
    told = Signal()
thing = Thing()
for _ in range(300_000):
    {call}
"""


@pytest.mark.parametrize("call", ["thing.setObjectName('x')", "thing.told.emit()", "thing.blockSignals(False)"])
def test_many_calls_of_qt_do_not_abort_the_program(call):
    process = subprocess.run(
        [sys.executable, "-c", _CALLS.format(call=call)], capture_output=True, text=True, check=False
    )
    assert (process.returncode, process.stderr) == (0, "")
