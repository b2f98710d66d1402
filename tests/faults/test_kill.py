"""kill -9 at any instant leaves every committed record, and a workbook that opens."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.progress import run_to_completion
from app.workbook import access
from app.workbook.integrity import check_integrity
from app.workbook.operations import OperationFilter, list_operations
from app.workbook.temporary_files import remove_leftovers
from db.schema.household import Household
from tests.builders import PASSPHRASE, household, workbook

ROOT = Path(__file__).parents[2]

SAVING = """
import sys
from pathlib import Path
from app.workbook.access import unlock
from tests.builders import PASSPHRASE, household
book = unlock(Path(sys.argv[1]), PASSPHRASE)
n = int(sys.argv[2])
print("open", flush=True)
while True:
    with book.writing() as session:
        household(session, number=n)
    print(n, flush=True)
    n += 1
"""

BACKING_UP = """
import sys
from pathlib import Path
from app.progress import run_to_completion
from app.workbook.access import unlock
from app.workbook.backup import backup
from tests.builders import PASSPHRASE
book = unlock(Path(sys.argv[1]), PASSPHRASE)
print("open", flush=True)
n = 0
while True:
    run_to_completion(backup(book, Path(sys.argv[1]).with_name(f"copy{n}.hdb")))
    print(n, flush=True)
    n += 1
"""


def run_and_kill(script: str, *arguments: str, after: float) -> list[str]:
    """Run a script, kill it some seconds after its first line, and return the lines that it got out."""
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ
    ) as process:
        assert process.stdout
        lines = [process.stdout.readline().strip()]
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        lines += [line.strip() for line in process.stdout]
    return lines


@pytest.mark.parametrize("seed", range(6))
def test_saving(tmp_path, seed):
    book = workbook(tmp_path)
    book.close()
    chance = random.Random(seed)
    reported = 0
    for _ in range(2):
        lines = run_and_kill(SAVING, str(book.path), str(reported + 1), after=chance.uniform(0, 0.4))
        assert lines[0] == "open"
        reported = int(lines[-1]) if len(lines) > 1 else reported
        again = access.unlock(book.path, PASSPHRASE)
        with again.reading() as session:
            stored = session.query(Household).count()
        assert stored in (reported, reported + 1)
        assert run_to_completion(check_integrity(again)) == []
        again.close()
        reported = stored
    assert sorted(path.name for path in tmp_path.iterdir()) == ["石桥村.hdb"]


@pytest.mark.parametrize("seed", range(3))
def test_backing_up(tmp_path, seed):
    book = workbook(tmp_path)
    with book.writing() as session:
        for n in range(200):
            household(session, number=n + 1)
    book.close()
    lines = run_and_kill(BACKING_UP, str(book.path), after=random.Random(seed).uniform(0, 0.3))
    for n in range(len(lines) - 1):
        copy = access.unlock(tmp_path / f"copy{n}.hdb", PASSPHRASE)
        assert run_to_completion(check_integrity(copy)) == []
        copy.close()
    again = access.unlock(book.path, PASSPHRASE)
    assert run_to_completion(check_integrity(again)) == []
    again.close()


UNDOING = """
import sys
from pathlib import Path
from app.progress import run_to_completion
from app.workbook.access import unlock
from app.workbook.operations import take_back
from tests.builders import PASSPHRASE
book = unlock(Path(sys.argv[1]), PASSPHRASE)
n = int(sys.argv[2])
print("open", flush=True)
while True:
    run_to_completion(take_back(book, n))
    n = book.first_operation if n == int(sys.argv[2]) else n + 1
    print(n, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_taking_back(tmp_path, seed):
    """Before or after, never between: of 300 households all are there or none is."""
    book = workbook(tmp_path)
    with book.operation("导入") as session:
        for n in range(300):
            household(session, number=n + 1, members=1)
    book.close()
    with_all = book.first_operation
    run_and_kill(UNDOING, str(book.path), str(with_all), after=random.Random(seed).uniform(0, 0.6))
    again = access.unlock(book.path, PASSPHRASE)
    with again.reading() as session:
        withdrawn = {row.withdrawn for row in session.query(Household)}
        operations = list_operations(session, OperationFilter(open=True))
    assert len(withdrawn) == 1
    assert (operations[-1].n == with_all) is (withdrawn == {False})
    assert run_to_completion(check_integrity(again)) == []
    again.close()


RENEWING = """
import sys
from pathlib import Path
from app.progress import run_to_completion
from app.workbook.key_renewal import renew
from app.workbook.keyring import TEST_COST
from tests.builders import PASSPHRASE
print("open", flush=True)
while True:
    run_to_completion(renew(Path(sys.argv[1]), PASSPHRASE, cost=TEST_COST))
    print("renewed", flush=True)
"""


@pytest.mark.parametrize("seed", range(3))
def test_renewing_the_file_key(tmp_path, seed):
    """Whole under the old key or the new one; nothing half encrypted stays."""
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session)
    book.close()
    run_and_kill(RENEWING, str(book.path), after=random.Random(seed).uniform(0.1, 0.8))
    remove_leftovers()
    assert not list(tmp_path.glob(".*"))
    again = access.unlock(book.path, PASSPHRASE)
    assert run_to_completion(check_integrity(again)) == []
    with again.reading() as session:
        assert session.query(Household).count() == 1
    again.close()
