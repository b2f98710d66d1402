"""Everything that was withdrawn is found again and comes back."""

from contextlib import closing
from datetime import date

import pytest
from sqlalchemy import insert, select, text

from app.errors import UserError
from app.progress import run_to_completion
from app.records.draft import new_draft, save_draft, withdraw, withdraw_all
from app.records.membership import create_household
from app.records.withdrawn_records import all_withdrawn, count_withdrawn, find_withdrawn, restore_records
from app.workbook.operations import list_operations, undo
from db.schema.aid import Visit
from db.schema.household import Household, Member
from tests.builders import VILLAGE, household, workbook

DAY = date(2018, 9, 3)


@pytest.fixture
def book(tmp_path):
    with closing(workbook(tmp_path)) as book:
        with book.operation("新建户") as session:
            household(session)
        yield book


def listed(book, typed=""):
    found = run_to_completion(find_withdrawn(book, typed))
    assert found.is_whole
    if not typed:
        with book.reading() as session:
            assert count_withdrawn(session) == len(found.records)
            assert all_withdrawn(session) == found.records
    return [(record.label, record.title, record.household, record.parts) for record in found.records]


def add_visit(book, found="甲"):
    with book.reading() as session:
        household_id = session.scalar(select(Household.id))
    return save_draft(
        book, new_draft("visit", VILLAGE.code, household_id=household_id, visited_on=DAY, visitors="甲", found=found)
    ).draft.id


def test_what_was_withdrawn_is_listed_the_latest_first_and_found_by_words(book):
    assert listed(book) == []
    visit = add_visit(book)
    withdraw(book, "visit", visit)
    with book.reading() as session:
        member = session.scalar(select(Member.id).where(Member.name == "李秀英"))
    withdraw(book, "member", member)
    assert [line[:3] for line in listed(book)] == [
        ("家庭成员", "李秀英", "陈卫国（下屋组）"),
        ("走访记录", "2018-09-03", "陈卫国（下屋组）"),
    ]
    assert [line[0] for line in listed(book, "陈卫国 走访")] == ["走访记录"]
    assert listed(book, "没有这个人") == []


def test_a_list_of_several_blocks_is_the_beginning_of_the_whole_one(book):
    """More than 500 records are looked at in blocks: none is missed or told twice where one block follows another."""
    with book.reading() as session:
        household_id = session.scalar(select(Household.id))
    for withdrawn, day in ((701, DAY), (600, date(2018, 9, 4))):  # each with one stamp, across the border of blocks
        with book.operation("登记") as session:
            cells = {"village": VILLAGE.code, "household_id": household_id, "visited_on": day}
            session.execute(insert(Visit), [cells] * withdrawn)
        with book.operation("撤回") as session:
            session.execute(text("UPDATE visit SET withdrawn = 1 WHERE NOT withdrawn"))
    with book.reading() as session:
        whole = all_withdrawn(session)
    assert [line.title for line in whole] == ["2018-09-04"] * 600 + ["2018-09-03"] * 701
    assert len({line.id for line in whole}) == 1301
    for typed, lines in (("", whole), ("走访 09-03", whole[600:])):
        for limit, shown in (
            (500, 500),
            (501, min(1000, len(lines))),
            (1000, min(1000, len(lines))),
            (1500, len(lines)),
        ):
            found = run_to_completion(find_withdrawn(book, typed, limit))
            assert (found.records, found.is_whole) == (lines[:shown], shown == len(lines))


def test_a_withdrawal_is_named_by_its_record_and_several_by_their_number(book):
    first, second, third = (add_visit(book, found) for found in ("甲", "乙", "丙"))
    withdraw(book, "visit", first)
    assert withdraw_all(book, "visit", [second, third], "走访") == "已撤回 2 条走访"
    with book.reading() as session:
        titles = [operation.title for operation in list_operations(session, limit=2)]
    assert titles == ["撤回走访：2 条", "撤回走访记录：2018-09-03"]


def test_a_household_whose_making_was_undone_is_one_line_and_comes_back_whole(book):
    made = create_household(book, VILLAGE.code, {"household_no": f"{VILLAGE.code}009"}, {"name": "周有田"})
    run_to_completion(undo(book))
    [line] = listed(book, "周有田")
    assert line == ("户", f"{VILLAGE.code}009", "", "周有田")
    assert restore_records(book, [("household", made)]) == 2
    assert listed(book) == []
    with book.reading() as session:
        assert list_operations(session, limit=1)[0].title == "恢复户：周有田等 2 条"


def test_what_belongs_to_a_withdrawn_record_comes_back_with_it(book):
    visit = add_visit(book)
    with book.reading() as session:
        household_id = session.scalar(select(Household.id))
    withdraw(book, "visit", visit)
    withdraw(book, "household", household_id)
    assert [line[0] for line in listed(book)] == ["户", "走访记录"]
    assert restore_records(book, [("visit", visit)]) == 2
    with book.reading() as session:
        assert not session.get_one(Visit, visit).withdrawn
        assert not session.get_one(Household, household_id).withdrawn
    with pytest.raises(UserError, match="已经恢复"):
        restore_records(book, [("visit", visit)])
    run_to_completion(undo(book))
    assert [line[0] for line in listed(book)] == ["户"]
