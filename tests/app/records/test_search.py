"""Finding households by anything typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.records.draft import open_draft, save_draft, withdraw
from app.records.row_views import household_rows
from app.records.search import search_households
from app.workbook.workbook import Workbook
from db.schema.household import Member
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    with workbook.writing() as session:
        builders.household(session, members=3, number=1, group_name="下屋组", phone="13855667788")
        builders.household(session, members=5, number=2, group_name="东湾组", hamlet="东湾")
    yield workbook
    workbook.close()


def _search(book: Workbook, typed: str) -> list[str]:
    """The people who were found, or the groups of the households."""
    with book.reading() as session:
        groups = {row.id: row.group for row in household_rows(session)}
        return sorted(one.matched_name or groups[one.household_id] for one in search_households(session, typed))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("桂兰", ["王桂兰"]),
        ("wangguilan", ["王桂兰"]),
        ("wgl", ["王桂兰"]),
        ("guilan", ["王桂兰"]),
        ("WGL", ["王桂兰"]),
        ("东湾", ["东湾组"]),
        ("dwz", ["东湾组"]),
        ("7788", ["下屋组"]),
        ("东湾 陈", ["东湾组"]),
        ("陈 陈 东湾", ["东湾组"]),
        ("桂兰 小燕 dwz", ["东湾组"]),
        ("桂兰 下屋", []),
        ("陈𬱖", ["陈𬱖", "陈𬱖"]),
        ("不在这里", []),
        ("", []),
        ("“*\"'()", []),
    ],
)
def test_found_by(book: Workbook, typed: str, expected: list[str]) -> None:
    assert _search(book, typed) == expected


def test_a_person_is_found_by_the_tail_of_the_id_number(book: Workbook) -> None:
    with book.reading() as session:
        person = session.get_one(Member, Member.id_of(f"{builders.VILLAGE.code}00202"))
        tail, household_id = (person.id_no or "")[-6:], person.household_id
        assert [(one.household_id, one.member_id) for one in search_households(session, tail)] == [
            (household_id, person.id)
        ]


def test_a_person_without_a_name_is_found_too(book: Workbook) -> None:
    with book.writing() as session:
        person = session.get_one(Member, Member.id_of(f"{builders.VILLAGE.code}00202"))
        person.name, tail = None, (person.id_no or "")[-6:]
    with book.reading() as session:
        [hit] = search_households(session, tail)
    assert (hit.member_id, hit.matched_name) == (Member.id_of(f"{builders.VILLAGE.code}00202"), "")


def test_a_new_name_is_found_and_the_old_one_no_more(book: Workbook) -> None:
    person = Member.id_of(f"{builders.VILLAGE.code}00205")
    with book.reading() as session:
        draft = open_draft(session, "member", person)
    save_draft(book, draft.with_values(name="欧阳雪"))
    assert (_search(book, "ouyang"), _search(book, "桂兰")) == (["欧阳雪"], [])
    withdraw(book, "member", person)
    assert _search(book, "ouyang") == []


def test_no_more_than_asked(book: Workbook) -> None:
    with book.reading() as session:
        assert len(search_households(session, "陈", limit=1)) == 1


def test_common_words_together_are_found_too(book: Workbook) -> None:
    with book.writing() as session:
        for number in range(3, 803):
            builders.household(session, members=2, number=number, group_name="西冲组" if number == 700 else "上屋组")
    assert _search(book, "陈卫国 西冲组") == ["西冲组"]
    assert len(_search(book, "陈卫国 秀英")) == 200
