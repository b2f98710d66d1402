"""What goes wrong outside of the program: a full disk, missing rights, a wrong clock, power that fails."""

import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from app.progress import run_to_completion
from app.workbook import access, keyring
from app.workbook.integrity import check_integrity
from app.workbook.workbook import Workbook
from db.schema.household import Household
from tests.builders import PASSPHRASE

ROOT = Path(__file__).parents[2]


@contextmanager
def full_disk(max_bytes: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: works for everybody, where mounting a small disk needs root."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (max_bytes, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextmanager
def limited_memory(max_bytes: int) -> Iterator[None]:
    """This process may not take more than so many bytes on top of what it has."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + max_bytes, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


class _Capabilities(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


_OVERRIDE = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what lets root write where nobody may


@contextmanager
def without_root_override() -> Iterator[None]:
    """Even root must have the right to write, as every officer must; for others nothing changes."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    original = (_Capabilities * 2)()
    assert libc.capget(header, original) == 0
    restricted = (_Capabilities * 2).from_buffer_copy(original)
    restricted[0].effective &= ~_OVERRIDE
    assert libc.capset(header, restricted) == 0
    try:
        yield
    finally:
        assert libc.capset(header, original) == 0


@contextmanager
def read_only(*paths: Path) -> Iterator[None]:
    """These files and folders can be read and not written."""
    modes = [(path, path.stat().st_mode) for path in paths]
    for path, mode in modes:
        path.chmod(mode & ~0o222)
    try:
        with without_root_override():
            yield
    finally:
        for path, mode in modes:
            if path.exists():
                path.chmod(mode)


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """The machine's clock stands at this moment, and goes on from there."""
    real, shift = time.time, moment.timestamp() - time.time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: real() + shift)
        yield


_WRITING = {"os.rename", "os.link", "os.remove", "os.truncate", "os.mkdir", "os.rmdir"}


def kill_before_write(what: Callable[[], object], folder: Path, before_step: int) -> bool:
    """Do something in a process of its own that is killed (-9) before the n-th time it writes, renames or removes a
    file of a folder. False if it came to its end before.
    """
    child = os.fork()
    if child == 0:
        remaining = before_step

        def step(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal remaining
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if (event in _WRITING or writes) and str(arguments[0]).startswith(str(folder)):
                remaining -= 1
                if remaining < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(step)
        try:
            what()
        except BaseException:
            os._exit(3)
        os._exit(0)
    return _killed(child)


def kill_after(what: Callable[[], object], seconds: float) -> bool:
    """The same after a while, in the middle of whatever SQLite is writing then."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which ends the process like -9
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            what()
        except BaseException:
            os._exit(3)
        os._exit(0)
    return _killed(child)


def _killed(child: int) -> bool:
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, "it failed before it was killed"
    return os.WIFSIGNALED(status)


def count_households(book: Workbook) -> int:
    with book.reading() as session:
        return session.query(Household).count()


def check_closed_workbook(path: Path) -> int:
    """How many households a closed workbook holds; it opens, has no faults, and is one file afterwards."""
    book = access.unlock(path, PASSPHRASE)
    try:
        assert run_to_completion(check_integrity(book)) == []
        return count_households(book)
    finally:
        book.close()
        assert keyring.read_trailer(path) is not None
        assert [
            leftover.name for leftover in path.parent.glob(f"{path.name}-*") if not leftover.name.endswith(".旧")
        ] == []
