"""The transaction and who is told of it."""

import pytest
from sqlalchemy import text

from app.errors import OfficeError
from app.progress import Progress, finish
from app.records.draft import new_draft, save_draft, withdraw
from app.workbook import access
from app.workbook.soundness import faults
from db.schema.household import Household
from tests.builders import PASSPHRASE, VILLAGE, household, workbook


@pytest.fixture
def book(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session)
    yield book
    book.close()


def homes(book):
    with book.reading() as session:
        return session.query(Household).count()


def test_a_subscriber_that_fails_neither_undoes_the_save_nor_silences_others(book, caplog):
    told = []
    for callback in (lambda _: 1 / 0, told.append):
        book.subscribe(callback)
    with book.writing(by="页") as session:
        household(session, number=2)
    assert homes(book) == 2
    assert [(changes.by, changes.touches("household")) for changes in told] == [("页", True)]
    assert "a subscriber failed" in caplog.text


def test_work_that_is_cancelled_inside_its_transaction_leaves_nothing(book):
    def taking_in():
        with book.writing() as session:
            for number in range(2, 9):
                household(session, number=number)
                yield Progress(number, 9)

    work = taking_in()
    next(work)
    next(work)
    work.close()
    assert homes(book) == 1
    with book.writing() as session:  # its turn is over
        household(session, number=2)
    assert homes(book) == 2
    assert finish(faults(book)) == []


def test_readers_see_the_state_before_a_transaction_until_it_is_whole(book):
    with book.writing() as session:
        household(session, number=2)
        session.flush()
        assert homes(book) == 1
    assert homes(book) == 2


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
    assert homes(again) == 1
    again.close()


def test_a_record_that_is_there_already_is_not_made_again(book):
    there = new_draft("household", VILLAGE.code, Household.id_of(f"{VILLAGE.code}001"), household_no="340828100101001")
    finish(withdraw(book, "household", there.id))
    with pytest.raises(OfficeError, match="已经有了，也可能已撤回"):
        finish(save_draft(book, there))
    assert homes(book) == 1


def test_a_record_that_is_not_there_cannot_be_withdrawn(book):
    with pytest.raises(OfficeError, match="不存在"):
        finish(withdraw(book, "household", "0" * 32))
    with book.reading() as session:
        assert session.execute(text("SELECT count(*) FROM change WHERE column_name = 'withdrawn'")).scalar_one() == 0
