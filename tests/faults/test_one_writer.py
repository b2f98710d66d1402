"""Two users of one machine, each with a state folder of their own, on one workbook: only one of them writes it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.errors import WorkbookLocked
from app.workbook import access
from tests.builders import PASSPHRASE, household
from tests.faults.closed_workbook import closed_workbook
from tests.faults.fault_injection import ROOT, check_closed_workbook

ANOTHER_USER = """
import sys
from pathlib import Path
from app.errors import UserError
from app.workbook.access import unlock
from tests.builders import PASSPHRASE

stops = sys.argv[2:]

def stop(event, arguments):
    if stops and event == stops[0]:
        stops.clear()
        print("stopped", flush=True)
        sys.stdin.readline()

sys.addaudithook(stop)
try:
    book = unlock(Path(sys.argv[1]), PASSPHRASE)
    print("open", flush=True)
    sys.stdin.readline()
    book.close()
    print("closed", flush=True)
except UserError as refused:
    print(type(refused).__name__, refused, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    """A closed workbook of 20 households."""
    return closed_workbook(tmp_path)


class AnotherUser:
    """A process with a state folder of its own that opens the workbook; `stop`: the audit event before which it
    waits."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def go_on(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()


@contextmanager
def another_user(path: Path, state: Path, *stop: str) -> Iterator[AnotherUser]:
    with subprocess.Popen(
        [sys.executable, "-c", ANOTHER_USER, str(path), *stop],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"HUDANG_STATE": str(state)},
    ) as process:
        try:
            yield AnotherUser(process)
        finally:
            process.kill()


def test_two_users_who_open_at_the_same_instant_destroy_no_page(path, tmp_path):
    """The attack: one opening stops when it has measured where to cut the keys off, and the other writes meanwhile."""
    with another_user(path, tmp_path / "乙的状态", "os.truncate") as other:
        assert other.line() == "stopped"
        with pytest.raises(WorkbookLocked):
            access.unlock(path, PASSPHRASE).close()
        other.go_on()
        assert other.line() == "open"
        other.go_on()
        assert other.line() == "closed"
    assert check_closed_workbook(path) == 20


def test_another_user_is_told_and_gets_in_afterwards(path, tmp_path):
    book = access.unlock(path, PASSPHRASE)
    with another_user(path, tmp_path / "乙的状态") as other:
        assert other.line().startswith("WorkbookLocked “石桥村.hdb”正在另一个窗口里打开")
    with book.writing() as session:
        household(session, number=30)
    book.close()
    with another_user(path, tmp_path / "乙的状态") as other:
        assert other.line() == "open"
        other.go_on()
        assert other.line() == "closed"
    assert check_closed_workbook(path) == 21


def test_another_user_who_was_killed_locks_nobody_out(path, tmp_path):
    with another_user(path, tmp_path / "乙的状态") as other:
        assert other.line() == "open"
    assert check_closed_workbook(path) == 20
    assert [entry.name for entry in path.parent.glob("石桥村*")] == ["石桥村.hdb"]
