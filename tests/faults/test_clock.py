"""A clock at 1970 and at 2099: stamps never go back, conflicts are seen, nothing right is refused."""

from datetime import date, datetime

import pytest
from sqlalchemy import text

from app.progress import run_to_completion
from app.records import validators
from app.records.draft import new_draft, save_draft
from app.records.draft import validation_errors as faults_of
from app.records.field import field
from app.records.history import household_history
from app.workbook import access, backup, backup_retention
from app.workbook.integrity import check_integrity
from db.journal.conflicts import open_conflicts
from db.journal.merge import Merge, version_vector
from db.journal.outgoing_changes import changes_after
from db.schema.household import Household
from tests.app.sync.peers import edit_record, make_team, send
from tests.builders import PASSPHRASE, VILLAGE, household, id_number, workbook
from tests.faults.fault_injection import clock

EPOCH, FAR = datetime(1970, 1, 1, 0, 0, 1), datetime(2099, 12, 31)
NOW = datetime(2026, 5, 4)
HOME = Household.id_of(f"{VILLAGE.code}001")


def stamps(book):
    with book.reading() as session:
        return list(session.scalars(text("SELECT stamp FROM change ORDER BY seq")))


@pytest.mark.parametrize(("first", "then"), [(NOW, EPOCH), (FAR, NOW), (EPOCH, FAR), (EPOCH, EPOCH)])
def test_stamps_never_go_back(tmp_path, first, then):
    with clock(first):
        book = workbook(tmp_path)
        with book.writing() as session:
            household(session)
    with clock(then):
        edit_record(book, HOME, phone="13800000001")
        book.close()
        book = access.unlock(book.path, PASSPHRASE)
        edit_record(book, HOME, phone="13800000002")
    observed = stamps(book)
    assert observed == sorted(observed)
    assert all(0 < stamp < 2**62 for stamp in observed)
    with book.reading() as session:
        lines = household_history(session, HOME)
        assert [line.after for line in lines[:2]] == ["138****0002", "138****0001"]
        assert lines[0].at >= lines[-1].at
    assert run_to_completion(check_integrity(book)) == []
    book.close()


@pytest.mark.parametrize(("ours", "theirs"), [(EPOCH, FAR), (FAR, EPOCH), (NOW, FAR)])
def test_a_wrong_clock_hides_no_conflict(tmp_path, ours, theirs):
    a, b = make_team(tmp_path, "甲", "乙")
    with a.writing() as session:
        household(session)
    send(a, b)
    with clock(ours):
        edit_record(a, HOME, phone="13800000001")
    with clock(theirs):
        edit_record(b, HOME, phone="13800000002")
        send(b, a)
    with clock(ours):
        send(a, b)
        edit_record(a, HOME, note="之后")  # follows what came in, however far ahead it is
    for book in (a, b):
        with book.reading() as session:
            [conflict] = open_conflicts(session)
        assert {head.value for head in conflict.heads} == {"13800000001", "13800000002"}
        assert run_to_completion(check_integrity(book)) == []
    assert stamps(a)[-1] == max(stamps(a))
    with a.reading() as session:
        assert household_history(session, HOME)[0].after == "之后"
    send(a, b)
    for book in (a, b):
        book.close()


def test_the_furthest_stamp_that_a_package_may_carry_leaves_room(tmp_path):
    a, b = (workbook(tmp_path, f"{name}.hdb", name) for name in "甲乙")
    with a.writing() as session:
        household(session)
    with b.reading() as session:
        known = version_vector(session)
    with a.reading() as session:
        [block] = list(changes_after(session, known))
    with b.writing() as session:
        merge = Merge(session)
        merge.add_changes(change._replace(stamp=2**62 - 1) for change in block)
        merge.finish()
    for n in range(3):
        edit_record(b, HOME, phone=f"1380000000{n}")
    assert stamps(b)[-3:] == [2**62, 2**62 + 1, 2**62 + 2]
    with b.reading() as session:
        assert household_history(session, HOME)[0].at.year == 4199
    for book in (a, b):
        book.close()


class EpochDate(date):
    @classmethod
    def today(cls):
        return date(1970, 1, 1)


def test_a_clock_at_1970_refuses_no_birth_and_no_year(tmp_path, monkeypatch):
    monkeypatch.setattr(validators, "date", EpochDate)
    assert validators.id_number_error(id_number(date(1988, 5, 6))) == ""
    assert field("income_year", "year").check(2024) == ""
    assert "应是四位年份" in field("income_year", "year").check(2400)
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session, members=0)
    young = new_draft(
        "member",
        VILLAGE.code,
        household_id=HOME,
        person_no="34082810010100101",
        name="陈燕",
        id_no=id_number(date(1988, 5, 6)),
        relation="之女",
    )
    assert faults_of(young) == {}
    save_draft(book, young)
    book.close()


class EarlyDatetime(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(1970, 1, 1)


def test_a_backup_made_with_a_clock_that_went_back_stays(tmp_path, monkeypatch):
    book = workbook(tmp_path)
    for _ in range(backup_retention.MAX_BACKUPS):
        run_to_completion(backup.automatic_backup(book, "导入前"))
    monkeypatch.setattr(backup, "datetime", EarlyDatetime)
    backup_path = run_to_completion(backup.automatic_backup(book, "导入前"))
    assert backup_path.exists()
    assert len(backup.list_backups(book.path)) == backup_retention.MAX_BACKUPS
    book.close()


def test_two_restores_at_one_moment_keep_both_former_files(tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "datetime", EarlyDatetime)
    book = workbook(tmp_path)
    run_to_completion(backup.backup(book, tmp_path / "备份.hdb"))
    for n in (1, 2):
        with book.writing() as session:
            household(session, number=n)
        book.close()
        run_to_completion(backup.restore(tmp_path / "备份.hdb", book.path, PASSPHRASE))
        book = access.unlock(book.path, PASSPHRASE)
    book.close()
    observed = []
    for aside in sorted(tmp_path.glob("*恢复前*.hdb")):
        former_book = access.unlock(aside, PASSPHRASE)
        with former_book.reading() as session:
            observed += session.scalars(text("SELECT household_no FROM household")).all()
        former_book.close()
    assert sorted(observed) == [f"{VILLAGE.code}001", f"{VILLAGE.code}002"]
