"""Run tests of a copy of the tree in a process that has the libraries loaded already: half a run is importing them."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

LIBRARIES = ["pytest", "alembic", "openpyxl", "reportlab.pdfgen.canvas", "PySide6.QtWidgets", "pypinyin"]
OURS = {"app", "db", "resources", "tests", "ui"}
SLOWEST = 5  # times as long as usual: a fault that makes the tests hang is noticed


def passes(copy: Path, tests: Sequence[str], seconds: float) -> bool:
    """Run tests in the copy until one fails; `seconds` is what they usually take. Not on Windows, which cannot fork."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    process = context.Process(target=_run, args=(copy, tests))
    process.start()
    process.join(SLOWEST * (seconds + 10))
    if process.is_alive():
        assert process.pid is not None
        os.killpg(process.pid, signal.SIGKILL)
        process.join()
    return process.exitcode == 0


def _run(copy: Path, tests: Sequence[str]) -> None:
    os.setsid()
    os.chdir(copy)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path[:] = [str(copy), *(path for path in sys.path if path not in ("", str(Path(__file__).parents[2])))]
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    import pytest

    os._exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "--hypothesis-seed=0", *tests]))
