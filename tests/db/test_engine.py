"""Several workbooks in one process."""

from sqlalchemy import event, select

from db.schema.household import Household
from tests import builders


def test_what_was_compiled_for_one_workbook_serves_the_next(tmp_path):
    hits = []
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        book = builders.workbook(tmp_path / name)
        with book.writing() as session:
            builders.household(session)
        with book.reading() as session:
            connection = session.connection()
            event.listen(connection, "before_cursor_execute", lambda *call: hits.append(call[4].cache_hit.name))
            query = select(Household.id, Household.household_no.label("engine_test")).where(~Household.withdrawn)
            assert len(session.execute(query).all()) == 1
        book.close()
    assert hits == ["CACHE_MISS", "CACHE_HIT"]


def test_the_connection_that_was_used_last_is_used_again(tmp_path):
    """It has the pages as they are: each other one reads and decrypts again what was written since."""
    book = builders.workbook(tmp_path)
    with book.reading() as last:
        with book.reading() as first:
            assert first.connection().connection.driver_connection is not last.connection().connection.driver_connection
        used_last = last.connection().connection.driver_connection
    for _ in range(2):
        with book.reading() as session:
            assert session.connection().connection.driver_connection is used_last
    book.close()
