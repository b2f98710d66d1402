"""Two records of one household are joined, follow each other through the exchange, and are parted again."""

from datetime import date

import pytest
from sqlalchemy import select, text

from app.errors import FieldRefused, OfficeError
from app.exchange import conflicts
from app.progress import finish
from app.records import joining
from app.records.find import find
from app.records.household import card
from app.records.lists import household_rows
from app.workbook.soundness import faults
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear
from tests.app.exchange.team import OTHER_VILLAGE, all_records, cell, edit, laptops, send
from tests.builders import VILLAGE, household, id_number, workbook


def person(number: int, order: int) -> str:
    return Member.id_of(f"{VILLAGE.code}{number:03}{order:02}")


def homes(book: Workbook) -> tuple[str, str]:
    """陈卫国's household twice: once from the national roster, once written down by hand."""
    with book.writing() as session:
        kept = household(session, members=3, number=1, phone=None).id
        other = household(
            session, members=0, number=2, household_no=None, phone="13800000001", address="下屋组3号", hamlet=None
        ).id
        twin = session.get_one(Member, person(1, 1))
        for id, name, relation, number in (
            ("e" * 32, "陈卫国", "户主", twin.id_no),
            ("f" * 32, "陈小妹", "之女", id_number(date(2009, 3, 4))),
        ):
            session.add(
                Member(
                    id=id, village=VILLAGE.code, household_id=other, name=name, relation=relation, id_no=number,
                    member_phone="13900000009" if relation == "户主" else None,
                )
            )  # fmt: skip
        for home, area in ((kept, 80), (other, 95)):
            session.add(
                LivingCondition(
                    id=LivingCondition.id_of(home, 2018), village=VILLAGE.code, household_id=home, year=2018,
                    house_area=area, toilet=True if home == other else None,
                )
            )  # fmt: skip
        session.add(IncomeYear(id="1" * 32, village=VILLAGE.code, household_id=other, year=2017))
        session.add(Measure(id="2" * 32, village=VILLAGE.code, household_id=other, member_id="e" * 32, title="光伏"))
        session.add(Visit(id="3" * 32, village=VILLAGE.code, household_id=other, visited_on=date(2018, 5, 1)))
        session.add(Helper(id="4" * 32, village=VILLAGE.code, name="李干事"))
        for home in (kept, other):
            day = date(2018, 1, 1)
            session.add(
                Assignment(
                    id=Assignment.id_of(home, "4" * 32, day), village=VILLAGE.code, household_id=home,
                    helper_id="4" * 32, started_on=day,
                )
            )  # fmt: skip
    return kept, other


@pytest.fixture
def book(tmp_path):
    opened = workbook(tmp_path)
    yield opened
    assert finish(faults(opened)) == []
    opened.close()


def join(book: Workbook, kept: str, other: str, take=None, **how) -> joining.Joined:
    return finish(joining.join(book, joining.compare(book, kept, other), take, **how))


def test_what_differs_and_what_both_have_is_shown(book):
    kept, other = homes(book)
    shown = joining.compare(book, kept, other)
    assert (shown.kept.name, shown.other.name) == ("陈卫国（下屋组）", "陈卫国（下屋组）")
    assert shown.kept.people == ("陈卫国", "李秀英", "陈𬱖")
    assert [(one.label, one.kept, one.other) for one in shown.differing] == []
    assert {(one.label, one.other) for one in shown.only_other} == {
        ("联系电话", "13800000001"),
        ("家庭住址", "下屋组3号"),
    }
    assert [(one.what, one.kept_id, one.other_id) for one in shown.people] == [("陈卫国", person(1, 1), "e" * 32)]
    assert [(one.label, one.what) for one in shown.yearly] == [("生产生活条件", "2018 年"), ("结对帮扶", "李干事")]
    assert [(one.kept, one.other) for one in shown.yearly[0].differing] == [("80", "95"), ("", "是")]
    assert shown.second_head == ""


def test_people_without_a_number_are_told_by_name_and_birthday(book):
    with book.writing() as session:
        kept = household(session, members=2, number=1).id
        other = household(session, members=0, number=2).id
        day = session.get_one(Member, person(1, 2)).birth
        for id, birth in (("a" * 32, day), ("b" * 32, date(1990, 1, 1))):
            session.add(Member(id=id, village=VILLAGE.code, household_id=other, name="李秀英", birth=birth))
    assert [one.other_id for one in joining.compare(book, kept, other).people] == ["a" * 32]


def test_everything_of_the_one_given_up_is_found_with_the_one_that_is_kept(book):
    kept, other = homes(book)
    done = join(book, kept, other)
    assert (done.cells, done.withdrawn) == (5, 3)  # phone, address; the twin's phone, toilet; the measure's person
    with book.reading() as session:
        assert [row.id for row in household_rows(session)] == [kept]
        shown = card(session, kept)
        found = find(session, "13800000001")
        by_name = find(session, "陈小妹")
    assert {row.name for row in shown.members} == {"陈卫国", "陈小妹", "李秀英", "陈𬱖"}
    assert shown.values["phone"] == "13800000001"
    assert [one.year for one in shown.conditions] == [2018]
    assert str(shown.conditions[0].values["house_area"]) == "80.00"
    assert shown.conditions[0].values["toilet"] is True
    assert [one.year for one in shown.incomes] == [2017]
    assert [(one.title, one.member) for one in shown.measures] == [("光伏", "陈卫国")]
    assert len(shown.visits) == len(shown.helpers) == 1
    assert {one.household_id for one in (*found, *by_name)} == {kept}
    assert [one.why for one in by_name] == ["陈小妹"]
    assert cell(book, person(1, 1), "member_phone", Member) == "13900000009"


def test_the_other_side_can_be_chosen_cell_by_cell_and_record_by_record(book):
    kept, other = homes(book)
    edit(book, kept, phone="13800000002")
    shown = joining.compare(book, kept, other)
    twin, year = shown.people[0].key, shown.yearly[0].key
    join(book, kept, other, {"phone": "other", "address": "kept", twin: "other", year: "other"})
    with book.reading() as session:
        seen = card(session, kept)
    assert (seen.values["phone"], seen.values["address"]) == ("13800000001", None)
    assert seen.head is not None
    assert seen.head.id == "e" * 32
    assert [str(one.values["house_area"]) for one in seen.conditions] == ["95.00"]
    assert [row.id for row in seen.members if row.relation == "户主"] == ["e" * 32]


def test_one_household_has_one_head(book):
    with book.writing() as session:
        kept, other = household(session, members=2, number=1).id, household(session, members=1, number=2).id
        session.get_one(Member, person(2, 1)).name = "陈卫民"
    shown = joining.compare(book, kept, other)
    assert shown.second_head == "陈卫民"
    with pytest.raises(OfficeError, match="一户只有一位户主"):
        finish(joining.join(book, shown, relation="户主"))
    with pytest.raises(FieldRefused):
        finish(joining.join(book, shown, relation="邻居"))
    finish(joining.join(book, shown, relation="之兄弟姐妹"))
    assert cell(book, person(2, 1), "relation", Member) == "之兄弟姐妹"
    assert cell(book, person(1, 1), "relation", Member) == "户主"


def test_parting_brings_everything_back(book):
    kept, other = homes(book)
    before = all_records(book)
    shown = joining.compare(book, kept, other)
    finish(joining.join(book, shown, {shown.people[0].key: "other"}))
    assert all_records(book) != before
    parted = finish(joining.part(book, other))
    assert (parted.kept_id, parted.left) == (kept, 0)
    assert all_records(book) == before


def test_parting_leaves_what_was_written_since(book):
    kept, other = homes(book)
    join(book, kept, other)
    edit(book, kept, phone="13800000007")
    parted = finish(joining.part(book, other))
    assert parted.left == 1
    assert cell(book, kept, "phone") == "13800000007"
    assert cell(book, kept, "address") is None
    with pytest.raises(OfficeError, match="没有并入别的户"):
        finish(joining.part(book, other))


def test_what_changed_since_they_were_compared_is_not_joined_unseen(book):
    kept, other = homes(book)
    shown = joining.compare(book, kept, other)
    edit(book, other, phone="13800000003")
    with pytest.raises(OfficeError, match="核对以后又有改动"):
        finish(joining.join(book, shown))
    assert cell(book, other, "merged_into") is None


def test_what_cannot_be_joined_is_refused(book, tmp_path):
    kept, other = homes(book)
    with book.writing() as session:
        third = household(session, number=3).id
        away = household(session, number=4, village=OTHER_VILLAGE.code).id
        gone = household(session, number=5, withdrawn=True).id
    join(book, kept, other)
    for pair, why in (
        ((kept, kept), "同一条"),
        ((kept, other), "已经并入"),
        ((other, third), "已经并入"),
        ((kept, away), "同一个村"),
        ((kept, gone), "不在名单"),
        ((kept, "0" * 32), "不在名单"),
    ):
        with pytest.raises(OfficeError, match=why):
            joining.compare(book, *pair)
    with pytest.raises(OfficeError, match="不在要选的内容里"):
        finish(joining.join(book, joining.compare(book, kept, third), {"color": "kept"}))


def test_a_colleagues_new_rows_follow_by_themselves_and_part_again(tmp_path):
    a, b = laptops(tmp_path, "甲", "乙")
    kept, other = homes(a)
    send(a, b)
    join(a, kept, other)
    with b.writing() as session:
        session.add(Member(id="9" * 32, village=VILLAGE.code, household_id=other, name="陈小弟", relation="之子"))
    send(b, a), send(a, b)
    for book in (a, b):
        assert cell(book, "9" * 32, "household_id", Member) == kept
        with book.writing() as session:  # written here, of the household that is no more
            session.add(Visit(id=book.replica, village=VILLAGE.code, household_id=other, visited_on=date(2018, 6, 1)))
        assert cell(book, book.replica, "household_id", Visit) == kept
    send(b, a), send(a, b)
    assert all_records(a) == all_records(b)
    finish(joining.part(b, other))
    send(b, a)
    for book in (a, b):
        assert cell(book, "9" * 32, "household_id", Member) == other
        assert cell(book, a.replica, "household_id", Visit) == other
        assert conflicts.listed(book) == ()
        assert finish(faults(book)) == []
    assert all_records(a) == all_records(b)


def test_joined_both_ways_at_once_is_one_household_on_both_laptops(tmp_path):
    a, b = laptops(tmp_path, "甲", "乙")
    kept, other = homes(a)
    send(a, b)
    join(a, kept, other)
    join(b, other, kept)
    send(a, b), send(b, a)
    root = min(kept, other)
    for book in (a, b):
        with book.reading() as session:
            assert [row.id for row in household_rows(session)] == [root]
            assert set(session.scalars(select(Member.household_id))) == {root}
        assert finish(faults(book)) == []
    assert all_records(a) == all_records(b)
    finish(joining.part(a, max(kept, other)))
    send(a, b)
    for book in (a, b):
        with book.reading() as session:
            assert {row.id for row in household_rows(session)} == {kept, other}
    assert all_records(a) == all_records(b)


def test_nobody_follows_into_a_household_that_was_withdrawn(tmp_path):
    a, b = laptops(tmp_path, "甲", "乙")
    kept, other = homes(a)
    send(a, b)
    join(a, kept, other)
    edit(b, kept, withdrawn=True)
    send(a, b), send(b, a)
    for book in (a, b):
        with book.reading() as session:
            assert [row.id for row in household_rows(session)] == [other]
            assert session.scalar(text("SELECT household_id FROM member WHERE name = '陈小妹'")) == other
        assert finish(faults(book)) == []
    edit(a, kept, withdrawn=False)
    with a.reading() as session:
        assert [row.id for row in household_rows(session)] == [kept]
    send(a, b)
    assert all_records(a) == all_records(b)


def test_households_that_look_like_one_are_named_with_the_reason(book):
    kept, other = homes(book)
    with book.writing() as session:
        third = household(session, members=1, number=3, group_name="上屋组").id
        fourth = household(session, members=1, number=4, group_name="上屋组", household_no=f"{VILLAGE.code}003").id
    found = {frozenset((one.first, one.second)): one for one in finish(joining.likely(book))}
    assert set(found) == {frozenset((kept, other)), frozenset((third, fourth))}
    assert found[frozenset((kept, other))].why == ("户主证件号码相同", "户主姓名和村民组相同")
    assert found[frozenset((third, fourth))].why == ("户编号相同", "户主姓名和村民组相同")
    join(book, kept, other)
    assert len(finish(joining.likely(book))) == 1


def test_subscribers_are_told_of_all_that_moved(book):
    kept, other = homes(book)
    told = []
    book.subscribe(told.append)
    edit(book, other, Household, merged_into=kept)
    assert {other, "f" * 32, "3" * 32} <= told[0].ids
    assert told[0].touches("member", "visit")
