"""What the check of a workbook finds in a journal that somebody has tampered with."""

import pytest
from sqlalchemy import text

from app.progress import run_to_completion
from app.workbook.integrity import check_integrity
from db.schema.household import Household
from tests.builders import VILLAGE, household, workbook

HOME = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture
def book(tmp_path):
    """A household whose telephone number was changed twice."""
    new_workbook = workbook(tmp_path)
    with new_workbook.writing() as session:
        household(session, members=0)
    for phone in ("13800000001", "13800000002"):
        with new_workbook.writing() as session:
            session.get(Household, HOME).phone = phone
    yield new_workbook
    new_workbook.close()


CHAIN_BROKEN = "日志第 1 流的校验值不对"


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("DELETE FROM head WHERE column_name = 'phone'", ["“户”的“phone”与日志不符（修改的先后）"]),
        ("UPDATE head SET number = 3 WHERE column_name = 'phone'", ["“户”的“phone”与日志不符（修改的先后）"]),
        ("UPDATE change SET value = '0' WHERE number = 4", [CHAIN_BROKEN, "“户”的“phone”与日志不符"]),
        ("UPDATE change SET value = '0' WHERE number = 3", [CHAIN_BROKEN]),  # what was replaced is shown nowhere
        (
            "DELETE FROM change WHERE number = 3",
            ["日志第 1 流有缺号", CHAIN_BROKEN, "“户”的“phone”与日志不符（修改的先后）"],
        ),
        ("UPDATE stream SET last = 5", ["日志第 1 流有缺号", CHAIN_BROKEN]),
        ("INSERT INTO folded (stream, first, last) VALUES (1, 5, 5)", ["日志第 1 流有缺号", CHAIN_BROKEN]),
        (
            "INSERT INTO folded (stream, first, last) VALUES (1, 3, 3)",
            ["日志第 1 流有缺号", "日志第 1 流有归并过又还在的号", CHAIN_BROKEN],
        ),
        (
            f"UPDATE change SET row_id = '{'f' * 32}' WHERE number = 2",
            [CHAIN_BROKEN, "“户”少 1 条记录", "“户”有一条记录不在日志里"],
        ),
    ],
)
def test_tampering_is_found(book, tampering, told):
    assert run_to_completion(check_integrity(book)) == []
    with book.writing() as session:
        session.execute(text(tampering))
    assert run_to_completion(check_integrity(book)) == told


def test_a_number_that_was_folded_is_not_missing_where_its_successor_names_what_it_replaced(book):
    with book.writing() as session:
        session.execute(text("INSERT INTO folded SELECT stream, number, number, chain FROM change WHERE number = 3"))
        session.execute(text("DELETE FROM change WHERE number = 3"))
    assert run_to_completion(check_integrity(book)) == ["“户”的“phone”与日志不符（修改的先后）"]
    with book.writing() as session:
        session.execute(text("UPDATE change SET replaces = '1:3 1:2', inherited = 1 WHERE number = 4"))
    assert run_to_completion(check_integrity(book)) == []
