"""A paper of a former year speaks of the household as it stood then, in the words of its time: read from the pages."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.forms.entries import create_entry, load_entry, save_entry
from app.records.row_views import HEAD_RELATION
from app.reports.household_context import context_on
from app.workbook import access
from app.workbook.keyring import TEST_COST
from app.workbook.roles import READER
from app.workbook.workbook import Workbook
from db.schema.aid import Measure
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear
from db.schema.monitoring import Monitoring
from db.schema.village import Village
from tests import builders, pdf_reader
from tests.app.reports.test_section_facts import read

VILLAGE = builders.VILLAGE.code
ONE = Household.id_of(f"{VILLAGE}001")
SetClock = Callable[[int, int, int], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the clock of this machine, by which the journal stamps what is written."""

    def set_clock(year: int, month: int, day: int) -> None:
        stamp = int(datetime(year, month, day, 12).timestamp() * 1000) << 16
        for module in ("workbook", "access"):
            monkeypatch.setattr(f"app.workbook.{module}.hlc_now", lambda: stamp)

    return set_clock


@pytest.fixture
def book(tmp_path: Path, clock: SetClock) -> Iterator[Workbook]:
    """A workbook that was begun in May 2018."""
    clock(2018, 5, 4)
    opened = builders.workbook(tmp_path)
    yield opened
    opened.close()


def _household(book: Workbook, **values: Any) -> None:
    with book.writing() as session:
        builders.household(session, members=3, number=1, **values)


def _edit(book: Workbook, **values: Any) -> None:
    with book.writing() as session:
        row = session.get_one(Household, ONE)
        for name, value in values.items():
            setattr(row, name, value)


def _member(book: Workbook, order: int, **values: Any) -> None:
    with book.writing() as session:
        row = session.get_one(Member, Member.id_of(f"{VILLAGE}0010{order}"))
        for name, value in values.items():
            setattr(row, name, value)


def _plan(book: Workbook, year: int, **values: Any) -> None:
    with book.writing() as session:
        session.add(
            Measure(village=VILLAGE, household_id=ONE, kind="产业开发", title=f"{year}茶园", year=year, **values)
        )


def test_a_plan_of_2016_does_not_say_that_the_household_exited_in_2017(book: Workbook) -> None:
    exited = {"household_attribute": "一般脱贫户", "exit_status": "已脱贫", "household_kind": "脱贫户"}
    _household(book, **exited, exit_year=2017, register_date="2014-06", registration_state="已脱贫")
    for year in (2013, 2016, 2018):
        _plan(book, year)
    newest, of_2016, of_2013 = read(book, "aid_plan", ONE).split("年度帮扶计划")[1:]
    assert "一般脱贫户、脱贫户、已脱贫" in newest
    assert "一般贫困户、建档立卡贫困户、未脱贫" in of_2016
    assert "脱贫户、" not in of_2016
    assert "户属性未填" in of_2013
    _edit(book, exit_status=None)
    assert "未脱贫" not in read(book, "aid_plan", ONE), "nothing is made up where nothing was filled in"


def test_the_journal_tells_what_a_household_was_before_it_was_changed(book: Workbook, clock: SetClock) -> None:
    _household(book, cause_main="因病", cause_note="肝病")
    clock(2020, 8, 1)
    _edit(book, cause_main="因残")
    for year in (2017, 2018, 2019, 2021):
        _plan(book, year)
    plans = dict(zip((2021, 2019, 2018, 2017), read(book, "aid_plan", ONE).split("年度帮扶计划")[1:], strict=True))
    assert {year for year, text in plans.items() if "因残" in text} == {2021}
    assert {year for year, text in plans.items() if "因病" in text} == {2017, 2018, 2019}


def test_a_mistake_that_is_corrected_before_the_papers_are_bound_is_on_none_of_them(
    book: Workbook, clock: SetClock
) -> None:
    _household(book, cause_main="因病")
    clock(2019, 2, 20)
    _edit(book, cause_main="因学")
    _plan(book, 2018)
    assert "因学" in read(book, "aid_plan", ONE)


def test_people_belong_to_a_paper_from_their_birth_or_joining_until_they_leave(book: Workbook, clock: SetClock) -> None:
    _household(book)
    _member(book, 2, joined="婚入", joined_on=date(2019, 3, 1))
    _member(book, 3, birth=date(2017, 9, 9), id_no=builders.id_number(date(2017, 9, 9)))
    with book.reading() as session:
        sizes = {day: len(context_on(session, ONE, day).members) for day in _days(2017, 2018, 2020)}
    assert list(sizes.values()) == [1, 2, 3]


def _days(*years: int) -> list[date]:
    return [date(year, 6, 1) if year == 2017 else date(year, 12, 31) for year in years]


def test_who_headed_the_household_then_heads_its_paper(book: Workbook, clock: SetClock) -> None:
    _household(book)
    clock(2021, 3, 1)
    _member(book, 1, left="死亡", left_on=date(2021, 2, 1))
    _member(book, 2, relation=HEAD_RELATION)
    with book.reading() as session:
        then, now = context_on(session, ONE, date(2019, 12, 31)), context_on(session, ONE, None)
        assert (then.head and then.head.id) == Member.id_of(f"{VILLAGE}00101")
        assert (now.head and now.head.id) == Member.id_of(f"{VILLAGE}00102")
        assert len(then.members) == 3
        assert then.doubts == ()
        assert session.get_one(Member, Member.id_of(f"{VILLAGE}00101")).left == "死亡"  # the record stays as it is


def test_of_two_heads_of_whom_the_journal_knows_no_more_the_one_who_left_was_it(book: Workbook) -> None:
    _household(book)
    _member(book, 1, left="死亡", left_on=date(2018, 2, 1))
    _member(book, 2, relation=HEAD_RELATION)
    with book.reading() as session:
        then = context_on(session, ONE, date(2016, 12, 31))
        assert [member.relation for member in then.members].count(HEAD_RELATION) == 1
        assert (then.head and then.head.id) == Member.id_of(f"{VILLAGE}00101")
        assert len(then.members) == 3


def test_what_is_doubtful_is_said_on_the_paper_and_nothing_else(book: Workbook, clock: SetClock) -> None:
    _household(book, exit_status="已脱贫")
    _member(book, 3, left="婚出")
    with book.writing() as session:
        session.add(IncomeYear(village=VILLAGE, household_id=ONE, year=2016, people=4))
    _plan(book, 2016)
    _plan(book, 2019)
    newest, of_2016 = read(book, "aid_plan", ONE).split("年度帮扶计划")[1:]
    assert "2016年收入核算人口4人，按成员增减日期为2人" in of_2016
    assert "减少日期未填，未计入" in of_2016
    assert "脱贫年度未填" in of_2016
    assert "收入核算人口" not in newest


def test_a_form_names_the_people_of_its_day(book: Workbook) -> None:
    _household(book)
    _member(book, 2, joined="婚入", joined_on=date(2019, 3, 1))
    entry = create_entry(book, "authorization", household_id=ONE, day=date(2018, 9, 1))
    with book.reading() as session:
        everyone = [one.name or "" for one in context_on(session, ONE, None).members]
        bride = session.get_one(Member, Member.id_of(f"{VILLAGE}00102")).name or ""
        filled = load_entry(session, entry)
    save_entry(book, filled.with_values(filled_on=date(2018, 9, 1)))
    others = "、".join(name for name in everyone if name != bride)
    text = read(book, "authorization", ONE)
    assert f"家庭成员：{others}。" in text
    assert bride not in text  # nor among what was filled in when the form was begun


def test_monitoring_counts_from_its_first_month_until_it_is_removed(book: Workbook) -> None:
    _household(book)
    with book.writing() as session:
        told = {"kind": "边缘易致贫户", "identified": "2020-04", "removed": "2022-06"}
        session.add(Monitoring(village=VILLAGE, household_id=ONE, **told))
    with book.reading() as session:
        found = [context_on(session, ONE, date(year, 12, 31)).monitored for year in (2019, 2021, 2022)]
    assert found == ["", "边缘易致贫户", ""]


def test_papers_use_the_words_of_their_year(book: Workbook) -> None:
    _household(book, fill_date=date(2018, 6, 1), household_kind="脱贫户")
    with book.writing() as session:
        session.add(LivingCondition(village=VILLAGE, household_id=ONE, year=2022, toilet=True))
    assert "贫困户信息采集表（基本情况）" in read(book, "information", ONE)
    assert "脱贫户信息采集表（生产生活条件）" in read(book, "living", ONE)
    assert "（脱贫户档案）" in read(book, "cover", ONE)


def test_a_village_keeps_the_words_that_it_has_chosen(book: Workbook) -> None:
    _household(book, fill_date=date(2022, 6, 1))
    with book.writing() as session:
        session.query(Village).one().era = "精准扶贫"
    assert "（扶贫户档案）" in read(book, "cover", ONE)
    assert "贫困户信息采集表" in read(book, "information", ONE)
    with book.writing() as session:
        session.query(Village).one().era = "常态化帮扶"
    assert "（帮扶户档案）" in read(book, "cover", ONE)
    assert "脱贫户信息采集表" in read(book, "information", ONE)


def test_who_may_only_read_gets_no_whole_number_of_a_former_day(
    book: Workbook, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _household(book, fill_date=date(2018, 6, 1), phone="13856430011", note="联系 13856430013")
    clock(2018, 7, 1)
    _edit(book, note="也可打 13856430014")
    clock(2020, 8, 1)
    _edit(book, phone="13856430012", note=None)
    secret = "晨雾梯田 2018"
    access.add_operator(book, "李督查", secret, proof=builders.PASSPHRASE, role=READER, cost=TEST_COST)
    book.close()
    texts = {}
    for one in (builders.PASSPHRASE, secret):
        monkeypatch.setenv("HUDANG_PASSPHRASE", one)
        out = tmp_path / f"{one}.pdf"
        assert main(["archive", str(book.path), str(out)]) == 0
        texts[one] = pdf_reader.full_text(out)
    assert "13856430011" in texts[builders.PASSPHRASE]
    assert "13856430014" in texts[builders.PASSPHRASE]
    assert "138****0011" in texts[secret]
    assert not re.search(r"1385643\d{4}", texts[secret])


def test_an_income_account_is_headed_by_who_headed_the_household_then(book: Workbook, clock: SetClock) -> None:
    _household(book)
    with book.reading() as session:
        former = context_on(session, ONE, None).head_name
    for year in (2018, 2022):
        with book.writing() as session:
            told = {"year": year, "reported_net": Decimal(9000), "people": 3}
            session.add(IncomeYear(village=VILLAGE, household_id=ONE, **told))
    clock(2021, 3, 1)
    _member(book, 1, left="死亡", left_on=date(2021, 2, 1))
    _member(book, 2, relation=HEAD_RELATION)
    _, of_2022, of_2018 = read(book, "income", ONE).split("收入核算表", 2)
    assert f"户主：{former}" in of_2018
    assert f"户主：{former}" not in of_2022.rpartition("2018年")[0]


def test_a_household_that_is_neither_registered_nor_monitored_has_a_file_of_its_own_name(book: Workbook) -> None:
    _household(book, household_kind="一般农户")
    assert "（农户档案）" in read(book, "cover", ONE)
