"""What happened to a household, by date."""

import time
from datetime import date, timedelta

import pytest

from app.dashboard.timeline import household_timeline, timeline_events
from app.records.household import household_tables
from app.registers import all_registers
from db.schema import records
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.household import Household, Member
from db.schema.project import ProjectBenefit, VillageProject
from db.schema.relations import references, tables_below
from tests.builders import VILLAGE, household, workbook
from tests.full_household import add_full_household

HOME = Household.id_of(f"{VILLAGE.code}001")
MOST_MS = 100


@pytest.fixture
def book(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session)
        household(session, number=2)
    yield book
    book.close()


def add(book, record, **values):
    with book.writing() as session:
        session.add(record(village=VILLAGE.code, **values))


def timeline(book):
    with book.reading() as session:
        return household_timeline(session, HOME)


def told(book):
    return [(entry.day, entry.event, entry.text) for entry in timeline(book)]


def test_what_is_known_to_the_day_the_month_or_the_year_stands_newest_first(book):
    add(book, Visit, household_id=HOME, visited_on=date(2018, 6, 4), visitors="沈一鸣", promised="送一只垃圾桶")
    add(book, Measure, household_id=HOME, title="特色种养奖补", year=2017, amount=600)
    with book.writing() as session:
        household_row = session.get_one(Household, HOME)
        household_row.register_date, household_row.exit_year = "2014-05", 2018
        member = session.get_one(Member, Member.id_of(f"{VILLAGE.code}00103"))
        member.left, member.left_on = "婚出", date(2018, 5, 1)
    assert told(book) == [
        ("2018-06-04", "走访", "沈一鸣 · 送一只垃圾桶"),
        ("2018-05-01", "减少人口", "陈𬱖 · 婚出"),
        ("2018", "脱贫", ""),
        ("2017", "实施措施", "特色种养奖补 · 600.00元"),
        ("2014-05", "建档立卡", ""),
    ]


def test_who_helped_is_named_when_it_began_and_when_it_ended(book):
    add(book, Helper, id="helper", name="赵干部")
    add(
        book, Assignment, household_id=HOME, helper_id="helper", started_on=date(2017, 1, 1),
        ended_on=date(2018, 1, 1), change_reason="退休",
    )  # fmt: skip
    assert told(book) == [("2018-01-01", "结束结对", "赵干部 · 退休"), ("2017-01-01", "开始结对", "赵干部")]


def test_steps_of_registers_and_rows_below_them_are_events(book):
    add(
        book, SmallLoan, id="loan", household_id=HOME, bank="农商行", amount=30000, issued_on=date(2018, 1, 1),
        repaid_on=date(2019, 1, 1),
    )  # fmt: skip
    add(book, LoanRepayment, id="paid", loan_id="loan", paid_on=date(2018, 7, 1), principal=5000)
    assert told(book) == [
        ("2019-01-01", "结清", "农商行"),
        ("2018-07-01", "还款", "5,000.00元"),
        ("2018-01-01", "发放", "农商行"),
    ]
    assert [(entry.table, entry.row_id) for entry in timeline(book)][1] == ("loan_repayment", "paid")


def test_what_only_names_the_household_is_told_by_what_it_stands_in(book):
    add(book, VillageProject, id="road", name="组组通道路", year=2018)
    for home in (HOME, Household.id_of(f"{VILLAGE.code}002")):
        add(book, ProjectBenefit, project_id="road", household_id=home, way="务工", signed_on=date(2018, 3, 1))
    assert told(book) == [("2018-03-01", "签字受益", "组组通道路 · 务工")]


def test_neither_what_is_withdrawn_nor_what_is_anothers_is_told(book):
    other = Household.id_of(f"{VILLAGE.code}002")
    add(book, Visit, household_id=other, visited_on=date(2018, 6, 4), visitors="甲")
    add(book, SmallLoan, id="loan", household_id=HOME, issued_on=date(2018, 1, 1), withdrawn=True)
    add(book, LoanRepayment, loan_id="loan", paid_on=date(2018, 7, 1), principal=5000)
    assert told(book) == []


def test_scores_and_incomes_stand_beside_their_events(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        add_full_household(session)
    found = told(book)
    assert any(event == "评分" and text.endswith(" 分") for _, event, text in found)
    assert any(event == "核算收入" and text.startswith("人均纯收入 ") for _, event, text in found)
    assert {entry.kind for entry in timeline(book)} >= {
        "走访记录", "帮扶措施", "年度收入", "生产生活条件", "问题整改", "入户检查", "填写的表单", "照片", "结对帮扶",
    }  # fmt: skip
    book.close()


@pytest.mark.parametrize("table", sorted(household_tables()))
def test_every_kind_of_record_about_a_household_that_has_a_day_has_an_event(table):
    about = table in ("household", *tables_below("household"))
    about |= any(refers in ("household", "member") for _, refers in references(table))
    declared = (column.info["declared"] for column in records()[table].__table__.columns if column.info)
    kinds = {one.kind for one in declared if not one.derived}  # what the program notes by itself happened to nobody
    assert timeline_events(table) or not about or "date" not in kinds


def test_every_register_about_households_tells_its_steps(book):
    for register in all_registers():
        if register.about_households and register.steps:
            dated = {name for event in timeline_events(register.key) for name in event.dated}
            assert dated, register.key


def test_a_thousand_rows_take_no_longer_than_an_officer_notices(book):
    with book.writing() as session:
        for n in range(1000):
            day = date(2018, 12, 31) - timedelta(days=n)
            kind = {"household_id": HOME, "village": VILLAGE.code}
            session.add(
                Visit(**kind, visited_on=day, visitors="沈一鸣", purpose=("日常走访",), found="平安")
                if n % 2
                else SmallLoan(**kind, member_id=Member.id_of(f"{VILLAGE.code}00101"), bank="农商行", issued_on=day)
            )
    took = []
    for _ in range(5):
        started = time.process_time()
        assert len(timeline(book)) == 1000
        took.append((time.process_time() - started) * 1000)
    assert min(took) <= MOST_MS
