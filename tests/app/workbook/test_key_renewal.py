"""A new file key after an operator was removed: who has the old file and a passphrase reads no more from now on."""

import shutil
from unittest.mock import patch

import pytest

from app.errors import UserError, WorkbookLocked, WrongPassphrase
from app.progress import run_to_completion
from app.workbook import access, backup, key_renewal, keyring
from app.workbook.integrity import check_integrity
from app.workbook.keyring import TEST_COST
from tests.app.sync.peers import all_records
from tests.builders import PASSPHRASE, household, workbook

DISMISSED = "离任的口令 2018"


@pytest.fixture
def closed(tmp_path):
    """王书记's and 小李's workbook, closed, and what it holds."""
    book = workbook(tmp_path)
    with book.operation("新增") as session:
        household(session)
    access.add_operator(book, "小李", DISMISSED, proof=PASSPHRASE, cost=TEST_COST)
    records, replica = all_records(book), book.replica
    book.close()
    return book.path, records, replica


def file_key(path, passphrase):
    return keyring.read_keyring(path).unwrap(passphrase)[0]


def test_whoever_was_removed_reads_nothing_with_what_they_had(closed, tmp_path):
    path, records, replica = closed
    old_copy, old_key = tmp_path / "以前拷走的.hdb", file_key(path, DISMISSED)
    shutil.copy(path, old_copy)
    old_keyring = keyring.read_keyring(path).to_bytes()
    renewal = run_to_completion(key_renewal.renew(path, PASSPHRASE, cost=TEST_COST))
    assert renewal.removed == ("小李",)
    assert "请到设置里重新添加操作员" in renewal.message
    with pytest.raises(WrongPassphrase):
        access.unlock(path, DISMISSED)
    assert file_key(path, PASSPHRASE) != old_key
    forged = tmp_path / "旧钥匙.hdb"
    shutil.copy(path, forged)
    with forged.open("ab") as file:
        file.write(old_keyring)  # the keys of before at the end of the new file
    with pytest.raises(UserError):
        access.unlock(forged, DISMISSED)
    book = access.unlock(path, renewal.recovery)
    assert (all_records(book), book.replica) == (records, replica)  # nobody is told of a new machine
    assert run_to_completion(check_integrity(book)) == []
    book.close()
    access.unlock(renewal.backup, DISMISSED).close()  # the backup of before is what it was, and the message says so
    assert renewal.backup in backup.list_backups(path)


def test_what_fails_leaves_the_file_as_it_was(closed):
    path, records, _ = closed
    with pytest.raises(WrongPassphrase):
        run_to_completion(key_renewal.renew(path, "不对的口令 2018"))
    book = access.unlock(path, PASSPHRASE)
    with pytest.raises(WorkbookLocked):
        run_to_completion(key_renewal.renew(path, PASSPHRASE))
    book.close()
    before = path.read_bytes()
    with patch.object(key_renewal, "connect", side_effect=OSError), pytest.raises(UserError, match="没有换成密钥"):
        run_to_completion(key_renewal.renew(path, PASSPHRASE, cost=TEST_COST))
    assert path.read_bytes()[: len(before) // 2] == before[: len(before) // 2]
    assert not path.with_name(f".{path.name}.restoring").exists()
    book = access.unlock(path, DISMISSED)
    assert all_records(book) == records
    book.close()
