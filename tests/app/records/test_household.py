"""One household whole; people joining and leaving."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.errors import UserError
from app.life_events.person_events import record_departure, record_head
from app.progress import run_to_completion
from app.records.household import household_details, nearest_record
from app.records.membership import add_member, create_household, create_living_condition
from app.records.row_views import household_rows
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.household import LivingCondition, Member
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    yield workbook
    workbook.close()


def _add_household(book: Workbook, members: int = 3, **what: object) -> str:
    with book.writing() as session:
        return builders.household(session, members=members, **what).id


def _person(n: int) -> str:
    return Member.id_of(f"{builders.VILLAGE.code}001{n:02}")


def _leave(book: Workbook, household_id: str, member_id: str, reason: str, day: date, **said: Any) -> None:
    record_departure(book, household_id, member_id, reason, day, "", **said)


def test_the_card_counts_who_is_there_and_says_what_differs(book: Workbook) -> None:
    household_id = _add_household(book, members=4, population=5)
    with book.writing() as session:
        session.get_one(Member, _person(2)).health = ("长期慢性病", "残疾")
        session.get_one(Member, _person(1)).labour = "技能劳动力"
        session.get_one(Member, _person(3)).labour = "弱劳动力或半劳动力"
        session.get_one(Member, _person(4)).school_status = "小学"
    _leave(book, household_id, _person(3), "婚出", date(2018, 5, 1))
    with book.reading() as session:
        household_card = household_details(session, household_id)
    assert household_card.head is not None
    assert household_card.head.name == "陈卫国"
    assert (household_card.size, [row.left for row in household_card.former_members]) == (3, ["婚出"])
    assert household_card.size_mismatch == "登记的人数是 4 人，成员表里有 3 人，请核对家庭成员。"
    assert (household_card.labour.full, household_card.labour.half, household_card.labour.unknown) == (1, 0, 2)
    assert (household_card.labour.ill, household_card.labour.disabled, household_card.labour.at_school) == (1, 1, 1)


def test_a_head_who_leaves_hands_over(book: Workbook) -> None:
    household_id = _add_household(book)
    with pytest.raises(UserError, match="谁是新户主"):
        _leave(book, household_id, _person(1), "死亡", date(2018, 5, 1))
    _leave(
        book, household_id, _person(1), "死亡", date(2018, 5, 1), new_head=_person(2), relations={_person(3): "之子"}
    )
    with book.reading() as session:
        household_card = household_details(session, household_id)
    assert household_card.head is not None
    assert household_card.head.id == _person(2)
    assert [row.id for row in household_card.former_members] == [_person(1)]


def test_a_head_who_leaves_says_what_everybody_is_to_the_new_one(book: Workbook) -> None:
    household_id = _add_household(book)
    relations = {_person(3): "之子", _person(1): "配偶"}  # the one who leaves stays what he was
    with pytest.raises(UserError, match="一户只有一位户主"):
        _leave(
            book,
            household_id,
            _person(1),
            "死亡",
            date(2018, 5, 1),
            new_head=_person(2),
            relations={_person(3): "户主"},
        )
    _leave(book, household_id, _person(1), "死亡", date(2018, 5, 1), new_head=_person(2), relations=relations)
    with book.reading() as session:
        household_card = household_details(session, household_id)
    told = {row.id: row.relation for row in (*household_card.members, *household_card.former_members)}
    assert (told[_person(1)], told[_person(2)], told[_person(3)]) == ("户主", "户主", "之子")


def test_the_last_one_may_leave_without_a_new_head(book: Workbook) -> None:
    household_id = _add_household(book, members=1)
    _leave(book, household_id, _person(1), "死亡", date(2018, 5, 1))
    with book.reading() as session:
        assert (household_details(session, household_id).size, household_details(session, household_id).head) == (
            0,
            None,
        )


def test_leaving_can_be_taken_back(book: Workbook) -> None:
    household_id = _add_household(book)
    _leave(book, household_id, _person(3), "参军", date(2018, 5, 1))
    run_to_completion(undo(book))
    with book.reading() as session:
        assert household_details(session, household_id).size == 3


def test_nobody_leaves_before_birth(book: Workbook) -> None:
    household_id = _add_household(book)
    with pytest.raises(UserError, match="的出生日期"):
        _leave(book, household_id, _person(3), "死亡", date(1950, 1, 1))


def test_a_new_member_gets_sex_and_birthday_from_the_id_number(book: Workbook) -> None:
    household_id = _add_household(book)
    number = builders.id_number(date(2018, 4, 5), 7, male=False)
    values = {
        "name": "陈小雨",
        "relation": "之孙女",
        "id_no": number,
        "joined": "新生儿",
        "joined_on": date(2018, 4, 5),
    }
    saved = add_member(book, household_id, values)
    with book.reading() as session:
        household_card = household_details(session, household_id)
    newcomer = next(row for row in household_card.members if row.id == saved.draft.id)
    assert (newcomer.sex, newcomer.birth, household_card.size) == ("女", date(2018, 4, 5), 4)
    with pytest.raises(UserError, match="已经登记过"):
        add_member(book, household_id, values)


def test_a_household_shows_its_own_people_only(book: Workbook) -> None:
    household_id = _add_household(book)
    with book.writing() as session:
        builders.household(session, members=2, number=2)
    with book.reading() as session:
        assert {row.household_id for row in household_details(session, household_id).members} == {household_id}


def test_a_person_with_a_national_number_is_the_same_on_every_laptop(book: Workbook) -> None:
    household_id = _add_household(book)
    values = {"name": "陈小雨", "relation": "之子", "person_no": f"{builders.VILLAGE.code}00188"}
    assert add_member(book, household_id, values).draft.id == Member.id_of(str(values["person_no"]))
    with pytest.raises(UserError, match="已经登记过"):
        add_member(book, household_id, values)


def test_a_second_head_and_a_nameless_member_are_refused(book: Workbook) -> None:
    household_id = _add_household(book)
    with pytest.raises(UserError, match="已有户主"):
        add_member(book, household_id, {"name": "陈小雨", "relation": "户主"})
    with pytest.raises(UserError, match="姓名"):
        add_member(book, household_id, {"relation": "之子"})
    with book.reading() as session:
        assert household_details(session, household_id).size == 3


def test_changing_the_head_leaves_one_head(book: Workbook) -> None:
    household_id = _add_household(book)
    with pytest.raises(UserError, match="一户只有一位户主"):
        record_head(book, household_id, _person(2), {_person(1): "户主", _person(3): "之女"}, "")
    with pytest.raises(UserError, match="请填写陈卫国与新户主的关系"):
        record_head(book, household_id, _person(2), {_person(3): "之子"}, "")
    record_head(book, household_id, _person(2), {_person(1): "配偶", _person(3): "之女"}, "")
    with book.reading() as session:
        household_card = household_details(session, household_id)
    people = [(row.name, row.relation) for row in household_card.members]
    assert people[0] == ("李秀英", "户主")
    assert ("陈卫国", "配偶") in people


def test_a_new_household_has_a_head_and_its_number_only_once(book: Workbook) -> None:
    village = builders.VILLAGE.code
    household = {"household_no": f"{village}009", "group_name": "东湾组"}
    id = create_household(book, village, household, {"name": "王𬱖"})
    with book.reading() as session:
        (row,) = household_rows(session)
    assert (row.id, row.head, row.group, row.size) == (id, "王𬱖", "东湾组", 1)
    with pytest.raises(UserError, match="已经有了"):
        create_household(book, village, household, {"name": "李四"})
    with pytest.raises(UserError, match="姓名"):
        create_household(book, village, {}, {})
    with book.reading() as session:
        assert len(household_rows(session)) == 1


def test_a_new_year_of_living_conditions_begins_with_the_last_one(book: Workbook) -> None:
    household_id = _add_household(book)
    first = create_living_condition(book, household_id, 2017)
    with book.writing() as session:
        session.get_one(LivingCondition, first).house_structure = "砖混结构"
    second = create_living_condition(book, household_id, 2018)
    assert create_living_condition(book, household_id, 2018) == second
    with book.reading() as session:
        years = household_details(session, household_id).conditions
    assert [(one.year, one.values["house_structure"]) for one in years] == [(2018, "砖混结构"), (2017, "砖混结构")]


def test_an_unknown_household_is_said(book: Workbook) -> None:
    with book.reading() as session, pytest.raises(UserError, match="不存在"):
        household_details(session, "0" * 32)


def test_a_record_leads_to_the_nearest_one_that_is_asked_for(book: Workbook) -> None:
    household_id = _add_household(book)
    with book.reading() as session:
        assert nearest_record(session, "member", _person(1), {"household"}) == household_id
        assert nearest_record(session, "member", _person(1), {"member", "household"}) == _person(1)
        assert nearest_record(session, "member", _person(1), {"visit"}) == ""
        assert nearest_record(session, "member", "0" * 32, {"household"}) == ""
