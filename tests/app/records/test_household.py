"""One household whole; people joining and leaving."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.errors import OfficeError
from app.progress import finish
from app.records.draft import take_back
from app.records.household import card
from app.records.lists import household_rows
from app.records.membership import change_head, join, leave, living_condition, new_household
from app.workbook.workbook import Workbook
from db.schema.household import LivingCondition, Member
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    yield workbook
    workbook.close()


def _home(book: Workbook, members: int = 3, **what: object) -> str:
    with book.writing() as session:
        return builders.household(session, members=members, **what).id


def _person(n: int) -> str:
    return Member.id_of(f"{builders.VILLAGE.code}001{n:02}")


def test_the_card_counts_who_is_there_and_says_what_differs(book: Workbook) -> None:
    home = _home(book, members=4, population=5)
    with book.writing() as session:
        session.get_one(Member, _person(2)).health = ("长期慢性病", "残疾")
        session.get_one(Member, _person(1)).labour = "技能劳动力"
        session.get_one(Member, _person(3)).labour = "弱劳动力或半劳动力"
        session.get_one(Member, _person(4)).school_status = "小学"
    finish(leave(book, _person(3), "婚出", date(2018, 5, 1)))
    with book.reading() as session:
        found = card(session, home)
    assert found.head is not None
    assert found.head.name == "陈卫国"
    assert (found.size, [row.left for row in found.left]) == (3, ["婚出"])
    assert found.mismatch == "登记的人数是 5 人，成员表里有 3 人，请核对家庭成员。"
    assert (found.labour.full, found.labour.half, found.labour.unknown) == (1, 0, 2)
    assert (found.labour.ill, found.labour.disabled, found.labour.at_school) == (1, 1, 1)


def test_a_head_who_leaves_hands_over(book: Workbook) -> None:
    home = _home(book)
    with pytest.raises(OfficeError, match="先指定新户主"):
        finish(leave(book, _person(1), "死亡", date(2018, 5, 1)))
    finish(leave(book, _person(1), "死亡", date(2018, 5, 1), new_head=_person(2)))
    with book.reading() as session:
        found = card(session, home)
    assert found.head is not None
    assert found.head.id == _person(2)
    assert [row.id for row in found.left] == [_person(1)]


def test_the_last_one_may_leave_without_a_new_head(book: Workbook) -> None:
    home = _home(book, members=1)
    finish(leave(book, _person(1), "死亡", date(2018, 5, 1)))
    with book.reading() as session:
        assert (card(session, home).size, card(session, home).head) == (0, None)


def test_leaving_can_be_taken_back(book: Workbook) -> None:
    home = _home(book)
    saved = finish(leave(book, _person(3), "参军", date(2018, 5, 1)))
    finish(take_back(book, saved))
    with book.reading() as session:
        assert card(session, home).size == 3


def test_nobody_leaves_before_birth(book: Workbook) -> None:
    _home(book)
    with pytest.raises(OfficeError, match="早于出生日期"):
        finish(leave(book, _person(3), "死亡", date(1950, 1, 1)))


def test_a_new_member_gets_sex_and_birthday_from_the_id_number(book: Workbook) -> None:
    home = _home(book)
    number = builders.id_number(date(2018, 4, 5), 7, male=False)
    values = {
        "name": "陈小雨",
        "relation": "之孙女",
        "id_no": number,
        "joined": "新生儿",
        "joined_on": date(2018, 4, 5),
    }
    saved = finish(join(book, home, values))
    with book.reading() as session:
        found = card(session, home)
    newcomer = next(row for row in found.members if row.id == saved.draft.id)
    assert (newcomer.sex, newcomer.birth, found.size) == ("女", date(2018, 4, 5), 4)
    with pytest.raises(OfficeError, match="已经登记过"):
        finish(join(book, home, values))


def test_a_second_head_and_a_nameless_member_are_refused(book: Workbook) -> None:
    home = _home(book)
    with pytest.raises(OfficeError, match="已有户主"):
        finish(join(book, home, {"name": "陈小雨", "relation": "户主"}))
    with pytest.raises(OfficeError, match="姓名"):
        finish(join(book, home, {"relation": "之子"}))
    with book.reading() as session:
        assert card(session, home).size == 3


def test_changing_the_head_leaves_one_head(book: Workbook) -> None:
    home = _home(book)
    with pytest.raises(OfficeError, match="不能还是"):
        finish(change_head(book, _person(2), "户主"))
    finish(change_head(book, _person(2), "配偶"))
    with book.reading() as session:
        found = card(session, home)
    assert [(row.name, row.relation) for row in found.members[:2]] == [("李秀英", "户主"), ("陈卫国", "配偶")]


def test_a_new_household_has_a_head_and_its_number_only_once(book: Workbook) -> None:
    village = builders.VILLAGE.code
    household = {"household_no": f"{village}009", "group_name": "东湾组"}
    id = finish(new_household(book, village, household, {"name": "王𬱖"}))
    with book.reading() as session:
        (row,) = household_rows(session)
    assert (row.id, row.head, row.group, row.size) == (id, "王𬱖", "东湾组", 1)
    with pytest.raises(OfficeError, match="已经有了"):
        finish(new_household(book, village, household, {"name": "李四"}))
    with pytest.raises(OfficeError, match="姓名"):
        finish(new_household(book, village, {}, {}))
    with book.reading() as session:
        assert len(household_rows(session)) == 1


def test_a_new_year_of_living_conditions_begins_with_the_last_one(book: Workbook) -> None:
    home = _home(book)
    first = finish(living_condition(book, home, 2017))
    with book.writing() as session:
        session.get_one(LivingCondition, first).house_structure = "砖混结构"
    second = finish(living_condition(book, home, 2018))
    assert finish(living_condition(book, home, 2018)) == second
    with book.reading() as session:
        years = card(session, home).conditions
    assert [(one.year, one.values["house_structure"]) for one in years] == [(2018, "砖混结构"), (2017, "砖混结构")]


def test_an_unknown_household_is_said(book: Workbook) -> None:
    with book.reading() as session, pytest.raises(OfficeError, match="不存在"):
        card(session, "0" * 32)
