"""Backups on closing, read back, and thinned."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.errors import UserError, WorkbookLocked
from app.progress import run_to_completion
from app.workbook import access, backup, backup_retention, second_backup
from app.workbook.backup_retention import expired, made_at
from tests.builders import PASSPHRASE, household, workbook
from tests.faults.fault_injection import check_closed_workbook, full_disk

NOW = datetime(2026, 11, 29, 12, 30)


def copy_made(when: datetime) -> Path:
    return Path(f"{when:%Y%m%d-%H%M%S}-000 关闭时.hdb")


@pytest.fixture
def book(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session)
    yield book
    book.close()


def test_a_closed_workbook_is_backed_up_without_its_key(book):
    book.close()
    copy = backup.back_up_closed(book.path)
    assert copy.read_bytes() == book.path.read_bytes()
    assert check_closed_workbook(copy) == 1
    assert backup.list_backups(book.path) == [copy]


def test_a_workbook_that_is_open_again_is_not_backed_up_behind_its_back(book):
    with pytest.raises(WorkbookLocked):
        backup.back_up_closed(book.path)
    assert backup.list_backups(book.path) == []


def test_a_full_disk_leaves_no_half_backup(book):
    book.close()
    with full_disk(100_000), pytest.raises(UserError, match="备份没有写成"):
        backup.back_up_closed(book.path)
    assert list(backup_retention.backup_folder(book.path).iterdir()) == []


def test_a_backup_that_cannot_be_read_back_is_not_kept(book, tmp_path):
    """A bad stick: a byte is another than was written."""
    task = backup.backup(book, tmp_path / "b.hdb")
    next(task)
    next(task)
    part = tmp_path / "b.hdb.part"
    raw = bytearray(part.read_bytes())
    raw[20_000] ^= 1
    part.write_bytes(raw)
    with pytest.raises(UserError, match=r"核对没有通过.*工作簿没有改动"):
        run_to_completion(task)
    assert [entry.name for entry in tmp_path.glob("b.hdb*")] == []


def test_old_backups_are_thinned_by_hour_day_week_and_month():
    copies = [copy_made(NOW - timedelta(minutes=20 * n)) for n in range(3 * 24 * 400)]  # every 20 minutes for 400 days
    removed = set(expired(copies))
    kept = [copy for copy in copies if copy not in removed]
    ages = [(NOW - made_at(copy)).days for copy in kept]
    assert kept[:10] == copies[:10]
    assert len(kept) < 40
    assert {0, 1, 2, 3, 4, 5, 6} <= set(ages)
    assert 300 < max(ages) < 366
    assert expired(kept) == []


def test_thinning_day_by_day_keeps_a_year():
    kept: list[Path] = []
    for day in range(400):
        kept.append(copy_made(NOW + timedelta(days=day)))
        kept = [copy for copy in kept if copy not in expired(kept)]
    months = {made_at(copy).strftime("%Y%m") for copy in kept}
    assert len(months) >= 12
    assert len(kept) < 40


def test_a_file_that_somebody_put_there_stays(book):
    folder = backup_retention.backup_folder(book.path)
    folder.mkdir()
    (folder / "不要删.hdb").write_bytes(b"mine")
    for _ in range(backup_retention.MAX_BACKUPS + 3):
        run_to_completion(backup.automatic_backup(book, "导入前"))
    assert (folder / "不要删.hdb").read_bytes() == b"mine"
    assert len(backup.list_backups(book.path)) == backup_retention.MAX_BACKUPS + 1


def test_a_disk_with_little_room_keeps_the_newest_few(book, monkeypatch):
    for _ in range(5):
        run_to_completion(backup.automatic_backup(book, "导入前"))
    usage = type("Usage", (), {"free": book.path.stat().st_size})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    newest = run_to_completion(backup.automatic_backup(book, "导入前"))
    assert len(backup.list_backups(book.path)) == 3
    assert backup.list_backups(book.path)[0] == newest
    book.close()
    access.unlock(newest, PASSPHRASE).close()


def folder_on(stick):
    [folder] = stick.iterdir()
    return folder


def test_workbooks_of_one_name_that_share_a_stick_are_thinned_each_for_itself(tmp_path):
    stick, copies = tmp_path / "U盘", {}
    stick.mkdir()
    for village in ("东", "西"):
        (tmp_path / village).mkdir()
        with closing(workbook(tmp_path / village)) as book:
            second_backup.choose_folder(book.path, stick)
            copies[village] = run_to_completion(backup.automatic_backup(book, "导入前"))
            for _ in range(backup_retention.MAX_BACKUPS if village == "西" else 0):
                run_to_completion(backup.automatic_backup(book, "导入前"))
    east, west = sorted(stick.iterdir(), key=lambda folder: len(list(folder.iterdir())))
    assert [copy.read_bytes() for copy in east.iterdir()] == [copies["东"].read_bytes()]
    assert len(list(west.iterdir())) == backup_retention.MAX_BACKUPS
    assert east.name[:7] == west.name[:7] == "石桥村-备份-"


def test_each_automatic_backup_is_copied_to_the_second_folder_and_thinned_there(book, tmp_path):
    stick = tmp_path / "U盘"
    stick.mkdir()
    second_backup.choose_folder(book.path, stick)
    copies = [
        run_to_completion(backup.automatic_backup(book, "导入前")) for _ in range(backup_retention.MAX_BACKUPS + 2)
    ]
    there = backup_retention.newest_first(folder_on(stick))
    assert [copy.name for copy in there] == [copy.name for copy in backup.list_backups(book.path)]
    assert there[0].read_bytes() == copies[-1].read_bytes()
    access.unlock(there[0], PASSPHRASE).close()
    second_backup.choose_folder(book.path, None)
    run_to_completion(backup.automatic_backup(book, "导入前"))
    assert backup_retention.newest_first(there[0].parent)[0].name == copies[-1].name


def test_a_stick_that_was_pulled_keeps_nobody_from_working(book, tmp_path):
    stick = tmp_path / "U盘"
    stick.mkdir()
    second_backup.choose_folder(book.path, stick)
    stick.rmdir()
    copy = run_to_completion(backup.automatic_backup(book, "导入前"))
    assert backup.list_backups(book.path) == [copy]
    assert "没有插好" in second_backup.copy_to_second_folder(book.path, copy)
    assert not stick.exists()
    stick.mkdir()
    with full_disk(100_000):
        assert "已满" in second_backup.copy_to_second_folder(book.path, copy)
    assert list(folder_on(stick).iterdir()) == []
    assert second_backup.copy_to_second_folder(book.path, copy) == ""


def test_the_second_folder_is_not_the_first(book):
    with pytest.raises(UserError, match="另一个盘"):
        second_backup.choose_folder(book.path, book.path.parent)
    assert second_backup.second_folder(book.path) is None
