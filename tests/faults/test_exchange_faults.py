"""Exchange and joining when power or disk fail, when old copies come back, and when two copies are used at once."""

import random
import shutil

import pytest

from app.errors import OfficeError
from app.exchange import conflicts, incoming, outgoing, peers
from app.exchange.refusals import MissingChanges
from app.progress import finish
from app.records import joining
from app.workbook import access, backup, files, preferences
from app.workbook.soundness import faults
from db.schema.household import Household
from tests.app.exchange.team import all_records, cell, edit, journal, laptops, packed, send
from tests.builders import PASSPHRASE, VILLAGE, household
from tests.faults.conditions import full_disk, power_fails, power_fails_after

STEPS = 200  # more than anything here takes
ALL = 1 + 60 * 4  # the village, 60 households of a head and two others
HOME = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture
def pair(tmp_path):
    """甲 has 60 households, 乙 none of them."""
    a, b = laptops(tmp_path, "甲", "乙")
    with a.writing() as session:
        for number in range(1, 61):
            household(session, number=number)
    yield a, b
    for book in (a, b):
        book.close()


@pytest.fixture
def stick(tmp_path):
    (tmp_path / "U盘").mkdir()
    return tmp_path / "U盘"


def exporting(path, to, target):
    book = access.unlock(path, PASSPHRASE)
    finish(outgoing.write_package(book, to, target))
    book.close()


def importing(path, package):
    book = access.unlock(path, PASSPHRASE)
    finish(incoming.apply(book, package))
    book.close()


def test_power_fails_before_any_step_of_an_export(pair, stick):
    a, b = pair
    to, target = peers.my_card(b).sign_key, stick / "给乙.hdpack"
    a.close()
    seen = set()
    for step in range(STEPS):
        killed = power_fails(lambda: exporting(a.path, to, target), stick, step)
        seen.add(target.exists())
        if target.exists():
            assert finish(incoming.verify(b, target)).new_changes == ALL
            target.unlink()
        if not killed:
            break
    assert not killed
    assert seen == {False, True}
    again = access.unlock(a.path, PASSPHRASE)
    assert finish(faults(again)) == []
    again.close()


@pytest.mark.parametrize("seed", range(2))
def test_power_fails_at_any_instant_of_an_export_over_an_older_package(pair, stick, seed):
    a, b = pair
    to, target = peers.my_card(b).sign_key, stick / "给乙.hdpack"
    packed(a, b, target)
    edit(a, HOME, note="新")
    a.close()
    chance = random.Random(seed)
    for _ in range(4):
        power_fails_after(lambda: exporting(a.path, to, target), chance.uniform(0.05, 0.6))
        assert finish(incoming.verify(b, target)).new_changes in (ALL, ALL + 1)


def test_power_fails_before_any_step_of_an_import(pair, stick):
    a, b = pair
    path, empty = packed(a, b, stick / "1.hdpack"), all_records(b)
    b.close()
    kept = stick / "乙.hdb"
    shutil.copy(b.path, kept)
    whole = None
    for step in range(0, STEPS, 3):
        shutil.copy(kept, b.path)
        killed = power_fails(lambda: importing(b.path, path), b.path.parent, step)
        again = access.unlock(b.path, PASSPHRASE)
        found = all_records(again)
        assert finish(faults(again)) == []
        again.close()
        if not killed:
            whole = found
            break
        assert found == empty or len(found["household"]) == 60
    assert whole is not None
    assert whole["household"] == all_records(a)["household"]


@pytest.mark.parametrize("seed", range(2))
def test_power_fails_at_any_instant_of_joining(pair, seed):
    a, _ = pair
    first, second = (Household.id_of(f"{VILLAGE.code}{number:03}") for number in (1, 2))
    before = all_records(a)
    a.close()

    def join():
        book = access.unlock(a.path, PASSPHRASE)
        finish(joining.join(book, joining.compare(book, first, second)))
        book.close()

    chance = random.Random(seed)
    for _ in range(4):
        power_fails_after(join, chance.uniform(0.05, 0.7))
        again = access.unlock(a.path, PASSPHRASE)
        assert finish(faults(again)) == []
        if cell(again, second, "merged_into"):
            finish(joining.part(again, second))
        assert all_records(again) == before
        again.close()


@pytest.mark.parametrize(("room", "copied"), [(0, True), (0, False), (30_000, False), (100_000, False)])
def test_the_disk_is_full_while_importing(pair, room, copied):
    a, b = pair
    path, before = packed(a, b), all_records(b)
    preferences.put(b, "backup_before_import", copied)
    with full_disk(files.wal(b.path).stat().st_size + room), pytest.raises(OfficeError, match=r"没有写成|磁盘已满"):
        finish(incoming.apply(b, path))
    assert all_records(b) == before
    assert finish(faults(b)) == []
    assert finish(incoming.apply(b, path)).new_changes == ALL


def test_a_backup_from_before_the_last_ten_exchanges_is_restored_and_used(pair, tmp_path):
    a, b = pair
    send(a, b), send(b, a)
    finish(backup.backup(b, tmp_path / "上月.hdb"))
    old = b.replica
    for n in range(10):
        edit(a, HOME, note=f"甲{n}")
        send(a, b)
        edit(b, HOME, phone=f"1380000000{n}")
        send(b, a)
    b.close()
    finish(backup.restore(tmp_path / "上月.hdb", b.path, PASSPHRASE))
    again = access.unlock(b.path, PASSPHRASE)
    assert again.replica != old
    edit(again, HOME, phone="13900000000")  # knowing nothing of the ten that are lost here
    edit(a, HOME, note="以后")
    with pytest.raises(MissingChanges):
        send(a, again)
    send(again, a), send(a, again)
    assert journal(a) == journal(again)
    assert all_records(a) == all_records(again)
    (one,) = conflicts.listed(again)
    assert {side.text for side in one.sides} == {"13900000000", "13800000009"}
    numbers = [(change[0], change[1], change[2]) for change in journal(a)]
    assert len(numbers) == len(set(numbers))
    finish(conflicts.settle(again, one, "ours"))
    send(again, a)
    assert all_records(a) == all_records(again)
    assert finish(faults(again)) == []
    again.close()


def test_two_copies_of_one_file_are_used_at_once(pair, tmp_path):
    a, b = pair
    send(a, b), send(b, a)
    b.close()
    shutil.copy(b.path, tmp_path / "乙2.hdb")
    one, two = (access.unlock(path, PASSPHRASE) for path in (b.path, tmp_path / "乙2.hdb"))
    assert len({a.replica, one.replica, two.replica}) == 3
    for n in range(3):
        edit(one, HOME, note=f"一{n}", phone="13800000001")
        edit(two, HOME, note=f"二{n}", address="桥头")
    send(one, a)
    with pytest.raises(MissingChanges):  # what 乙 has, the copy has not: it tells 甲 so with a package of its own
        send(a, two)
    send(two, a), send(a, two)
    send(one, a), send(a, one)
    assert all_records(a) == all_records(one) == all_records(two)
    assert journal(a) == journal(one) == journal(two)
    assert [conflict.column for conflict in conflicts.listed(one)] == ["note"]
    for book in (one, two):
        assert finish(faults(book)) == []
        book.close()
