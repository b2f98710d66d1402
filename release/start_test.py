"""A start test: the program is complete, its first window comes, it hears of a second start, and it ends."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.desktop.file_kinds import WORKBOOK

_LONGEST = 60.0  # seconds until the window must be there


@dataclass(frozen=True, slots=True)
class StartResult:
    """What a start test saw.

    Attributes:
        first_window: seconds from the start of the process until its window answered a second start
        again: seconds that the second start took
        display: where the window was shown
    """

    first_window: float
    again: float
    display: str


def try_program(program: Path) -> StartResult:
    """
    Raises:
        SystemExit: with what is wrong
    """
    with tempfile.TemporaryDirectory() as folder, _display() as (display, screen):
        home = Path(folder)
        environment = (
            os.environ
            | screen
            | {
                "HOME": folder,
                "HUDANG_STATE": str(home / "state"),
                "XDG_DATA_HOME": str(home / "data"),
                "XDG_CONFIG_HOME": str(home / "config"),
            }
        )
        environment.pop("PYTHONPATH", None)
        checked = subprocess.run(
            [_command_program(program), "self-check"], env=environment, capture_output=True, text=True, check=False
        )
        if checked.returncode:
            raise SystemExit(f"{program}: self-check failed: {checked.stderr.strip() or checked.stdout.strip()}")
        started = time.monotonic()
        process = subprocess.Popen([program], env=environment)
        try:
            while not (home / "state" / "program.lock").is_file() and time.monotonic() < started + _LONGEST:
                time.sleep(0.02)
            # a second start ends when the first one has its window and answers
            second = subprocess.run([program, str(home / f"村{WORKBOOK.suffix}")], env=environment, timeout=_LONGEST)
            first_window = time.monotonic() - started
            if second.returncode or process.poll() is not None:
                raise SystemExit(f"{program}: the window did not come")
            again = time.monotonic()
            subprocess.run([program], env=environment, timeout=_LONGEST, check=True)
            return StartResult(first_window, time.monotonic() - again, display)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"{program}: the window did not come within {_LONGEST:g} s") from None
        finally:
            process.terminate()
            process.wait(10)


def _command_program(program: Path) -> Path:
    """On Windows a window's program has no output; a second one has."""
    return program.with_name("hudang-cmd.exe") if sys.platform == "win32" else program


@contextmanager
def _display() -> Iterator[tuple[str, dict[str, str]]]:
    """A screen of its own where there is one to be had, else Qt's own pretence."""
    if sys.platform == "win32":
        yield "desktop", {}
    elif shutil.which("Xvfb"):
        read, write = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        try:
            yield "Xvfb", {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()
            server.wait(10)
    else:
        yield "offscreen", {"QT_QPA_PLATFORM": "offscreen"}
