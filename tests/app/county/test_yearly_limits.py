"""Limits of years: standards of 生产奖补 and caps of medical costs, corrected and continued by the county."""

from datetime import date
from decimal import Decimal

import pytest

from app.errors import UserError
from app.issues.issues import all_issues
from app.registers import get_register
from app.registers.engine.rows import load_rows, row_ids
from db.schema.amendment import Amendment
from db.schema.production import FarmBusiness, ProductionSubsidy
from resources.yearly_limits import numbers_of_year
from tests.app.county.conftest import add, cell, edit, sheet_of, without
from tests.builders import VILLAGE, household

YEAR = date.today().year


def subsidies(book):
    """年度, 单位, 标准 and 应补 of each row, by item and year, with what a rule says of the paid amount."""
    register = get_register("production_subsidy")
    with book.reading() as session:
        rows = load_rows(session, register, row_ids(session, register))
        found = {
            (row.values["item"], row.values["year"]): (row.texts["unit"], row.texts["standard"], row.texts["entitled"])
            for row in rows
        }
        told = [one.message for one in all_issues(session) if one.rule == "subsidy_over"]
    return found, told


def test_a_standard_counts_from_its_year_and_for_its_item(book):
    edit(book, "dictionaries", "production_item", add(label="大棚草莓", model="茶园"))
    with book.writing() as session:
        home = household(session)
        for item, year, paid in (("茶园", YEAR - 1, 900), ("茶园", YEAR, 900), ("大棚草莓", YEAR, None)):
            session.add(ProductionSubsidy(
                village=VILLAGE.code, household_id=home.id, item=item, year=year, verified=Decimal("1.5"), paid=paid,
            ))  # fmt: skip
    found, told = subsidies(book)
    assert found["茶园", YEAR] == found["茶园", YEAR - 1] == ("亩", "500.00", "750.00")
    assert found["大棚草莓", YEAR] == ("亩", "", "")
    assert len(told) == 2
    assert edit(
        book, "yearly", "production_subsidy",
        add(0, year=str(YEAR), item="茶园", standard="812.5"),
    ) == [f"{YEAR} 茶园： → 新增"]  # fmt: skip
    edit(book, "yearly", "production_subsidy", add(0, year=str(YEAR), item="大棚草莓", standard="1000", cap="1200"))
    found, told = subsidies(book)
    assert found["茶园", YEAR - 1] == ("亩", "500.00", "750.00")
    assert found["茶园", YEAR] == ("亩", "812.50", "1,218.75")  # no cap was laid down for this year
    assert found["大棚草莓", YEAR] == ("亩", "1,000.00", "1,200.00")
    assert len(told) == 1


def test_an_option_of_the_county_is_counted_in_the_unit_of_its_model(book):
    """Also one with quotes in its name."""
    edit(book, "dictionaries", "production_item", add(label='"跑山"鸡', model="养家禽"))
    edit(book, "dictionaries", "industry_kind", add(label="杂交茶", model="茶叶种植"))
    with book.writing() as session:
        home = household(session)
        about = {"village": VILLAGE.code, "household_id": home.id, "year": YEAR}
        session.add(ProductionSubsidy(item='"跑山"鸡', verified=Decimal(3), **about))
        session.add(FarmBusiness(kind="杂交茶", scale=Decimal(2), **about))
    found, _ = subsidies(book)
    assert found['"跑山"鸡', YEAR][0] == "只"
    register = get_register("farm_business")
    with book.reading() as session:
        (row,) = load_rows(session, register, row_ids(session, register))
    assert (row.texts["unit"], row.texts["output_unit"]) == ("亩", "公斤")


def test_caps_of_new_periods_and_of_the_programs(book):
    assert edit(
        book, "yearly", "medical_cost",
        cell("2021", "县域内", "4000"), add(0, year=str(YEAR), 省级="12000", 县域内="5000"),
    ) == [f"{YEAR}： → 新增", "2021 年起：县域内自付封顶（元）： → 4000"]  # fmt: skip
    edit(book, "yearly", "medical_cost", cell("2017", "市级", ""))
    with book.reading():
        assert numbers_of_year("medical_cost", 2016) == {}
        assert numbers_of_year("medical_cost", 2018).keys() == {"县域内", "省级", "省外", "chronic_share"}
        assert numbers_of_year("medical_cost", 2023) == {"县域内": 4000}
        assert numbers_of_year("medical_cost", YEAR + 1) == {"省级": 12000, "县域内": 5000}
    assert numbers_of_year("medical_cost", 2023) == {}
    edit(book, "yearly", "medical_cost", without(str(YEAR)), cell("2017", "市级", "5000"))
    with book.reading() as session:
        assert [row.item for row in session.query(Amendment).filter(~Amendment.withdrawn)] == ["2021/县域内"]
        assert numbers_of_year("medical_cost", YEAR) == {"县域内": 4000}


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("medical_cost", add(0, year=str(YEAR + 1), 县域内="1"), "年还没有到，不能先填"),
        ("medical_cost", add(0, 县域内="1"), "请填写“年度”"),
        ("medical_cost", add(0, year="2021", 县域内="1"), "2021 年有两行"),
        ("medical_cost", add(0, year="2022"), "2022 年的一行没有填写数值"),
        ("medical_cost", add(0, year="2022", chronic_share="120"), "“慢病补充报销”应在 0 到 100 %之间，现在是 120"),
        ("medical_cost", add(0, year="2022", 省级="许多"), "“省级自付封顶”应填写数字"),
        ("medical_cost", without("2017"), "2017 年的一行是程序自带的，不能删除。没有规定的，请把数值清空"),
        ("production_subsidy", add(0, year="2022", standard="1"), "2022 年的一行没有选生产奖补项目"),
    ],
)
def test_what_cannot_be_kept_is_refused(book, name, change, sentence):
    with pytest.raises(UserError, match=sentence):
        edit(book, "yearly", name, change)
    assert not any(row.own for row in sheet_of(book, "yearly", name).rows)
