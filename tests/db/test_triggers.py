"""Every change is in the journal, whichever path wrote it."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from db.journal.triggers import journaled_columns
from db.schema import records
from db.schema.household import Household, Member
from tests.builders import VILLAGE, household, workbook
from tests.machine_memory import remembering_in


@pytest.fixture
def book(tmp_path):
    book = workbook(tmp_path)
    yield book
    book.close()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A workbook in which nobody commits anything, for all tables."""
    folder = tmp_path_factory.mktemp("untouched")
    with remembering_in(folder):
        book = workbook(folder)
    yield book
    book.close()


def journal(book, row):
    with book.reading() as session:
        return session.execute(
            text("SELECT column_name, value, replaces, operator FROM change WHERE row_id = :row ORDER BY seq"),
            {"row": row},
        ).all()


def test_a_new_row_is_one_change_with_its_cells(book):
    with book.writing() as session:
        household_row = household(
            session, members=0, phone="13800000001", cause_other=("因病", "因学"), is_two_girls=True
        )
        home_id = household_row.id
    [(column, value, replaces, operator)] = journal(book, home_id)
    assert (column, replaces, operator) == ("", "", "王书记")
    assert json.loads(value)["phone"] == "13800000001"
    assert json.loads(value)["cause_other"] == "因病,因学"
    assert json.loads(value)["is_two_girls"] == 1
    assert "bank_name" not in json.loads(value)


def test_an_edit_is_one_change_a_cell_and_names_what_it_replaces(book):
    with book.writing() as session:
        home_id = household(session, members=0).id
    with book.writing() as session:
        session.get(Household, home_id).phone = "13800000001"
        session.get(Household, home_id).population = 4
    with book.writing() as session:
        session.get(Household, home_id).phone = None
    edits = journal(book, home_id)[1:]
    assert {(column, value) for column, value, _, _ in edits} == {
        ("phone", "13800000001"),
        ("population", 4),
        ("phone", None),
    }
    first = next(edit for edit in edits if edit.value == "13800000001")
    last = next(edit for edit in edits if edit.column_name == "phone" and edit.value is None)
    assert first.replaces != last.replaces != ""


def test_writing_the_same_value_is_no_change(book):
    with book.writing() as session:
        home_id = household(session, members=0, phone="13800000001").id
    with book.writing() as session:
        session.execute(text("UPDATE household SET phone = '13800000001' WHERE id = :id"), {"id": home_id})
    assert len(journal(book, home_id)) == 1


def test_what_is_rolled_back_is_not_in_the_journal(book):
    with pytest.raises(ZeroDivisionError), book.writing() as session:
        _ = 1 / household(session).withdrawn
    with book.reading() as session:
        assert session.execute(text("SELECT count(*) FROM change WHERE table_name <> 'village'")).scalar() == 0
        assert session.execute(text("SELECT last FROM stream")).scalar() == 1


@pytest.mark.parametrize(
    "statement", ["DELETE FROM member", "UPDATE member SET village = '1'", "UPDATE member SET id = 'x'"]
)
def test_records_are_neither_deleted_nor_moved(book, statement):
    with book.writing() as session:
        household(session)
    with pytest.raises(DatabaseError, match="never"), book.writing() as session:
        session.execute(text(statement))
    with book.reading() as session:
        assert session.query(Member).count() == 3


@pytest.mark.parametrize("table", records())
def test_every_column_of_a_table_is_captured(untouched, table):
    columns = journaled_columns(table)
    names = ", ".join(f'"{column}" = 1' for column in columns)
    with untouched.reading() as session:  # nothing is committed: the references lead nowhere
        db = session.connection()
        db.exec_driver_sql(f"INSERT INTO {table} (id, village) VALUES ('x', ?)", (VILLAGE.code,))
        db.exec_driver_sql(f"UPDATE {table} SET {names} WHERE id = 'x'")
        entries = db.exec_driver_sql("SELECT column_name FROM change WHERE row_id = 'x'").scalars().all()
    assert sorted(entries) == sorted(["", *columns])


def test_numbers_of_a_stream_have_no_gaps(book):
    for n in range(5):
        with book.writing() as session:
            household(session, number=n + 1)
    with book.reading() as session:
        numbers = session.scalars(text("SELECT number FROM change ORDER BY seq")).all()
        assert numbers == list(range(1, len(numbers) + 1))
        assert session.execute(text("SELECT village, last FROM stream")).all() == [(VILLAGE.code, len(numbers))]
