"""Power that fails before any step of restoring, upgrading, making, opening and closing a workbook."""

import os
import random
import shutil
import signal
from functools import partial

import pytest
from sqlalchemy import text

from app.errors import UnrecognizedFile
from app.progress import run_to_completion
from app.workbook import access, backup, files, keyring
from app.workbook.integrity import check_integrity
from db import migrate
from tests.builders import PASSPHRASE, household, workbook
from tests.db.test_migrate import next_version  # noqa: F401  a fixture
from tests.faults.closed_workbook import closed_workbook
from tests.faults.fault_injection import check_closed_workbook, count_households, kill_after, kill_before_write

SEED = int(os.environ.get("HUDANG_SEED", "1"))
STEPS = 200  # more than anything here takes


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "册").mkdir()
    return tmp_path / "册"


@pytest.fixture
def path(folder):
    """A closed workbook of 20 households."""
    return closed_workbook(folder)


def add_household(path, number):
    book = access.unlock(path, PASSPHRASE)
    with book.writing() as session:
        household(session, number=number)
    book.close()


def crash_while_writing(path, number):
    """A workbook that was open when the power failed: its newest household is in the `-wal` alone."""

    def write():
        book = access.unlock(path, PASSPHRASE)
        with book.writing() as session:
            household(session, number=number)
        os.kill(os.getpid(), signal.SIGKILL)  # at once, so that no slow machine is killed before it has written

    assert kill_after(write, 60)
    assert files.wal_path(path).stat().st_size
    assert keyring.read_trailer(path) is None


def files_in(folder):
    """Path → bytes; of what is hidden, which nobody opens, the size alone: encrypted anew it has other bytes."""
    found = {one: one.is_file() and one.read_bytes() for one in folder.rglob("*")}
    hidden = {one for one in found if any(part.startswith(".") for part in one.relative_to(folder).parts)}
    return {one: len(content or b"") if one in hidden else content for one, content in found.items()}


@pytest.mark.parametrize("left_open", [False, True])
def test_restoring(path, folder, tmp_path, left_open):
    copy = tmp_path / "备份.hdb"
    shutil.copy(path, copy)
    crash_while_writing(path, 21) if left_open else add_household(path, 21)
    shutil.copytree(folder, tmp_path / "vorher")
    outcomes, former_files = set(), {}
    for step in range(STEPS):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "vorher", folder)
        killed = kill_before_write(lambda: run_to_completion(backup.restore(copy, path, PASSPHRASE)), folder, step)
        files_left = files_in(folder)
        if killed and files_left == former_files:
            continue  # the step before left the same, which was checked
        former_files = files_left
        counts_aside = [check_closed_workbook(aside) for aside in folder.glob("*恢复前*.hdb")]
        household_count = check_closed_workbook(path)
        outcomes.add((household_count, *counts_aside))
        assert household_count == 21 or (household_count == 20 and counts_aside == [21])
        assert all(count == 21 for count in counts_aside)
        if not killed:
            break
    assert not killed
    assert {(21,), (20, 21)} <= outcomes
    assert [leftover.name for leftover in folder.iterdir() if leftover.name.startswith(".")] == []


def test_restoring_on_a_medium_without_links(path, folder, tmp_path, monkeypatch):
    """A USB stick: the former file is copied, not linked."""
    copy = tmp_path / "备份.hdb"
    shutil.copy(path, copy)
    add_household(path, 21)
    monkeypatch.setattr("os.link", lambda *_: (_ for _ in ()).throw(OSError("no links")))
    former_files = {}
    for step in range(STEPS):
        killed = kill_before_write(lambda: run_to_completion(backup.restore(copy, path, PASSPHRASE)), folder, step)
        files_left = files_in(folder)
        if killed and files_left == former_files:
            continue  # the step before left the same, which was checked
        household_count = check_closed_workbook(path)
        asides = list(folder.glob("*恢复前*.hdb"))
        assert household_count == 21 or [check_closed_workbook(aside) for aside in asides] == [21]
        for aside in asides:
            aside.unlink()
        former_files = files_in(folder)
        if household_count == 20:
            break
    assert household_count == 20
    assert step > 5


def test_upgrading(path, folder, tmp_path, request):
    crash_while_writing(path, 21)
    shutil.copytree(folder, tmp_path / "vorher")
    request.getfixturevalue("next_version")
    outcomes = set()
    for step in range(SEED % 3, STEPS, 3):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "vorher", folder)
        killed = kill_before_write(lambda: access.unlock(path, PASSPHRASE).close(), folder, step)
        outcomes.add(tuple(sorted(leftover.name for leftover in folder.iterdir())))
        assert check_closed_workbook(path) == 21
        if not killed:
            break
    assert not killed
    assert len(outcomes) > 3
    assert f"石桥村.v{migrate.known_revisions()[-2]}.hdb" in {leftover.name for leftover in folder.iterdir()}


@pytest.mark.parametrize("seed", range(3))
def test_upgrading_killed_anywhere_and_again(path, request, seed):
    """What a killed upgrade leaves must not be played into the next one."""
    request.getfixturevalue("next_version")
    chance = random.Random(seed)
    for _ in range(4):
        kill_after(lambda: access.unlock(path, PASSPHRASE).close(), chance.uniform(0.02, 0.35))
    assert check_closed_workbook(path) == 20
    book = access.unlock(path, PASSPHRASE)
    with book.reading() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9998"
    book.close()


def test_leavings_of_a_killed_upgrade_are_not_played_into_the_next(path, request):
    part = path.with_name(f"{path.name}.part")
    crash_while_writing(path, 21)
    for tail in ("", "-wal"):
        shutil.copy(path.with_name(path.name + tail), part.with_name(part.name + tail))
    for number in range(30, 60):  # the workbook has gone on since
        add_household(path, number)
    request.getfixturevalue("next_version")
    assert check_closed_workbook(path) == 51
    assert not list(path.parent.glob("*.part*"))


def test_making_a_workbook(folder):
    path = folder / "新.hdb"
    for step in range(STEPS):
        killed = kill_before_write(lambda: workbook(folder, path.name).close(), folder, step)
        if path.exists():
            book = access.unlock(path, PASSPHRASE)
            assert [village.name for village in book.villages] == ["石桥村"]
            book.close()
            path.unlink()
        if not killed:
            break
    assert not killed
    workbook(folder, path.name).close()
    assert check_closed_workbook(path) == 0


def test_opening_writing_and_closing(path, folder):
    for step in range(STEPS):
        killed = kill_before_write(partial(add_household, path, 100 + step), folder, step)
        count = check_closed_workbook(path)
        if not killed:
            break
    assert not killed
    assert count > 20


def test_an_older_copy_put_back_after_a_crash_counts_anew(path, tmp_path):
    """The copy was made after the workbook was opened, and the workbook was never closed: numbers that were used, and
    may have been sent, are used by nobody again."""

    def write():
        book = access.unlock(path, PASSPHRASE)
        with book.writing() as session:
            household(session, number=21)
        run_to_completion(backup.backup(book, tmp_path / "拷贝.hdb"))
        with book.writing() as session:
            household(session, number=22)
        os.kill(os.getpid(), signal.SIGKILL)

    before = access.unlock(path, PASSPHRASE)
    replica = before.replica
    before.close()
    assert kill_after(write, 60)
    assert (tmp_path / "拷贝.hdb").exists()
    shutil.copy(tmp_path / "拷贝.hdb", path)  # over the file, beside its -wal and -keys
    book = access.unlock(path, PASSPHRASE)
    assert (count_households(book), book.replica != replica) == (21, True)
    assert run_to_completion(check_integrity(book)) == []
    book.close()
    assert check_closed_workbook(path) == 21


def test_after_a_crash_the_same_file_goes_on_as_the_same_replica(path):
    before = access.unlock(path, PASSPHRASE)
    before.close()
    crash_while_writing(path, 21)
    again = access.unlock(path, PASSPHRASE)
    assert (again.replica, count_households(again)) == (before.replica, 21)
    again.close()


def test_a_wal_of_another_file_is_not_played_into_this_one(path, tmp_path):
    closed = tmp_path / "早先.hdb"
    shutil.copy(path, closed)
    crash_while_writing(path, 21)
    stray = files.wal_path(path).read_bytes()
    shutil.copy(closed, path)
    assert check_closed_workbook(path) == 20
    assert path.with_name(f"{path.name}-wal.旧").read_bytes() == stray


def test_a_new_workbook_beside_what_a_crash_left_of_a_former_one(path, tmp_path):
    crash_while_writing(path, 21)
    keys = keyring.sidecar_path(path).read_bytes()
    shutil.move(path, tmp_path / "移走.hdb")
    workbook(path.parent, path.name).close()
    assert check_closed_workbook(path) == 0
    for tail in ("-wal", "-keys"):
        shutil.move(path.with_name(f"{path.name}{tail}.旧"), tmp_path / f"移走.hdb{tail}")
    assert (tmp_path / "移走.hdb-keys").read_bytes() == keys
    assert check_closed_workbook(tmp_path / "移走.hdb") == 21


def test_keys_left_by_a_crash_are_no_workbook(path):
    crash_while_writing(path, 21)
    path.unlink()
    with pytest.raises(UnrecognizedFile, match="找不到文件"):
        access.unlock(path, PASSPHRASE)
    assert not path.exists()
