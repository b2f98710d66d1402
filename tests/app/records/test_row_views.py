"""Rows for tables."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.records.household import household_details
from app.records.row_views import (
    age_on,
    assignment_rows,
    helper_rows,
    household_rows,
    member_rows,
    visit_rows,
)
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Visit
from db.schema.household import Household, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.inspection import Inspection, Round
from db.schema.photo import Photo
from db.schema.record import Record
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    yield workbook
    workbook.close()


def _person(n: int) -> str:
    return Member.id_of(f"{builders.VILLAGE.code}001{n:02}")


def test_a_household_row_gathers_what_hangs_on_it(book: Workbook) -> None:
    with book.writing() as session:
        household = builders.household(session, members=3, household_kind="脱贫户", phone="13800138000")
        helper = Helper(village=household.village, name="赵干部", rank="科员级")
        session.add(helper)
        session.flush()
        session.add(
            Assignment(
                village=household.village, household_id=household.id, helper_id=helper.id, started_on=date(2018, 1, 1)
            )
        )
        session.add(Visit(village=household.village, household_id=household.id, visited_on=date(2018, 3, 1)))
        session.add(Visit(village=household.village, household_id=household.id, visited_on=date(2018, 5, 9)))
        for year, amount in ((2016, "9000"), (2017, "12000")):
            account = IncomeYear(village=household.village, household_id=household.id, year=year, people=3)
            session.add(account)
            session.flush()
            session.add(
                IncomeLine(
                    village=household.village, income_year_id=account.id, item="务工收入", amount=Decimal(amount)
                )
            )
    with book.reading() as session:
        (row,) = household_rows(session)
    assert (row.head, row.size, row.kind, row.phone) == ("陈卫国", 3, "脱贫户", "13800138000")
    assert row.helpers == ("赵干部",)
    assert row.last_visit == date(2018, 5, 9)
    assert (row.income_year, row.per_capita_income) == (2017, Decimal("4000.00"))


def test_who_left_is_not_counted_and_withdrawn_or_merged_households_are_not_listed(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=4).id
        withdrawn_row = builders.household(session, number=2)
        merged = builders.household(session, number=3)
        withdrawn_row.withdrawn = True
        merged.merged_into = household_id
        session.get_one(Member, _person(4)).left = "婚出"
    with book.reading() as session:
        assert [(row.id, row.size) for row in household_rows(session)] == [
            (household_id, 3 + 3)
        ]  # with the merged one's


def test_a_helper_who_ended_or_was_withdrawn_is_no_helper(book: Workbook) -> None:
    with book.writing() as session:
        household = builders.household(session)
        for name, ended, withdrawn in (("甲", date(2018, 1, 1), False), ("乙", None, True), ("丙", None, False)):
            helper = Helper(village=household.village, name=name, withdrawn=withdrawn)
            session.add(helper)
            session.flush()
            session.add(
                Assignment(village=household.village, household_id=household.id, helper_id=helper.id, ended_on=ended)
            )
    with book.reading() as session:
        assert household_rows(session)[0].helpers == ("丙",)
        assert [(row.name, row.households) for row in helper_rows(session)] == [("丙", 1), ("甲", 0)]


def test_members_come_head_first_and_those_who_left_last(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=4).id
        session.get_one(Member, _person(2)).left = "死亡"
        session.get_one(Member, _person(3)).left = "参军"
    with book.reading() as session:
        rows = member_rows(session, household_id, today=date(2018, 1, 1))
    assert [row.relation for row in rows] == ["户主", "之女", "之子", "配偶"]
    assert rows[0].birth == date(1970, 1, 2)
    assert rows[0].age == 47


def test_the_birthday_comes_from_the_id_number_where_none_was_written_down(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=1).id
        session.get_one(Member, _person(1)).birth = None
    with book.reading() as session:
        assert member_rows(session, household_id)[0].birth == date(1970, 1, 2)


def test_visits_come_latest_first(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session).id
        for day in (date(2018, 1, 5), date(2018, 6, 5), date(2017, 6, 5)):
            session.add(
                Visit(village=builders.VILLAGE.code, household_id=household_id, visited_on=day, purpose=("政策宣传",))
            )
    with book.reading() as session:
        rows = visit_rows(session, household_id)
    assert [row.visited_on for row in rows] == [date(2018, 6, 5), date(2018, 1, 5), date(2017, 6, 5)]
    assert rows[0].purpose == ("政策宣传",)


# every text of a row: what the record says, and "" where it says nothing

FILLED: tuple[tuple[type[Record], dict[str, Any]], ...] = (
    (Helper, {"name": "赵干部", "unit": "县教育局", "post": "科长", "rank": "科员级", "phone": "13800138000"}),
    (Assignment, {"started_on": date(2018, 1, 1), "ended_on": date(2018, 5, 1), "change_reason": "退休"}),
    (
        Visit,
        {
            "visited_on": date(2018, 5, 1),
            "visitors": "赵干部",
            "purpose": ("政策宣传",),
            "found": "屋漏",
            "asked_for": "修房",
            "promised": "联系施工队",
            "promised_by": date(2018, 6, 1),
            "carried_out": "已修",
        },
    ),
    (Photo, {"kind": "住房", "taken_at": "2018-05-01 09:30", "caption": "正屋", "place": "下屋组"}),
    (Inspection, {"inspector": "王书记", "seen_on": date(2018, 5, 2)}),
)


def _add(book: Workbook, household_id: str, filled: bool) -> dict[type[Record], str]:
    """One record of each kind, with all that a row shows of it or with nothing; their ids."""
    ids: dict[type[Record], str] = {}
    with book.writing() as session:
        for model, values in FILLED:
            row = model(village=builders.VILLAGE.code, **(values if filled else {}))
            if model is not Helper:
                row.household_id = household_id  # type: ignore[attr-defined]
            if model is Assignment:
                row.helper_id = ids[Helper]  # type: ignore[attr-defined]
            session.add(row)
            session.flush()
            ids[model] = row.id
    return ids


def _texts(row: Any) -> dict[str, str]:
    return {name: value for name in type(row).__annotations__ if isinstance(value := getattr(row, name), str)}


def test_rows_say_what_the_records_say(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=2).id
    ids = _add(book, household_id, filled=True)
    with book.writing() as session:
        round_record = Round(village=builders.VILLAGE.code, title="五月检查")
        session.add(round_record)
        session.flush()
        round_id = round_record.id
        session.get_one(Inspection, ids[Inspection]).round_id = round_id
        photo = session.get_one(Photo, ids[Photo])
        photo.visit_id, photo.inspection_id = ids[Visit], ids[Inspection]
    with book.reading() as session:
        details = household_details(session, household_id)
        (helper,) = helper_rows(session)
    expected: dict[type[Record], tuple[Any, dict[str, Any]]] = {
        Helper: (helper, {"village": builders.VILLAGE.code, "households": 0, "limit": 3}),
        Assignment: (
            details.past_helpers[0],
            {"helper_id": ids[Helper], "helper": "赵干部", "unit": "县教育局", "phone": "13800138000",
             "reason": "退休", "in_force": False},
        ),
        Visit: (details.visits[0], {"household_id": household_id}),
        Photo: (details.photos[0], {"visit_id": ids[Visit], "inspection_id": ids[Inspection]}),
        Inspection: (details.inspections[0], {"round_id": round_id, "round": "五月检查"}),
    }  # fmt: skip
    for model, values in FILLED:
        row, others = expected[model]
        shown = {name: value for name, value in values.items() if name != "change_reason"} | others
        assert {name: getattr(row, name) for name in shown} == shown, model.__name__


def test_rows_have_no_text_where_the_records_say_nothing(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=1, number=1, group_name=None, hamlet=None).id
        person = session.get_one(Member, _person(1))
        for name in ("name", "sex", "birth", "relation", "id_no"):
            setattr(person, name, None)
        session.get_one(Household, household_id).household_no = None
    ids = _add(book, household_id, filled=False)
    with book.reading() as session:
        details = household_details(session, household_id)
        (household,) = household_rows(session)
        (helper,) = helper_rows(session)
    known = {household_id, builders.VILLAGE.code, _person(1), *ids.values(), ""}
    rows = [
        household, helper, *details.members, *details.helpers, *details.visits, *details.photos,
        *details.inspections,
    ]  # fmt: skip
    assert len(rows) == 7
    for row in rows:
        assert set(_texts(row).values()) <= known, row
        assert {name for name, kind in type(row).__annotations__.items() if kind is str} == set(_texts(row)), row
    assert (details.visits[0].purpose, details.members[0].health, household.helpers) == ((), (), ("",))
    assert (details.members[0].birth, details.members[0].age, household.last_visit) == (None, None, None)


def test_a_member_row_says_what_the_record_says(book: Workbook) -> None:
    values = {
        "ethnic": "汉族", "education": "小学", "school_status": "小学", "health": ("残疾",), "labour": "普通劳动力",
        "work_region": "乡（镇）内务工", "work_months": Decimal("6.0"), "joined": "婚入",
        "joined_on": date(2017, 1, 1), "left": "婚出", "left_on": date(2018, 1, 1),
    }  # fmt: skip
    with book.writing() as session:
        household_id = builders.household(session, members=2).id
        person = session.get_one(Member, _person(2))
        person.member_phone = "13800138000"
        for name, value in values.items():
            setattr(person, name, value)
    with book.reading() as session:
        head, row = member_rows(session, household_id)
    assert {name: getattr(row, name) for name in values} == values
    assert (row.phone, row.name, row.sex, row.relation, row.household_id) == (
        "13800138000", "李秀英", "女", "配偶", household_id,
    )  # fmt: skip
    assert row.id_no == builders.id_number(date(1969, 1, 2), 0, False)
    assert (head.left, head.joined, head.phone) == ("", "", "")


def test_an_age_is_in_full_years_and_changes_on_the_birthday() -> None:
    birth = date(2000, 5, 9)
    days = (date(2018, 5, 8), date(2018, 5, 9), date(2018, 4, 30), date(2018, 6, 1))
    assert [age_on(birth, day) for day in days] == [17, 18, 17, 18]
    assert age_on(None) is None
    assert age_on(date.today()) == 0


def test_assignments_of_one_household_or_one_helper_or_all(book: Workbook) -> None:
    with book.writing() as session:
        first, second = (builders.household(session, members=1, number=number).id for number in (1, 2))
    ids = _add(book, first, filled=True)
    other = _add(book, second, filled=False)
    with book.reading() as session:
        assert [row.id for row in assignment_rows(session)] == [other[Assignment], ids[Assignment]]
        assert [row.id for row in assignment_rows(session, second)] == [other[Assignment]]
        assert [row.id for row in assignment_rows(session, helper_id=ids[Helper])] == [ids[Assignment]]
        assert [row.id for row in visit_rows(session)] == [ids[Visit], other[Visit]]
    with book.writing() as session:
        session.get_one(Assignment, other[Assignment]).withdrawn = True
        session.get_one(Visit, other[Visit]).withdrawn = True
    with book.reading() as session:
        assert assignment_rows(session, second) == []
        assert visit_rows(session, second) == []
