"""Files of the version before this one (commit d277c9f, tables of revision 0002) open, exchange and print as before.

`v0002.hdb`: 甲's workbook: twelve households, the fifth and sixth merged, the history of the seventh folded, the
telephone of the first in conflict, the second withdrawn while 乙 edited it without knowing, and a batch of ten archives
of which three were printed. `v0002.hdpack`: what it exported to 乙 after that. `v0002-receiver.hdb`: 乙's workbook
before that package.
"""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.printing import batch
from app.progress import run_to_completion
from app.records import household_merge
from app.sync import conflicts, package_import, peers
from app.workbook.integrity import check_integrity
from db.journal.chains import is_chained
from db.schema.household import Household
from tests.app.sync.peers import all_records, edit_record, exchange_cards, make_team, open_former, read_cell, send
from tests.builders import VILLAGE

TESTS = Path(__file__).parents[2]


def _id(number):
    return Household.id_of(f"{VILLAGE.code}{number:03}")


@pytest.fixture
def old(tmp_path):
    book = open_former("v0002.hdb", tmp_path, "甲")
    book.operator = "甲"
    yield book
    book.close()


@pytest.fixture
def receiver(tmp_path):
    book = open_former("v0002-receiver.hdb", tmp_path, "乙")
    book.operator = "乙"
    yield book
    book.close()


def test_the_workbook_is_whole(old):
    assert run_to_completion(check_integrity(old)) == []
    with old.reading() as session:
        assert session.query(Household).count() == 12
        assert session.scalar(text("SELECT count(*) FROM change WHERE column_name = 'note' AND value = '一'")) == 0
    assert read_cell(old, _id(7), "note") == "三"
    assert [entry.way for entry in peers.list_packages(old)].count("out") == 4


def test_its_conflicts_are_open_and_can_be_settled(old):
    assert {(c.table, c.column) for c in conflicts.list_conflicts(old)} == {
        ("household", "phone"),
        ("household", "withdrawn"),
    }
    for conflict in conflicts.list_conflicts(old):
        conflicts.resolve(old, conflict, "13900000001" if conflict.column == "phone" else True)
    assert conflicts.list_conflicts(old) == ()
    assert read_cell(old, _id(1), "phone") == "13900000001"
    assert read_cell(old, _id(2), "withdrawn") is True
    assert run_to_completion(check_integrity(old)) == []


def test_its_merged_households_can_be_separated(old):
    assert read_cell(old, _id(6), "merged_into") == _id(5)
    household_merge.unmerge(old, _id(6))
    assert read_cell(old, _id(6), "merged_into") is None
    assert run_to_completion(check_integrity(old)) == []


def test_its_unfinished_batch_is_resumed(old, tmp_path):
    """The folder of that machine is not on this one; the household under dispute is printed like the others."""
    folder = tmp_path / "档案"
    (unfinished,) = batch.unfinished_batches(old)
    assert (unfinished.total, unfinished.done) == (10, 3)
    with old.writing() as session:
        session.execute(text("UPDATE print_batch SET folder = :folder"), {"folder": str(folder)})
    printed = run_to_completion(batch.resume(old, unfinished.n))
    assert printed.documents == 10
    assert len(list(folder.glob("*.pdf"))) == 10
    assert batch.unfinished_batches(old) == ()


def test_its_package_is_imported_and_both_go_on_exchanging(old, receiver):
    receipt = run_to_completion(package_import.import_package(receiver, TESTS / "data" / "v0002.hdpack"))
    assert receipt.new_changes > 0
    assert read_cell(receiver, _id(6), "merged_into") == _id(5)
    assert {(c.table, c.column) for c in conflicts.list_conflicts(receiver)} == {
        ("household", "phone"),
        ("household", "withdrawn"),
    }
    assert "“石桥村 甲” 51 条" in peers.unproven_message(receiver)  # nobody has signed them yet
    edit_record(receiver, _id(3), note="乙看过")
    send(receiver, old), send(old, receiver), send(receiver, old)
    assert peers.unproven_message(old) == peers.unproven_message(receiver) == ""
    assert all_records(old) == all_records(receiver)
    assert {chain for book in (old, receiver) for chain in _chains_of_the_last_version(book)} == {None}
    assert run_to_completion(check_integrity(receiver)) == []


def _chains_of_the_last_version(book):
    """It had no chain values; the name of its streams says so."""
    with book.reading() as session:
        query = "SELECT s.replica, c.chain FROM change c JOIN stream s ON s.n = c.stream"
        return [chain for replica, chain in session.execute(text(query)) if not is_chained(replica)]


def test_somebody_new_receives_all_of_it_with_what_was_folded(old, tmp_path):
    (tmp_path / "新人").mkdir()
    (newcomer,) = make_team(tmp_path / "新人", "丁")
    exchange_cards(newcomer, old)
    send(old, newcomer)
    assert all_records(newcomer) == all_records(old)
    with newcomer.reading() as session:
        folded = session.execute(text("SELECT s.replica, f.chain FROM folded f JOIN stream s ON s.n = f.stream")).all()
    assert folded
    assert {chain for replica, chain in folded if not is_chained(replica)} == {None}
    assert run_to_completion(check_integrity(newcomer)) == []
    newcomer.close()
