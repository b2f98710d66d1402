"""What an archive owes follows from the household, its years and what happened; what is missing is told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.checklists.inspections import load_sheet, save_inspection
from app.checklists.rounds import open_round
from app.checklists.template import checklist
from app.errors import UserError
from app.forms.entries import create_entry
from app.progress import run_to_completion
from app.records.attachment import add_attachment
from app.records.attachment_owner import AttachmentOwner
from app.reports.archive_answers import fill_from_archives
from app.reports.completeness import (
    COMPLETE,
    MISSING,
    UNSIGNED,
    PaperLine,
    household_papers,
    register_signatures,
    village_papers,
)
from app.reports.owed_parts import owed_parts
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Measure, Visit
from db.schema.archive import PaperSignature
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from db.schema.monitoring import Monitoring
from tests import builders
from tests.app.reports.test_section_facts import read

VILLAGE = builders.VILLAGE.code
ONE, TWO, THREE = (Household.id_of(f"{VILLAGE}00{n}") for n in (1, 2, 3))
DAY = date(2024, 5, 20)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """A household that exited in 2020, a monitored one, and one that is neither."""
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        exited: dict[str, Any] = {"household_kind": "脱贫户", "exit_status": "已脱贫", "exit_year": 2020}
        builders.household(session, number=1, register_date="2014-06", **exited)
        builders.household(session, number=2, household_kind="一般农户")
        builders.household(session, number=3, household_kind="一般农户")
        monitored = {"kind": "边缘易致贫户", "identified": "2022-03", "removed": "2023-09"}
        session.add(Monitoring(village=VILLAGE, household_id=TWO, **monitored))
        for year in (2021, 2022, 2023):
            session.add(IncomeYear(village=VILLAGE, household_id=ONE, year=year, people=3))
    yield opened
    opened.close()


def papers(book: Workbook, household: str = ONE, day: date = DAY) -> dict[str, PaperLine]:
    with book.reading() as session:
        return {one.title: one for one in household_papers(session, household, day)}


def test_each_check_point_of_the_checklist_is_told_by_some_paper() -> None:
    assert {owed.check for owed in owed_parts()} == {one.code for one in checklist("archive_completeness").checks()}
    keys = [owed.key for owed in owed_parts()]
    assert len(keys) == len(set(keys))


def test_yearly_papers_are_owed_of_each_year_that_is_over_and_known(book: Workbook) -> None:
    owed = papers(book)
    assert [title for title in owed if title.endswith("收入核算表")] == [
        f"{year}年收入核算表" for year in (2021, 2022, 2023)
    ]
    assert [title for title in owed if title.endswith("帮扶计划")] == [
        "2021年帮扶计划", "2022年帮扶计划", "2023年帮扶计划", "2024年帮扶计划", "巩固帮扶计划",
    ]  # fmt: skip
    assert owed["2023年收入核算表"].state == UNSIGNED
    assert owed["2022年帮扶计划"].state == MISSING
    assert "2024年收入核算表" in papers(book, day=date(2024, 12, 31))


def test_what_a_household_is_and_what_happened_decide_what_it_owes(book: Workbook) -> None:
    assert {"脱贫验收表", "脱贫确认书"} <= papers(book).keys()
    assert "监测台账" not in papers(book)
    assert "家庭成员变更登记表" not in papers(book)
    with book.writing() as session:
        session.get_one(Member, Member.id_of(f"{VILLAGE}00103")).left = "婚出"
    assert "家庭成员变更登记表" in papers(book)
    assert "监测台账" in papers(book, TWO)
    assert "脱贫验收表" not in papers(book, TWO)
    assert {one for one in papers(book, TWO) if one.endswith("走访记录")} == {"2022年走访记录", "2023年走访记录"}
    assert [one.part for one in papers(book, THREE).values()] == ["cover", "contents", "overview", "remarks"]


def test_papers_of_an_era_are_owed_in_its_years_alone(book: Workbook) -> None:
    with book.writing() as session:
        for row in session.query(IncomeYear):
            row.year = (row.year or 0) - 4
    assert "承诺授权书" not in papers(book, day=date(2019, 12, 31))
    assert "承诺授权书" in papers(book, day=date(2021, 12, 31))


def test_what_was_written_down_is_there_and_is_complete_once_it_is_signed(book: Workbook) -> None:
    create_entry(book, "exit_acceptance", household_id=ONE, day=date(2020, 11, 5))
    with book.writing() as session:
        about = {"village": VILLAGE, "household_id": ONE}
        session.add(Measure(**about, kind="产业开发", title="茶园", year=2023))
        session.add(Visit(**about, visited_on=date(2022, 4, 1), visitors="甲"))
    found = papers(book)
    wanted = [found["脱贫验收表"], found["2023年帮扶计划"], found["2022年走访记录"]]
    assert {one.state for one in wanted} == {UNSIGNED}
    assert found["脱贫确认书"].state == MISSING
    assert wanted[0].what_is_missing == "脱贫验收表未签字（户主、村、乡、县）"
    register_signatures(book, wanted, DAY)
    assert {(papers(book)[one.title].state, papers(book)[one.title].signed_on) for one in wanted} == {(COMPLETE, DAY)}
    run_to_completion(undo(book))
    assert {papers(book)[one.title].state for one in wanted} == {UNSIGNED}


def test_a_scan_that_is_bound_behind_a_part_shows_that_its_paper_is_there(book: Workbook, tmp_path: Path) -> None:
    Image.new("RGB", (40, 60), "white").save(tmp_path / "a.png")
    owner = AttachmentOwner.household(ONE)
    for part in ("申请书", "证件复印件"):
        run_to_completion(add_attachment(book, owner, tmp_path / "a.png", part, title=part))
        Image.new("RGB", (40, 60), "gray").save(tmp_path / "a.png")
    found = papers(book)
    (application,) = (one for title, one in found.items() if one.part == "application")
    assert application.state == UNSIGNED
    assert found["证件复印件粘贴页"].state == COMPLETE


def test_what_only_paper_holds_is_there_when_an_officer_says_so(book: Workbook) -> None:
    line = papers(book)["证件复印件粘贴页"]
    assert (line.state, line.by_hand) == (MISSING, True)
    register_signatures(book, [line], DAY)
    register_signatures(book, [line], DAY)
    assert papers(book)["证件复印件粘贴页"].state == COMPLETE
    with book.reading() as session:
        (row,) = session.query(PaperSignature).all()
        assert (row.paper, row.signed_on) == ("证件复印件粘贴页", DAY)


def test_a_closed_household_owes_nothing_and_the_village_list_holds_all_others(book: Workbook) -> None:
    with book.writing() as session:
        session.get_one(Household, THREE).registration_state = "注销"
    with book.reading() as session:
        found = {one.id: lines for one, lines in village_papers(session, DAY)}
        assert found.keys() == {ONE, TWO}
        assert found[ONE] == household_papers(session, ONE, DAY)


def test_the_closing_sheet_lists_what_is_missing_and_what_is_not_signed(book: Workbook) -> None:
    text = read(book, "remarks", ONE)
    assert "件：" in text
    assert "脱贫验收表；脱贫确认书" in text
    assert "尚未签字3件：2021—2023年收入核算表。" in text


def test_a_round_of_the_checklist_is_filled_in_from_the_archives(book: Workbook) -> None:
    round_id = open_round(book, VILLAGE, "archive_completeness", "上半年档案检查", "半年", DAY)
    save_inspection(book, round_id, ONE, "王书记", DAY, {"B.4": "达标"}, {"B.4": "公示照片在村委会"})
    assert fill_from_archives(book, round_id, "王书记", DAY) == 3
    with book.reading() as session:
        sheet = load_sheet(session, round_id, ONE, "王书记")
        other = load_sheet(session, round_id, THREE, "王书记")
    assert (sheet.answers["H.1"], sheet.notes["H.1"]) == ("不达标", "按工作簿：缺脱贫验收表、脱贫确认书")
    assert sheet.answers["F.1"] == "基本达标"
    assert sheet.answers["B.4"] == "达标"  # what an inspector wrote stays
    assert other.answers["H.1"] == "不适用"
    create_entry(book, "exit_confirmation", household_id=ONE, day=date(2020, 11, 5))
    fill_from_archives(book, round_id, "王书记", DAY)
    with book.reading() as session:
        assert "脱贫确认书" not in load_sheet(session, round_id, ONE, "王书记").notes["H.1"].partition("未签字")[0]


def test_a_round_of_another_checklist_is_refused(book: Workbook) -> None:
    round_id = open_round(book, VILLAGE, "four_clean_two_norms", "五月", "月度", DAY)
    with pytest.raises(UserError, match="用的不是档案完整性检查的标准"):
        fill_from_archives(book, round_id, "王书记", DAY)
