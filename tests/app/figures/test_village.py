"""Counts for the start page."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from app.figures.village import Count, figures
from app.progress import finish
from app.records.assignment import assign
from db.schema.aid import Helper, Visit
from db.schema.income import IncomeYear
from tests import builders


def test_an_empty_village_has_noughts(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.reading() as session:
        found = figures(session)
    book.close()
    assert (found.households, found.members, found.by_kind, found.per_head, found.open_rounds) == (0, 0, (), None, ())


def test_what_waits_is_counted(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        homes = [builders.household(session, members=2, number=n + 1, household_kind="脱贫户").id for n in range(4)]
        builders.household(session, members=1, number=5, household_kind="一般农户", group_name="东湾组")
        builders.household(session, members=3, number=6, registration_state="注销")
        helper = Helper(village=builders.VILLAGE.code, name="赵干部", rank="科员级")
        session.add(helper)
        session.flush()
        helper_id = helper.id
        for home, day, promised in ((homes[0], date(2018, 6, 1), "装路灯"), (homes[1], date(2018, 1, 1), None)):
            visit = Visit(village=builders.VILLAGE.code, household_id=home, visited_on=day, promised=promised)
            visit.promised_by = date(2018, 6, 10)
            session.add(visit)
        for home, amount in ((homes[0], "2000"), (homes[1], "5000")):
            session.add(
                IncomeYear(
                    village=builders.VILLAGE.code, household_id=home, year=2017, reported_per_head=Decimal(amount)
                )
            )
    finish(assign(book, homes[1:], helper_id, date(2018, 1, 1)))
    with book.reading() as session:
        found = figures(session, date(2018, 6, 20))
    book.close()
    assert (found.households, found.members) == (5, 9)
    assert found.by_kind == (Count("脱贫户", 4), Count("一般农户", 1))
    assert found.by_group == (Count("下屋组", 4), Count("东湾组", 1))
    assert (found.without_helper, found.over_limit) == (1, 0)
    assert (found.visits_due, found.never_visited, found.visits_this_month) == (3, 2, 1)
    assert (found.per_head, found.below_line) == (Decimal("3500.00"), 1)
    (promise,) = found.promises
    assert (promise.head, promise.what, promise.late) == ("陈卫国", "装路灯", True)
