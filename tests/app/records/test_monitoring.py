"""A household's monitoring, one after the other."""

from contextlib import closing
from datetime import date
from pathlib import Path

from app.records.monitoring import monitorings
from db.schema.monitoring import Monitoring
from tests import builders


def test_the_latest_begun_comes_first_whether_a_lead_or_the_county_began_it(tmp_path: Path) -> None:
    with closing(builders.workbook(tmp_path)) as book:
        with book.operation("登记") as session:
            household_id = builders.household(session, number=1).id
            about = {"village": builders.VILLAGE.code, "household_id": household_id}
            session.add(Monitoring(id="c", identified="2017-03", removed="2017-12", **about))
            session.add(Monitoring(id="d", **about))
            session.add(Monitoring(id="b", lead_on=date(2018, 5, 1), **about))
            session.add(Monitoring(id="a", identified="2019-05", removed="2019-12", **about))
        with book.reading() as session:
            assert [row.id for row in monitorings(session, household_id)] == ["a", "b", "c", "d"]
