"""A problem from the day it is found until it is closed out."""

from contextlib import closing
from datetime import date

import pytest
from openpyxl import load_workbook

from app.checklists.inspections import save_inspection
from app.checklists.rounds import DEFAULT_CHECKLIST, open_round
from app.checklists.template import checklist
from app.errors import UserError
from app.progress import run_to_completion
from app.records.draft import open_draft, save_draft, withdraw
from app.records.field import fields
from app.rectifications.rectification import close_out, open_problem, reopen
from app.rectifications.round_problems import hand_over, round_problems
from app.registers.engine.progress import FINISHED
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.registers.rectification import REGISTER, due_date
from app.sheets.register_export import write_register
from tests.builders import VILLAGE, household, workbook
from tests.replicas import all_records, make_replicas, sync

DAY = date(2018, 9, 3)
ALL_COLUMNS = (
    "number", "source", "level", "issued_by", "found_on", "problem", "responsible", "plan", "due_on", "done_on",
    "outcome", "evidence", "followup_on", "followup_by", "opinion", "reviewed_by", "closed_on", "note",
)  # fmt: skip


@pytest.fixture
def book(tmp_path):
    with closing(workbook(tmp_path)) as book:
        yield book


@pytest.fixture
def household_id(book):
    with book.writing() as session:
        return household(session).id


def open_problem_for(book, household_id, deadline="7天", **more):
    return open_problem(book, household_id, "院内堆放杂物", DAY, deadline, **more)


def edit(book, id, **values):
    with book.reading() as session:
        draft = open_draft(session, "rectification", id)
    save_draft(book, draft.with_values(**values))


def list_rows(book, today=DAY, **asked):
    with book.reading() as session:
        return load_rows(session, REGISTER, row_ids(session, REGISTER, RowQuery(today=today, **asked)), today)


@pytest.mark.parametrize(("deadline", "last"), [("立即", 3), ("7天", 10), ("15天", 18)])
def test_the_class_of_deadline_gives_the_last_day(book, household_id, deadline, last):
    open_problem_for(book, household_id, deadline)
    (one,) = list_rows(book, today=DAY)
    assert (one.values["due_on"], one.progress.label, one.subject.head, one.progress.overdue) == (
        date(2018, 9, last),
        "整改中",
        "陈卫国",
        False,
    )
    assert one.progress.days_left == last - 3


def test_thirty_days_go_into_the_next_month_and_other_classes_are_refused():
    assert due_date(DAY, "30天") == date(2018, 10, 3)
    with pytest.raises(UserError, match="半年"):
        due_date(DAY, "半年")


def test_what_is_not_put_right_in_time_is_overdue_and_comes_first(book, household_id):
    open_problem_for(book, household_id, "30天")
    overdue = open_problem_for(book, household_id, "7天")
    listed_rows = list_rows(book, today=date(2018, 9, 11))
    assert listed_rows[0].id == overdue
    assert [one.id for one in list_rows(book, overdue=True, today=date(2018, 9, 11))] == [overdue]
    edit(book, overdue, done_on=date(2018, 9, 11))
    assert list_rows(book, overdue=True, today=date(2018, 9, 12)) == []


def test_it_is_closed_out_only_after_somebody_came_back_to_look(book, household_id):
    id = open_problem_for(book, household_id)
    with pytest.raises(UserError, match="完成日期"):
        close_out(book, id, date(2018, 9, 20), "王书记")
    edit(book, id, done_on=date(2018, 9, 8), outcome="已清走")
    assert list_rows(book)[0].progress.label == "待回访"
    with pytest.raises(UserError, match="还没有回访"):
        close_out(book, id, date(2018, 9, 20), "王书记")
    edit(book, id, followup_on=date(2018, 9, 7), followup_by="张干部")
    with pytest.raises(UserError, match="日期前后不对"):
        close_out(book, id, date(2018, 9, 20), "王书记")
    edit(book, id, followup_on=date(2018, 9, 12))
    assert list_rows(book)[0].progress.label == "待销号"
    close_out(book, id, date(2018, 9, 20), "王书记")
    (one,) = list_rows(book, step=FINISHED)
    assert (one.values["closed_on"], one.progress.label) == (date(2018, 9, 20), "已销号")
    reopen(book, id)
    assert list_rows(book)[0].progress.label == "整改中"


def test_an_approved_extension_moves_the_last_day(book, household_id):
    id = open_problem_for(book, household_id, "7天")
    edit(book, id, extended_to=date(2018, 9, 30), extension_reason="等材料", extension_approved_by="镇扶贫站")
    assert list_rows(book, overdue=True, today=date(2018, 9, 30)) == []
    assert [one.id for one in list_rows(book, overdue=True, today=date(2018, 10, 1))] == [id]


def test_a_withdrawn_problem_leaves_the_list(book, household_id):
    withdraw(book, "rectification", open_problem_for(book, household_id))
    assert list_rows(book) == []


def test_what_is_not_acceptable_is_refused(book, household_id):
    with pytest.raises(UserError, match="存在问题"):
        open_problem(book, household_id, None, DAY)
    with pytest.raises(UserError, match="不在名单里"):
        open_problem(book, "nobody", "脏", DAY)


def inspected(book, household_id, **failed):
    usual_checklist = checklist(DEFAULT_CHECKLIST)
    round_id = open_round(book, VILLAGE.code, DEFAULT_CHECKLIST, "九月", "月度", DAY, None)
    answers = {check.code: "达标" for check in usual_checklist.checks()} | {
        k.replace("_", "."): v for k, v in failed.items()
    }
    save_inspection(book, round_id, household_id, "王书记", DAY, answers)
    return round_id


def test_failing_items_of_a_round_are_handed_over_once(book, household_id):
    item = checklist(DEFAULT_CHECKLIST).items[0]
    failed = {check.code.replace(".", "_"): "不达标" for check in item.checks}
    round_id = inspected(book, household_id, **failed)
    assert hand_over(book, round_id) == 1
    assert hand_over(book, round_id) == 0
    (one,) = list_rows(book, today=DAY)
    assert one.values["problem"].startswith(f"{item.label}不达标")
    assert item.checks[0].label in one.values["problem"]
    assert one.values["source"] == "四净两规范检查"
    assert one.values["due_on"] > DAY or any(check.hard_fail for check in item.checks)


def test_a_failed_point_of_an_item_that_passed_is_handed_over_unless_it_is_unticked(book, household_id):
    item = next(one for one in checklist(DEFAULT_CHECKLIST).items if len(one.checks) > 2)
    first, *_, last = item.checks
    round_id = inspected(book, household_id, **{one.code.replace(".", "_"): "不达标" for one in (first, last)})
    with book.reading() as session:
        problems = round_problems(session, round_id)
    assert [(one.code, one.head) for one in problems] == [(first.code, "陈卫国"), (last.code, "陈卫国")]
    assert hand_over(book, round_id, chosen=[problems[1].id]) == 1
    (one,) = list_rows(book, today=DAY)
    assert one.values["problem"] == f"{item.label}没有做到：{last.label}"
    assert hand_over(book, round_id, household_id) == 1


def test_what_must_be_done_at_once_is_due_the_same_day(book, household_id):
    hard = next(item for item in checklist(DEFAULT_CHECKLIST).items if any(check.hard_fail for check in item.checks))
    failed = {check.code.replace(".", "_"): "不达标" for check in hard.checks}
    hand_over(book, inspected(book, household_id, **failed))
    listed = list_rows(book, today=DAY)
    assert [one.values["due_on"] for one in listed if one.values["problem"].startswith(hard.label)] == [DAY]


def test_two_laptops_that_hand_over_the_same_open_one_problem(book, household_id, tmp_path):
    item = checklist(DEFAULT_CHECKLIST).items[0]
    round_id = inspected(book, household_id, **{check.code.replace(".", "_"): "不达标" for check in item.checks})
    book.close()
    first_book, second_book = make_replicas(book.path, tmp_path, ("甲", "乙"))
    with closing(first_book), closing(second_book):
        for one in (first_book, second_book):
            assert hand_over(one, round_id) == 1
        sync(first_book, second_book)
        sync(second_book, first_book)
        assert len(list_rows(first_book)) == 1
        assert all_records(first_book) == all_records(second_book)


def test_the_list_is_exported_with_all_columns(book, household_id, tmp_path):
    id = open_problem_for(book, household_id, responsible="=王书记")
    edit(book, id, done_on=date(2018, 9, 8))
    out = tmp_path / "清单.xlsx"
    assert run_to_completion(write_register(book, REGISTER, [id], out)) == 1
    _, head, row = load_workbook(out).worksheets[0].iter_rows(values_only=True)
    cells = dict(zip(head, row, strict=True))
    assert (cells["户主"], cells["进度"], cells["责任人"]) == ("陈卫国", "待回访", "=王书记")
    assert [one.label for one in fields("rectification") if one.name in ALL_COLUMNS and one.label not in cells] == []
    assert cells["完成日期"].date() == date(2018, 9, 8)
