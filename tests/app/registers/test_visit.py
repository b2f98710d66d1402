"""走访: a promise is a step of a visit, and there is none where nothing was promised."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.errors import UserError
from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.figures import figure_values
from app.registers.engine.progress import FINISHED
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.registers.engine.steps import complete_step, due_items
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.household import Household
from tests import builders

VISITS = get_register("visit")
HOUSEHOLD = Household.id_of(f"{builders.VILLAGE.code}001")
DAY = date(2018, 6, 20)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """One visit without a promise, and promises that are late, kept, or without a day."""
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        builders.household(session)
        for id, month, promised, by, kept in (
            ("plain", 2, None, None, None),
            ("late", 5, "装路灯", date(2018, 6, 10), None),
            ("kept", 3, "修水管", date(2018, 4, 1), "已修好"),
            ("undated", 4, "问低保", None, None),
        ):
            session.add(
                Visit(
                    id=id, village=builders.VILLAGE.code, household_id=HOUSEHOLD, visited_on=date(2018, month, 1),
                    visitors="王书记", promised=promised, promised_by=by, carried_out=kept,
                )
            )  # fmt: skip
    yield opened
    opened.close()


def test_the_latest_comes_first_and_only_promises_wait(book: Workbook) -> None:
    with book.reading() as session:
        ids = row_ids(session, VISITS)
        assert ids == ["late", "undated", "kept", "plain"]
        labels = [row.progress.label for row in load_rows(session, VISITS, ids, DAY)]
        assert labels == ["待兑现", "待兑现", "已兑现", "已走访"]
        assert [row.progress.closed for row in load_rows(session, VISITS, ids, DAY)] == [False, False, True, False]
        assert row_ids(session, VISITS, RowQuery(step="兑现")) == ["late", "undated"]
        assert row_ids(session, VISITS, RowQuery(step=FINISHED)) == ["kept", "plain"]
        assert row_ids(session, VISITS, RowQuery(overdue=True, today=DAY)) == ["late"]
        assert [(item.title, item.step, item.days_left) for item in due_items(session, [VISITS], DAY)] == [
            ("陈卫国（下屋组）", "兑现", -10)
        ]
        figures = {one.label: one.value for one in figure_values(session, VISITS, RowQuery(today=DAY))}
    assert figures == {
        "走访次数": 4, "走访户数": 1, "有诉求": 0, "三同次数": 0, "未签字": 4, "未传APP": 4, "承诺超期": 1,
    }  # fmt: skip


def test_a_promise_is_kept_with_a_word_about_it(book: Workbook) -> None:
    with pytest.raises(UserError, match="请填“落实情况”"):
        complete_step(book, VISITS, "late", "兑现", DAY)
    complete_step(book, VISITS, "late", "兑现", DAY, {"carried_out": "路灯已亮"})
    with book.reading() as session:
        assert load_rows(session, VISITS, ["late"], DAY)[0].progress.label == "已兑现"
        assert session.get_one(Visit, "late").promised_by == date(2018, 6, 10)
    run_to_completion(undo(book))
    with book.reading() as session:
        assert session.get_one(Visit, "late").carried_out is None
