"""Counts for the start page."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from app.dashboard.summary import Bar, village_summary
from app.records.assignment import assign
from db.schema.aid import Helper, Visit
from db.schema.income import IncomeYear
from tests import builders


def test_an_empty_village_has_noughts(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.reading() as session:
        summary = village_summary(session)
    book.close()
    assert (summary.households, summary.members, summary.by_kind, summary.per_capita_income, summary.open_rounds) == (
        0,
        0,
        (),
        None,
        (),
    )


def test_what_waits_is_counted(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        households = [
            builders.household(session, members=2, number=n + 1, household_kind="脱贫户").id for n in range(4)
        ]
        builders.household(session, members=1, number=5, household_kind="一般农户", group_name="东湾组")
        builders.household(session, members=3, number=6, registration_state="注销")
        helper = Helper(village=builders.VILLAGE.code, name="赵干部", rank="科员级")
        session.add(helper)
        session.flush()
        helper_id = helper.id
        for household_id, day, promised in (
            (households[0], date(2018, 6, 1), "装路灯"),
            (households[1], date(2018, 1, 1), None),
        ):
            visit = Visit(village=builders.VILLAGE.code, household_id=household_id, visited_on=day, promised=promised)
            visit.promised_by = date(2018, 6, 10)
            session.add(visit)
        for household_id, amount in ((households[0], "2000"), (households[1], "5000")):
            session.add(
                IncomeYear(
                    village=builders.VILLAGE.code,
                    household_id=household_id,
                    year=2017,
                    reported_per_head=Decimal(amount),
                )
            )
    assign(book, households[1:], helper_id, date(2018, 1, 1))
    with book.reading() as session:
        summary = village_summary(session, date(2018, 6, 20))
    book.close()
    assert (summary.households, summary.members) == (5, 9)
    assert summary.by_kind == (Bar("脱贫户", 4), Bar("一般农户", 1))
    assert summary.by_group == (Bar("下屋组", 4), Bar("东湾组", 1))
    assert (summary.without_helper, summary.over_limit) == (1, 0)
    assert (summary.visits_due, summary.never_visited, summary.visits_this_month) == (3, 2, 1)
    assert (summary.per_capita_income, summary.below_line.count) == (Decimal("3500.00"), 1)
    (promise,) = summary.promises
    assert (promise.head, promise.promise, promise.overdue) == ("陈卫国", "装路灯", True)
