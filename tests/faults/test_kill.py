"""kill -9 at any instant leaves every committed record, and a workbook that opens."""

import random
import time
from collections.abc import Callable

import pytest

from app.progress import run_to_completion
from app.workbook import access
from app.workbook.integrity import check_integrity
from app.workbook.operations import OperationFilter, list_operations
from app.workbook.temporary_files import remove_leftovers
from db.schema.household import Household
from tests.builders import PASSPHRASE, household, workbook
from tests.faults.killed_work import back_up, renew_the_file_key, save_households, undo_and_redo
from tests.warm_processes import other_process


def run_and_kill(work: Callable[..., None], *arguments: object, after: float) -> list[str]:
    """Begin work, kill it some seconds after its first line, and return the lines that it got out."""
    with other_process(work, *arguments) as process:
        lines = [process.line()]
        time.sleep(after)
        process.kill()
        return lines + process.rest()


@pytest.mark.parametrize("seed", range(6))
def test_saving(tmp_path, seed):
    book = workbook(tmp_path)
    book.close()
    chance = random.Random(seed)
    reported = 0
    for _ in range(2):
        lines = run_and_kill(save_households, book.path, reported + 1, after=chance.uniform(0, 0.4))
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
    lines = run_and_kill(back_up, book.path, after=random.Random(seed).uniform(0, 0.3))
    for n in range(len(lines) - 1):
        copy = access.unlock(tmp_path / f"copy{n}.hdb", PASSPHRASE)
        assert run_to_completion(check_integrity(copy)) == []
        copy.close()
    again = access.unlock(book.path, PASSPHRASE)
    assert run_to_completion(check_integrity(again)) == []
    again.close()


@pytest.mark.parametrize("seed", range(4))
def test_taking_back(tmp_path, seed):
    """Before or after, never between: of 300 households all are there or none is."""
    book = workbook(tmp_path)
    with book.operation("导入") as session:
        for n in range(300):
            household(session, number=n + 1, members=1)
    book.close()
    with_all = book.first_operation
    run_and_kill(undo_and_redo, book.path, with_all, after=random.Random(seed).uniform(0, 0.6))
    again = access.unlock(book.path, PASSPHRASE)
    with again.reading() as session:
        withdrawn = {row.withdrawn for row in session.query(Household)}
        operations = list_operations(session, OperationFilter(open=True))
    assert len(withdrawn) == 1
    assert (operations[-1].n == with_all) is (withdrawn == {False})
    assert run_to_completion(check_integrity(again)) == []
    again.close()


@pytest.mark.parametrize("seed", range(3))
def test_renewing_the_file_key(tmp_path, seed):
    """Whole under the old key or the new one; nothing half encrypted stays."""
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session)
    book.close()
    run_and_kill(renew_the_file_key, book.path, after=random.Random(seed).uniform(0.1, 0.8))
    remove_leftovers()
    assert not list(tmp_path.glob(".*"))
    again = access.unlock(book.path, PASSPHRASE)
    assert run_to_completion(check_integrity(again)) == []
    with again.reading() as session:
        assert session.query(Household).count() == 1
    again.close()
