"""The transaction and who is told of it."""

import pytest
from sqlalchemy import text

from app.errors import UserError
from app.progress import Progress, run_to_completion
from app.records.draft import new_draft, save_draft, withdraw
from app.workbook import access
from app.workbook.change_source import changes_from
from app.workbook.integrity import check_integrity
from db.schema.household import Household
from tests.builders import PASSPHRASE, VILLAGE, household, workbook


@pytest.fixture
def book(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session)
    yield book
    book.close()


def household_ids(book):
    with book.reading() as session:
        return session.query(Household).count()


def test_a_subscriber_that_fails_neither_undoes_the_save_nor_silences_others(book, caplog):
    notifications = []
    for callback in (lambda _: 1 / 0, notifications.append):
        book.subscribe(callback)
    with changes_from("页"), book.writing() as session:
        household(session, number=2)
    assert household_ids(book) == 2
    assert [(changes.source, changes.touches("household")) for changes in notifications] == [("页", True)]
    assert "a subscriber failed" in caplog.text


def test_work_that_is_cancelled_inside_its_transaction_leaves_nothing(book):
    def taking_in():
        with book.writing() as session:
            for number in range(2, 9):
                household(session, number=number)
                yield Progress(number, 9)

    task = taking_in()
    next(task)
    next(task)
    task.close()
    assert household_ids(book) == 1
    with book.writing() as session:  # its turn is over
        household(session, number=2)
    assert household_ids(book) == 2
    assert run_to_completion(check_integrity(book)) == []


def test_readers_see_the_state_before_a_transaction_until_it_is_whole(book):
    with book.writing() as session:
        household(session, number=2)
        session.flush()
        assert household_ids(book) == 1
    assert household_ids(book) == 2


def test_what_is_written_after_reading_goes_on_is_not_seen_by_it(book):
    with book.reading() as session:
        before = session.query(Household).count()
        with book.writing() as writer:
            household(writer, number=2)
        assert session.query(Household).count() == before == 1


def test_closing_twice_is_harmless(book):
    book.close()
    again = access.unlock(book.path, PASSPHRASE)
    book.close()
    assert household_ids(again) == 1
    again.close()


def test_a_record_that_is_there_already_is_not_made_again(book):
    new_record = new_draft(
        "household", VILLAGE.code, Household.id_of(f"{VILLAGE.code}001"), household_no="340828100101001"
    )
    withdraw(book, "household", new_record.id)
    with pytest.raises(UserError, match="已经有了，也可能已撤回"):
        save_draft(book, new_record)
    assert household_ids(book) == 1


def test_a_record_that_is_not_there_cannot_be_withdrawn(book):
    with pytest.raises(UserError, match="不存在"):
        withdraw(book, "household", "0" * 32)
    with book.reading() as session:
        assert session.execute(text("SELECT count(*) FROM change WHERE column_name = 'withdrawn'")).scalar_one() == 0
