"""What a round is evaluated to: who gets the flag, who is on the red list, who is seen again, what changed since."""

from datetime import date
from decimal import Decimal

import pytest

from app.checklists.inspections import save_inspection
from app.checklists.ranking import compare_rounds, find_failed_households, group_summaries, rank_households, red_list
from app.checklists.results import average_points, round_results
from app.checklists.rounds import DEFAULT_CHECKLIST, list_rounds, open_round, round_and_results
from app.checklists.template import checklist
from app.workbook.access import NewVillage
from app.workbook.workbook import Workbook
from db.schema.household import Household
from tests import builders

DAY = date(2026, 11, 3)
ALL_MET = {check.code: "达标" for check in checklist(DEFAULT_CHECKLIST).checks()}
YARD = [code for code in ALL_MET if code.startswith("J1.")]
HALF_A_YARD = ALL_MET | dict.fromkeys(YARD[:3], "不达标")  # 92 points, but an item below what 达标 asks


@pytest.fixture
def book(tmp_path):
    """Four households of one group."""
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        for number in range(1, 5):
            builders.household(session, members=1, number=number, group_name="一组")
    yield opened
    opened.close()


def household_id(number: int, village: str = builders.VILLAGE.code) -> str:
    return Household.id_of(f"{village}{number:03}")


def create_round(
    book: Workbook, title: str = "十一月", started_on: date = DAY, name: str = DEFAULT_CHECKLIST, **more: str
) -> str:
    return open_round(book, more.get("village", builders.VILLAGE.code), name, title, "月度", started_on)


def score(book: Workbook, round_id: str, number: int, answers: dict[str, str], village: str = builders.VILLAGE.code):
    save_inspection(book, round_id, household_id(number, village), "王书记", DAY, answers)


def results(book: Workbook, round_id: str):
    with book.reading() as session:
        return round_results(session, round_id)


def test_the_best_grade_without_passing_earns_no_flag_and_no_place_on_the_red_list(book: Workbook) -> None:
    round_id = create_round(book)
    score(book, round_id, 1, HALF_A_YARD)
    household_results = results(book, round_id)
    (rank,) = rank_households(household_results)
    assert (rank.result.grade, rank.result.passed) == ("优秀", False)
    assert not rank.has_flag
    assert red_list(household_results) == ()
    (failed,) = find_failed_households(household_results)
    assert (failed.items, failed.hard_fails, failed.recheck_on) == (("房前净",), (), None)
    assert len(failed.checks) == 3


def test_a_grade_without_a_mark_earns_no_flag(book: Workbook) -> None:
    round_id = create_round(book)
    fair = ALL_MET | dict.fromkeys(list(ALL_MET)[::3], "基本达标")
    score(book, round_id, 1, fair)
    (rank,) = rank_households(results(book, round_id))
    assert (rank.result.grade, rank.result.passed, rank.group_rank) == ("良好", True, 1)
    assert not rank.has_flag
    assert red_list(results(book, round_id)) == ()


def test_a_checklist_without_marks_gives_the_flag_to_the_first_that_passed(book: Workbook) -> None:
    name = "housing_safety"
    assert not any(grade.mark for grade in checklist(name).grades)
    round_id = create_round(book, name=name)
    met = {check.code: "达标" for check in checklist(name).checks()}
    score(book, round_id, 1, met)
    score(book, round_id, 2, dict.fromkeys(met, "不达标"))
    ranks = rank_households(results(book, round_id))
    assert [rank.has_flag for rank in ranks] == [True, False]


def test_who_is_not_finished_has_no_rank_and_has_not_failed(book: Workbook) -> None:
    round_id = create_round(book)
    score(book, round_id, 1, {"J1.1": "不达标"})
    with book.writing() as session:
        session.get_one(Household, household_id(4)).group_name = "二组"
    household_results = results(book, round_id)
    assert rank_households(household_results) == ()
    assert find_failed_households(household_results) == ()
    assert average_points(household_results) is None
    summaries = group_summaries(household_results)
    assert [(one.group, one.households) for one in summaries] == [("一组", 3), ("二组", 1), (None, 4)]
    assert {(one.inspected, one.passed, one.average) for one in summaries} == {(0, 0, None)}


def test_a_passed_household_with_a_hard_fail_is_still_to_be_seen_to(book: Workbook) -> None:
    round_id = create_round(book)
    score(book, round_id, 1, ALL_MET | {"J3.1": "不达标"})
    score(book, round_id, 2, ALL_MET)
    (failed,) = find_failed_households(results(book, round_id))
    assert failed.result.passed
    assert failed.result.household.household_id == household_id(1)
    assert len(failed.hard_fails) == 1


def test_the_average_is_of_the_finished_households_to_one_decimal(book: Workbook) -> None:
    round_id = create_round(book)
    score(book, round_id, 1, ALL_MET)
    score(book, round_id, 2, HALF_A_YARD)
    score(book, round_id, 3, {"J1.1": "不达标"})
    assert average_points(results(book, round_id)) == Decimal("96.0")


def test_a_comparison_names_points_and_grades_of_both_rounds(book: Workbook) -> None:
    october, november = create_round(book, "十月", date(2026, 10, 1)), create_round(book)
    poor = ALL_MET | dict.fromkeys([code for code in ALL_MET if code.startswith("J")], "不达标")
    score(book, october, 1, poor)
    score(book, november, 1, ALL_MET)
    score(book, october, 2, ALL_MET)
    score(book, november, 3, ALL_MET)
    with book.reading() as session:
        comparison = compare_rounds(session, november)
    assert (comparison.previous_title, comparison.current_average) == ("十月", Decimal("100.0"))
    first, second, third, fourth = comparison.changes
    assert (first.current_grade, first.previous_grade) == ("优秀", "不合格")
    assert first.difference == first.current - first.previous
    assert first.difference > 0
    assert (second.current, second.previous, second.difference) == (None, Decimal("100.0"), None)
    assert (third.previous, third.previous_grade, third.difference) == (None, "", None)
    assert (fourth.current_grade, fourth.previous_grade) == ("", "")
    assert (comparison.improved, comparison.declined, comparison.unchanged) == (1, 0, 0)


def test_a_household_with_the_same_points_is_unchanged(book: Workbook) -> None:
    october, november = create_round(book, "十月", date(2026, 10, 1)), create_round(book)
    for round_id in (october, november):
        score(book, round_id, 1, ALL_MET)
    with book.reading() as session:
        comparison = compare_rounds(session, november)
    assert (comparison.improved, comparison.declined, comparison.unchanged) == (0, 0, 1)


def test_half_a_point_more_or_less_is_a_change(book: Workbook) -> None:
    october, november = create_round(book, "十月", date(2026, 10, 1)), create_round(book)
    five_of_six, four_of_five = ALL_MET | {"J1.1": "不达标"}, ALL_MET | {"J1.1": "不达标", "J1.2": "不适用"}
    for number, (before, now) in enumerate([(four_of_five, five_of_six), (five_of_six, four_of_five)], start=1):
        score(book, october, number, before)
        score(book, november, number, now)
    with book.reading() as session:
        comparison = compare_rounds(session, november)
    assert [change.difference for change in comparison.changes[:2]] == [Decimal("0.5"), Decimal("-0.5")]
    assert (comparison.improved, comparison.declined, comparison.unchanged) == (1, 1, 0)


def test_rounds_of_one_day_are_compared_in_the_order_of_their_titles(book: Workbook) -> None:
    first, second = create_round(book, "1 上午"), create_round(book, "2 下午")
    with book.reading() as session:
        assert compare_rounds(session, second).previous_id == first
        assert compare_rounds(session, first) is None


def test_a_round_is_not_compared_with_one_of_another_village(book: Workbook) -> None:
    other = NewVillage("柳树沟村", "340828100102")
    with book.writing() as session:
        builders.household(session, members=1, village=other.code)
    create_round(book, "十月", date(2026, 10, 1), village=other.code)
    november = create_round(book)
    with book.reading() as session:
        assert compare_rounds(session, november) is None


def test_one_round_is_shown_as_the_list_of_rounds_shows_it(book: Workbook) -> None:
    create_round(book, "十月", date(2026, 10, 1))
    november = create_round(book)
    score(book, november, 1, ALL_MET)
    score(book, november, 2, HALF_A_YARD)
    with book.reading() as session:
        row, household_results = round_and_results(session, november)
        assert row == list_rounds(session)[0]
    assert (row.title, row.checklist_title, row.period, row.state) == ("十一月", "四净两规范", "月度", "入户")
    assert (row.households, row.inspected, row.remaining, row.passed) == (4, 2, 2, 1)
    assert (row.due_on, row.note, row.average) == (None, "", Decimal("96.0"))
    assert len(household_results) == 4
