"""Rosters of people: whose row it is, who is missing from the list, and what an old list says of who left."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.life_events.person_events import record_departure
from app.records.draft import withdraw
from app.sheets.errors import WrongVillage
from app.sheets.import_preview import ImportPreview
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from tests import builders
from tests.app.sheets.sheet_files import VILLAGE, import_file, person, preview_file, table, xlsx


def roster(folder: Path, *rows: dict[str, Any], name: str = "名册.xlsx") -> Path:
    return xlsx(folder / name, table(rows))


def remarks(result: ImportPreview) -> list[str]:
    return [remark.text for remark in result.remarks]


def member_id(number: int, nth: int) -> str:
    return Member.id_of(f"{VILLAGE}{number:03}{nth:02}")


def test_only_who_is_there_and_not_in_the_list_is_told_of(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, person(1), person(1, 2), person(1, 3)))
    record_departure(book, Household.id_of(f"{VILLAGE}001"), member_id(1, 3), "婚出", date(2018, 5, 1), "")
    result = preview_file(book, roster(tmp_path, person(1)), year=2018)
    assert remarks(result) == [f"陈卫国户 {VILLAGE}001的“李秀英”名册里没有，本工作簿里还在，未改动"]
    assert remarks(preview_file(book, roster(tmp_path, person(1), person(1, 2)), year=2018)) == []


def test_someone_who_left_and_stands_in_the_list_is_told_of_and_stays_away(book: Workbook, tmp_path: Path) -> None:
    path = roster(tmp_path, person(1), person(1, 2))
    import_file(book, path)
    record_departure(book, Household.id_of(f"{VILLAGE}001"), member_id(1, 2), "婚出", date(2018, 5, 1), "")
    result = import_file(book, path, year=2018)
    assert [("李秀英" in text, "婚出" in text) for text in remarks(result)] == [(True, True)]
    with book.reading() as session:
        assert session.get_one(Member, member_id(1, 2)).left == "婚出"


def test_households_that_are_not_in_the_list_are_those_that_still_stand(book: Workbook, tmp_path: Path) -> None:
    import_file(book, roster(tmp_path, *(person(number) for number in range(1, 5))))
    withdraw(book, "household", Household.id_of(f"{VILLAGE}002"))
    with book.writing() as session:
        session.get_one(Household, Household.id_of(f"{VILLAGE}003")).merged_into = Household.id_of(f"{VILLAGE}001")
    result = preview_file(book, roster(tmp_path, person(1)), year=2018)
    (absent,) = [text for text in remarks(result) if "不在这份名册里" in text]
    assert f"{VILLAGE}004" in absent
    assert f"{VILLAGE}002" not in absent
    assert f"{VILLAGE}003" not in absent


def test_a_list_of_other_villages_names_those_with_most_rows_first(book: Workbook, tmp_path: Path) -> None:
    rows = [
        person(number, 户编号=None, 人编号=None, 行政村=village)
        for number, village in enumerate(["东村", "西村", "西村", "南村", "南村", "南村", "北村"], 1)
    ]
    with pytest.raises(WrongVillage, match="所属“南村”“西村”“东村”"):
        preview_file(book, roster(tmp_path, *rows))


def test_a_namesake_village_of_another_township_is_called_by_both_names(book: Workbook, tmp_path: Path) -> None:
    foreign = person(1, 户编号="340899200101001", 人编号=None, 乡="温泉镇")
    result = preview_file(book, roster(tmp_path, person(2, 乡="响水镇"), foreign))
    assert [rejected.reason[:21] for rejected in result.rejected] == ["这一行是“温泉镇石桥村”的，本工作簿只有“"]
    same_township = foreign | {"乡": "响水镇"}
    assert preview_file(book, roster(tmp_path, person(2, 乡="响水镇"), same_township)).rejected == ()


def test_a_number_of_another_village_without_its_name_is_refused_with_its_code(book: Workbook, tmp_path: Path) -> None:
    foreign = person(1, 户编号="340899200101001", 人编号=None, 行政村=None)
    result = preview_file(book, roster(tmp_path, person(2), foreign))
    assert ["户编号以 340899200101 开头" in rejected.reason for rejected in result.rejected] == [True]


def test_one_person_twice_in_a_household_is_told_apart_by_the_number_of_the_person(
    book: Workbook, tmp_path: Path
) -> None:
    number = builders.id_number(order=55, male=True)
    twice = [person(1, 2, 证件号码=number), person(1, 2, 证件号码=number, 文化程度="初中")]
    result = import_file(book, roster(tmp_path, person(1), *twice), year=2018)
    assert [text for text in remarks(result) if "是同一个人" in text] == [
        "与第 4 行是同一个人（李秀英），以第 4 行为准"
    ]
    with book.reading() as session:
        assert session.scalars(select(Member.education).where(Member.id_no == number)).all() == ["小学"]
    other_name = person(1, 3, 人编号=person(1, 2)["人编号"], 姓名="王大山")
    result = preview_file(book, roster(tmp_path, person(1), person(1, 2, 证件号码=number), other_name), year=2018)
    assert ["同一个编号，姓名却不同" in rejected.reason for rejected in result.rejected] == [True]


def test_a_merged_number_reaches_the_rows_below_it_only(book: Workbook, tmp_path: Path) -> None:
    import openpyxl

    rows = [person(1), person(1, 2, 户编号=None), person(2, 1, 姓名="王大山")]
    path = roster(tmp_path, *rows)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    sheet.merge_cells("A3:A4")  # the number of the first household over its two rows
    sheet.merge_cells("A1:C1")  # the title above the heading
    workbook.save(path)
    import_file(book, path, year=2018)
    with book.reading() as session:
        homes = {row.name: row.household_id for row in session.scalars(select(Member))}
    assert homes["李秀英"] == homes["陈卫国"] == Household.id_of(f"{VILLAGE}001")
    assert homes["王大山"] == Household.id_of(f"{VILLAGE}002")
