"""Net income of a year."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.errors import UserError, ValidationError
from app.records.draft import withdraw
from app.records.income import accounting_period, income_account, income_items, net_income, yearly_incomes
from app.records.income_entry import open_income_year, save_entry
from app.records.standards import Line, MissingLine
from app.workbook.preferences import save
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from db.schema.income import IncomeLine, IncomeYear
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    yield workbook
    workbook.close()


def _household(book: Workbook, **what: object) -> str:
    with book.writing() as session:
        return builders.household(session, members=3, **what).id


def _year(book: Workbook, household: str, year: int, people: int | None = 3, **amounts: str) -> str:
    id = open_income_year(book, household, year, people)
    for item, amount in amounts.items():
        save_entry(book, id, item, values={"amount": Decimal(amount)})
    return id


def test_net_income_is_four_groups_less_expenses_and_per_head_rounds_half_up(book: Workbook) -> None:
    year = _year(
        book,
        _household(book),
        2018,
        people=3,
        务工收入="10000.01",
        种植收入="2000",
        土地流转收入="300",
        低保金="400",
        种植支出="700.00",
    )
    with book.reading() as session:
        year_account = income_account(session, year)
    assert {group.item.code: group.amount for group in year_account.groups} == {
        "A": Decimal("10000.01"),
        "B": Decimal(2000),
        "C": Decimal(300),
        "D": Decimal(400),
        "E": Decimal(700),
    }
    assert year_account.total.net == Decimal("12000.01") == net_income(year_account.groups)
    assert year_account.total.per_capita == Decimal("4000.00")
    assert (year_account.total.people, year_account.total.people_basis) == (3, "核算人口")


@pytest.mark.parametrize(
    ("amount", "people", "expected"), [("0.05", 10, "0.01"), ("100", 3, "33.33"), ("200", 3, "66.67")]
)
def test_halves_round_up_to_fen(book: Workbook, amount: str, people: int, expected: str) -> None:
    year = _year(book, _household(book), 2018, people=people, 务工收入=amount)
    with book.reading() as session:
        assert income_account(session, year).total.per_capita == Decimal(expected)


def test_an_imported_group_total_stands_until_an_item_is_known(book: Workbook) -> None:
    year = _year(book, _household(book), 2018, 转移性收入="5000")
    with book.reading() as session:
        before = income_account(session, year)
    save_entry(book, year, "低保金", values={"amount": Decimal(1200)})
    with book.reading() as session:
        after = income_account(session, year)
    assert (before.total.net, before.groups[3].is_lump_sum) == (Decimal(5000), True)
    assert (after.total.net, after.groups[3].is_lump_sum) == (Decimal(1200), False)
    assert after.total.net == net_income(after.groups)


def test_quantity_times_price_is_the_amount(book: Workbook) -> None:
    year = _year(book, _household(book), 2018)
    values = {"quantity": Decimal("2.5"), "unit_price": Decimal("33.33")}
    saved = save_entry(book, year, "养殖收入", "生猪", values=values)
    assert saved.draft.values["amount"] == Decimal("83.33")
    with book.writing() as session:
        line = IncomeLine(village=builders.VILLAGE.code, income_year_id=year, item="种植收入")
        line.quantity, line.unit_price = Decimal("2.5"), Decimal("33.33")
        session.add(line)
    with book.reading() as session:
        year_account = income_account(session, year)
    assert year_account.total.net == Decimal("166.66") == net_income(year_account.groups)


def test_an_amount_that_was_typed_stays_when_something_else_of_its_line_changes(book: Workbook) -> None:
    year = _year(book, _household(book), 2018)
    values = {"quantity": Decimal(2), "unit_price": Decimal(100), "amount": Decimal(180)}
    save_entry(book, year, "养殖收入", "生猪", values=values)
    assert save_entry(book, year, "养殖收入", "生猪", values={"evidence": "销售单"}).draft.values["amount"] == 180
    assert save_entry(book, year, "养殖收入", "生猪", values={"quantity": Decimal(3)}).draft.values["amount"] == 300
    assert save_entry(book, year, "养殖收入", "生猪", values={"unit_price": Decimal(50)}).draft.values["amount"] == 150


def test_one_item_and_produce_is_one_line_however_often_it_is_written(book: Workbook) -> None:
    year = _year(book, _household(book), 2018, 务工收入="1")
    save_entry(book, year, "务工收入", values={"amount": Decimal(2), "evidence": "工资流水"})
    with book.writing() as session:
        session.get_one(IncomeLine, IncomeLine.id_of(year, "务工收入")).withdrawn = True
    with book.reading() as session:
        assert income_account(session, year).lines == ()
    save_entry(book, year, "务工收入", values={"amount": Decimal(3)})
    with book.reading() as session:
        (line,) = income_account(session, year).lines
    assert (line.amount, line.evidence) == (Decimal(3), "工资流水")


def test_a_year_that_was_withdrawn_comes_back_with_its_lines_when_it_is_opened(book: Workbook) -> None:
    household = _household(book)
    year = _year(book, household, 2018, 务工收入="1")
    withdraw(book, "income_year", year)
    with book.reading() as session:
        assert yearly_incomes(session, household) == []
    assert open_income_year(book, household, 2018) == year
    with book.reading() as session:
        ((net, people),) = [(one.net, one.people) for one in yearly_incomes(session, household)]
    assert (net, people) == (1, 3)


def test_a_negative_amount_is_refused_and_nothing_is_written(book: Workbook) -> None:
    year = _year(book, _household(book), 2018)
    with pytest.raises(ValidationError, match="金额"):
        save_entry(book, year, "务工收入", values={"amount": Decimal(-1)})
    with book.reading() as session:
        assert session.get(IncomeLine, IncomeLine.id_of(year, "务工收入")) is None


def test_reported_figures_stand_where_there_are_no_lines(book: Workbook) -> None:
    household_id = _household(book)
    with book.writing() as session:
        session.add(
            IncomeYear(
                village=builders.VILLAGE.code,
                household_id=household_id,
                year=2017,
                reported_per_head=Decimal("3456.78"),
            )
        )
    with book.reading() as session:
        (net,) = yearly_incomes(session, household_id)
    assert (net.per_capita, net.net, net.reported) == (Decimal("3456.78"), None, True)


def test_blank_head_count_is_who_was_registered_when_the_account_closed(book: Workbook) -> None:
    household_id = _household(book, residents=2)
    with book.writing() as session:
        no = session.get_one(Household, household_id).household_no
        session.get_one(Member, Member.id_of(f"{no}02")).left = "死亡"
        session.get_one(Member, Member.id_of(f"{no}02")).left_on = date(2018, 3, 1)
        session.get_one(Member, Member.id_of(f"{no}03")).joined_on = date(2017, 6, 1)
    first, second, third = (
        _year(book, household_id, year, people=None, 务工收入="6000") for year in (2016, 2017, 2018)
    )
    with book.reading() as session:
        people = [income_account(session, year).total.people for year in (first, second, third)]
        resident = income_account(session, third, base="resident").total
    assert people == [2, 3, 2]
    assert (resident.people, resident.people_basis) == (2, "常住人口")


def test_the_preference_says_what_is_divided_by(book: Workbook) -> None:
    year = _year(book, _household(book, residents=1), 2018, people=None, 务工收入="6000")
    save(book, "per_capita_base", "resident")
    with book.reading() as session:
        assert income_account(session, year).total.per_capita == Decimal(6000)


def test_last_year_and_the_poverty_line_are_compared(book: Workbook) -> None:
    household_id = _household(book)
    _year(book, household_id, 2016, 务工收入="6000")
    year = _year(book, household_id, 2017, 务工收入="8400")
    with book.reading() as session:
        year_account = income_account(session, year)
    assert year_account.previous_year is not None
    assert year_account.previous_year.per_capita == Decimal(2000)
    assert year_account.change == Decimal("0.4")
    assert isinstance(year_account.line, Line)
    assert (year_account.line.kind, year_account.line.amount) == ("贫困线", Decimal(2952))
    assert year_account.below_line is True


def test_a_year_without_a_known_line_is_not_judged(book: Workbook) -> None:
    year = _year(book, _household(book), 2024, 务工收入="1")
    with book.reading() as session:
        year_account = income_account(session, year)
    assert year_account.below_line is None
    assert year_account.line == MissingLine(2024, "监测范围")


def test_the_tree_has_five_groups_and_expenses_are_taken_off() -> None:
    heads = [item for item in income_items() if item.is_subtotal]
    assert [(item.group, item.sign) for item in heads] == [("A", 1), ("B", 1), ("C", 1), ("D", 1), ("E", -1)]
    assert all(any(one.group == head.group and not one.is_subtotal for one in income_items()) for head in heads)


def test_the_year_covers_the_countys_period_and_a_wrong_year_is_refused(book: Workbook) -> None:
    assert accounting_period(2018) == (date(2018, 1, 1), date(2018, 12, 31))
    with pytest.raises(UserError, match="年份"):
        open_income_year(book, _household(book), 18)


def test_an_account_that_is_not_there_is_neither_read_nor_written(book: Workbook) -> None:
    with book.reading() as session, pytest.raises(KeyError):
        income_account(session, "0" * 32)
    with pytest.raises(UserError, match="已不在了"):
        save_entry(book, "0" * 32, "低保金", values={"amount": Decimal(1)})
    with book.reading() as session:
        assert session.query(IncomeLine).count() == 0


def test_the_produce_of_one_item_stands_by_name(book: Workbook) -> None:
    year = open_income_year(book, _household(book), 2018, 3)
    for what in ("茶叶", "板栗", ""):
        save_entry(book, year, "种植收入", what, {"amount": Decimal(100), "evidence": f"票据{what}"})
    with book.reading() as session:
        lines = income_account(session, year).lines
    assert [line.what for line in lines] == sorted(["茶叶", "板栗", ""])
    assert {line.what: line.evidence for line in lines}["茶叶"] == "票据茶叶"
    assert [line.note for line in lines] == ["", "", ""]
