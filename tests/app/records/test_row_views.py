"""Rows for tables."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.records.row_views import helper_rows, household_rows, member_rows, visit_rows
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Member
from db.schema.income import IncomeLine, IncomeYear
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    yield workbook
    workbook.close()


def _person(n: int) -> str:
    return Member.id_of(f"{builders.VILLAGE.code}001{n:02}")


def test_a_household_row_gathers_what_hangs_on_it(book: Workbook) -> None:
    with book.writing() as session:
        household = builders.household(session, members=3, household_kind="脱贫户", phone="13800138000")
        helper = Helper(village=household.village, name="赵干部", rank="科员级")
        session.add(helper)
        session.flush()
        session.add(
            Assignment(
                village=household.village, household_id=household.id, helper_id=helper.id, started_on=date(2018, 1, 1)
            )
        )
        session.add(Visit(village=household.village, household_id=household.id, visited_on=date(2018, 3, 1)))
        session.add(Visit(village=household.village, household_id=household.id, visited_on=date(2018, 5, 9)))
        for year, amount in ((2016, "9000"), (2017, "12000")):
            account = IncomeYear(village=household.village, household_id=household.id, year=year, people=3)
            session.add(account)
            session.flush()
            session.add(
                IncomeLine(
                    village=household.village, income_year_id=account.id, item="务工收入", amount=Decimal(amount)
                )
            )
    with book.reading() as session:
        (row,) = household_rows(session)
    assert (row.head, row.size, row.kind, row.phone) == ("陈卫国", 3, "脱贫户", "13800138000")
    assert row.helpers == ("赵干部",)
    assert row.last_visit == date(2018, 5, 9)
    assert (row.income_year, row.per_capita_income) == (2017, Decimal("4000.00"))


def test_who_left_is_not_counted_and_withdrawn_or_merged_households_are_not_listed(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=4).id
        withdrawn_row = builders.household(session, number=2)
        merged = builders.household(session, number=3)
        withdrawn_row.withdrawn = True
        merged.merged_into = household_id
        session.get_one(Member, _person(4)).left = "婚出"
    with book.reading() as session:
        assert [(row.id, row.size) for row in household_rows(session)] == [
            (household_id, 3 + 3)
        ]  # with the merged one's


def test_a_helper_who_ended_or_was_withdrawn_is_no_helper(book: Workbook) -> None:
    with book.writing() as session:
        household = builders.household(session)
        for name, ended, withdrawn in (("甲", date(2018, 1, 1), False), ("乙", None, True), ("丙", None, False)):
            helper = Helper(village=household.village, name=name, withdrawn=withdrawn)
            session.add(helper)
            session.flush()
            session.add(
                Assignment(village=household.village, household_id=household.id, helper_id=helper.id, ended_on=ended)
            )
    with book.reading() as session:
        assert household_rows(session)[0].helpers == ("丙",)
        assert [(row.name, row.households) for row in helper_rows(session)] == [("丙", 1), ("甲", 0)]


def test_members_come_head_first_and_those_who_left_last(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=4).id
        session.get_one(Member, _person(2)).left = "死亡"
        session.get_one(Member, _person(3)).left = "参军"
    with book.reading() as session:
        rows = member_rows(session, household_id, today=date(2018, 1, 1))
    assert [row.relation for row in rows] == ["户主", "之女", "配偶", "之子"]
    assert rows[0].birth == date(1970, 1, 2)
    assert rows[0].age == 47


def test_the_birthday_comes_from_the_id_number_where_none_was_written_down(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=1).id
        session.get_one(Member, _person(1)).birth = None
    with book.reading() as session:
        assert member_rows(session, household_id)[0].birth == date(1970, 1, 2)


def test_visits_come_latest_first(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session).id
        for day in (date(2018, 1, 5), date(2018, 6, 5), date(2017, 6, 5)):
            session.add(
                Visit(village=builders.VILLAGE.code, household_id=household_id, visited_on=day, purpose=("政策宣传",))
            )
    with book.reading() as session:
        rows = visit_rows(session, household_id)
    assert [row.visited_on for row in rows] == [date(2018, 6, 5), date(2018, 1, 5), date(2017, 6, 5)]
    assert rows[0].purpose == ("政策宣传",)
