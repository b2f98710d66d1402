"""Run tests of a copy of the tree in a process that has the libraries loaded already: half a run is importing them."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from multiprocessing.context import ForkServerProcess
from pathlib import Path

LIBRARIES = ["pytest", "alembic", "openpyxl", "reportlab.pdfgen.canvas", "PySide6.QtWidgets", "pypinyin"]
OURS = {"app", "db", "resources", "tests", "ui"}
SLOWEST = 5  # times as much of the processor as the tests usually take: a fault has made them hang
IDLE = 120.0  # seconds in which less than `AWAKE` of the processor is used: they wait for what will never come
AWAKE = 2.0  # seconds; who looks every ten milliseconds whether it has come uses about one in `IDLE`
PROCESSES = Path("/proc")


class Outcome(StrEnum):
    """What the tests say of a fault."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    HUNG = "hung"


def outcome(copy: Path, tests: Sequence[str], seconds: float) -> Outcome:
    """Run tests in the copy until one fails; `seconds` is what they usually take.

    Whether they hang is told by the processor's time, not by the clock: a busy machine makes nothing hang. On Linux
    only.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    process = context.Process(target=_run, args=(copy, tests))
    process.start()
    if _ends(process, SLOWEST * (seconds + 10)):
        return Outcome.KILLED if process.exitcode else Outcome.SURVIVED
    assert process.pid is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.join()
    return Outcome.HUNG


def _ends(process: ForkServerProcess, limit: float) -> bool:
    """Wait for its end, or until it and what it has started used `limit` seconds of the processor, or nearly none."""
    assert process.pid is not None
    used, since = 0.0, time.monotonic()
    while process.exitcode is None:
        process.join(1)
        now = _processor_seconds(process.pid)
        if now > limit or time.monotonic() - since > IDLE:
            return process.exitcode is not None
        if abs(now - used) > AWAKE:  # less than before when one of them has ended
            used, since = now, time.monotonic()
    return True


def _processor_seconds(session: int) -> float:
    """What the processes of a session, and those of theirs that have ended, have used of the processor."""
    ticks = 0
    for stat in PROCESSES.glob("[0-9]*/stat"):
        with suppress(OSError):  # ended in this moment
            fields = stat.read_bytes().rpartition(b")")[2].split()  # from the third on, see proc_pid_stat(5)
            ticks += sum(map(int, fields[11:15])) if int(fields[3]) == session else 0
    return ticks / os.sysconf("SC_CLK_TCK")


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
