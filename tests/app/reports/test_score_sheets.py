"""The printed score sheet adds up, and says what is to be put right and why a household has not passed."""

import re
from decimal import Decimal

import pytest

from app.checklists.inspections import save_inspection
from tests.app.checklists.test_rounds import CHECKS, DAY, create_round
from tests.app.conftest import SampleHouseholds
from tests.app.reports.test_sections import render_section
from tests.builders import household, workbook


@pytest.fixture
def inspected(tmp_path):
    """A household whose six items earn 2/3 or 5/6 of their points: no item's points end after one decimal."""
    book = workbook(tmp_path)
    with book.writing() as session:
        household_id = household(session).id
    answers = dict.fromkeys(CHECKS, "达标")
    answers |= {code: "基本达标" for code in CHECKS if code.endswith((".1", ".2"))}
    answers |= dict.fromkeys(("J1.3", "G2.5"), "不达标")
    save_inspection(book, create_round(book), household_id, "王书记", DAY, answers)
    yield SampleHouseholds(book, household_id, household_id, household_id)
    book.close()


def test_what_is_printed_adds_up_to_the_total(inspected):
    text = render_section(inspected, "inspections", inspected.full)
    items = [Decimal(points) for points in re.findall(r"得([\d.]+)分", text)]
    (total,) = re.findall(r"总分\s*([\d.]+)分", text)
    assert len(items) == 6
    assert sum(items) == Decimal(total)


def test_the_points_of_an_items_check_points_add_up_to_its_points(inspected):
    rows = re.findall(
        r"(J1\.\d)\D.*?(?:达标|不适用)\s*([\d.]+)", render_section(inspected, "inspections", inspected.full), re.S
    )
    assert [code for code, _ in rows] == [f"J1.{n}" for n in range(1, 7)]
    (earned,) = re.findall(r"房前净\s*16分\s*得([\d.]+)分", render_section(inspected, "inspections", inspected.full))
    assert sum(Decimal(points) for _, points in rows) == Decimal(earned)


def test_every_failed_check_point_is_to_be_put_right(inspected):
    text = render_section(inspected, "inspections", inspected.full).replace("\n", "")
    result = text[text.index("需整改的项目") :]
    assert "房前净：J1.3" in result
    assert "生产生活物品摆放规范：G2.5" in result
