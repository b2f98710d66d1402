"""How values stand on paper."""

from datetime import date
from decimal import Decimal

import pytest

from app.pdf.table import CheckboxList
from app.records.field import Value, field
from app.reports.formatting import EMPTY, answer_grid, checkboxes, field_cell, format_field

YES_NO, CHOICE = field("living_condition", "water_safe"), field("living_condition", "danger_level")
LONG, TEXT = field("household", "situation"), field("household", "address")


@pytest.mark.parametrize(("stored", "ticked"), [(True, ("是",)), (False, ("否",)), (None, ())])
def test_an_open_question_has_both_boxes_and_neither_is_ticked(stored: bool | None, ticked: tuple[str, ...]) -> None:
    assert checkboxes(YES_NO, stored) == CheckboxList(("是", "否"), ticked)
    assert field_cell(YES_NO, stored).content == CheckboxList(("是", "否"), ticked)


def test_an_answer_of_another_kind_is_text() -> None:
    assert field_cell(YES_NO, "不清楚").content == "不清楚"


def test_an_option_that_is_no_longer_offered_follows_the_others_and_is_ticked() -> None:
    offered = tuple(option.label for option in CHOICE.options)
    assert field_cell(CHOICE, "特级").content == CheckboxList((*offered, "特级"), ("特级",))
    assert field_cell(CHOICE, offered[0]).content == CheckboxList(offered, (offered[0],))
    assert field_cell(CHOICE, None).content == CheckboxList(offered, ())


@pytest.mark.parametrize(
    ("table", "name", "value", "text"),
    [
        ("household", "address", None, EMPTY),
        ("household", "population", 3, "3人"),
        ("household", "exit_year", 2018, "2018年"),
        ("member", "birth", date(1970, 5, 6), "1970年5月6日"),
        ("member", "ident_date", "2014-03", "2014年3月"),
        ("income_line", "amount", Decimal("1234.50"), "1,234.50元"),
        ("living_condition", "house_area", Decimal("96.50"), "96.5㎡"),
        ("living_condition", "toilet", True, "是"),
        ("member", "health", ("残疾", "患有大病"), "残疾、患有大病"),
    ],
)
def test_a_value_stands_with_its_unit(table: str, name: str, value: Value, text: str) -> None:
    assert format_field(field(table, name), value) == text


def test_a_long_text_has_a_row_of_its_own_and_what_is_open_before_it_is_closed() -> None:
    rows = answer_grid([(TEXT, "甲"), (LONG, "乙"), (TEXT, "丙"), (TEXT, "丁"), (TEXT, "戊")])
    assert [[cell.content for cell in row.cells] for row in rows] == [
        [TEXT.label, "甲"],
        [LONG.label, "乙"],
        [TEXT.label, "丙", TEXT.label, "丁"],
        [TEXT.label, "戊"],
    ]
    assert [sum(cell.col_span for cell in row.cells) for row in rows] == [4, 4, 4, 4]
