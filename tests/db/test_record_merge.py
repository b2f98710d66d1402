"""Where joined households lead, and that the tables follow whatever changed the journal."""

from itertools import permutations

import pytest
from sqlalchemy import text, update

from app.progress import run_to_completion
from app.workbook.integrity import check_integrity
from app.workbook.workbook import REBUILT_ROWS
from db.record_merge.targets import resolve_targets
from db.schema.household import Household
from db.schema.relations import standing_record
from tests.builders import household, workbook


@pytest.mark.parametrize(
    ("stated", "withdrawn", "leads"),
    [
        ({"b": "a"}, "", {"b": "a"}),
        ({"c": "b", "b": "a"}, "", {"c": "a", "b": "a"}),
        ({"a": "b", "b": "a"}, "", {"b": "a"}),
        ({"a": "b", "b": "a", "d": "b"}, "", {"b": "a", "d": "a"}),
        ({"a": "c", "c": "b", "b": "a", "d": "c"}, "", {"b": "a", "c": "a", "d": "a"}),
        ({"a": "a"}, "", {}),
        ({"b": "a"}, "a", {}),
        ({"b": "a"}, "b", {"b": "a"}),
        ({"c": "b", "b": "a"}, "a", {"c": "b"}),
        ({"c": "b", "b": "a"}, "ab", {}),
        ({"c": "b", "b": "a"}, "b", {"c": "a", "b": "a"}),
        ({"a": "b", "b": "a"}, "a", {"a": "b"}),
        ({"a": "b", "b": "a", "d": "a"}, "ab", {}),
    ],
)
def test_where_households_lead(stated, withdrawn, leads):
    for order in permutations(stated.items()):
        assert resolve_targets(dict(order), set(withdrawn)) == leads


@pytest.fixture
def merged_pair(tmp_path):
    """A workbook in which the second household was joined to the first; their ids."""
    book = workbook(tmp_path)
    with book.writing() as session:
        first, second = household(session, number=1).id, household(session, number=2).id
    with book.writing() as session:
        session.execute(update(Household).where(Household.id == second).values(merged_into=first))
    yield book, first, second
    assert run_to_completion(check_integrity(book)) == []
    book.close()


def people(book, household_id):
    with book.reading() as session:
        return session.execute(
            text("SELECT count(*) FROM member WHERE household_id = :home"), {"home": household_id}
        ).scalar()


def test_a_joining_that_leaves_the_journal_leaves_the_tables(merged_pair):
    """As undoing an import does it."""
    book, first, second = merged_pair
    assert (people(book, first), people(book, second)) == (6, 0)
    with book.writing() as session:
        for statement in (
            "UPDATE writer SET capturing = 0",
            "DELETE FROM head WHERE column_name = 'merged_into'",
            "DELETE FROM change WHERE column_name = 'merged_into'",
            "UPDATE stream SET last = last - 1",
            "UPDATE household SET merged_into = NULL",
        ):
            session.execute(text(statement))
        session.info[REBUILT_ROWS] = {"household": {second}}
    assert (people(book, first), people(book, second)) == (3, 3)


def test_a_plain_transaction_moves_nothing(merged_pair):
    book, first, second = merged_pair
    notifications = []
    book.subscribe(notifications.append)
    with book.writing() as session:
        session.execute(update(Household).where(Household.id == first).values(note="新"))
    assert notifications[0].ids == {first}
    with book.writing() as session:
        session.execute(update(Household).where(Household.id == second).values(merged_into=None))
    assert (people(book, first), people(book, second)) == (3, 3)


@pytest.mark.parametrize("village", ["340828100102", None])
def test_nobody_follows_into_another_village_or_into_a_household_that_is_not_here(tmp_path, village):
    book = workbook(tmp_path)
    with book.writing() as session:
        own = household(session, number=1).id
        target = household(session, number=9, village=village).id if village else "0" * 32
    with book.writing() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(update(Household).where(Household.id == own).values(merged_into=target))
    assert people(book, own) == 3
    book.close()


def test_a_record_is_found_by_the_id_of_what_was_merged_into_it(merged_pair):
    book, first, second = merged_pair
    with book.reading() as session:
        assert standing_record(session, Household, second).id == first
        assert standing_record(session, Household, first).id == first
        assert standing_record(session, Household, "0" * 32) is None
