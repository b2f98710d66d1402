"""Who gets in, and with which copy."""

import shutil

import pytest
from sqlalchemy import text

from app.errors import CorruptFile, UnrecognizedFile, UserError, WorkbookLocked, WrongPassphrase
from app.progress import run_to_completion
from app.workbook import access, backup, backup_retention, keyring
from app.workbook.integrity import check_integrity
from db.journal.merge import version_vector
from db.schema.household import Household
from tests.builders import PASSPHRASE, VILLAGE, copied_tables, household, workbook, workbook_and_code


@pytest.fixture
def book(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session, phone="13800000001")
    yield book
    book.close()


def households(book):
    with book.reading() as session:
        return session.query(Household).count()


def test_a_closed_workbook_is_one_file_and_opens_again(book, tmp_path):
    book.close()
    assert [path.name for path in tmp_path.iterdir()] == ["石桥村.hdb"]
    again = access.unlock(book.path, PASSPHRASE)
    assert (households(again), again.operator, again.replica) == (1, "王书记", book.replica)
    again.close()


def test_nothing_in_the_file_can_be_read_without_the_key(book):
    book.close()
    raw = book.path.read_bytes()
    for secret in ("陈卫国", "13800000001", "household", "SQLite format"):
        assert secret.encode() not in raw


def test_wrong_passphrase(book):
    book.close()
    before = book.path.read_bytes()
    with pytest.raises(WrongPassphrase, match="口令不对"):
        access.unlock(book.path, "猜一个")
    assert book.path.read_bytes() == before


def test_the_recovery_code_opens_in_any_spelling(tmp_path):
    book, code = workbook_and_code(tmp_path)
    book.close()
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "o").replace("9", "i")):
        access.unlock(book.path, typed).close()


def test_every_operator_has_a_passphrase_of_their_own(book):
    access.add_operator(book, "李队员", "另外一句口令", proof=PASSPHRASE, cost=keyring.TEST_COST)
    access.change_passphrase(book, "王书记", PASSPHRASE, "新的口令也长", cost=keyring.TEST_COST)
    book.close()
    for secret, name in (("另外一句口令", "李队员"), ("新的口令也长", "王书记")):
        again = access.unlock(book.path, secret)
        assert again.operator == name
        again.close()
    with pytest.raises(WrongPassphrase):
        access.unlock(book.path, PASSPHRASE)
    again = access.unlock(book.path, "另外一句口令")
    access.remove_operator(again, "王书记")
    with pytest.raises(UserError, match="最后一位"):
        access.remove_operator(again, "李队员")
    again.close()
    assert access.operators(book.path) == ["李队员"]


def test_a_forgotten_passphrase_is_replaced_with_the_recovery_code(tmp_path):
    book, code = workbook_and_code(tmp_path)
    access.add_operator(book, "李队员", "另外一句口令", proof=PASSPHRASE, cost=keyring.TEST_COST)
    with pytest.raises(WrongPassphrase, match="别人的口令"):
        access.change_passphrase(book, "王书记", "另外一句口令", "又一句新口令", cost=keyring.TEST_COST)
    access.change_passphrase(book, "王书记", code, "又一句新口令", cost=keyring.TEST_COST)
    book.close()
    again = access.unlock(book.path, "又一句新口令")
    assert again.operator == "王书记"
    again.close()


def test_a_new_recovery_code_ends_the_old_one(tmp_path):
    book, code = workbook_and_code(tmp_path)
    newer = access.renew_recovery_code(book, PASSPHRASE, cost=keyring.TEST_COST)
    book.close()
    access.unlock(book.path, newer).close()
    with pytest.raises(WrongPassphrase):
        access.unlock(book.path, code)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(8188), bytes(4096)])
def test_a_file_that_is_no_workbook(tmp_path, content):
    path = tmp_path / "名单.hdb"
    path.write_bytes(content)
    with pytest.raises((UnrecognizedFile, CorruptFile), match="不是"):
        access.unlock(path, PASSPHRASE)
    assert path.read_bytes() == content


def test_a_missing_file(tmp_path):
    with pytest.raises(UnrecognizedFile, match="找不到"):
        access.unlock(tmp_path / "没有.hdb", PASSPHRASE)


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_truncated_workbook(book, keep):
    book.close()
    raw = book.path.read_bytes()
    book.path.write_bytes(raw[: int(len(raw) * keep)])
    with pytest.raises((CorruptFile, UnrecognizedFile)):
        access.unlock(book.path, PASSPHRASE)


def test_a_damaged_workbook_is_named_so(book):
    book.close()
    raw = bytearray(book.path.read_bytes())
    for page in range(0, len(raw) - 8192, 4096):
        raw[page + 100] ^= 0xFF
    book.path.write_bytes(raw)
    with pytest.raises(CorruptFile, match="备份"):
        access.unlock(book.path, PASSPHRASE)


def test_damage_inside_is_found_by_verify(book):
    with book.writing() as session:
        for n in range(300):
            household(session, number=n + 10)
    book.close()
    raw = bytearray(book.path.read_bytes())
    pages = len(raw) // 4096
    raw[(pages - 3) * 4096 + 2000] ^= 1  # far from the schema, among the newest records
    book.path.write_bytes(raw)
    again = access.unlock(book.path, PASSPHRASE)
    integrity_errors = run_to_completion(check_integrity(again))
    again.close()
    assert any(message.startswith("文件") for message in integrity_errors)


def test_verify_finds_a_cell_that_the_journal_does_not_know(book):
    assert run_to_completion(check_integrity(book)) == []
    with book.writing() as session:
        session.execute(text("UPDATE writer SET capturing = 0"))
        session.execute(text("UPDATE household SET phone = '13900000000'"))
    assert run_to_completion(check_integrity(book)) == ["“户”的“phone”与日志不符"]


def test_one_window_at_a_time(book):
    with pytest.raises(WorkbookLocked, match="另一个窗口"):
        access.unlock(book.path, PASSPHRASE)
    book.close()
    access.unlock(book.path, PASSPHRASE).close()


def test_an_existing_file_is_never_overwritten(book):
    book.close()
    before = book.path.read_bytes()
    with pytest.raises(UserError, match="已经存在"):
        access.create(book.path, PASSPHRASE, "王书记", VILLAGE, cost=keyring.TEST_COST)
    assert book.path.read_bytes() == before


@pytest.mark.parametrize(("code", "said"), [("34082810010", "12 位"), ("34082810010X", "12 位"), ("", "12 位")])
def test_a_village_code_has_twelve_digits(tmp_path, code, said):
    with pytest.raises(UserError, match=said):
        access.create(tmp_path / "a.hdb", PASSPHRASE, "王书记", access.NewVillage("村", code), cost=keyring.TEST_COST)
    assert list(tmp_path.iterdir()) == []


def test_a_short_passphrase_is_refused(tmp_path):
    with pytest.raises(UserError, match="口令至少"):
        access.create(tmp_path / "a.hdb", "12345", "王书记", VILLAGE, cost=keyring.TEST_COST)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "passphrase",
    [
        "1234567890",
        "19700506",
        "13800000001",
        "password1",
        "qwertyuiop",
        "abcdefgh",
        "石桥村石桥村",
        "wangshuji",
        "中国中国中国",
    ],
)
def test_a_passphrase_that_is_easily_guessed_is_refused(tmp_path, passphrase):
    with pytest.raises(UserError, match=r"容易被猜到.*请换一句"):
        access.create(tmp_path / "a.hdb", passphrase, "王书记", VILLAGE, cost=keyring.TEST_COST)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("passphrase", ["另外一句口令", "槐树 水泵 周三", "correct horse battery", "Xa7#kk29pQ"])
def test_a_phrase_of_ones_own_is_accepted(tmp_path, passphrase):
    with copied_tables():
        access.create(tmp_path / "a.hdb", passphrase, "王书记", VILLAGE, cost=keyring.TEST_COST)[0].close()
    access.unlock(tmp_path / "a.hdb", passphrase).close()


def test_a_passphrase_of_before_still_opens(book):
    """The minimum is for new ones."""
    keys = keyring.read_open_keyring(book.path)
    key, _ = keys.unwrap(PASSPHRASE)
    keyring.write_sidecar(book.path, keys.with_slot("老队员", "123456", key, keyring.TEST_COST))
    book.close()
    access.unlock(book.path, "123456").close()


def test_a_copied_file_is_a_new_replica(book, tmp_path):
    book.close()
    shutil.copy(book.path, tmp_path / "拷贝.hdb")
    copy = access.unlock(tmp_path / "拷贝.hdb", PASSPHRASE)
    original = access.unlock(book.path, PASSPHRASE)
    assert (copy.replica != book.replica, original.replica) == (True, book.replica)
    for which in (copy, original):
        with which.writing() as session:
            session.query(Household).one().note = which.path.name
        with which.reading() as session:
            assert (VILLAGE.code, which.replica) in version_vector(session)
        which.close()


def test_a_restored_backup_is_a_new_replica_and_keeps_the_former_file(book, tmp_path):
    out = tmp_path / "备份.hdb"
    run_to_completion(backup.backup(book, out))
    with book.writing() as session:
        household(session, number=2)
    book.close()
    run_to_completion(backup.restore(out, book.path, PASSPHRASE))
    again = access.unlock(book.path, PASSPHRASE)
    assert (households(again), again.replica != book.replica) == (1, True)
    again.close()
    [aside] = tmp_path.glob("*恢复前*.hdb")
    former_book = access.unlock(aside, PASSPHRASE)
    assert households(former_book) == 2
    former_book.close()


def test_only_the_newest_backups_stay(book):
    for _ in range(backup_retention.MAX_BACKUPS + 3):
        run_to_completion(backup.automatic_backup(book, "导入前"))
    assert len(backup.list_backups(book.path)) == backup_retention.MAX_BACKUPS
    access.unlock(backup.list_backups(book.path)[0], PASSPHRASE).close()


def test_a_backup_never_overwrites(book, tmp_path):
    out = tmp_path / "b.hdb"
    out.write_bytes(b"mine")
    with pytest.raises(UserError, match="已经存在"):
        run_to_completion(backup.backup(book, out))
    assert out.read_bytes() == b"mine"


def test_a_cancelled_backup_leaves_nothing(book, tmp_path):
    task = backup.backup(book, tmp_path / "b.hdb")
    next(task)
    next(task)
    task.close()
    assert not list(tmp_path.glob("b.hdb*"))
