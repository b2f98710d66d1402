"""Who helps whom."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.errors import FieldRefused, OfficeError
from app.progress import finish
from app.records.assignment import OverLimit, assign, end, limit_of, over_limit, without_helper
from app.records.lists import assignment_rows
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
    (home,) = _households(book, 1)
    first, second = _helper(book, "赵干部"), _helper(book, "钱干部")
    finish(assign(book, [home], first, date(2017, 1, 1)))
    finish(assign(book, [home], second, date(2018, 2, 1), reason="退休"))
    with book.reading() as session:
        now, before = assignment_rows(session, home)
    assert (now.helper, now.in_force, now.ended_on) == ("钱干部", True, None)
    assert (before.helper, before.in_force, before.ended_on, before.reason) == (
        "赵干部",
        False,
        date(2018, 2, 1),
        "退休",
    )


def test_the_same_helper_again_changes_nothing(book: Workbook) -> None:
    (home,) = _households(book, 1)
    helper = _helper(book)
    finish(assign(book, [home], helper, date(2017, 1, 1)))
    assert finish(assign(book, [home], helper, date(2018, 1, 1))) == []
    with book.reading() as session:
        assert [row.started_on for row in assignment_rows(session, home)] == [date(2017, 1, 1)]


def test_a_helper_who_comes_back_on_the_same_day_takes_up_the_old_row(book: Workbook) -> None:
    (home,) = _households(book, 1)
    helper = _helper(book)
    (id,) = finish(assign(book, [home], helper, date(2018, 1, 1)))
    finish(end(book, [id], date(2018, 1, 2), "工作调动"))
    with book.reading() as session:
        assert without_helper(session) == [home]
    assert finish(assign(book, [home], helper, date(2018, 1, 1))) == [id]
    with book.reading() as session:
        (row,) = assignment_rows(session, home)
    assert row.in_force
    assert row.reason == ""


def test_more_than_the_rank_allows_is_refused_whole_unless_insisted(book: Workbook) -> None:
    homes = _households(book, 4)
    helper = _helper(book, rank="科员级")
    with pytest.raises(OverLimit, match="最多结对 3 户，现有 0 户，再加 4 户"):
        finish(assign(book, homes, helper, date(2018, 1, 1)))
    with book.reading() as session:
        assert len(without_helper(session)) == 4
    finish(assign(book, homes, helper, date(2018, 1, 1), beyond_limit=True))
    with book.reading() as session:
        assert without_helper(session) == []
        (burden,) = over_limit(session)
    assert (burden.name, burden.households, burden.limit) == ("赵干部", 4, 3)


def test_limits_follow_the_rank() -> None:
    assert [limit_of(rank) for rank in ("县处级", "乡科级正职", "科员级", "村干部", None)] == [5, 4, 3, 10, 5]


def test_households_that_need_no_helper_are_not_missed(book: Workbook) -> None:
    (registered,) = _households(book, 1)
    with book.writing() as session:
        builders.household(session, number=2, household_kind="一般农户")
        builders.household(session, number=3, household_kind="脱贫户", registration_state="注销")
    with book.reading() as session:
        assert without_helper(session) == [registered]


def test_an_end_before_the_beginning_is_refused(book: Workbook) -> None:
    (home,) = _households(book, 1)
    (id,) = finish(assign(book, [home], _helper(book), date(2018, 5, 1)))
    with pytest.raises(OfficeError, match="早于开始日期"):
        finish(end(book, [id], date(2018, 4, 1), "工作调动"))
    with pytest.raises(FieldRefused, match="调整原因"):
        finish(end(book, [id], date(2018, 6, 1), "不想干了"))
    with book.reading() as session:
        assert assignment_rows(session, home)[0].in_force
