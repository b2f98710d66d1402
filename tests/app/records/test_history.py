"""Who wrote what when."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from app.forms.entries import create_entry, load_entry
from app.forms.entries import save_entry as save_form_entry
from app.records.assignment import assign
from app.records.draft import new_draft, open_draft, save_draft, withdraw
from app.records.history import HistoryEntry, household_history
from app.records.income_entry import open_income_year, save_entry
from app.workbook.workbook import Workbook
from db.schema.aid import Helper
from db.schema.form import FormEntry
from db.schema.household import Member
from db.schema.inspection import Answer, Inspection
from db.schema.life_event import LifeEvent
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    yield workbook
    workbook.close()


def _add_household(book: Workbook) -> str:
    with book.writing() as session:
        return builders.household(session, members=2).id


def _history(book: Workbook, household_id: str) -> list[HistoryEntry]:
    with book.reading() as session:
        return household_history(session, household_id)


def _change(book: Workbook, table: str, id: str, **values: object) -> None:
    with book.reading() as session:
        draft = open_draft(session, table, id)
    save_draft(book, draft.with_values(**values))  # type: ignore[arg-type]


def test_a_change_is_said_with_before_after_operator_and_time(book: Workbook) -> None:
    household_id = _add_household(book)
    person = Member.id_of(f"{builders.VILLAGE.code}00102")
    _change(book, "member", person, health=("长期慢性病", "残疾"), work_months=Decimal("6.5"), mandarin=True)
    _change(book, "member", person, health=None)
    latest, *others = _history(book, household_id)
    assert (latest.record_title, latest.label, latest.before, latest.after) == (
        "家庭成员 李秀英",
        "健康状况",
        "长期慢性病、残疾",
        "",
    )
    assert latest.operator == "王书记"
    assert abs(latest.at - datetime.now()) < timedelta(minutes=1)
    lines_by_label = {line.label: (line.before, line.after) for line in others[:3]}
    assert lines_by_label["务工时间（月）"] == ("", "6.5月")
    assert lines_by_label["是否会讲普通话"] == ("", "是")


def test_personal_numbers_are_masked(book: Workbook) -> None:
    household_id = _add_household(book)
    _change(book, "household", household_id, phone="13855667788", bank_card_no="6217000000000000018")
    lines = _history(book, household_id)
    text = "\n".join(line.before + line.after for line in lines)
    assert "138****7788" in text
    assert "****0018" in text
    with book.reading() as session:
        person = session.get_one(Member, Member.id_of(f"{builders.VILLAGE.code}00101"))
        assert person.id_no is not None
        assert person.id_no not in text


def test_everything_that_hangs_on_the_household_is_there_and_nothing_of_others(book: Workbook) -> None:
    household_id = _add_household(book)
    with book.writing() as session:
        other = builders.household(session, members=1, number=2).id
        helper = Helper(village=builders.VILLAGE.code, name="赵干部")
        session.add(helper)
        session.flush()
        helper_id = helper.id
    year = open_income_year(book, household_id, 2018, 2)
    save_entry(book, year, "低保金", values={"amount": Decimal("1234.5")})
    assign(book, [household_id], helper_id, date(2018, 1, 1))
    save_draft(
        book,
        new_draft(
            "visit", builders.VILLAGE.code, household_id=household_id, visited_on=date(2018, 6, 1), visitors="甲"
        ),
    )
    with book.writing() as session:
        event = {"kind": "自然减少", "basis": "户口本", "publicity_days": 7, "effect": "减少 1 人"}
        session.add(LifeEvent(village=builders.VILLAGE.code, household_id=household_id, **event))
    lines_by_label = {line.record_title: line.after for line in _history(book, household_id)}
    assert lines_by_label["收入明细 低保金"] == "收支项目：低保金；金额：1,234.50元"
    assert "帮扶联系人：赵干部" in lines_by_label["结对帮扶 赵干部"]
    assert "走访日期：2018-06-01" in lines_by_label["走访记录 2018-06-01"]
    assert lines_by_label["动态管理 自然减少"] == "变更类型：自然减少；依据：户口本；应公示天数：7天"
    assert all(line.row_id != other for line in _history(book, household_id))


def test_a_name_in_history_is_what_it_was_then(book: Workbook) -> None:
    household_id = _add_household(book)
    _change(book, "member", Member.id_of(f"{builders.VILLAGE.code}00101"), name="陈建国")
    latest = _history(book, household_id)[0]
    assert (latest.label, latest.before, latest.after) == ("姓名", "陈卫国", "陈建国")


def test_withdrawing_is_said(book: Workbook) -> None:
    household_id = _add_household(book)
    withdraw(book, "member", Member.id_of(f"{builders.VILLAGE.code}00102"))
    assert _history(book, household_id)[0].label == "撤回"


def test_only_as_many_as_asked_newest_first(book: Workbook) -> None:
    household_id = _add_household(book)
    _change(book, "household", household_id, hamlet="东湾")
    with book.reading() as session:
        (only,) = household_history(session, household_id, limit=1)
    assert only.label == "自然村"


def test_a_score_sheet_is_one_line_and_a_changed_answer_another(book: Workbook) -> None:
    household_id = _add_household(book)
    with book.writing() as session:
        inspection = Inspection(village=builders.VILLAGE.code, household_id=household_id, inspector="王书记")
        session.add(inspection)
        session.flush()
        answers = [
            Answer(village=builders.VILLAGE.code, inspection_id=inspection.id, check=check, value="达标")
            for check in ("J1.1", "J1.2")
        ]
        session.add_all(answers)
        session.flush()
        changed = answers[1].id
    before = _history(book, household_id)
    assert [line.table for line in before if line.table in ("inspection", "answer")] == ["inspection"]
    with book.writing() as session:
        session.get_one(Answer, changed).value = "不达标"
    latest, *rest = _history(book, household_id)
    assert (latest.table, latest.label, latest.before, latest.after) == ("answer", "结果", "达标", "不达标")
    assert rest == before


def test_an_answer_of_a_form_is_called_by_its_question(book: Workbook) -> None:
    household_id = _add_household(book)
    id = create_entry(book, "risk_removal", household_id, day=date(2018, 9, 3))
    for text in ("已落实", "已落实两项", "已落实两项", None):
        with book.reading() as session:
            entry = load_entry(session, id)
        save_form_entry(book, entry.with_values(done=text))
    lines = [line for line in _history(book, household_id) if line.label == "采取的帮扶措施"]
    assert [(line.before, line.after) for line in lines] == [
        ("已落实两项", ""), ("已落实", "已落实两项"), ("", "已落实"),
    ]  # fmt: skip
    assert {line.record_title.split()[0] for line in lines} == {"填写的表单"}


def test_a_number_within_an_answer_is_masked(book: Workbook) -> None:
    household_id = _add_household(book)
    id = create_entry(book, "risk_removal", household_id, day=date(2018, 9, 3))
    for text in ("电话 13955551234", "电话 13955551234，证号 11010519491231002X"):
        with book.reading() as session:
            entry = load_entry(session, id)
        save_form_entry(book, entry.with_values(done=text))
    (line,) = (line for line in _history(book, household_id) if line.label == "采取的帮扶措施" and line.before)
    assert "13955551234" not in line.before + line.after
    assert "11010519491231002X" not in line.after


def test_an_answer_whose_form_has_not_arrived_is_told_by_the_name_of_its_question(book: Workbook) -> None:
    household_id = _add_household(book)
    id = create_entry(book, "risk_removal", household_id, day=date(2018, 9, 3))
    with book.reading() as session:
        entry = load_entry(session, id)
    save_form_entry(book, entry.with_values(done="已落实"))
    with book.writing() as session:
        session.execute(update(FormEntry).values(form_id=None))
    assert [line.after for line in _history(book, household_id) if line.label == "done"] == ["已落实"]


def test_whole_numbers_years_and_days_are_told_as_they_are_written(book: Workbook) -> None:
    household_id = _add_household(book)
    _change(book, "household", household_id, population=3, exit_year=2017)
    _change(book, "household", household_id, population=4, exit_year=2018)
    _change(book, "member", Member.id_of(f"{builders.VILLAGE.code}00102"), birth=date(1971, 2, 3))
    birth, *others = _history(book, household_id)[:3]
    assert birth.after == "1971-02-03"
    told = {line.label: (line.before, line.after) for line in others}
    assert told == {"人数": ("3人", "4人"), "脱贫年度": ("2017", "2018")}
