"""Workbooks in two hands, copied while open, with damaged keys."""

import shutil
import threading
import time

import pytest

from app.errors import CorruptFile, UnrecognizedFile, UserError, WorkbookLocked
from app.progress import run_to_completion
from app.workbook import access, backup, files, keyring
from app.workbook.integrity import check_integrity
from app.workbook.open_file import OpenFile
from app.workbook.workbook import Workbook
from db.engine import open_engine
from tests.builders import PASSPHRASE, VILLAGE, household, workbook
from tests.faults.closed_workbook import closed_workbook
from tests.faults.fault_injection import check_closed_workbook, count_households, kill_after
from tests.faults.killed_work import open_and_close
from tests.warm_processes import other_process


@pytest.fixture
def book(tmp_path):
    book = access.unlock(closed_workbook(tmp_path), PASSPHRASE)
    yield book
    book.close()


def open_in_other_process(path, **environment):
    """What another process is told that opens the workbook."""
    with other_process(open_and_close, path, **environment) as process:
        return process.line()


def test_a_second_process_is_told_so_and_harms_nothing(book):
    assert open_in_other_process(book.path).startswith("WorkbookLocked “石桥村.hdb”正在另一个窗口里打开。")
    with book.writing() as session:
        household(session, number=30)
    book.close()
    assert open_in_other_process(book.path) == ""
    assert check_closed_workbook(book.path) == 21


def test_another_user_of_the_machine_does_not_take_the_keys_away(book, tmp_path):
    """State folders are each user's own; the lock beside the file is not."""
    said = open_in_other_process(book.path, HUDANG_STATE=str(tmp_path / "of another user"))
    assert said.startswith("WorkbookLocked “石桥村.hdb”正在另一个窗口里打开。")
    with book.writing() as session:
        for n in range(30, 60):
            household(session, number=n)
    assert run_to_completion(check_integrity(book)) == []
    book.close()
    assert check_closed_workbook(book.path) == 50


def test_writing_while_another_holds_the_file_waits_and_then_says_so(book, monkeypatch):
    monkeypatch.setattr("db.engine._PRAGMAS", ("journal_mode=WAL", "busy_timeout=50"))
    key = book_key(book)
    other = Workbook(OpenFile(book.path, key, None, "乙", book.replica, open_engine(book.path, key), book.slot))
    with book.writing() as session:
        household(session, number=30)
        with pytest.raises(WorkbookLocked, match=r"正忙.*没有保存"), other.writing():
            pass
    other._file.engine.dispose()
    assert count_households(book) == 21


def book_key(book):
    return keyring.read_keyring(book.path).unwrap(PASSPHRASE)[0]


def test_opened_on_one_thread_and_closed_on_another(book):
    """A worker opens, the window closes; the workbook can be opened again."""
    book.close()
    opened = []
    worker = threading.Thread(target=lambda: opened.append(access.unlock(book.path, PASSPHRASE)))
    worker.start()
    worker.join()
    opened[0].close()
    assert check_closed_workbook(book.path) == 20


def test_copied_while_open(book, tmp_path):
    """The file alone has no keys and says what to do; with what lies beside it, it is whole."""
    copy = tmp_path / "副本" / "石桥村.hdb"
    copy.parent.mkdir()
    shutil.copy(book.path, copy)
    with pytest.raises(UnrecognizedFile, match=r"在打开时复制的.*先关闭工作簿再复制"):
        access.unlock(copy, PASSPHRASE)
    for tail in ("-wal", "-keys"):
        shutil.copy(book.path.with_name(book.path.name + tail), copy.parent)
    second = access.unlock(copy, PASSPHRASE)
    assert (count_households(second), second.replica != book.replica) == (20, True)
    assert run_to_completion(check_integrity(second)) == []
    second.close()
    assert run_to_completion(check_integrity(book)) == []


@pytest.mark.parametrize("damage", ["flipped", "cut", "emptied"])
def test_keys_at_the_end_that_are_damaged(book, damage):
    book.close()
    raw = bytearray(book.path.read_bytes())
    keys = len(raw) % 4096
    if damage == "flipped":
        raw[-keys // 2] ^= 1
    book.path.write_bytes(
        raw[: -keys // 2] if damage == "cut" else raw[:-keys] + bytes(keys) if damage == "emptied" else raw
    )
    before = book.path.read_bytes()
    with pytest.raises(CorruptFile, match=r"不完整.*用备份恢复"):
        access.unlock(book.path, PASSPHRASE)
    assert book.path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\0" * 700, b"HUDANG-KEYRING-1"])
def test_damaged_keys_beside_a_good_file(book, content):
    """They must not be believed: the good ones at its end were cut off once they stood there."""
    book.close()
    keyring.sidecar_path(book.path).write_bytes(content)
    assert kill_after(lambda: (access.unlock(book.path, PASSPHRASE), time.sleep(60)), 0.4)
    assert check_closed_workbook(book.path) == 20


def test_keys_of_another_workbook_beside_a_good_file(book, tmp_path):
    book.close()
    other = workbook(tmp_path, "别的.hdb", "乙")
    shutil.copy(keyring.sidecar_path(other.path), keyring.sidecar_path(book.path))
    other.close()
    assert check_closed_workbook(book.path) == 20
    assert check_closed_workbook(tmp_path / "别的.hdb") == 0


def test_keys_that_somebody_tidied_away_while_the_workbook_was_open(book, tmp_path):
    keyring.sidecar_path(book.path).unlink()
    with pytest.raises(UserError):
        run_to_completion(backup.backup(book, tmp_path / "b.hdb"))
    book.close()
    assert check_closed_workbook(book.path) == 20


def test_the_newest_keys_are_taken_when_the_workbook_was_just_closed(book):
    """Opening reads the keys once it is alone: a person who was added meanwhile stays."""
    access.add_operator(book, "李队员", "另外一句口令", proof=PASSPHRASE, cost=keyring.TEST_COST)
    book.close()
    access.unlock(book.path, PASSPHRASE).close()
    assert access.operators(book.path) == ["王书记", "李队员"]


@pytest.mark.parametrize("name", ["恢复码", "  ", ""])
def test_nobody_takes_the_place_of_the_recovery_code(tmp_path, name):
    with pytest.raises(UserError, match=r"操作员姓名"):
        access.create(tmp_path / "a.hdb", PASSPHRASE, name, VILLAGE, cost=keyring.TEST_COST)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_two_names_is_written_under_one_only(book, tmp_path):
    book.close()
    files.link_or_copy(book.path, tmp_path / "另名.hdb")
    before = (tmp_path / "另名.hdb").read_bytes()
    again = access.unlock(book.path, PASSPHRASE)
    with again.writing() as session:
        household(session, number=30)
    again.close()
    assert (tmp_path / "另名.hdb").read_bytes() == before
    assert (check_closed_workbook(book.path), check_closed_workbook(tmp_path / "另名.hdb")) == (21, 20)
