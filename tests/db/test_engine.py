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
