"""Who helps whom."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.errors import UserError, ValidationError
from app.records.assignment import (
    HelperOverLimit,
    assign,
    end_assignments,
    household_limit,
    overloaded_helpers,
    without_helper,
)
from app.records.row_views import assignment_rows
from app.workbook.workbook import Workbook
from db.schema.aid import Helper
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    yield workbook
    workbook.close()


def _households(book: Workbook, count: int, **what: object) -> list[str]:
    with book.writing() as session:
        return [builders.household(session, members=1, number=n + 1, **what).id for n in range(count)]


def _helper(book: Workbook, name: str = "赵干部", rank: str | None = "科员级") -> str:
    with book.writing() as session:
        helper = Helper(village=builders.VILLAGE.code, name=name, rank=rank)
        session.add(helper)
        session.flush()
        return helper.id


def test_a_new_helper_ends_the_former_one_with_reason_and_day(book: Workbook) -> None:
    (household_id,) = _households(book, 1)
    first, second = _helper(book, "赵干部"), _helper(book, "钱干部")
    assign(book, [household_id], first, date(2017, 1, 1))
    assign(book, [household_id], second, date(2018, 2, 1), reason="退休")
    with book.reading() as session:
        current, before = assignment_rows(session, household_id)
    assert (current.helper, current.in_force, current.ended_on) == ("钱干部", True, None)
    assert (before.helper, before.in_force, before.ended_on, before.reason) == (
        "赵干部",
        False,
        date(2018, 2, 1),
        "退休",
    )


def test_the_same_helper_again_changes_nothing(book: Workbook) -> None:
    (household_id,) = _households(book, 1)
    helper = _helper(book)
    assign(book, [household_id], helper, date(2017, 1, 1))
    assert assign(book, [household_id], helper, date(2018, 1, 1)) == []
    with book.reading() as session:
        assert [row.started_on for row in assignment_rows(session, household_id)] == [date(2017, 1, 1)]


def test_a_helper_who_comes_back_on_the_same_day_takes_up_the_old_row(book: Workbook) -> None:
    (household_id,) = _households(book, 1)
    helper = _helper(book)
    (id,) = assign(book, [household_id], helper, date(2018, 1, 1))
    end_assignments(book, [id], date(2018, 1, 2), "工作调动")
    with book.reading() as session:
        assert without_helper(session) == [household_id]
    assert assign(book, [household_id], helper, date(2018, 1, 1)) == [id]
    with book.reading() as session:
        (row,) = assignment_rows(session, household_id)
    assert row.in_force
    assert row.reason == ""


def test_more_than_the_rank_allows_is_refused_whole_unless_insisted(book: Workbook) -> None:
    households = _households(book, 4)
    helper = _helper(book, rank="科员级")
    with pytest.raises(HelperOverLimit, match="最多结对 3 户，现有 0 户，再加 4 户"):
        assign(book, households, helper, date(2018, 1, 1))
    with book.reading() as session:
        assert len(without_helper(session)) == 4
    assign(book, households, helper, date(2018, 1, 1), ignore_limit=True)
    with book.reading() as session:
        assert without_helper(session) == []
        (burden,) = overloaded_helpers(session)
    assert (burden.name, burden.households, burden.limit) == ("赵干部", 4, 3)


def test_a_limit_counts_the_helpers_own_households_in_force(book: Workbook) -> None:
    households = _households(book, 8)
    busy, former, helper = _helper(book, "钱干部"), _helper(book, "孙干部"), _helper(book, "赵干部")
    assign(book, households[:3], busy, date(2018, 1, 1))
    ended = assign(book, households[3:6], former, date(2017, 1, 1))
    assert len(assign(book, households[3:6], helper, date(2018, 1, 1))) == 3  # neither the other's three nor hers
    with pytest.raises(HelperOverLimit, match="“赵干部”（科员级）最多结对 3 户，现有 3 户，再加 1 户"):
        assign(book, households[6:7], helper, date(2018, 2, 1))
    assert len(assign(book, households[6:8], former, date(2018, 2, 1))) == 2  # what ended leaves room
    with book.reading() as session:
        assert overloaded_helpers(session) == []
        assert {row.id for id in households[3:6] for row in assignment_rows(session, id) if not row.in_force} == set(
            ended
        )


def test_limits_follow_the_rank() -> None:
    assert [household_limit(rank) for rank in ("县处级", "乡科级正职", "科员级", "村干部", None)] == [5, 4, 3, 10, 5]


def test_households_that_need_no_helper_are_not_missed(book: Workbook) -> None:
    (registered,) = _households(book, 1)
    with book.writing() as session:
        builders.household(session, number=2, household_kind="一般农户")
        builders.household(session, number=3, household_kind="脱贫户", registration_state="注销")
    with book.reading() as session:
        assert without_helper(session) == [registered]


def test_an_end_before_the_beginning_is_refused(book: Workbook) -> None:
    (household_id,) = _households(book, 1)
    (id,) = assign(book, [household_id], _helper(book), date(2018, 5, 1))
    with pytest.raises(UserError, match="早于开始日期"):
        end_assignments(book, [id], date(2018, 4, 1), "工作调动")
    with pytest.raises(ValidationError, match="调整原因"):
        end_assignments(book, [id], date(2018, 6, 1), "不想干了")
    with book.reading() as session:
        assert assignment_rows(session, household_id)[0].in_force
