"""Processes of their own that begin at once: forked from a server that has imported the program.

A process that imports everything anew costs more than a second of the processor, whatever it is started for. What the
program itself starts (`spawn`: readers of sheets, printers of a batch, decoders of pictures) and the work that tests
kill run here instead; arguments are pickled as for `spawn`, and nothing else of the test is in them. Tests of the start
itself ask for the fixture `cold_processes`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from app import heic_process
from app.printing import batch
from app.sheets import reader
from tests.warm_start import run_in, say_through

_ROOT = Path(__file__).parents[1]

_Work = Callable[..., object]


class WarmContext(ForkServerContext):
    """Stands where the program asks for the context "spawn"."""

    def Process(self, *, target: _Work, args: tuple[Any, ...], daemon: bool = True) -> ForkServerProcess:
        """The process has the environment of now, not the one in which the server was started."""
        _start_server()
        environment = dict(os.environ)
        return ForkServerProcess(target=run_in, args=(environment, target, *args), daemon=daemon)


WARM = WarmContext()


def _start_server() -> None:
    with chdir(_ROOT):  # where its imports are found
        forkserver.set_forkserver_preload(["tests.warm_imports"])
        forkserver.ensure_running()


def use_warm_processes(patch: pytest.MonkeyPatch) -> None:
    """Until the patch is undone, what the program starts is warm."""
    for module in (batch, reader, heic_process):
        patch.setattr(module, "get_context", lambda _: WARM)


class OtherProcess:
    """A process that says lines, and may be killed."""

    def __init__(self, process: ForkServerProcess, lines: "Connection[str, str]") -> None:
        self._process, self._lines = process, lines

    def line(self) -> str:
        """The next line, "" when it has ended without one."""
        with suppress(EOFError, OSError):  # OSError: killed in the middle of a line
            return self._lines.recv()
        return ""

    def rest(self) -> list[str]:
        """What it has said until its end."""
        return list(iter(self.line, ""))

    def wait(self, seconds: float | None) -> bool:
        """Whether it ends, or says something, within so long; None: however long that takes."""
        return self._lines.poll(seconds)

    def kill(self) -> None:
        """As `kill -9`; it is gone when this returns."""
        self._process.kill()
        self._process.join()


@contextmanager
def other_process(work: _Work, *arguments: object, **environment: str) -> Iterator[OtherProcess]:
    """Work in another process, which is killed at the end of the block.

    Args:
        work: takes a function that says a line, then the arguments; importable, as for `spawn`. It may start processes
            of its own, as no daemon may.
        environment: added to the one of now
    """
    receiver, sender = WARM.Pipe(duplex=False)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        process = WARM.Process(target=say_through, args=(sender, work, *arguments), daemon=False)
        process.start()
    sender.close()
    other = OtherProcess(process, receiver)
    try:
        yield other
    finally:
        other.kill()
        receiver.close()
