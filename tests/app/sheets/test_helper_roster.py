"""Lists of helpers: which person a row means, which household, and what is only remarked."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.records.draft import withdraw
from app.sheets.import_preview import ImportPreview
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper
from db.schema.household import Household, Member
from tests import builders
from tests.app.sheets import sheet_files
from tests.app.sheets.sheet_files import import_file, person, preview_file, table, xlsx

FIRST, SECOND = (f"{sheet_files.VILLAGE}{number:03}" for number in (1, 2))


@pytest.fixture
def village(book: Workbook, tmp_path: Path) -> Workbook:
    """A workbook of two households, 陈卫国 with 李秀英 and 王大山."""
    import_file(book, xlsx(tmp_path / "户.xlsx", table([person(1), person(1, 2), person(2, 姓名="王大山")])))
    return book


def row(**cells: Any) -> dict[str, Any]:
    return {
        "户编号": FIRST, "户主姓名": "陈卫国", "帮扶人姓名": "宋怡芳", "帮扶单位": "县教育局",
        "联系电话": "15989615772", "帮扶开始时间": "2018-01-15",
    } | cells  # fmt: skip


def import_rows(book: Workbook, folder: Path, *rows: dict[str, Any], **options: Any) -> ImportPreview:
    return import_file(book, xlsx(folder / "帮扶.xlsx", table(rows), title=""), **options)


def helpers(book: Workbook) -> list[tuple[str | None, str | None]]:
    """Name and phone of every helper, by phone."""
    with book.reading() as session:
        return sorted(((one.name, one.phone) for one in session.scalars(select(Helper))), key=str)


def assignments(book: Workbook) -> list[tuple[str | None, str | None]]:
    """Number of the household and name of the helper of every assignment."""
    with book.reading() as session:
        query = (
            select(Household.household_no, Helper.name)
            .join(Assignment, Assignment.household_id == Household.id)
            .join(Helper, Helper.id == Assignment.helper_id)
        )
        return sorted((number, name) for number, name in session.execute(query))


def remarks(result: ImportPreview) -> list[str]:
    return [remark.text for remark in result.remarks]


def test_namesakes_with_different_phones_are_two_people(village: Workbook, tmp_path: Path) -> None:
    import_rows(village, tmp_path, row(), row(户编号=SECOND, 户主姓名="王大山", 联系电话="15989615773"))
    assert helpers(village) == [("宋怡芳", "15989615772"), ("宋怡芳", "15989615773")]
    import_rows(village, tmp_path, row(户编号=SECOND, 户主姓名="王大山"))
    assert len(helpers(village)) == 2
    assert assignments(village) == [(FIRST, "宋怡芳"), (SECOND, "宋怡芳"), (SECOND, "宋怡芳")]


def test_a_row_without_a_phone_means_the_namesake_of_the_same_unit(village: Workbook, tmp_path: Path) -> None:
    import_rows(village, tmp_path, row())
    import_rows(village, tmp_path, row(户编号=SECOND, 户主姓名="王大山", 联系电话=None))
    assert helpers(village) == [("宋怡芳", "15989615772")]
    import_rows(village, tmp_path, row(户编号=SECOND, 户主姓名="王大山", 联系电话=None, 帮扶单位="县医院"))
    assert len(helpers(village)) == 2


def test_a_household_is_found_by_the_number_of_its_head_but_not_of_another_member(
    village: Workbook, tmp_path: Path
) -> None:
    head, wife = builders.id_number(order=11, male=True), builders.id_number(order=12, male=False)
    result = import_rows(
        village,
        tmp_path,
        row(户编号=None, 户主姓名=None, 户主证件号码=head),
        row(户编号=None, 户主姓名=None, 户主证件号码=wife),
    )
    assert assignments(village) == [(FIRST, "宋怡芳")]
    assert [rejected.row for rejected in result.rejected] == [3]
    assert wife in result.rejected[0].reason


def test_a_name_that_two_heads_have_means_neither(village: Workbook, tmp_path: Path) -> None:
    only_name = row(户编号=None)
    import_rows(village, tmp_path, only_name)
    assert assignments(village) == [(FIRST, "宋怡芳")]
    with village.writing() as session:
        session.execute(update(Member).where(Member.name == "王大山").values(name="陈卫国"))
    result = import_rows(village, tmp_path, only_name | {"帮扶人姓名": "李明", "联系电话": "15989615773"})
    assert [rejected.reason[:14] for rejected in result.rejected] == ["名册和本工作簿里都没有这一户"]
    assert assignments(village) == [(FIRST, "宋怡芳")]


def test_the_head_is_asked_for_by_name_only_where_the_row_has_no_number(village: Workbook, tmp_path: Path) -> None:
    result = import_rows(village, tmp_path, row(户编号=f"{sheet_files.VILLAGE}009"))
    assert len(result.rejected) == 1
    assert assignments(village) == []


def test_a_member_who_is_no_head_gives_no_household(village: Workbook, tmp_path: Path) -> None:
    result = import_rows(village, tmp_path, row(户编号=None, 户主姓名="李秀英"))
    assert len(result.rejected) == 1
    assert assignments(village) == []


def test_a_withdrawn_helper_or_assignment_stays_withdrawn_and_is_told_of(village: Workbook, tmp_path: Path) -> None:
    import_rows(village, tmp_path, row())
    with village.reading() as session:
        helper_id, assignment_id = session.scalar(select(Helper.id)), session.scalar(select(Assignment.id))
    withdraw(village, "assignment", assignment_id)
    result = import_rows(village, tmp_path, row())
    assert any("这条结对" in text for text in remarks(result))
    withdraw(village, "helper", helper_id)
    result = import_rows(village, tmp_path, row())
    assert [rejected.reason[:8] for rejected in result.rejected] == ["帮扶人“宋怡芳”"]
    with village.reading() as session:
        assert session.get_one(Helper, helper_id).withdrawn
        assert session.get_one(Assignment, assignment_id).withdrawn


def test_two_helpers_of_one_household_in_a_file_are_both_taken_and_told_of(village: Workbook, tmp_path: Path) -> None:
    other = row(帮扶人姓名="李明", 联系电话="15989615773")
    result = import_rows(village, tmp_path, row(), row(), other)
    assert assignments(village) == [(FIRST, "宋怡芳"), (FIRST, "李明")]
    assert remarks(result) == [f"陈卫国 {FIRST}在第 2 行已有帮扶人“宋怡芳”，两人都取了"]


def test_a_helper_whose_time_is_over_is_no_second_helper(village: Workbook, tmp_path: Path) -> None:
    ended = row(帮扶人姓名="李明", 联系电话="15989615773", 帮扶结束时间=date(2017, 12, 31), 帮扶开始时间="2016-01-01")
    assert remarks(import_rows(village, tmp_path, ended, row())) == []
    assert remarks(import_rows(village, tmp_path, ended | {"帮扶人姓名": "赵强", "联系电话": "15989615774"})) == []
    assert len(assignments(village)) == 3


def test_a_row_whose_formula_has_no_result_is_refused_with_the_reason(village: Workbook, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "帮扶.xlsx", table([row(帮扶人姓名="=A1")]), title="")
    result = preview_file(village, path)
    assert len(result.rejected) == 1
    assert "公式" in result.rejected[0].reason


def test_the_same_beginning_or_an_unknown_one_is_no_remark(village: Workbook, tmp_path: Path) -> None:
    import_rows(village, tmp_path, row(帮扶开始时间=None))
    with village.reading() as session:
        assert session.scalars(select(Assignment.started_on)).all() == [None]
    assert remarks(import_rows(village, tmp_path, row())) == []
    with village.reading() as session:
        assert session.scalars(select(Assignment.started_on)).all() == [date(2018, 1, 15)]
    assert remarks(import_rows(village, tmp_path, row())) == []
