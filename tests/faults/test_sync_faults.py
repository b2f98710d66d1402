"""Exchange and joining when power or disk fail, when old copies come back, and when two copies are used at once."""

import random
import shutil

import pytest

from app.errors import UserError
from app.progress import run_to_completion
from app.records import household_merge
from app.sync import conflicts, package_export, package_import, peers
from app.sync.errors import MissingChanges
from app.workbook import access, backup, files, preferences
from app.workbook.integrity import check_integrity
from db.schema.household import Household
from tests.app.sync.peers import (
    all_records,
    close_team,
    edit_record,
    journal_entries,
    opened_team,
    read_cell,
    send,
    write_package,
)
from tests.builders import PASSPHRASE, VILLAGE, household
from tests.faults.fault_injection import full_disk, kill_after, kill_before_write

STEPS = 200  # more than anything here takes
ALL = 1 + 60 * 4  # the village, 60 households of a head and two others
HOME = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture(scope="module")
def closed_pair(tmp_path_factory):
    def write_down_a_village(books):
        with books[0].writing() as session:
            for number in range(1, 61):
                household(session, number=number)

    return close_team(tmp_path_factory.mktemp("pair"), ("甲", "乙"), write_down_a_village)


@pytest.fixture
def pair(closed_pair, tmp_path):
    """甲 has 60 households, 乙 none of them."""
    with opened_team(closed_pair, tmp_path, "甲", "乙") as books:
        yield books


@pytest.fixture
def usb_drive(tmp_path):
    (tmp_path / "U盘").mkdir()
    return tmp_path / "U盘"


def export_package(path, to, target):
    book = access.unlock(path, PASSPHRASE)
    run_to_completion(package_export.write_package(book, to, target))
    book.close()


def import_package(path, package):
    book = access.unlock(path, PASSPHRASE)
    run_to_completion(package_import.import_package(book, package))
    book.close()


def test_power_fails_before_any_step_of_an_export(pair, usb_drive):
    a, b = pair
    to, target = peers.load_own_card(b).sign_key, usb_drive / "给乙.hdpack"
    a.close()
    outcomes = set()
    for step in range(STEPS):
        killed = kill_before_write(lambda: export_package(a.path, to, target), usb_drive, step)
        outcomes.add(target.exists())
        if target.exists():
            assert run_to_completion(package_import.verify_package(b, target)).new_changes == ALL
            target.unlink()
        if not killed:
            break
    assert not killed
    assert outcomes == {False, True}
    again = access.unlock(a.path, PASSPHRASE)
    assert run_to_completion(check_integrity(again)) == []
    again.close()


@pytest.mark.parametrize("seed", range(2))
def test_power_fails_at_any_instant_of_an_export_over_an_older_package(pair, usb_drive, seed):
    a, b = pair
    to, target = peers.load_own_card(b).sign_key, usb_drive / "给乙.hdpack"
    write_package(a, b, target)
    edit_record(a, HOME, note="新")
    a.close()
    chance = random.Random(seed)
    for _ in range(4):
        kill_after(lambda: export_package(a.path, to, target), chance.uniform(0.05, 0.6))
        assert run_to_completion(package_import.verify_package(b, target)).new_changes in (ALL, ALL + 1)


def test_power_fails_before_any_step_of_an_import(pair, usb_drive):
    a, b = pair
    path, empty = write_package(a, b, usb_drive / "1.hdpack"), all_records(b)
    b.close()
    seed_path = usb_drive / "乙.hdb"
    shutil.copy(b.path, seed_path)
    complete_state = None
    for step in range(0, STEPS, 3):
        shutil.copy(seed_path, b.path)
        killed = kill_before_write(lambda: import_package(b.path, path), b.path.parent, step)
        again = access.unlock(b.path, PASSPHRASE)
        state_found = all_records(again)
        assert run_to_completion(check_integrity(again)) == []
        again.close()
        if not killed:
            complete_state = state_found
            break
        assert state_found == empty or len(state_found["household"]) == 60
    assert complete_state is not None
    assert complete_state["household"] == all_records(a)["household"]


@pytest.mark.parametrize("seed", range(2))
def test_power_fails_at_any_instant_of_joining(pair, seed):
    a, _ = pair
    first, second = (Household.id_of(f"{VILLAGE.code}{number:03}") for number in (1, 2))
    before = all_records(a)
    a.close()

    def join():
        book = access.unlock(a.path, PASSPHRASE)
        household_merge.merge(book, household_merge.compare_for_merge(book, first, second))
        book.close()

    chance = random.Random(seed)
    for _ in range(4):
        kill_after(join, chance.uniform(0.05, 0.7))
        again = access.unlock(a.path, PASSPHRASE)
        assert run_to_completion(check_integrity(again)) == []
        if read_cell(again, second, "merged_into"):
            household_merge.unmerge(again, second)
        assert all_records(again) == before
        again.close()


@pytest.mark.parametrize(("room", "copied"), [(0, True), (0, False), (30_000, False), (100_000, False)])
def test_the_disk_is_full_while_importing(pair, room, copied):
    a, b = pair
    path, before = write_package(a, b), all_records(b)
    preferences.save(b, "backup_before_import", copied)
    with full_disk(files.wal_path(b.path).stat().st_size + room), pytest.raises(UserError, match=r"没有写成|磁盘已满"):
        run_to_completion(package_import.import_package(b, path))
    assert all_records(b) == before
    assert run_to_completion(check_integrity(b)) == []
    assert run_to_completion(package_import.import_package(b, path)).new_changes == ALL


def test_a_backup_from_before_the_last_ten_exchanges_is_restored_and_used(pair, tmp_path):
    a, b = pair
    send(a, b), send(b, a)
    run_to_completion(backup.backup(b, tmp_path / "上月.hdb"))
    old = b.replica
    for n in range(10):
        edit_record(a, HOME, note=f"甲{n}")
        send(a, b)
        edit_record(b, HOME, phone=f"1380000000{n}")
        send(b, a)
    b.close()
    run_to_completion(backup.restore(tmp_path / "上月.hdb", b.path, PASSPHRASE))
    again = access.unlock(b.path, PASSPHRASE)
    assert again.replica != old
    edit_record(again, HOME, phone="13900000000")  # knowing nothing of the ten that are lost here
    edit_record(a, HOME, note="以后")
    with pytest.raises(MissingChanges):
        send(a, again)
    send(again, a), send(a, again)
    assert journal_entries(a) == journal_entries(again)
    assert all_records(a) == all_records(again)
    (one,) = conflicts.list_conflicts(again)
    assert {side.text for side in one.sides} == {"13900000000", "13800000009"}
    numbers = [(change[0], change[1], change[2]) for change in journal_entries(a)]
    assert len(numbers) == len(set(numbers))
    conflicts.resolve(again, one, "ours")
    send(again, a)
    assert all_records(a) == all_records(again)
    assert run_to_completion(check_integrity(again)) == []
    again.close()


def test_two_copies_of_one_file_are_used_at_once(pair, tmp_path):
    a, b = pair
    send(a, b), send(b, a)
    b.close()
    shutil.copy(b.path, tmp_path / "乙2.hdb")
    one, two = (access.unlock(path, PASSPHRASE) for path in (b.path, tmp_path / "乙2.hdb"))
    assert len({a.replica, one.replica, two.replica}) == 3
    for n in range(3):
        edit_record(one, HOME, note=f"一{n}", phone="13800000001")
        edit_record(two, HOME, note=f"二{n}", address="桥头")
    send(one, a)
    with pytest.raises(MissingChanges):  # what 乙 has, the copy has not: it tells 甲 so with a package of its own
        send(a, two)
    send(two, a), send(a, two)
    send(one, a), send(a, one)
    assert all_records(a) == all_records(one) == all_records(two)
    assert journal_entries(a) == journal_entries(one) == journal_entries(two)
    assert [conflict.column for conflict in conflicts.list_conflicts(one)] == ["note"]
    for book in (one, two):
        assert run_to_completion(check_integrity(book)) == []
        book.close()
