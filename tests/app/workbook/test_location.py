"""Workbooks on shares and read-only media, and their copies on this machine."""

import shutil
from pathlib import Path

import pytest

from app.errors import LocalCopyNeeded, UserError, WrongPassphrase
from app.progress import run_to_completion
from app.workbook import access, location
from app.workbook.keyring import TEST_COST
from app.workbook.local_copy import open_local_copy
from tests.builders import PASSPHRASE, VILLAGE, household, workbook

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
35 22 0:40 / {folder} rw,nosuid - {kind} //server/docs rw,vers=3.1
36 22 0:41 / /media/My\\040Stick rw - vfat /dev/sdb1 rw
"""


@pytest.fixture
def book(tmp_path):
    """A closed workbook with one household."""
    (tmp_path / "共享").mkdir()
    book = workbook(tmp_path / "共享")
    with book.writing() as session:
        household(session)
    book.close()
    return book


@pytest.fixture
def share(book, tmp_path, monkeypatch):
    """The folder of the workbook looks like a share of another machine."""
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS.format(folder=book.path.parent, kind="cifs"), encoding="utf-8")
    monkeypatch.setattr(location, "_MOUNT_TABLE", table)
    return book.path.parent


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/资料/石桥村.hdb", "ext4"),
        ("/共享/a/石桥村.hdb", "nfs4"),
        ("/media/My Stick/a.hdb", "vfat"),
        ("/共享者/a", "ext4"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(path, kind):
    table = MOUNTS.format(folder="/共享", kind="nfs4")
    assert location.file_system_type(Path(path), table) == kind


def test_a_workbook_on_a_share_is_not_opened_there_but_as_a_copy(book, share, tmp_path):
    with pytest.raises(LocalCopyNeeded, match=r"网络共享文件夹.*复制到电脑硬盘"):
        access.unlock(book.path, PASSPHRASE)
    with pytest.raises(UserError, match="网络共享文件夹"):
        access.create(share / "新.hdb", PASSPHRASE, "王书记", VILLAGE, cost=TEST_COST)
    copy = run_to_completion(open_local_copy(book.path, tmp_path / "文档", PASSPHRASE))
    assert (copy.path, copy.replica != book.replica) == (tmp_path / "文档/石桥村.hdb", True)
    copy.close()
    assert [path.name for path in share.iterdir()] == ["石桥村.hdb"]


def test_a_copy_never_overwrites(book, tmp_path):
    (tmp_path / "石桥村.hdb").write_bytes(b"mine")
    copy = run_to_completion(open_local_copy(book.path, tmp_path, PASSPHRASE))
    assert copy.path == tmp_path / "石桥村 2.hdb"
    copy.close()
    assert (tmp_path / "石桥村.hdb").read_bytes() == b"mine"


def test_without_the_passphrase_nothing_is_copied(book, tmp_path):
    with pytest.raises(WrongPassphrase):
        run_to_completion(open_local_copy(book.path, tmp_path / "文档", "猜一个"))
    assert not (tmp_path / "文档").exists()


def test_a_workbook_that_is_open_elsewhere_is_not_copied(book, tmp_path):
    again = access.unlock(book.path, PASSPHRASE)
    with pytest.raises(UserError, match="正在别处打开"):
        run_to_completion(open_local_copy(book.path, tmp_path / "文档", PASSPHRASE))
    again.close()
    shutil.rmtree(tmp_path / "文档", ignore_errors=True)
    run_to_completion(open_local_copy(book.path, tmp_path / "文档", PASSPHRASE)).close()
