"""A full disk, and files and folders that cannot be written: a sentence, and every committed record is still there."""

import pytest

from app.errors import OfficeError
from app.progress import finish
from app.sheets.taking_in import preview, take_in
from app.workbook import access, backup, files, keyring
from app.workbook.files import wal
from app.workbook.soundness import faults
from tests.builders import PASSPHRASE, VILLAGE, household, workbook
from tests.faults.conditions import ROOT, full_disk, households, read_only, sound

ROSTER = ROOT / "tests/data/roster-a.xlsx"


@pytest.fixture
def book(tmp_path):
    (tmp_path / "册").mkdir()
    book = workbook(tmp_path / "册")
    with book.writing() as session:
        for n in range(1, 30):
            household(session, number=n)
    yield book
    book.close()


def more(book, first):
    with book.writing() as session:
        for n in range(first, first + 40):
            household(session, number=n)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_saving(book):
    with full_disk(wal(book.path).stat().st_size + 30_000), pytest.raises(OfficeError, match=r"磁盘已满.*已保存的都在"):
        more(book, 100)
    assert households(book) == 29
    assert finish(faults(book)) == []
    more(book, 100)
    book.close()
    assert sound(book.path) == 69


def test_closing(book):
    more(book, 100)
    with full_disk(8192):
        book.close()
    assert wal(book.path).exists()  # the file had no room for it
    assert sound(book.path) == 69


@pytest.mark.parametrize("room", [0, 10_000])
def test_opening(book, room):
    book.close()
    with full_disk(room), pytest.raises(OfficeError, match=r"只读的，或磁盘已满|磁盘已满或不能写入"):
        access.unlock(book.path, PASSPHRASE)
    assert sound(book.path) == 29
    assert names(book.path.parent) == ["石桥村.hdb"]


@pytest.mark.parametrize("room", [0, 20_000, 400_000])
def test_backing_up(book, tmp_path, room):
    more(book, 100)
    with full_disk(room), pytest.raises(OfficeError, match=r"已满|不能写入"):
        finish(backup.backup(book, tmp_path / "备份.hdb"))
    assert names(tmp_path) == ["册"]
    assert finish(faults(book)) == []
    finish(backup.backup(book, tmp_path / "备份.hdb"))
    assert sound(tmp_path / "备份.hdb") == 69


@pytest.mark.parametrize("room", [0, 4096, 50_000, 300_000, 700_000])
def test_making_a_workbook(tmp_path, room):
    path = tmp_path / "新.hdb"
    with full_disk(room), pytest.raises(OfficeError, match=r"不能在“.*”里建立工作簿：磁盘已满"):
        access.create(path, PASSPHRASE, "王书记", VILLAGE, cost=keyring.TEST)
    assert names(tmp_path) == []
    if room == 0:
        access.create(path, PASSPHRASE, "王书记", VILLAGE, cost=keyring.TEST)[0].close()
        assert sound(path) == 0


def test_taking_in_a_roster(book):
    found = finish(preview(book, ROSTER))
    with full_disk(wal(book.path).stat().st_size + 30_000), pytest.raises(OfficeError, match=r"磁盘已满.*已保存的都在"):
        finish(take_in(book, found))
    assert households(book) == 29
    assert finish(faults(book)) == []
    finish(take_in(book, found))
    book.close()
    assert sound(book.path) > 29


@pytest.mark.parametrize("room", [0, 100_000])
def test_restoring(book, tmp_path, room):
    finish(backup.backup(book, tmp_path / "备份.hdb"))
    more(book, 100)
    book.close()
    before = book.path.read_bytes()
    with full_disk(room), pytest.raises(OfficeError, match=r"没有恢复|磁盘已满"):
        finish(backup.restore(tmp_path / "备份.hdb", book.path, PASSPHRASE))
    assert book.path.read_bytes() == before
    assert names(book.path.parent) == ["石桥村.hdb"]
    assert sound(book.path) == 69


def test_restoring_when_only_the_keys_do_not_fit(book, tmp_path):
    """A file without its keys opens never again: it must not take the place of the workbook."""
    finish(backup.backup(book, tmp_path / "备份.hdb"))
    book.close()
    raw = (tmp_path / "备份.hdb").read_bytes()
    before = book.path.read_bytes()
    work = backup.restore(tmp_path / "备份.hdb", book.path, PASSPHRASE)
    next(work)
    next(work)
    with full_disk(len(raw) - 300), pytest.raises(OfficeError, match=r"没有恢复"):
        finish(work)
    assert book.path.read_bytes() == before
    assert names(book.path.parent) == ["石桥村.hdb"]


def test_a_dump_is_whole_or_not_there(tmp_path):
    out = tmp_path / "全部.json"
    out.write_text("前一份", encoding="utf-8")
    with full_disk(1000), pytest.raises(OSError, match="File too large"), files.whole(out) as part:
        part.write_text("新" * 5000, encoding="utf-8")
    assert out.read_text(encoding="utf-8") == "前一份"
    assert names(tmp_path) == ["全部.json"]


def test_opening_in_a_folder_that_cannot_be_written(book):
    book.close()
    before = book.path.read_bytes()
    with read_only(book.path.parent), pytest.raises(OfficeError, match=r"只读的.*复制到电脑硬盘"):
        access.unlock(book.path, PASSPHRASE)
    assert (book.path.read_bytes(), names(book.path.parent)) == (before, ["石桥村.hdb"])
    assert sound(book.path) == 29


def test_opening_a_file_that_cannot_be_written(book):
    book.close()
    before = book.path.read_bytes()
    with read_only(book.path), pytest.raises(OfficeError, match=r"只读的.*复制到电脑硬盘"):
        access.unlock(book.path, PASSPHRASE)
    assert (book.path.read_bytes(), names(book.path.parent)) == (before, ["石桥村.hdb"])
    assert sound(book.path) == 29


def test_a_file_that_may_not_be_read(book):
    book.close()
    with read_only():
        book.path.chmod(0)
        with pytest.raises(OfficeError, match=r"读不了“石桥村.hdb”"):
            access.unlock(book.path, PASSPHRASE)
    book.path.chmod(0o600)
    assert sound(book.path) == 29


def test_writing_into_folders_that_cannot_be_written(book, tmp_path):
    closed = tmp_path / "关着"
    closed.mkdir()
    with read_only(closed, book.path.parent):
        with pytest.raises(OfficeError, match=r"不能在“.*”里建立工作簿"):
            access.create(closed / "新.hdb", PASSPHRASE, "王书记", VILLAGE, cost=keyring.TEST)
        with pytest.raises(OfficeError, match=r"不能写入"):
            finish(backup.backup(book, closed / "备份.hdb"))
        with pytest.raises(OfficeError, match=r"备份没有写成：不能建立文件夹"):
            finish(backup.before(book, "导入前"))
        with pytest.raises(OfficeError, match=r"没有恢复"):
            finish(backup.restore(book.path, closed / "恢复.hdb", PASSPHRASE))
    assert names(closed) == []
    assert finish(faults(book)) == []


def test_a_machine_whose_memory_cannot_be_written(book, own_state):
    """Nothing is remembered, so the workbook goes on as a new replica; nothing is lost."""
    book.close()
    with read_only(own_state / "replicas"):
        again = access.unlock(book.path, PASSPHRASE)
        more(again, 100)
        again.close()
    assert sound(book.path) == 69
    with read_only(own_state / "locks"), pytest.raises(OfficeError, match=r"磁盘已满或没有权限"):
        access.unlock(book.path.with_name("别的.hdb"), PASSPHRASE)
