"""The words of eras, eras of the county's own, and the order of options and of the parts of an archive."""

from datetime import date

import pytest

from app.errors import UserError
from app.records.field import field, options
from app.reports.catalogue import parts
from app.reports.era import terms
from tests.app.county.conftest import add, cell, edit, head, sheet_of

ERA = "常态化帮扶"


def moved(key, to):
    def change(sheet):
        rows = [row for row in sheet.rows if row.key != key]
        rows.insert(to, sheet.row(key))
        return sheet.with_rows(*rows)

    return change


def test_words_of_an_era_are_the_countys_and_others_follow_the_program(book):
    assert edit(
        book, "eras", ERA,
        cell("words/hotline", "registered", "0556-2171234"), cell("words/volume", "monitored", "防返贫档案"),
        cell("titles/measures", "registered", "{对象}帮扶措施"),
    )[:2] == [
        "封面卷名：监测户的：防返贫致贫监测户档案 → 防返贫档案", "电话号码：建档立卡户的材料：12317 → 0556-2171234",
    ]  # fmt: skip
    day = date(2026, 5, 1)
    with book.reading():
        words = terms(ERA, day)
        assert (words.word("hotline"), words.word("volume"), words.word("subject")) == (
            "0556-2171234", "帮扶户档案", "帮扶对象",
        )  # fmt: skip
        assert terms(ERA, day, "monitored").word("volume") == "防返贫档案"
        assert words.title("measures", "") == "帮扶对象帮扶措施"
        assert terms(None, day).era.value == "巩固脱贫成果"  # not confirmed yet
    edit(book, "eras", ERA, head("confirmed", "1"), cell("words/hotline", "registered", ""))
    with book.reading():
        assert terms(None, day).era.value == ERA
        assert terms(None, day).word("hotline") == "12317"
        assert terms(None, date(2018, 5, 1)).word("volume") == "扶贫户档案"
    with pytest.raises(UserError, match="花括号里只能是"):
        edit(book, "eras", ERA, cell("titles/measures", "registered", "{户}档案"))
    for text in ("{户}档案", "{对象}档案"):  # a word is printed as it stands
        with pytest.raises(UserError, match="不能有花括号"):
            edit(book, "eras", ERA, cell("words/volume", "registered", text))


def test_an_era_of_the_county_begins_with_the_words_of_its_model(book):
    edit(book, "dictionaries", "era", add(label="乡村振兴衔接（本县）", model=ERA, amount="2025"))
    name = "乡村振兴衔接（本县）"
    edit(book, "eras", name, cell("words/handbook", "registered", "连心手册"))
    with book.reading():
        words = terms(name, date(2026, 1, 1))
        assert (words.era.value, words.word("handbook"), words.word("volume")) == (name, "连心手册", "帮扶户档案")
        assert name in [one.value for one in field("village", "era").options]
    with pytest.raises(UserError, match=r"应在 2014 到 2100 年之间"):
        edit(book, "dictionaries", "era", cell(name, "amount", "202"))


def test_options_are_offered_in_the_order_of_the_county(book):
    causes = [one.value for one in options("poverty_cause")]
    assert "顺序： → 已调整" in edit(book, "dictionaries", "poverty_cause", moved(causes[-1], 0))
    edit(book, "dictionaries", "poverty_cause", add(label="因疫", model=causes[2]))
    with book.reading():
        now = [one.value for one in field("household", "cause_main").options]
        assert now == [causes[-1], *causes[:-1], "因疫"]  # where it was typed
    edit(book, "dictionaries", "poverty_cause", moved(causes[-1], len(causes)), moved("因疫", 3))
    assert sorted(row.key for row in sheet_of(book, "dictionaries", "poverty_cause").rows if row.own) == ["因疫"]
    with book.reading():
        assert [one.value for one in options("poverty_cause") if one.value != "因疫"] == causes
    assert [one.value for one in options("poverty_cause")] == causes


def test_parts_are_filed_in_the_order_of_the_county(book):
    usual = [part.name for part in parts()]
    edit(book, "archive", "household", moved("photographs", 3))
    with book.reading():
        now = [part.name for part in parts()]
        assert now.index("photographs") == 3
        assert [name for name in now if name != "photographs"] == [name for name in usual if name != "photographs"]
    with pytest.raises(UserError, match="“封面”应排在最前，“封底”应排在最后"):
        edit(book, "archive", "household", moved("cover", 2))
    edit(book, "archive", "household", moved("photographs", usual.index("photographs")))
    assert not sheet_of(book, "archive", "household").changed


def test_an_added_option_has_a_unit_of_its_own_and_is_counted_by_nothing(book):
    edit(book, "dictionaries", "production_item", add(label="黄牛能繁母牛", model="茶园", typed="头"))
    edit(book, "dictionaries", "village_indicator", add(label="季节性缺水户数", model="未实现饮水安全户数"))
    edit(book, "dictionaries", "production_item", cell("中药材", "typed", "平方米"))
    with book.reading():
        units = {one.value: one.extra["unit"] for one in options("production_item")}
        assert (units["黄牛能繁母牛"], units["茶园"], units["中药材"]) == ("头", "亩", "平方米")
        indicators = {one.value: one.extra for one in options("village_indicator")}
        assert indicators["季节性缺水户数"]["unit"] == indicators["未实现饮水安全户数"]["unit"]
        assert "figure" not in indicators["季节性缺水户数"]
        assert "figure" in indicators["未实现饮水安全户数"]
    with pytest.raises(UserError, match="最多 6 个字"):
        edit(book, "dictionaries", "production_item", cell("中药材", "typed", "一二三四五六七"))
