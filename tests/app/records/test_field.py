"""What officers type into a field, and what is made of it."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from app.errors import ValidationError
from app.records.field import Value, field
from tests.builders import id_number


@pytest.mark.parametrize(
    ("table", "name", "typed", "value"),
    [
        ("member", "birth", "1970-05-06", date(1970, 5, 6)),
        ("member", "birth", "1970年5月6日", date(1970, 5, 6)),
        ("member", "birth", "1970.5.6", date(1970, 5, 6)),
        ("member", "birth", " １９７０／５／６ ", date(1970, 5, 6)),
        ("member", "birth", "19700506", date(1970, 5, 6)),
        ("member", "birth", datetime(1970, 5, 6, 9, 30), date(1970, 5, 6)),
        ("household", "register_date", "2014-3", "2014-03"),
        ("household", "register_date", "2014年03月", "2014-03"),
        ("household", "register_date", date(2014, 3, 5), "2014-03"),
        ("household", "exit_year", "2018年", 2018),
        ("household", "population", "3人", 3),
        ("household", "population", "３", 3),
        ("household", "population", "3.0", 3),
        ("household", "population", "-999999999", -999_999_999),
        ("income_line", "amount", " １,234.５元", Decimal("1234.50")),
        ("income_line", "amount", "-999999999999.99", Decimal("-999999999999.99")),
        ("income_line", "amount", 0.125, Decimal("0.12")),
        ("living_condition", "house_area", "95.5㎡", Decimal("95.50")),
    ],
)
def test_what_is_written_in_offices_is_understood(table: str, name: str, typed: object, value: Value) -> None:
    assert field(table, name).parse(typed) == value


@pytest.mark.parametrize(
    ("table", "name", "typed"),
    [
        ("member", "birth", "1970-13-06"),
        ("member", "birth", "昨天"),
        ("household", "register_date", "2014-13"),
        ("household", "register_date", "1899-12"),
        ("household", "population", "3.5"),
        ("household", "population", "很多"),
        ("household", "population", "NaN"),
        ("household", "population", "1000000000"),
        ("income_line", "amount", "1000000000000"),
        ("income_line", "amount", "1,23"),
        ("income_line", "amount", "0.125"),
        ("income_line", "amount", "NaN"),
        ("income_line", "amount", "五元"),
    ],
)
def test_what_cannot_be_meant_is_refused(table: str, name: str, typed: str) -> None:
    with pytest.raises(ValidationError, match=field(table, name).label):
        field(table, name).parse(typed)


@pytest.mark.parametrize(("born", "is_accepted"), [(date(1900, 1, 1), True), (date(1899, 12, 31), False)])
def test_nobody_was_born_before_1900(born: date, is_accepted: bool) -> None:
    refusal = field("member", "id_no").check(id_number(born, 7))
    assert ("不是有效的出生日期" not in refusal) is is_accepted


@pytest.mark.parametrize(
    ("ending", "is_accepted"), [("11", True), ("74", True), ("74B1", True), ("81", False), ("15", False)]
)
def test_a_disability_card_ends_in_its_category_and_grade(ending: str, is_accepted: bool) -> None:
    refusal = field("member", "disability_no").check(id_number(date(1960, 5, 6), 7) + ending)
    assert (refusal == "") is is_accepted


def test_numbers_of_people_are_masked_in_remarks_and_the_number_of_a_household_is_not() -> None:
    assert field("visit", "found").text("电话13855667788", hide=True) == "电话138****7788"
    assert field("visit", "found").text("电话13855667788") == "电话13855667788"
    assert field("household", "address").text("3组13855667788", hide=True) == "3组13855667788"
    assert field("household", "household_no").text("340828100101001", hide=True) == "340828100101001"
