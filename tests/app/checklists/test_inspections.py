"""What one score sheet says: what counts, what was withdrawn, what other inspectors and earlier rounds say."""

from datetime import date

import pytest
from sqlalchemy import select

from app.checklists.households import RoundHousehold
from app.checklists.inspections import load_sheet, save_inspection
from app.checklists.results import HouseholdResult, round_results
from app.checklists.rounds import DEFAULT_CHECKLIST, open_round, set_round_state
from app.checklists.template import checklist
from app.errors import UserError
from app.records.draft import withdraw
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from db.schema.inspection import Answer, Inspection
from db.schema.photo import Photo
from tests import builders

DAY = date(2026, 11, 3)
ALL_MET = {check.code: "达标" for check in checklist(DEFAULT_CHECKLIST).checks()}
FIRST, SECOND = (Household.id_of(f"{builders.VILLAGE.code}{number:03}") for number in (1, 2))


@pytest.fixture
def book(tmp_path):
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        for number in (1, 2):
            builders.household(session, members=1, number=number)
    yield opened
    opened.close()


def create_round(book: Workbook, title: str = "十一月", started_on: date = DAY) -> str:
    return open_round(book, builders.VILLAGE.code, DEFAULT_CHECKLIST, title, "月度", started_on)


def result_of(book: Workbook, round_id: str, household_id: str = FIRST) -> HouseholdResult:
    with book.reading() as session:
        results = {result.household.household_id: result for result in round_results(session, round_id)}
    return results[household_id]


def sheet_of(book: Workbook, round_id: str, inspector: str = "王书记"):
    with book.reading() as session:
        return load_sheet(session, round_id, FIRST, inspector)


def test_a_household_is_in_progress_only_between_the_first_and_the_last_answer(book: Workbook) -> None:
    round_id = create_round(book)
    assert not result_of(book, round_id).in_progress
    save_inspection(book, round_id, FIRST, "王书记", DAY, {"J1.1": "达标"})
    assert result_of(book, round_id).in_progress
    assert not result_of(book, round_id).finished
    save_inspection(book, round_id, FIRST, "王书记", DAY, ALL_MET)
    assert not result_of(book, round_id).in_progress
    assert result_of(book, round_id).finished


def test_a_sheet_before_the_first_answer_is_empty(book: Workbook) -> None:
    round_id = create_round(book)
    save_inspection(book, round_id, FIRST, "李主任", DAY, ALL_MET)
    sheet = sheet_of(book, round_id)
    assert (dict(sheet.answers), dict(sheet.notes), sheet.seen_on, sheet.note) == ({}, {}, None, "")
    assert [result.inspector for result in sheet.other_results] == ["李主任"]
    assert sheet_of(book, round_id, "李主任").other_results == ()
    assert sheet_of(book, round_id, "李主任").seen_on == DAY


def test_a_household_of_which_little_is_known_is_named_by_its_head(book: Workbook) -> None:
    round_id = create_round(book)
    with book.writing() as session:
        household = session.get_one(Household, FIRST)
        household.household_no = household.group_name = household.hamlet = household.address = None
    named = sheet_of(book, round_id).household
    assert named == RoundHousehold(FIRST, household_no="", head=named.name, group="", address="")
    with book.writing() as session:
        session.get_one(Household, FIRST).hamlet = "下屋"
        session.scalars(select(Member).where(Member.household_id == FIRST)).one().name = None
    assert (sheet_of(book, round_id).household.group, sheet_of(book, round_id).household.name) == (
        "下屋",
        "（户主未填）",
    )


def test_a_withdrawn_answer_counts_nowhere(book: Workbook) -> None:
    round_id = create_round(book)
    id = save_inspection(book, round_id, FIRST, "王书记", DAY, ALL_MET, {"J1.1": "柴草"})
    with book.writing() as session:
        session.get_one(Answer, Answer.id_of(id, "J1.1")).withdrawn = True
    sheet = sheet_of(book, round_id)
    assert "J1.1" not in sheet.answers
    assert "J1.1" not in sheet.notes
    assert result_of(book, round_id).score.open == ("J1.1",)


def test_an_answer_given_again_after_withdrawal_has_no_old_note(book: Workbook) -> None:
    round_id = create_round(book)
    id = save_inspection(book, round_id, FIRST, "王书记", DAY, {"J1.1": "不达标", "J1.2": "达标"}, {"J1.1": "柴草"})
    with book.writing() as session:
        session.get_one(Answer, Answer.id_of(id, "J1.1")).withdrawn = True
    save_inspection(book, round_id, FIRST, "王书记", DAY, {"J1.1": "达标"})
    assert dict(sheet_of(book, round_id).answers) == {"J1.1": "达标", "J1.2": "达标"}
    assert dict(sheet_of(book, round_id).notes) == {}


def test_photographs_are_counted_by_check_point_without_the_withdrawn(book: Workbook) -> None:
    round_id = create_round(book)
    id = save_inspection(book, round_id, FIRST, "王书记", DAY, {"J1.1": "达标"})
    other = save_inspection(book, round_id, FIRST, "李主任", DAY, {"J1.1": "达标"})
    with book.writing() as session:
        for n, (inspection, check, withdrawn) in enumerate(
            [(id, "J1.1", False), (id, "J1.1", False), (id, "J1.1", True), (id, None, False), (other, "J1.1", False)]
        ):
            session.add(
                Photo(
                    id=f"{n:032}",
                    village=builders.VILLAGE.code,
                    household_id=FIRST,
                    inspection_id=inspection,
                    check=check,
                    content=f"{n:064}",
                    withdrawn=withdrawn,
                )
            )
    assert dict(sheet_of(book, round_id).photos) == {"J1.1": 2, "": 1}


def test_a_note_about_the_household_is_trimmed_and_stays_until_it_is_taken_away(book: Workbook) -> None:
    round_id = create_round(book)
    save_inspection(book, round_id, FIRST, "王书记", DAY, {}, note=" 老人独居 ")
    save_inspection(book, round_id, FIRST, "王书记", DAY, {"J1.1": "达标"}, note=None)
    assert sheet_of(book, round_id).note == "老人独居"
    save_inspection(book, round_id, FIRST, "王书记", DAY, {}, note=" ")
    assert sheet_of(book, round_id).note == ""
    with book.reading() as session:
        assert session.scalars(select(Inspection.note)).all() == [None]


def test_the_previous_result_is_the_last_finished_one_of_an_earlier_round(book: Workbook) -> None:
    first = create_round(book, "九月", date(2026, 9, 1))
    unfinished = create_round(book, "十月", date(2026, 10, 1))
    this = create_round(book)
    later = create_round(book, "十二月", date(2026, 12, 1))
    for round_id in (first, this, later):
        save_inspection(book, round_id, FIRST, "王书记", DAY, ALL_MET)
    save_inspection(book, unfinished, FIRST, "王书记", DAY, {"J1.1": "达标"})
    assert sheet_of(book, this).previous_result.round_id == first
    assert sheet_of(book, first).previous_result is None
    assert sheet_of(book, later).previous_result.round_id == this


def test_an_earlier_round_of_the_same_day_is_the_previous_one(book: Workbook) -> None:
    one, other = create_round(book, "上午"), create_round(book, "下午")
    save_inspection(book, one, FIRST, "王书记", DAY, ALL_MET)
    assert sheet_of(book, other).previous_result.round_id == one


def test_the_sheet_of_a_closed_round_can_be_read_but_not_written(book: Workbook) -> None:
    round_id = create_round(book)
    assert sheet_of(book, round_id).writable
    set_round_state(book, round_id, "会议审定")
    assert not sheet_of(book, round_id).writable


def test_a_household_that_left_has_no_sheet_and_takes_no_score(book: Workbook) -> None:
    round_id = create_round(book)
    withdraw(book, "household", FIRST)
    with pytest.raises(UserError, match="已不在名单里"):
        sheet_of(book, round_id)
    with pytest.raises(UserError, match="已不在名单里"):
        save_inspection(book, round_id, FIRST, "王书记", DAY, {"J1.1": "达标"})
