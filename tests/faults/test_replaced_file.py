"""A file that is pasted over an open workbook, or cut, is noticed before the next write, and nothing is lost."""

import os
import shutil

import pytest

from app.errors import CorruptFile, UserError
from app.progress import run_to_completion
from app.workbook import access, files
from app.workbook.integrity import check_integrity
from tests.builders import PASSPHRASE, household
from tests.faults.closed_workbook import closed_workbook
from tests.faults.fault_injection import check_closed_workbook, count_households


@pytest.fixture
def older_copy(tmp_path):
    """A closed workbook of 20 households under another name."""
    shutil.copy(closed_workbook(tmp_path), tmp_path / "旧.hdb")
    return tmp_path / "旧.hdb"


@pytest.fixture
def book(older_copy):
    """The same workbook, open, with a household more."""
    book = access.unlock(older_copy.with_name("石桥村.hdb"), PASSPHRASE)
    with book.writing() as session:
        household(session, number=21)
    yield book
    book.close()


def add_household(book, number):
    with book.writing() as session:
        household(session, number=number)


def rescued(folder):
    [copy] = folder.glob("石桥村 抢救 *.hdb")
    return copy


def test_a_file_pasted_in_its_place_is_left_alone_and_the_work_goes_on_in_a_copy(book, older_copy):
    path, replica = book.path, book.replica
    os.replace(older_copy, path)
    pasted = path.read_bytes()
    add_household(book, 30)
    assert (book.path, book.replica != replica) == (rescued(path.parent), True)
    assert count_households(book) == 22
    assert run_to_completion(check_integrity(book)) == []
    add_household(book, 31)
    book.close()
    assert path.read_bytes() == pasted
    assert (check_closed_workbook(rescued(path.parent)), check_closed_workbook(path)) == (23, 20)


def test_a_file_that_was_moved_away(book, tmp_path):
    path = book.path
    os.rename(path, tmp_path / "移走.hdb")
    add_household(book, 30)
    assert count_households(book) == 22
    book.close()
    assert not path.exists()
    assert check_closed_workbook(rescued(tmp_path)) == 22


def test_a_file_pasted_in_its_place_is_noticed_at_closing_too(book, older_copy):
    path = book.path
    os.replace(older_copy, path)
    with pytest.raises(CorruptFile, match=r"被另一个文件替换.*全部内容已另存为“石桥村 抢救 "):
        book.close()
    assert (check_closed_workbook(rescued(path.parent)), check_closed_workbook(path)) == (21, 20)


def test_a_file_written_over_it_is_not_written_into(book, older_copy):
    pasted = older_copy.read_bytes()
    shutil.copyfile(older_copy, book.path)
    for _ in range(2):
        with pytest.raises(CorruptFile, match=r"覆盖或截断.*没有保存.*抄录"):
            add_household(book, 30)
    with pytest.raises(CorruptFile, match=r"最近的修改保留在“石桥村.hdb-wal.旧”"):
        book.close()
    assert book.path.read_bytes() == pasted
    assert check_closed_workbook(book.path) == 20
    # the log that was kept belongs to the older copy: with it everything is there
    shutil.copyfile(f"{book.path}-wal.旧", files.wal_path(older_copy))
    shutil.copyfile(f"{book.path}-keys.旧", older_copy.with_name("旧.hdb-keys"))
    os.truncate(older_copy, older_copy.stat().st_size // 4096 * 4096)
    assert check_closed_workbook(older_copy) == 21


@pytest.mark.parametrize("size", [0, 4096, 40_000])
def test_a_file_that_was_cut_is_not_written(book, size):
    os.truncate(book.path, size)
    with pytest.raises(CorruptFile, match=r"覆盖或截断"):
        add_household(book, 30)
    with pytest.raises(CorruptFile, match=r"覆盖或截断"):
        book.close()
    assert book.path.stat().st_size == size


def test_long_work_of_its_own_is_no_replacement(book):
    """Checkpoints and a vacuum write the file."""
    size = book.path.stat().st_size
    for first in range(100, 1300, 300):
        with book.writing() as session:
            for n in range(first, first + 300):
                household(session, number=n, note="记" * 2000)
    assert book.path.stat().st_size > size
    assert files.wal_path(book.path).stat().st_size < 8 * 2**20
    book.vacuum()
    add_household(book, 30)
    book.close()
    assert check_closed_workbook(book.path) == 1222


def test_a_stick_that_was_pulled_out_is_said(book, tmp_path):
    """The folder is gone with the file: there is no place for a copy."""
    stick = book.path.parent
    pulled = stick.with_name("拔出")
    stick.rename(pulled)
    try:
        with pytest.raises(UserError, match=r"U 盘可能已拔出.*没有保存"):
            add_household(book, 30)
    finally:
        pulled.rename(stick)
    add_household(book, 30)
    book.close()
    assert check_closed_workbook(book.path) == 22
