"""A problem from the day it is found until it is closed out."""

from contextlib import closing
from datetime import date

import pytest
from openpyxl import load_workbook

from app.checklists.inspections import save_inspection
from app.checklists.rounds import USUAL, open_round
from app.checklists.template import checklist
from app.errors import OfficeError
from app.progress import finish
from app.records.draft import open_draft, save_draft, withdraw
from app.sheets.rectifications import write_rectifications
from app.work.rectification import State, close_out, due_day, open_failings, open_problem, reopen, rows
from tests.builders import VILLAGE, household, workbook
from tests.laptops import laptops, pull, state

DAY = date(2018, 9, 3)


@pytest.fixture
def book(tmp_path):
    with closing(workbook(tmp_path)) as book:
        yield book


@pytest.fixture
def home(book):
    with book.writing() as session:
        return household(session).id


def problem(book, home, deadline="7天", **more):
    return finish(open_problem(book, home, "院内堆放杂物", DAY, deadline, **more))


def edit(book, id, **values):
    with book.reading() as session:
        draft = open_draft(session, "rectification", id)
    finish(save_draft(book, draft.with_values(**values)))


def listed(book, **asked):
    with book.reading() as session:
        return rows(session, **asked)


@pytest.mark.parametrize(("deadline", "last"), [("立即", 3), ("7天", 10), ("15天", 18)])
def test_the_class_of_deadline_gives_the_last_day(book, home, deadline, last):
    problem(book, home, deadline)
    (one,) = listed(book, today=DAY)
    assert (one.due_on, one.state, one.head, one.overdue) == (date(2018, 9, last), State.OPEN, "陈卫国", False)
    assert one.days_left == last - 3


def test_thirty_days_go_into_the_next_month_and_other_classes_are_refused():
    assert due_day(DAY, "30天") == date(2018, 10, 3)
    with pytest.raises(OfficeError, match="半年"):
        due_day(DAY, "半年")


def test_what_is_not_put_right_in_time_is_overdue_and_comes_first(book, home):
    problem(book, home, "30天")
    late = problem(book, home, "7天")
    found = listed(book, today=date(2018, 9, 11))
    assert found[0].id == late
    assert [one.id for one in listed(book, overdue=True, today=date(2018, 9, 11))] == [late]
    edit(book, late, done_on=date(2018, 9, 11))
    assert listed(book, overdue=True, today=date(2018, 9, 12)) == []


def test_it_is_closed_out_only_after_somebody_came_back_to_look(book, home):
    id = problem(book, home)
    with pytest.raises(OfficeError, match="完成日期"):
        finish(close_out(book, id, date(2018, 9, 20), "王书记"))
    edit(book, id, done_on=date(2018, 9, 8), outcome="已清走")
    assert listed(book)[0].state is State.DONE
    with pytest.raises(OfficeError, match="还没有回访"):
        finish(close_out(book, id, date(2018, 9, 20), "王书记"))
    edit(book, id, followup_on=date(2018, 9, 7), followup_by="张干部")
    with pytest.raises(OfficeError, match="日期前后不对"):
        finish(close_out(book, id, date(2018, 9, 20), "王书记"))
    edit(book, id, followup_on=date(2018, 9, 12))
    assert listed(book)[0].state is State.SEEN
    finish(close_out(book, id, date(2018, 9, 20), "王书记"))
    (one,) = listed(book, state="已销号")
    assert (one.closed_on, one.state) == (date(2018, 9, 20), State.CLOSED)
    finish(reopen(book, id))
    assert listed(book)[0].state is State.OPEN


def test_a_withdrawn_problem_leaves_the_list(book, home):
    finish(withdraw(book, "rectification", problem(book, home)))
    assert listed(book) == []


def test_what_is_not_acceptable_is_refused(book, home):
    with pytest.raises(OfficeError, match="存在问题"):
        finish(open_problem(book, home, None, DAY))
    with pytest.raises(OfficeError, match="不在名单里"):
        finish(open_problem(book, "nobody", "脏", DAY))


def inspected(book, home, **failed):
    made = checklist(USUAL)
    round_id = finish(open_round(book, VILLAGE.code, USUAL, "九月", "月度", DAY, None))
    answers = {check.code: "达标" for check in made.checks()} | {k.replace("_", "."): v for k, v in failed.items()}
    finish(save_inspection(book, round_id, home, "王书记", DAY, answers))
    return round_id


def test_failing_items_of_a_round_are_handed_over_once(book, home):
    item = checklist(USUAL).items[0]
    failed = {check.code.replace(".", "_"): "不达标" for check in item.checks}
    round_id = inspected(book, home, **failed)
    assert finish(open_failings(book, round_id)) == 1
    assert finish(open_failings(book, round_id)) == 0
    (one,) = listed(book, today=DAY)
    assert one.problem.startswith(f"{item.label}不达标")
    assert item.checks[0].label in one.problem
    assert one.source == "四净两规范检查"
    assert one.due_on > DAY or any(check.hard_fail for check in item.checks)


def test_what_must_be_done_at_once_is_due_the_same_day(book, home):
    hard = next(item for item in checklist(USUAL).items if any(check.hard_fail for check in item.checks))
    failed = {check.code.replace(".", "_"): "不达标" for check in hard.checks}
    finish(open_failings(book, inspected(book, home, **failed)))
    assert [one.due_on for one in listed(book, today=DAY) if one.problem.startswith(hard.label)] == [DAY]


def test_two_laptops_that_hand_over_the_same_open_one_problem(book, home, tmp_path):
    item = checklist(USUAL).items[0]
    round_id = inspected(book, home, **{check.code.replace(".", "_"): "不达标" for check in item.checks})
    book.close()
    here, there = laptops(book.path, tmp_path, ("甲", "乙"))
    with closing(here), closing(there):
        for one in (here, there):
            assert finish(open_failings(one, round_id)) == 1
        pull(here, there)
        pull(there, here)
        assert len(listed(here)) == 1
        assert state(here) == state(there)


def test_the_list_is_exported_with_all_columns(book, home, tmp_path):
    id = problem(book, home, responsible="=王书记")
    edit(book, id, done_on=date(2018, 9, 8))
    out = tmp_path / "清单.xlsx"
    assert finish(write_rectifications(book, listed(book), out)) == 1
    head, row = load_workbook(out).active.iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["户主"], told["状态"], told["责任人"]) == ("陈卫国", "待回访", "=王书记")
    assert told["完成日期"].date() == date(2018, 9, 8)
