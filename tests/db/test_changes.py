"""What single changes of the journal wrote, asked for by their ids."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.workbook.workbook import Workbook
from db.journal.changes import ChangeId, heads_of_cell, is_kept, last_seq, value_written
from db.schema.household import Household
from tests import builders

HOUSEHOLD = Household.id_of(f"{builders.VILLAGE.code}001")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """A household that was entered with a phone, and whose note was written twice."""
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        builders.household(session, members=1, number=2)
        builders.household(session, members=0, number=1, phone="13800138000")
    for note in ("一", "二"):
        with opened.writing() as session:
            session.get_one(Household, HOUSEHOLD).note = note
    yield opened
    opened.close()


def changes_of(session: Session, column: str) -> list[ChangeId]:
    rows = session.execute(
        text("SELECT stream, number FROM change WHERE row_id = :row AND column_name = :column ORDER BY seq"),
        {"row": HOUSEHOLD, "column": column},
    )
    return [(stream, number) for stream, number in rows]


def test_an_insert_and_an_edit_tell_what_they_wrote_into_a_cell(book: Workbook) -> None:
    with book.reading() as session:
        (entered,), (first, second) = changes_of(session, ""), changes_of(session, "note")
        assert value_written(session, entered, HOUSEHOLD, "phone") == ("13800138000",)
        assert value_written(session, entered, HOUSEHOLD, "note") == (None,)
        assert value_written(session, first, HOUSEHOLD, "note") == ("一",)
        assert value_written(session, second, HOUSEHOLD, "note") == ("二",)


def test_a_change_of_another_cell_or_row_or_stream_wrote_nothing_here(book: Workbook) -> None:
    with book.reading() as session:
        stream, number = changes_of(session, "note")[0]
        assert value_written(session, (stream, number), HOUSEHOLD, "phone") is None
        assert value_written(session, (stream, number), "0" * 32, "note") is None
        assert value_written(session, (stream + 1, number), HOUSEHOLD, "note") is None
        assert value_written(session, (stream, number + 99), HOUSEHOLD, "note") is None


def test_a_change_is_kept_until_it_leaves_the_journal(book: Workbook) -> None:
    with book.reading() as session:
        stream, number = changes_of(session, "note")[0]
        assert is_kept(session, (stream, number))
        assert not is_kept(session, (stream + 1, number))
        assert not is_kept(session, (stream, number + 99))


def test_the_head_of_a_cell_is_the_last_change_and_none_where_only_the_insert_wrote(book: Workbook) -> None:
    with book.reading() as session:
        assert heads_of_cell(session, HOUSEHOLD, "note") == changes_of(session, "note")[-1:]
        assert heads_of_cell(session, HOUSEHOLD, "phone") == []
        assert last_seq(session) == session.scalar(text("SELECT max(seq) FROM change"))
