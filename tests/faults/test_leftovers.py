"""What a kill leaves under temporary names is removed at the next start; files are their owner's alone."""

import os
import signal
import stat
from pathlib import Path

import pytest

from app.commands import run
from app.errors import UserError
from app.progress import run_to_completion
from app.sync import identity_card
from app.workbook import access, backup, files, temporary_files
from tests.app.sync.peers import all_tables, make_team, send, write_package
from tests.builders import PASSPHRASE, household
from tests.faults.closed_workbook import closed_workbook
from tests.faults.fault_injection import check_closed_workbook, full_disk, kill_before_write


@pytest.fixture
def path(tmp_path):
    """A closed workbook of 20 households in a folder of its own."""
    (tmp_path / "册").mkdir()
    return closed_workbook(tmp_path / "册")


def restart(path, monkeypatch):
    """What the next start does, by a command."""
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)
    assert run(["verify", str(path)]) == 0


def killed_writing(target: Path) -> None:
    """A process that is killed in the middle of a file."""
    child = os.fork()
    if child == 0:
        with files.atomic_write(target) as part:
            part.write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def test_killed_backups_restores_and_new_workbooks_leave_nothing(path, tmp_path, monkeypatch):
    copy = tmp_path / "备份.hdb"
    book = access.unlock(path, PASSPHRASE)
    run_to_completion(backup.backup(book, copy))
    book.close()
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()

    def everything():
        book = access.unlock(path, PASSPHRASE)
        run_to_completion(backup.backup(book, elsewhere / "b.hdb"))
        book.close()
        run_to_completion(backup.restore(copy, elsewhere / "恢复.hdb", PASSPHRASE))

    for step in range(0, 60, 3):
        killed = kill_before_write(everything, elsewhere, step)
        restart(path, monkeypatch)
        leftovers = [entry.name for entry in elsewhere.iterdir() if entry.suffix != ".hdb" or entry.name[0] == "."]
        assert [name for name in leftovers if not name.startswith("恢复.hdb-")] == [], step
        for entry in elsewhere.iterdir():
            entry.unlink()
        if not killed:
            break
    assert not killed
    assert check_closed_workbook(path) == 20


def test_what_another_window_is_writing_stays(path, tmp_path, monkeypatch):
    with files.atomic_write(tmp_path / "正在写.xlsx") as part:
        part.write_bytes(b"half")
        restart(path, monkeypatch)
        assert part.read_bytes() == b"half"
    assert (tmp_path / "正在写.xlsx").read_bytes() == b"half"


def test_only_what_was_noted_is_removed(path, tmp_path, monkeypatch):
    (tmp_path / "别人的.part").write_bytes(b"mine")
    killed_writing(tmp_path / "表.xlsx")
    assert (tmp_path / "表.xlsx.part").exists()
    restart(path, monkeypatch)
    assert not (tmp_path / "表.xlsx.part").exists()
    assert (tmp_path / "别人的.part").read_bytes() == b"mine"


def test_a_stick_that_is_away_is_cleared_when_it_is_back(path, tmp_path, monkeypatch):
    stick = tmp_path / "U盘"
    stick.mkdir()
    killed_writing(stick / "表.xlsx")
    stick.rename(tmp_path / "拔出")
    restart(path, monkeypatch)
    (tmp_path / "拔出").rename(stick)
    restart(path, monkeypatch)
    assert list(stick.iterdir()) == []


def test_a_note_that_somebody_wrote_removes_no_file_of_another_name(tmp_path, isolated_state):
    (tmp_path / "重要.hdb").write_bytes(b"x")
    (isolated_state / "temporary").mkdir()
    (isolated_state / "temporary" / "a.note").write_text(str(tmp_path / "重要.hdb"), encoding="utf-8")
    assert temporary_files.remove_leftovers() == []
    assert (tmp_path / "重要.hdb").exists()


def test_files_are_their_owners_alone(path, tmp_path):
    old = os.umask(0o022)
    try:
        (tmp_path / "乙").mkdir()
        a, b = make_team(tmp_path / "乙", "甲", "乙")
        with a.writing() as session:
            household(session)
        send(a, b)
        run_to_completion(backup.automatic_backup(a, "手工备份"))
        identity_card.save_card(a, tmp_path / "乙" / "甲.hdcard")
        modes = {
            entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in (tmp_path / "乙").rglob("*") if entry.is_file()
        }
        a.close(), b.close()
    finally:
        os.umask(old)
    assert len(modes) > 6
    assert set(modes.values()) == {0o600}, modes


def test_a_file_that_a_group_shares_stays_so(path, tmp_path):
    target = tmp_path / "表.xlsx"
    target.write_bytes(b"old")
    target.chmod(0o660)
    with files.atomic_write(target) as part:
        part.write_bytes(b"new")
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"new", 0o660)


def test_an_export_whose_log_line_fails_leaves_nothing(tmp_path):
    """The attack: the stick has room, the disk with the workbook has none."""
    a, b = make_team(tmp_path, "甲", "乙")
    with a.writing() as session:
        household(session)
    out = tmp_path / "U盘"
    out.mkdir()
    before = all_tables(a)
    with full_disk(files.wal_path(a.path).stat().st_size), pytest.raises(UserError, match="磁盘已满"):
        write_package(a, b, out / "包.hdpack")
    assert list(out.iterdir()) == []
    assert all_tables(a) == before
    write_package(a, b, out / "包.hdpack")
    assert [entry.name for entry in out.iterdir()] == ["包.hdpack"]
