"""A full disk, and files and folders that cannot be written: a sentence, and every committed record is still there."""

import pytest

from app.errors import UserError
from app.progress import run_to_completion
from app.sheets.roster_import import apply_import, preview
from app.workbook import access, backup, files, keyring
from app.workbook.files import wal_path
from app.workbook.integrity import check_integrity
from tests.builders import PASSPHRASE, VILLAGE, copied_tables, household
from tests.faults.closed_workbook import closed_workbook
from tests.faults.fault_injection import ROOT, check_closed_workbook, count_households, full_disk, read_only

ROSTER = ROOT / "tests/data/roster-a.xlsx"


@pytest.fixture
def book(tmp_path):
    (tmp_path / "册").mkdir()
    book = access.unlock(closed_workbook(tmp_path / "册", 29), PASSPHRASE)
    yield book
    book.close()


def add_households(book, first):
    with book.writing() as session:
        for n in range(first, first + 40):
            household(session, number=n)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_saving(book):
    with (
        full_disk(wal_path(book.path).stat().st_size + 30_000),
        pytest.raises(UserError, match=r"磁盘已满.*已保存的都在"),
    ):
        add_households(book, 100)
    assert count_households(book) == 29
    assert run_to_completion(check_integrity(book)) == []
    add_households(book, 100)
    book.close()
    assert check_closed_workbook(book.path) == 69


def test_closing(book):
    add_households(book, 100)
    with full_disk(8192):
        book.close()
    assert wal_path(book.path).exists()  # the file had no room for it
    assert check_closed_workbook(book.path) == 69


@pytest.mark.parametrize("room", [0, 10_000])
def test_opening(book, room):
    book.close()
    with full_disk(room), pytest.raises(UserError, match=r"只读的，或磁盘已满|磁盘已满或不能写入"):
        access.unlock(book.path, PASSPHRASE)
    assert check_closed_workbook(book.path) == 29
    assert names(book.path.parent) == ["石桥村.hdb"]


@pytest.mark.parametrize("room", [0, 20_000, 400_000])
def test_backing_up(book, tmp_path, room):
    add_households(book, 100)
    with full_disk(room), pytest.raises(UserError, match=r"已满|不能写入"):
        run_to_completion(backup.backup(book, tmp_path / "备份.hdb"))
    assert names(tmp_path) == ["册"]
    assert run_to_completion(check_integrity(book)) == []
    run_to_completion(backup.backup(book, tmp_path / "备份.hdb"))
    assert check_closed_workbook(tmp_path / "备份.hdb") == 69


@pytest.mark.parametrize("room", [0, 4096, 50_000, 300_000, 450_000])
def test_making_a_workbook(tmp_path, room):
    path = tmp_path / "新.hdb"
    with full_disk(room), pytest.raises(UserError, match=r"不能在“.*”里建立工作簿：磁盘已满"):
        access.create(path, PASSPHRASE, "王书记", VILLAGE, cost=keyring.TEST_COST)
    assert names(tmp_path) == []
    if room == 0:
        with copied_tables():
            access.create(path, PASSPHRASE, "王书记", VILLAGE, cost=keyring.TEST_COST)[0].close()
        assert check_closed_workbook(path) == 0


def test_taking_in_a_roster(book):
    import_preview = run_to_completion(preview(book, ROSTER))
    with (
        full_disk(wal_path(book.path).stat().st_size + 30_000),
        pytest.raises(UserError, match=r"磁盘已满.*已保存的都在"),
    ):
        run_to_completion(apply_import(book, import_preview))
    assert count_households(book) == 29
    assert run_to_completion(check_integrity(book)) == []
    run_to_completion(apply_import(book, import_preview))
    book.close()
    assert check_closed_workbook(book.path) > 29


@pytest.mark.parametrize("room", [0, 100_000])
def test_restoring(book, tmp_path, room):
    run_to_completion(backup.backup(book, tmp_path / "备份.hdb"))
    add_households(book, 100)
    book.close()
    before = book.path.read_bytes()
    with full_disk(room), pytest.raises(UserError, match=r"没有恢复|磁盘已满"):
        run_to_completion(backup.restore(tmp_path / "备份.hdb", book.path, PASSPHRASE))
    assert book.path.read_bytes() == before
    assert names(book.path.parent) == ["石桥村.hdb"]
    assert check_closed_workbook(book.path) == 69


def test_restoring_when_only_the_keys_do_not_fit(book, tmp_path):
    """A file without its keys opens never again: it must not take the place of the workbook."""
    run_to_completion(backup.backup(book, tmp_path / "备份.hdb"))
    book.close()
    raw = (tmp_path / "备份.hdb").read_bytes()
    before = book.path.read_bytes()
    task = backup.restore(tmp_path / "备份.hdb", book.path, PASSPHRASE)
    next(task)
    next(task)
    with full_disk(len(raw) - 300), pytest.raises(UserError, match=r"没有恢复"):
        run_to_completion(task)
    assert book.path.read_bytes() == before
    assert names(book.path.parent) == ["石桥村.hdb"]


def test_a_dump_is_whole_or_not_there(tmp_path):
    out = tmp_path / "全部.json"
    out.write_text("前一份", encoding="utf-8")
    with full_disk(1000), pytest.raises(OSError, match="File too large"), files.atomic_write(out) as part:
        part.write_text("新" * 5000, encoding="utf-8")
    assert out.read_text(encoding="utf-8") == "前一份"
    assert names(tmp_path) == ["全部.json"]


def test_opening_in_a_folder_that_cannot_be_written(book):
    book.close()
    before = book.path.read_bytes()
    with read_only(book.path.parent), pytest.raises(UserError, match=r"只读的.*复制到电脑硬盘"):
        access.unlock(book.path, PASSPHRASE)
    assert (book.path.read_bytes(), names(book.path.parent)) == (before, ["石桥村.hdb"])
    assert check_closed_workbook(book.path) == 29


def test_opening_a_file_that_cannot_be_written(book):
    book.close()
    before = book.path.read_bytes()
    with read_only(book.path), pytest.raises(UserError, match=r"只读的.*复制到电脑硬盘"):
        access.unlock(book.path, PASSPHRASE)
    assert (book.path.read_bytes(), names(book.path.parent)) == (before, ["石桥村.hdb"])
    assert check_closed_workbook(book.path) == 29


def test_a_file_that_may_not_be_read(book):
    book.close()
    with read_only():
        book.path.chmod(0)
        with pytest.raises(UserError, match=r"读不了“石桥村.hdb”"):
            access.unlock(book.path, PASSPHRASE)
    book.path.chmod(0o600)
    assert check_closed_workbook(book.path) == 29


def test_writing_into_folders_that_cannot_be_written(book, tmp_path):
    closed = tmp_path / "关着"
    closed.mkdir()
    with read_only(closed, book.path.parent):
        with pytest.raises(UserError, match=r"不能在“.*”里建立工作簿"):
            access.create(closed / "新.hdb", PASSPHRASE, "王书记", VILLAGE, cost=keyring.TEST_COST)
        with pytest.raises(UserError, match=r"不能写入"):
            run_to_completion(backup.backup(book, closed / "备份.hdb"))
        with pytest.raises(UserError, match=r"备份没有写成：不能建立文件夹"):
            run_to_completion(backup.automatic_backup(book, "导入前"))
        with pytest.raises(UserError, match=r"没有恢复"):
            run_to_completion(backup.restore(book.path, closed / "恢复.hdb", PASSPHRASE))
    assert names(closed) == []
    assert run_to_completion(check_integrity(book)) == []


def test_a_machine_whose_memory_cannot_be_written(book, isolated_state):
    """Nothing is remembered, so the workbook goes on as a new replica; nothing is lost."""
    book.close()
    with read_only(isolated_state / "replicas"):
        again = access.unlock(book.path, PASSPHRASE)
        add_households(again, 100)
        again.close()
    assert check_closed_workbook(book.path) == 69
