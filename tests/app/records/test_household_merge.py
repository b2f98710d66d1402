"""Two records of one household are joined, follow each other through the exchange, and are parted again."""

from datetime import date

import pytest
from sqlalchemy import select, text

from app.errors import UserError, ValidationError
from app.progress import run_to_completion
from app.records import household_merge
from app.records.history import household_history
from app.records.household import household_details
from app.records.row_views import household_rows
from app.records.search import search_households
from app.sync import conflicts
from app.workbook.integrity import check_integrity
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear
from tests.app.sync.peers import OTHER_VILLAGE, all_records, edit_record, make_team, read_cell, send
from tests.builders import VILLAGE, household, id_number, workbook


def person(number: int, order: int) -> str:
    return Member.id_of(f"{VILLAGE.code}{number:03}{order:02}")


def household_ids(book: Workbook) -> tuple[str, str]:
    """陈卫国's household twice: once from the national roster, once written down by hand."""
    with book.writing() as session:
        target_id = household(session, members=3, number=1, phone=None).id
        source_id = household(
            session, members=0, number=2, household_no=None, phone="13800000001", address="下屋组3号", hamlet=None
        ).id
        twin = session.get_one(Member, person(1, 1))
        for id, name, relation, number in (
            ("e" * 32, "陈卫国", "户主", twin.id_no),
            ("f" * 32, "陈小妹", "之女", id_number(date(2009, 3, 4))),
        ):
            session.add(
                Member(
                    id=id, village=VILLAGE.code, household_id=source_id, name=name, relation=relation, id_no=number,
                    member_phone="13900000009" if relation == "户主" else None,
                )
            )  # fmt: skip
        for household_id, area in ((target_id, 80), (source_id, 95)):
            session.add(
                LivingCondition(
                    id=LivingCondition.id_of(household_id, 2018),
                    village=VILLAGE.code,
                    household_id=household_id,
                    year=2018,
                    house_area=area,
                    toilet=True if household_id == source_id else None,
                )
            )
        session.add(IncomeYear(id="1" * 32, village=VILLAGE.code, household_id=source_id, year=2017))
        session.add(
            Measure(id="2" * 32, village=VILLAGE.code, household_id=source_id, member_id="e" * 32, title="光伏")
        )
        session.add(Visit(id="3" * 32, village=VILLAGE.code, household_id=source_id, visited_on=date(2018, 5, 1)))
        session.add(Helper(id="4" * 32, village=VILLAGE.code, name="李干事"))
        for household_id in (target_id, source_id):
            day = date(2018, 1, 1)
            session.add(
                Assignment(
                    id=Assignment.id_of(household_id, "4" * 32, day), village=VILLAGE.code, household_id=household_id,
                    helper_id="4" * 32, started_on=day,
                )
            )  # fmt: skip
    return target_id, source_id


@pytest.fixture
def book(tmp_path):
    opened = workbook(tmp_path)
    yield opened
    assert run_to_completion(check_integrity(opened)) == []
    opened.close()


def merge_households(
    book: Workbook, target_id: str, source_id: str, take=None, **how
) -> household_merge.HouseholdMergeResult:
    return household_merge.merge(book, household_merge.compare_for_merge(book, target_id, source_id), take, **how)


def test_what_differs_and_what_both_have_is_shown(book):
    target_id, source_id = household_ids(book)
    comparison = household_merge.compare_for_merge(book, target_id, source_id)
    assert (comparison.kept.name, comparison.other.name) == ("陈卫国（下屋组）", "陈卫国（下屋组）")
    assert comparison.kept.people == ("陈卫国", "陈𬱖", "李秀英")
    assert [(one.label, one.kept, one.other) for one in comparison.differing] == []
    assert {(one.label, one.other) for one in comparison.only_other} == {
        ("联系电话", "13800000001"),
        ("家庭住址", "下屋组3号"),
    }
    assert [(one.title, one.kept_id, one.other_id) for one in comparison.people] == [("陈卫国", person(1, 1), "e" * 32)]
    assert [(one.label, one.title) for one in comparison.other_duplicates] == [
        ("生产生活条件", "2018年"),
        ("结对帮扶", "李干事"),
    ]
    assert [(one.kept, one.other) for one in comparison.other_duplicates[0].differing] == [("80", "95"), ("", "是")]
    assert comparison.second_head == ""


def test_people_without_a_number_are_told_by_name_and_birthday(book):
    with book.writing() as session:
        target_id = household(session, members=2, number=1).id
        source_id = household(session, members=0, number=2).id
        day = session.get_one(Member, person(1, 2)).birth
        for id, birth in (("a" * 32, day), ("b" * 32, date(1990, 1, 1))):
            session.add(Member(id=id, village=VILLAGE.code, household_id=source_id, name="李秀英", birth=birth))
    assert [one.other_id for one in household_merge.compare_for_merge(book, target_id, source_id).people] == ["a" * 32]


def test_everything_of_the_one_given_up_is_found_with_the_one_that_is_kept(book):
    target_id, source_id = household_ids(book)
    result = merge_households(book, target_id, source_id)
    assert (result.cells, result.withdrawn) == (4, 3)  # phone, address; the twin's phone, toilet
    with book.reading() as session:
        assert [row.id for row in household_rows(session)] == [target_id]
        comparison = household_details(session, target_id)
        hits = search_households(session, "13800000001")
        by_name = search_households(session, "陈小妹")
    assert {row.name for row in comparison.members} == {"陈卫国", "陈小妹", "李秀英", "陈𬱖"}
    assert comparison.values["phone"] == "13800000001"
    assert [one.year for one in comparison.conditions] == [2018]
    assert str(comparison.conditions[0].values["house_area"]) == "80.00"
    assert comparison.conditions[0].values["toilet"] is True
    assert [one.year for one in comparison.incomes] == [2017]
    with book.reading() as session:
        [measure] = session.scalars(select(Measure).where(Measure.household_id == target_id, ~Measure.withdrawn))
        assert (measure.title, session.get_one(Member, measure.member_id).name) == ("光伏", "陈卫国")
    assert len(comparison.visits) == len(comparison.helpers) == 1
    assert {one.household_id for one in (*hits, *by_name)} == {target_id}
    assert [one.matched_name for one in by_name] == ["陈小妹"]
    assert read_cell(book, person(1, 1), "member_phone", Member) == "13900000009"


def test_the_other_side_can_be_chosen_cell_by_cell_and_record_by_record(book):
    target_id, source_id = household_ids(book)
    edit_record(book, target_id, phone="13800000002")
    comparison = household_merge.compare_for_merge(book, target_id, source_id)
    twin, year = comparison.people[0].key, comparison.other_duplicates[0].key
    merge_households(book, target_id, source_id, {"phone": "other", "address": "kept", twin: "other", year: "other"})
    with book.reading() as session:
        merged_card = household_details(session, target_id)
    assert (merged_card.values["phone"], merged_card.values["address"]) == ("13800000001", None)
    assert merged_card.head is not None
    assert merged_card.head.id == "e" * 32
    assert [str(one.values["house_area"]) for one in merged_card.conditions] == ["95.00"]
    assert [row.id for row in merged_card.members if row.relation == "户主"] == ["e" * 32]


def test_one_household_has_one_head(book):
    with book.writing() as session:
        target_id, source_id = household(session, members=2, number=1).id, household(session, members=1, number=2).id
        session.get_one(Member, person(2, 1)).name = "陈卫民"
    comparison = household_merge.compare_for_merge(book, target_id, source_id)
    assert comparison.second_head == "陈卫民"
    with pytest.raises(UserError, match="一户只有一位户主"):
        household_merge.merge(book, comparison, relation="户主")
    with pytest.raises(ValidationError):
        household_merge.merge(book, comparison, relation="邻居")
    household_merge.merge(book, comparison, relation="之兄弟姐妹")
    assert read_cell(book, person(2, 1), "relation", Member) == "之兄弟姐妹"
    assert read_cell(book, person(1, 1), "relation", Member) == "户主"


def test_a_head_is_no_second_one_where_the_kept_household_has_none(book):
    with book.writing() as session:
        target_id, source_id = household(session, members=2, number=1).id, household(session, members=1, number=2).id
        session.get_one(Member, person(1, 1)).relation = "之子"
        session.get_one(Member, person(2, 1)).name = "陈卫民"
    assert household_merge.compare_for_merge(book, target_id, source_id).second_head == ""


def test_parting_brings_everything_back(book):
    target_id, source_id = household_ids(book)
    before = all_records(book)
    comparison = household_merge.compare_for_merge(book, target_id, source_id)
    household_merge.merge(book, comparison, {comparison.people[0].key: "other"})
    assert all_records(book) != before
    result = household_merge.unmerge(book, source_id)
    assert (result.kept_id, result.not_restored) == (target_id, 0)
    assert all_records(book) == before


def test_history_says_what_was_merged_into_what(book):
    target_id, source_id = household_ids(book)
    merge_households(book, target_id, source_id)
    with book.reading() as session:
        lines = {(one.record_title, one.label, one.after) for one in household_history(session, target_id)}
    assert ("家庭成员 陈卫国", "并入的家庭成员", "陈卫国") in lines
    assert ("结对帮扶 李干事", "并入的结对帮扶", "李干事") in lines


def test_parting_leaves_what_was_written_since(book):
    target_id, source_id = household_ids(book)
    merge_households(book, target_id, source_id)
    edit_record(book, target_id, phone="13800000007")
    result = household_merge.unmerge(book, source_id)
    assert result.not_restored == 1
    assert read_cell(book, target_id, "phone") == "13800000007"
    assert read_cell(book, target_id, "address") is None
    with pytest.raises(UserError, match="没有并入别的户"):
        household_merge.unmerge(book, source_id)


def test_what_changed_since_they_were_compared_is_not_joined_unseen(book):
    target_id, source_id = household_ids(book)
    comparison = household_merge.compare_for_merge(book, target_id, source_id)
    edit_record(book, source_id, phone="13800000003")
    with pytest.raises(UserError, match="核对以后又有改动"):
        household_merge.merge(book, comparison)
    assert read_cell(book, source_id, "merged_into") is None


def test_what_cannot_be_joined_is_refused(book, tmp_path):
    target_id, source_id = household_ids(book)
    with book.writing() as session:
        third = household(session, number=3).id
        away = household(session, number=4, village=OTHER_VILLAGE.code).id
        withdrawn_id = household(session, number=5, withdrawn=True).id
    merge_households(book, target_id, source_id)
    for pair, why in (
        ((target_id, target_id), "同一条"),
        ((target_id, source_id), "已经并入"),
        ((source_id, third), "已经并入"),
        ((target_id, away), "同一个村"),
        ((target_id, withdrawn_id), "不在名单"),
        ((target_id, "0" * 32), "不在名单"),
    ):
        with pytest.raises(UserError, match=why):
            household_merge.compare_for_merge(book, *pair)
    with pytest.raises(UserError, match="不在要选的内容里"):
        household_merge.merge(book, household_merge.compare_for_merge(book, target_id, third), {"color": "kept"})


def test_a_colleagues_new_rows_follow_by_themselves_and_part_again(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    target_id, source_id = household_ids(a)
    send(a, b)
    merge_households(a, target_id, source_id)
    with b.writing() as session:
        session.add(Member(id="9" * 32, village=VILLAGE.code, household_id=source_id, name="陈小弟", relation="之子"))
    send(b, a), send(a, b)
    for book in (a, b):
        assert read_cell(book, "9" * 32, "household_id", Member) == target_id
        with book.writing() as session:  # written here, of the household that is no more
            session.add(
                Visit(id=book.replica, village=VILLAGE.code, household_id=source_id, visited_on=date(2018, 6, 1))
            )
        assert read_cell(book, book.replica, "household_id", Visit) == target_id
    send(b, a), send(a, b)
    assert all_records(a) == all_records(b)
    household_merge.unmerge(b, source_id)
    send(b, a)
    for book in (a, b):
        assert read_cell(book, "9" * 32, "household_id", Member) == source_id
        assert read_cell(book, a.replica, "household_id", Visit) == source_id
        assert conflicts.list_conflicts(book) == ()
        assert run_to_completion(check_integrity(book)) == []
    assert all_records(a) == all_records(b)


def test_joined_both_ways_at_once_is_one_household_on_both_laptops(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    target_id, source_id = household_ids(a)
    send(a, b)
    merge_households(a, target_id, source_id)
    merge_households(b, source_id, target_id)
    send(a, b), send(b, a)
    root = min(target_id, source_id)
    for book in (a, b):
        with book.reading() as session:
            assert [row.id for row in household_rows(session)] == [root]
            assert set(session.scalars(select(Member.household_id))) == {root}
        assert run_to_completion(check_integrity(book)) == []
    assert all_records(a) == all_records(b)
    household_merge.unmerge(a, max(target_id, source_id))
    send(a, b)
    for book in (a, b):
        with book.reading() as session:
            assert {row.id for row in household_rows(session)} == {target_id, source_id}
    assert all_records(a) == all_records(b)


def test_nobody_follows_into_a_household_that_was_withdrawn(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    target_id, source_id = household_ids(a)
    send(a, b)
    merge_households(a, target_id, source_id)
    edit_record(b, target_id, withdrawn=True)
    send(a, b), send(b, a)
    for book in (a, b):
        with book.reading() as session:
            assert [row.id for row in household_rows(session)] == [source_id]
            assert session.scalar(text("SELECT household_id FROM member WHERE name = '陈小妹'")) == source_id
        assert run_to_completion(check_integrity(book)) == []
    edit_record(a, target_id, withdrawn=False)
    with a.reading() as session:
        assert [row.id for row in household_rows(session)] == [target_id]
    send(a, b)
    assert all_records(a) == all_records(b)


def test_households_that_look_like_one_are_named_with_the_reason(book):
    target_id, source_id = household_ids(book)
    with book.writing() as session:
        third = household(session, members=1, number=3, group_name="上屋组").id
        fourth = household(session, members=1, number=4, group_name="上屋组", household_no=f"{VILLAGE.code}003").id
    hits = {frozenset((one.first, one.second)): one for one in household_merge.find_duplicates(book)}
    assert set(hits) == {frozenset((target_id, source_id)), frozenset((third, fourth))}
    assert hits[frozenset((target_id, source_id))].reasons == ("户主证件号码相同", "户主姓名和村民组相同")
    assert hits[frozenset((third, fourth))].reasons == ("户编号相同", "户主姓名和村民组相同")
    merge_households(book, target_id, source_id)
    assert len(household_merge.find_duplicates(book)) == 1


def test_subscribers_are_told_of_all_that_moved(book):
    target_id, source_id = household_ids(book)
    notifications = []
    book.subscribe(notifications.append)
    edit_record(book, source_id, Household, merged_into=target_id)
    assert {source_id, "f" * 32, "3" * 32} <= notifications[0].ids
    assert notifications[0].touches("member", "visit")


def test_a_merged_person_taken_out_of_every_household_stands_for_itself(book):
    target_id, source_id = household_ids(book)
    merge_households(book, target_id, source_id)
    assert read_cell(book, "2" * 32, "member_id", Measure) == person(1, 1)
    edit_record(book, "e" * 32, Member, household_id=None)
    assert read_cell(book, "e" * 32, "merged_into", Member) is None
    assert not read_cell(book, "e" * 32, "withdrawn", Member)
    assert read_cell(book, "2" * 32, "member_id", Measure) == "e" * 32
    assert run_to_completion(check_integrity(book)) == []
    edit_record(book, "e" * 32, Member, household_id=target_id)
    assert read_cell(book, "2" * 32, "member_id", Measure) == person(1, 1)


def test_households_that_were_merged_or_withdrawn_are_no_duplicates(book):
    with book.writing() as session:
        for number in (1, 2, 3):
            household(session, members=1, number=number, group_name=None, hamlet="柳湾")
            session.get_one(Member, person(number, 1)).id_no = None
    (pair, *others) = household_merge.find_duplicates(book)
    assert pair.reasons == ("户主姓名和村民组相同",)
    assert (pair.first_name, pair.second_name) == ("陈卫国（柳湾）", "陈卫国（柳湾）")
    assert len(others) == 1
    with book.writing() as session:
        session.get_one(Household, Household.id_of(f"{VILLAGE.code}002")).merged_into = Household.id_of(
            f"{VILLAGE.code}001"
        )
        session.get_one(Household, Household.id_of(f"{VILLAGE.code}003")).withdrawn = True
    assert household_merge.find_duplicates(book) == ()


def test_namesakes_of_different_groups_or_hamlets_are_no_duplicates(book):
    with book.writing() as session:
        for number, hamlet in ((1, "柳湾"), (2, "石桥")):
            household(session, members=1, number=number, group_name=None, hamlet=hamlet)
            session.get_one(Member, person(number, 1)).id_no = None
    assert household_merge.find_duplicates(book) == ()
