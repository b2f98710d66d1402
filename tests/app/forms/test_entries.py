"""Filling forms in: first answers, saving, taking back, two laptops, old definitions."""

from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest

from app.errors import FieldRefused, OfficeError
from app.exchange import conflicts
from app.forms import definition
from app.forms.entries import (
    add_households,
    entries,
    entry,
    form_rows,
    new_line,
    open_entry,
    save_entry,
    take_back,
    village_entries,
)
from app.progress import finish
from app.records.draft import restore, withdraw
from app.records.history import history
from db.conflict import open_conflicts
from db.schema.form import FormAnswer, FormUsed
from db.schema.household import LivingCondition
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
        one = household(session, 3, cause_main="因病", situation="住在老屋", monitor_risks=("因病", "因残"))
        card = LivingCondition(
            id=LivingCondition.id_of(one.id, 2018), village=one.village, household_id=one.id, year=2018,
            house_area=Decimal("96.5"), danger_level="B",
        )  # fmt: skip
        session.add(card)
        return one.id


def opened(book, code, home, **more):
    return read(book, finish(open_entry(book, code, home, day=DAY, **more)))


def read(book, entry_id):
    with book.reading() as session:
        return entry(session, entry_id)


def saved(book, found, **answers):
    return finish(save_entry(book, found.with_values(**answers)))


def test_a_new_entry_begins_with_what_is_known(book, home):
    found = opened(book, "poverty_application", home)
    assert found.values["size"] == Decimal(3)
    assert found.values["house_area"] == Decimal("96.5")
    assert found.values["danger_level"] == "B"
    assert found.values["situation"] == "住在老屋"
    assert (found.filled_on, found.values["filled_by"]) == (DAY, "王书记")
    assert "reason" not in found.values


def test_answers_are_kept_as_what_they_are(book, home):
    found = opened(book, "exit_acceptance", home)
    answers = {
        "exit_year": 2018, "net": Decimal("12345.60"), "assured": True, "cause": "因残",
        "steps/notice/began": date(2018, 9, 10), "steps/notice/result": "公示七天，无异议",
    }  # fmt: skip
    saved(book, found, **answers)
    assert {name: read(book, found.id).values[name] for name in answers} == answers


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [("size", Decimal(99), "应在 0 到 30"), ("kind", None, "请填写“申请类别”")],
)
def test_what_a_question_cannot_take_is_refused_and_nothing_is_written(book, home, name, value, sentence):
    found = saved(book, opened(book, "poverty_application", home), kind="其他").draft
    with pytest.raises(FieldRefused, match=sentence):
        saved(book, found, reason="新写的", **{name: value})
    assert "reason" not in read(book, found.id).values


def test_a_save_is_taken_back(book, home):
    found = opened(book, "poverty_application", home)
    change = saved(book, found, reason="因病欠债", size=Decimal(4), note="补正")
    assert set(change.changed) == {"size", "reason", "note"}
    undone = finish(take_back(book, change)).draft
    assert (undone.value("reason"), undone.value("size"), undone.value("note")) == (None, Decimal(3), None)


def test_once_and_yearly_forms_have_one_entry_and_dated_ones_many(book, home):
    def ids(code, **more):
        return {finish(open_entry(book, code, home, day=DAY, **more)) for _ in range(2)}

    assert len(ids("relocation")) == 1
    assert len(ids("quarter_account") | ids("quarter_account", year=2017)) == 2
    assert len(ids("satisfaction_survey")) == 2


def test_an_entry_is_withdrawn_and_comes_back_with_its_answers(book, home):
    found = saved(book, opened(book, "relocation", home), address="响水镇安置点").draft
    finish(withdraw(book, "form_entry", found.id))
    with book.reading() as session:
        assert entries(session, home) == []
        with pytest.raises(OfficeError):
            entry(session, found.id)
    finish(restore(book, "form_entry", found.id))
    assert read(book, found.id).value("address") == "响水镇安置点"


def test_lines_of_a_table_are_added_changed_and_emptied(book, home):
    found = opened(book, "consolidation_plan", home)
    first = new_line(found.lines("plan"))
    found = saved(book, found, **{f"plan/{first}/what": "发展茶叶", f"plan/{first}/gain": Decimal("2400")}).draft
    second = new_line(found.lines("plan"))
    found = saved(book, found, **{f"plan/{second}/what": "公益性岗位"}).draft
    assert found.lines("plan") == [first, second]
    found = saved(book, found, **{f"plan/{first}/what": None, f"plan/{first}/gain": None}).draft
    assert found.lines("plan") == [second]


def test_minutes_of_the_village_stand_with_each_household_they_name(book, home):
    with book.writing() as session:
        other = household(session, 2, number=2, group_name="上屋组").id
        third = household(session, 1, number=3).id
    meeting = finish(open_entry(book, "appraisal_meeting", village=VILLAGE.code, day=DAY))
    assert finish(add_households(book, meeting, "households", [home, other, home])) == 2
    assert finish(add_households(book, meeting, "households", [home])) == 0
    found = read(book, meeting)
    assert [found.cell("households", line, "head") for line in found.lines("households")] == ["陈卫国", "陈卫国"]
    assert [found.cell("households", line, "group") for line in found.lines("households")] == ["上屋组", "下屋组"]
    with book.reading() as session:
        assert [(one.code, one.of_village) for one in entries(session, home)] == [("appraisal_meeting", True)]
        assert entries(session, third) == []
        assert [one.id for one in village_entries(session)] == [meeting]


def test_a_household_taken_off_a_list_can_be_entered_again(book, home):
    meeting = finish(open_entry(book, "appraisal_meeting", village=VILLAGE.code, day=DAY))
    finish(add_households(book, meeting, "households", [home]))
    found = read(book, meeting)
    saved(book, found, **{name: None for name in found.values if name.startswith("households/")})
    with book.reading() as session:
        assert entries(session, home) == []
    assert finish(add_households(book, meeting, "households", [home])) == 1
    assert read(book, meeting).lines("households") == [home]


def test_a_form_about_the_village_is_not_filled_in_for_a_household(book, home):
    with pytest.raises(OfficeError, match="本村资料"):
        finish(open_entry(book, "appraisal_meeting", home))
    with pytest.raises(OfficeError, match="不在名单里"):
        finish(open_entry(book, "relocation", "nobody"))


def test_an_old_entry_keeps_the_form_it_was_filled_in_with(book, home, monkeypatch):
    found = saved(book, opened(book, "risk_removal", home), done="安排公益性岗位").draft
    newer = definition.form("risk_removal").text.replace('label = "采取的帮扶措施"', 'label = "做了什么"')
    now = definition.from_text("risk_removal", newer)
    monkeypatch.setattr("app.forms.entries.form", lambda code: now)
    again = opened(book, "risk_removal", home)
    assert read(book, found.id).field("done").label == "采取的帮扶措施"
    assert again.field("done").label == "做了什么"
    with book.reading() as session:
        assert session.query(FormUsed).filter_by(code="risk_removal").count() == 2


def test_an_answer_that_came_meanwhile_is_not_overwritten_unseen(book, home):
    found = opened(book, "poverty_application", home)
    saved(book, found, reason="先写的人")
    with pytest.raises(OfficeError, match="申请理由"):
        saved(book, found, reason="后写的人")
    assert read(book, found.id).value("reason") == "先写的人"


def test_an_answer_changed_meanwhile_becomes_a_conflict(book, home):
    first = saved(book, opened(book, "poverty_application", home), reason="原来").draft
    saved(book, first, reason="先改的人")
    saved(book, first, reason="后改的人")
    with book.reading() as session:
        assert [one.table for one in open_conflicts(session)] == ["form_answer"]


def test_history_calls_answers_by_their_questions(book, home):
    found = saved(book, opened(book, "exit_acceptance", home), exit_year=2018).draft
    saved(book, found, **{"steps/notice/result": "无异议"})
    with book.reading() as session:
        lines = [(one.about, one.label, one.before, one.after) for one in history(session, home)]
    assert ("填写的表单 脱贫验收表", "验收程序：情况和结果", "", "无异议") in lines
    assert all(one[1] != "填写内容" for one in lines)


def test_two_laptops_fill_in_one_form_and_meet(book, home, tmp_path):
    first = opened(book, "quarter_account", home)
    meeting = finish(open_entry(book, "appraisal_meeting", village=VILLAGE.code, day=DAY))
    book.close()
    here, there = laptops(book.path, tmp_path, ("王书记甲", "李队员"))
    with closing(here), closing(there):
        for one, quarter, name in ((here, "q1", "甲某"), (there, "q2", "乙某")):
            found = finish(open_entry(one, "quarter_account", home, year=2018))
            assert found == first.id
            saved(one, read(one, found), **{f"amounts/A/{quarter}": Decimal("100")})
            finish(open_entry(one, "relocation", home))
            minutes = read(one, meeting)
            saved(one, minutes, **{f"signed/{new_line(minutes.lines('signed'))}/name": name})
        pull(here, there)
        pull(there, here)
        for one in (here, there):
            account = read(one, first.id)
            assert [account.cell("amounts", "A", quarter) for quarter in ("q1", "q2")] == [Decimal("100")] * 2
            minutes = read(one, meeting)
            names = {minutes.cell("signed", line, "name") for line in minutes.lines("signed")}
            assert names == {"甲某", "乙某"}
            with one.reading() as session:
                # both say that they filled it in; about what they wrote nobody has to decide
                assert {one.column for one in open_conflicts(session)} <= {"filled_by"}
                assert len(form_rows(session, "relocation")) == 1
        assert state(here) == state(there)


def test_two_answers_to_one_question_are_a_conflict_called_by_the_question(book, home, tmp_path):
    found = opened(book, "relocation", home)
    book.close()
    here, there = laptops(book.path, tmp_path, ("王书记甲", "李队员"))
    with closing(here), closing(there):
        saved(here, read(here, found.id), address="响水镇安置点")
        saved(there, read(there, found.id), address="柳树沟安置点")
        pull(there, here)
        (open_one,) = conflicts.listed(here)
        assert (open_one.field_label, open_one.record) == ("安置点地址", "易地扶贫搬迁情况")
        assert {side.text for side in open_one.sides} == {"响水镇安置点", "柳树沟安置点"}
        assert open_one.household_id == home


def test_every_answer_is_one_row_with_a_derived_id(book, home):
    found = saved(book, opened(book, "relocation", home), address="甲").draft
    saved(book, found, address="乙")
    with book.reading() as session:
        rows = session.query(FormAnswer).filter_by(entry_id=found.id, question="address").all()
        assert [(row.id, row.value) for row in rows] == [(FormAnswer.id_of(found.id, "address"), "乙")]
        assert [one.household_id for one in form_rows(session, "relocation")] == [home]
