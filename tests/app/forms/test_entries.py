"""Filling forms in: first answers, saving, taking back, two laptops, old definitions."""

from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.errors import UserError, ValidationError
from app.forms import definition
from app.forms.entries import (
    add_households,
    create_entry,
    entries_of_household,
    form_rows,
    load_entry,
    new_line_key,
    save_entry,
    village_entries,
)
from app.progress import run_to_completion
from app.records.draft import restore, withdraw
from app.records.history import household_history
from app.sync import conflicts
from app.workbook.operations import list_operations, take_back, undo
from db.journal.conflicts import open_conflicts
from db.schema.form import FormAnswer, FormVersion
from db.schema.household import LivingCondition
from tests.builders import VILLAGE, household, workbook
from tests.replicas import all_records, make_replicas, sync

DAY = date(2018, 9, 3)


@pytest.fixture
def book(tmp_path):
    with closing(workbook(tmp_path)) as book:
        yield book


@pytest.fixture
def household_id(book):
    with book.writing() as session:
        one = household(session, 3, cause_main="因病", situation="住在老屋", monitor_risks=("因病", "因残"))
        card = LivingCondition(
            id=LivingCondition.id_of(one.id, 2018), village=one.village, household_id=one.id, year=2018,
            house_area=Decimal("96.5"), danger_level="B",
        )  # fmt: skip
        session.add(card)
        return one.id


def open_form_entry(book, code, household_id, **more):
    return read(book, create_entry(book, code, household_id, day=DAY, **more))


def read(book, entry_id):
    with book.reading() as session:
        return load_entry(session, entry_id)


def save_values(book, form_entry, **answers):
    return save_entry(book, form_entry.with_values(**answers))


def test_a_new_entry_begins_with_what_is_known(book, household_id):
    form_entry = open_form_entry(book, "poverty_application", household_id)
    assert form_entry.values["size"] == Decimal(3)
    assert form_entry.values["house_area"] == Decimal("96.5")
    assert form_entry.values["danger_level"] == "B"
    assert form_entry.values["situation"] == "住在老屋"
    assert (form_entry.filled_on, form_entry.values["filled_by"]) == (DAY, "王书记")
    assert "reason" not in form_entry.values


def test_answers_are_kept_as_what_they_are(book, household_id):
    form_entry = open_form_entry(book, "exit_acceptance", household_id)
    answers = {
        "exit_year": 2018, "net": Decimal("12345.60"), "assured": True, "cause": "因残",
        "steps/notice/began": date(2018, 9, 10), "steps/notice/result": "公示七天，无异议",
    }  # fmt: skip
    save_values(book, form_entry, **answers)
    assert {name: read(book, form_entry.id).values[name] for name in answers} == answers


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [("size", Decimal(99), "应在 0 到 30"), ("kind", None, "请填写“申请类别”")],
)
def test_what_a_question_cannot_take_is_refused_and_nothing_is_written(book, household_id, name, value, sentence):
    form_entry = save_values(book, open_form_entry(book, "poverty_application", household_id), kind="其他").draft
    with pytest.raises(ValidationError, match=sentence):
        save_values(book, form_entry, reason="新写的", **{name: value})
    assert "reason" not in read(book, form_entry.id).values


def test_a_save_is_taken_back(book, household_id):
    form_entry = open_form_entry(book, "poverty_application", household_id)
    change = save_values(book, form_entry, reason="因病欠债", size=Decimal(4), note="补正")
    assert set(change.changed) == {"size", "reason", "note"}
    run_to_completion(undo(book))
    undone = read(book, form_entry.id)
    assert (undone.value("reason"), undone.value("size"), undone.value("note")) == (None, Decimal(3), None)


def test_once_and_yearly_forms_have_one_entry_and_dated_ones_many(book, household_id):
    def ids(code, **more):
        return {create_entry(book, code, household_id, day=DAY, **more) for _ in range(2)}

    assert len(ids("relocation")) == 1
    assert len(ids("quarter_account") | ids("quarter_account", year=2017)) == 2
    assert len(ids("satisfaction_survey")) == 2


def test_an_entry_is_withdrawn_and_comes_back_with_its_answers(book, household_id):
    form_entry = save_values(book, open_form_entry(book, "relocation", household_id), address="响水镇安置点").draft
    withdraw(book, "form_entry", form_entry.id)
    with book.reading() as session:
        assert entries_of_household(session, household_id) == []
        with pytest.raises(UserError):
            load_entry(session, form_entry.id)
    restore(book, "form_entry", form_entry.id)
    assert read(book, form_entry.id).value("address") == "响水镇安置点"


def test_lines_of_a_table_are_added_changed_and_emptied(book, household_id):
    form_entry = open_form_entry(book, "consolidation_plan", household_id)
    first = new_line_key(form_entry.line_keys("plan"))
    form_entry = save_values(
        book, form_entry, **{f"plan/{first}/what": "发展茶叶", f"plan/{first}/gain": Decimal("2400")}
    ).draft
    second = new_line_key(form_entry.line_keys("plan"))
    form_entry = save_values(book, form_entry, **{f"plan/{second}/what": "公益性岗位"}).draft
    assert form_entry.line_keys("plan") == [first, second]
    form_entry = save_values(book, form_entry, **{f"plan/{first}/what": None, f"plan/{first}/gain": None}).draft
    assert form_entry.line_keys("plan") == [second]


def test_minutes_of_the_village_stand_with_each_household_they_name(book, household_id):
    with book.writing() as session:
        other = household(session, 2, number=2, group_name="上屋组").id
        third = household(session, 1, number=3).id
    meeting = create_entry(book, "appraisal_meeting", village=VILLAGE.code, day=DAY)
    assert add_households(book, meeting, "households", [household_id, other, household_id]) == 2
    assert add_households(book, meeting, "households", [household_id]) == 0
    form_entry = read(book, meeting)
    assert [form_entry.cell("households", line, "head") for line in form_entry.line_keys("households")] == [
        "陈卫国",
        "陈卫国",
    ]
    assert [form_entry.cell("households", line, "group") for line in form_entry.line_keys("households")] == [
        "上屋组",
        "下屋组",
    ]
    with book.reading() as session:
        assert [(one.code, one.is_village_form) for one in entries_of_household(session, household_id)] == [
            ("appraisal_meeting", True)
        ]
        assert entries_of_household(session, third) == []
        assert [one.id for one in village_entries(session)] == [meeting]


def test_a_household_taken_off_a_list_can_be_entered_again(book, household_id):
    meeting = create_entry(book, "appraisal_meeting", village=VILLAGE.code, day=DAY)
    add_households(book, meeting, "households", [household_id])
    form_entry = read(book, meeting)
    save_values(book, form_entry, **{name: None for name in form_entry.values if name.startswith("households/")})
    with book.reading() as session:
        assert entries_of_household(session, household_id) == []
    assert add_households(book, meeting, "households", [household_id]) == 1
    assert read(book, meeting).line_keys("households") == [household_id]


def test_a_form_about_the_village_is_not_filled_in_for_a_household(book, household_id):
    with pytest.raises(UserError, match="本村资料"):
        create_entry(book, "appraisal_meeting", household_id)
    with pytest.raises(UserError, match="不在名单里"):
        create_entry(book, "relocation", "nobody")


def test_an_old_entry_keeps_the_form_it_was_filled_in_with(book, household_id, monkeypatch):
    form_entry = save_values(book, open_form_entry(book, "risk_removal", household_id), done="安排公益性岗位").draft
    newer = definition.load_form("risk_removal").text.replace('label = "采取的帮扶措施"', 'label = "做了什么"')
    now = definition.parse_form("risk_removal", newer)
    monkeypatch.setattr("app.forms.entries.load_form", lambda code: now)
    again = open_form_entry(book, "risk_removal", household_id)
    assert read(book, form_entry.id).field("done").label == "采取的帮扶措施"
    assert again.field("done").label == "做了什么"
    with book.reading() as session:
        assert session.query(FormVersion).filter_by(code="risk_removal").count() == 2


def test_an_answer_that_came_meanwhile_is_not_overwritten_unseen(book, household_id):
    form_entry = open_form_entry(book, "poverty_application", household_id)
    save_values(book, form_entry, reason="先写的人")
    with pytest.raises(UserError, match="申请理由"):
        save_values(book, form_entry, reason="后写的人")
    assert read(book, form_entry.id).value("reason") == "先写的人"


def test_an_answer_changed_meanwhile_becomes_a_conflict(book, household_id):
    first = save_values(book, open_form_entry(book, "poverty_application", household_id), reason="原来").draft
    save_values(book, first, reason="先改的人")
    save_values(book, first, reason="后改的人")
    with book.reading() as session:
        assert [one.table for one in open_conflicts(session)] == ["form_answer"]


def test_history_calls_answers_by_their_questions(book, household_id):
    form_entry = save_values(book, open_form_entry(book, "exit_acceptance", household_id), exit_year=2018).draft
    save_values(book, form_entry, **{"steps/notice/result": "无异议"})
    with book.reading() as session:
        lines = [
            (one.record_title, one.label, one.before, one.after) for one in household_history(session, household_id)
        ]
    assert ("填写的表单 脱贫验收表", "验收程序：情况和结果", "", "无异议") in lines
    assert all(one[1] != "填写内容" for one in lines)


def test_two_laptops_fill_in_one_form_and_meet(book, household_id, tmp_path):
    first = open_form_entry(book, "quarter_account", household_id)
    meeting = create_entry(book, "appraisal_meeting", village=VILLAGE.code, day=DAY)
    book.close()
    first_book, second_book = make_replicas(book.path, tmp_path, ("王书记甲", "李队员"))
    with closing(first_book), closing(second_book):
        for one, quarter, name in ((first_book, "q1", "甲某"), (second_book, "q2", "乙某")):
            form_entry = create_entry(one, "quarter_account", household_id, year=2018)
            assert form_entry == first.id
            save_values(one, read(one, form_entry), **{f"amounts/A/{quarter}": Decimal("100")})
            create_entry(one, "relocation", household_id)
            minutes = read(one, meeting)
            save_values(one, minutes, **{f"signed/{new_line_key(minutes.line_keys('signed'))}/name": name})
        sync(first_book, second_book)
        sync(second_book, first_book)
        for one in (first_book, second_book):
            account = read(one, first.id)
            assert [account.cell("amounts", "A", quarter) for quarter in ("q1", "q2")] == [Decimal("100")] * 2
            minutes = read(one, meeting)
            names = {minutes.cell("signed", line, "name") for line in minutes.line_keys("signed")}
            assert names == {"甲某", "乙某"}
            with one.reading() as session:
                # both say that they filled it in; about what they wrote nobody has to decide
                assert {one.column for one in open_conflicts(session)} <= {"filled_by"}
                assert len(form_rows(session, "relocation")) == 1
        assert all_records(first_book) == all_records(second_book)


def test_two_answers_to_one_question_are_a_conflict_called_by_the_question(book, household_id, tmp_path):
    form_entry = open_form_entry(book, "relocation", household_id)
    book.close()
    first_book, second_book = make_replicas(book.path, tmp_path, ("王书记甲", "李队员"))
    with closing(first_book), closing(second_book):
        save_values(first_book, read(first_book, form_entry.id), address="响水镇安置点")
        save_values(second_book, read(second_book, form_entry.id), address="柳树沟安置点")
        sync(second_book, first_book)
        (open_one,) = conflicts.list_conflicts(first_book)
        assert (open_one.field_label, open_one.record) == ("安置点地址", "易地扶贫搬迁情况")
        assert {side.text for side in open_one.sides} == {"响水镇安置点", "柳树沟安置点"}
        assert open_one.household_id == household_id


def test_every_answer_is_one_row_with_a_derived_id(book, household_id):
    form_entry = save_values(book, open_form_entry(book, "relocation", household_id), address="甲").draft
    save_values(book, form_entry, address="乙")
    with book.reading() as session:
        rows = session.query(FormAnswer).filter_by(entry_id=form_entry.id, question="address").all()
        assert [(row.id, row.value) for row in rows] == [(FormAnswer.id_of(form_entry.id, "address"), "乙")]
        assert [one.household_id for one in form_rows(session, "relocation")] == [household_id]


def test_a_form_whose_making_was_undone_begins_anew(book, household_id):
    first = create_entry(book, "relocation", household_id, day=DAY)
    begun = read(book, first).values
    save_values(book, read(book, first), address="旧", note="旧")
    for _ in range(2):
        run_to_completion(undo(book))
    assert create_entry(book, "relocation", household_id, day=DAY) == first
    assert read(book, first).values == begun
    saved = save_values(book, read(book, first), address="新").draft
    assert (saved.value("address"), saved.value("note")) == ("新", None)


def test_the_text_of_a_form_stays_for_the_next_entry(book, household_id):
    first = create_entry(book, "poverty_application", household_id, day=DAY)
    create_entry(book, "poverty_application", household_id, day=DAY)
    with book.reading() as session:
        making = list_operations(session)[1]
    assert making.title.startswith("新建表单：")
    run_to_completion(take_back(book, making.n))
    with pytest.raises(UserError):
        read(book, first)
    with book.reading() as session:
        assert not any(session.scalars(select(FormVersion.withdrawn)))
