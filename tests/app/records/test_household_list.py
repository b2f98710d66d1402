"""Which households a list shows and in which order."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.records.household_list import HouseholdQuery, choices, listed, people_in
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Household, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.village import Village
from tests import builders

VILLAGE, OTHER_VILLAGE = builders.VILLAGE.code, "340828100102"


def household_id(number: int, village: str = VILLAGE) -> str:
    return Household.id_of(f"{village}{number:03}")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """Four households: two of 石桥村's 一组, one of a hamlet without a group, one of another village."""
    workbook = builders.workbook(tmp_path)
    with workbook.writing() as session:
        session.add(Village(id=Village.id_of(OTHER_VILLAGE), village=OTHER_VILLAGE, code=OTHER_VILLAGE, name="阳坡村"))
        kinds = {"household_kind": "脱贫户", "household_attribute": "低保贫困户", "exit_status": "已退出"}
        builders.household(session, members=3, number=1, group_name="一组", exit_year=2016, cause_main="因病", **kinds)
        builders.household(session, members=1, number=2, group_name="一组", phone="0556-1", registration_state="注销")
        builders.household(session, members=2, number=3, group_name=None, hamlet="柳湾", exit_year=2018)
        builders.household(session, members=1, number=4, village=OTHER_VILLAGE, group_name="二组", population=1)
    yield workbook
    workbook.close()


def shown(book: Workbook, days: int = 90, **query: Any) -> list[int]:
    """The numbers of the households that a query shows."""
    with book.reading() as session:
        ids = listed(session, HouseholdQuery(**query), days).ids
        return [int((session.get_one(Household, id).household_no or "")[-3:]) for id in ids]


def add_helper(book: Workbook, number: int, name: str, ended_on: date | None = None, withdrawn: bool = False) -> None:
    with book.writing() as session:
        helper = Helper(village=VILLAGE, name=name, withdrawn=withdrawn)
        session.add(helper)
        session.flush()
        session.add(
            Assignment(
                village=VILLAGE,
                household_id=household_id(number, VILLAGE if number < 4 else OTHER_VILLAGE),
                helper_id=helper.id,
                started_on=date(2016, 1, 1),
                ended_on=ended_on,
            )
        )


def add_visit(book: Workbook, number: int, days_ago: int, withdrawn: bool = False) -> None:
    with book.writing() as session:
        session.add(
            Visit(
                village=VILLAGE,
                household_id=household_id(number),
                visited_on=date.today() - timedelta(days=days_ago),
                withdrawn=withdrawn,
            )
        )


def test_all_that_are_kept_stand_by_village_group_and_number(book: Workbook) -> None:
    assert shown(book) == [3, 1, 2, 4]
    with book.writing() as session:
        session.get_one(Household, household_id(1)).withdrawn = True
        session.get_one(Household, household_id(2)).merged_into = household_id(3)
    assert shown(book) == [3, 4]


@pytest.mark.parametrize(
    ("query", "numbers", "narrows"),
    [
        ({}, [3, 1, 2, 4], False),
        ({"village": OTHER_VILLAGE}, [4], True),
        ({"having": {"group": "一组"}}, [1, 2], True),
        ({"having": {"group": "柳湾"}}, [3], True),
        ({"having": {"kind": "脱贫户"}}, [1], True),
        ({"having": {"kind": "脱贫户", "group": "二组"}}, [], True),
        ({"having": {"attribute": "低保贫困户"}}, [1], True),
        ({"having": {"exit_status": "已退出"}, "village": VILLAGE}, [1], True),
        ({"no_helper": True}, [3, 1, 4], True),
        ({"unvisited": True}, [3, 1, 4], True),
    ],
)
def test_a_query_leaves_out_what_it_says(
    book: Workbook, query: dict[str, Any], numbers: list[int], narrows: bool
) -> None:
    assert shown(book, **query) == numbers
    assert HouseholdQuery(**query).narrows is narrows
    with book.reading() as session:
        result = listed(session, HouseholdQuery(**query))
    assert (result.total, result.found) == (4, None)


def test_only_a_helper_in_force_who_was_not_withdrawn_counts(book: Workbook) -> None:
    add_helper(book, 1, "甲")
    add_helper(book, 3, "乙", ended_on=date(2018, 1, 1))
    add_helper(book, 4, "丙", withdrawn=True)
    assert shown(book, no_helper=True) == [3, 4]


def test_an_assignment_that_names_no_household_hides_nobody(book: Workbook) -> None:
    with book.writing() as session:
        helper = Helper(village=VILLAGE, name="甲")
        session.add(helper)
        session.flush()
        session.add(Assignment(village=VILLAGE, helper_id=helper.id, started_on=date(2016, 1, 1)))
        session.add(Visit(village=VILLAGE, visited_on=date.today()))
    assert shown(book, no_helper=True) == [3, 1, 4]
    assert shown(book, unvisited=True) == [3, 1, 4]


def test_a_visit_counts_for_as_many_days_as_the_village_says(book: Workbook) -> None:
    add_visit(book, 1, 90)
    add_visit(book, 3, 91)
    add_visit(book, 3, 5, withdrawn=True)
    assert shown(book, unvisited=True) == [3, 4]
    assert shown(book, days=91, unvisited=True) == [4]


def test_a_search_tells_who_was_found_and_counts_all(book: Workbook) -> None:
    with book.reading() as session:
        result = listed(session, HouseholdQuery(typed="李秀英"))
    assert {*result.ids} == {household_id(1), household_id(3)}
    assert result.found == {household_id(1): "李秀英", household_id(3): "李秀英"}
    assert result.total == 4
    assert shown(book, typed="  ") == [3, 1, 2, 4]
    assert shown(book, typed="李秀英", having={"group": "一组"}) == [1]
    assert shown(book, typed="没有这个人") == []


@pytest.mark.parametrize(
    ("key", "rising", "falling"),
    [
        ("household_no", [1, 2, 3, 4], [4, 3, 2, 1]),
        ("size", [2, 4, 3, 1], [1, 3, 2, 4]),
        ("group", [1, 2, 4, 3], [3, 4, 1, 2]),
        ("exit_year", [1, 3, 2, 4], [3, 1, 2, 4]),
        ("cause", [1, 3, 2, 4], [1, 3, 2, 4]),
        ("phone", [2, 3, 1, 4], [2, 3, 1, 4]),
        ("state", [2, 3, 1, 4], [2, 3, 1, 4]),
        ("kind", [1, 3, 2, 4], [1, 3, 2, 4]),
        ("village", [3, 1, 2, 4], [4, 3, 1, 2]),
    ],
)
def test_sorting_puts_what_is_empty_last_either_way(
    book: Workbook, key: str, rising: list[int], falling: list[int]
) -> None:
    assert shown(book, sort=key) == rising
    assert shown(book, sort=key, descending=True) == falling


def test_a_village_without_a_record_is_sorted_by_its_code(book: Workbook) -> None:
    with book.writing() as session:
        session.get_one(Village, Village.id_of(OTHER_VILLAGE)).withdrawn = True
    assert shown(book, sort="village")[0] == 4
    assert shown(book, sort="village", descending=True)[-1] == 4


def test_the_head_the_last_visit_and_the_newest_income_can_be_sorted_by(book: Workbook) -> None:
    with book.writing() as session:
        for number, name in ((1, "丁一"), (2, "安二"), (3, "陈三")):
            session.get_one(Member, Member.id_of(f"{VILLAGE}{number:03}01")).name = name
        session.get_one(Member, Member.id_of(f"{OTHER_VILLAGE}00401")).left = "死亡"
        for number, year in ((1, 2017), (1, 2016), (3, 2018), (2, 2015)):
            session.add(IncomeYear(village=VILLAGE, household_id=household_id(number), year=year))
        session.add(IncomeYear(village=VILLAGE, household_id=household_id(2), year=2020, withdrawn=True))
    assert shown(book, sort="head") == [1, 2, 3, 4]
    assert shown(book, sort="income_year") == [2, 1, 3, 4]
    assert shown(book, sort="income_year", descending=True) == [3, 1, 2, 4]
    add_visit(book, 1, 10)
    add_visit(book, 1, 40)
    add_visit(book, 3, 20)
    add_visit(book, 3, 1, withdrawn=True)
    assert shown(book, sort="last_visit") == [3, 1, 2, 4]
    assert shown(book, sort="last_visit", descending=True) == [1, 3, 2, 4]


def test_helpers_sort_by_name_and_a_missing_one_as_the_word_that_stands_there(book: Workbook) -> None:
    add_helper(book, 1, "张三")
    add_helper(book, 4, "丁一")
    add_helper(book, 3, "丁二", ended_on=date(2018, 1, 1))
    assert shown(book, sort="helpers") == [
        4,
        1,
        3,
        2,
    ]  # 未安排 comes after 张三 by code point; the closed one needs none
    assert shown(book, sort="helpers", descending=True) == [3, 1, 4, 2]


def test_a_sort_key_puts_values_in_the_order_of_the_key(book: Workbook) -> None:
    by_length = {"柳湾": 1, "二组": 2, "一组": 3}
    assert shown(book, sort="group", sort_key=by_length.__getitem__) == [3, 4, 1, 2]
    assert shown(book, sort="phone", sort_key=lambda phone: phone[::-1]) == [2, 3, 1, 4]


def test_incomes_are_sorted_by_the_newest_year_and_unknown_ones_come_last(book: Workbook) -> None:
    with book.writing() as session:
        for number, year, amount in ((1, 2017, 9000), (1, 2016, 99000), (3, 2017, 8000), (2, 2017, 500)):
            account = IncomeYear(village=VILLAGE, household_id=household_id(number), year=year)
            session.add(account)
            session.flush()
            line = IncomeLine(
                village=VILLAGE, income_year_id=account.id, item="务工收入", amount=Decimal(amount)
            )  # fmt: skip
            session.add(line)
    assert shown(book, sort="per_head") == [2, 1, 3, 4]  # 500, 9000 / 3, 8000 / 2
    assert shown(book, sort="per_head", descending=True) == [3, 1, 2, 4]
    assert shown(book, sort="per_head", having={"group": "一组"}) == [2, 1]


def test_people_are_counted_who_have_not_left_in_households_that_are_kept(book: Workbook) -> None:
    with book.writing() as session:
        session.get_one(Member, Member.id_of(f"{VILLAGE}00102")).left = "婚出"
        session.get_one(Member, Member.id_of(f"{VILLAGE}00103")).withdrawn = True
        session.get_one(Household, household_id(3)).withdrawn = True
    with book.reading() as session:
        assert people_in(session) == 3
        assert people_in(session, [household_id(1), household_id(2)]) == 2
        assert people_in(session, []) == 0


def test_choices_are_what_occurs_without_blanks(book: Workbook) -> None:
    with book.writing() as session:
        session.get_one(Household, household_id(4, OTHER_VILLAGE)).withdrawn = True
        session.get_one(Household, household_id(2)).household_kind = ""
    with book.reading() as session:
        assert choices(session) == {
            "group": ["一组", "柳湾"],
            "kind": ["脱贫户"],
            "monitored": [],
            "attribute": ["低保贫困户"],
            "exit_status": ["已退出"],
        }
