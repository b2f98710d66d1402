"""工作清单: a task is gone through step by step, sent back for a reason, and begun anew each period."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import UserError, ValidationError
from app.records.draft import open_draft
from app.registers.engine.new_row import save_row, start_row
from app.registers.engine.progress import FINISHED
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.registers.engine.steps import complete_step
from app.registers.work_task import REGISTER, begin_next_period, send_back
from app.workbook.workbook import Workbook
from db.schema.work_task import TaskHousehold, WorkTask
from tests import builders

VILLAGE = builders.VILLAGE.code
STEPS = ("下达", "签收", "办理", "反馈", "审核", "销号", "归档")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    with closing(builders.workbook(tmp_path)) as opened:
        with opened.writing() as session:
            home = builders.household(session).id
            task = WorkTask(
                id="t", village=VILLAGE, title="走访所包户", list_kind="包户干部清单", period="每月",
                responsible="何敬之", assigned_on=date(2018, 10, 1), due_on=date(2018, 10, 31),
            )  # fmt: skip
            session.add(task)
            session.flush()
            session.add(TaskHousehold(village=VILLAGE, task_id="t", household_id=home))
        yield opened


def label(book: Workbook, today: date = date(2018, 10, 20)) -> str:
    with book.reading() as session:
        return load_rows(session, REGISTER, ["t"], today)[0].progress.label


def test_it_goes_from_being_given_to_being_filed_and_back_for_a_reason(book: Workbook) -> None:
    assert tuple(step.name for step in REGISTER.steps) == STEPS
    for n, (step, values) in enumerate(
        (("签收", {}), ("办理", {}), ("反馈", {"result": "走了五户"}), ("审核", {"reviewed_by": "沈一鸣"})), 11
    ):
        complete_step(book, REGISTER, "t", step, date(2018, 10, n), values)
    assert label(book) == "待销号"
    with pytest.raises(UserError, match="请写退回的原因"):
        send_back(book, "t", " ", date(2018, 10, 16))
    send_back(book, "t", "两户没有填手册", date(2018, 10, 16))
    assert label(book) == "待办理"
    with book.reading() as session:
        task = session.get_one(WorkTask, "t")
        assert (task.return_reason, task.received_on, task.result) == ("两户没有填手册", date(2018, 10, 11), "走了五户")
    with pytest.raises(UserError, match="还没有办理"):
        send_back(book, "t", "再看看", date(2018, 10, 17))


def test_an_extension_moves_the_last_day(book: Workbook) -> None:
    complete_step(book, REGISTER, "t", "签收", date(2018, 10, 2))
    with book.writing() as session:
        session.get_one(WorkTask, "t").extended_to = date(2018, 11, 15)
    with book.reading() as session:
        assert load_rows(session, REGISTER, ["t"], date(2018, 11, 10))[0].progress.days_left == 5
        assert row_ids(session, REGISTER, RowQuery(overdue=True, today=date(2018, 11, 16))) == ["t"]
        assert row_ids(session, REGISTER, RowQuery(step=FINISHED)) == []


def test_a_task_comes_neither_before_itself_nor_in_a_circle(book: Workbook) -> None:
    with book.reading() as session:
        first = open_draft(session, "work_task", "t")
    with pytest.raises(ValidationError, match="“前一项任务”不能是它自己"):
        save_row(book, first.with_values(follows_id="t"))
    second = start_row(REGISTER, VILLAGE, title="汇总走访情况", follows_id="t")
    save_row(book, second)
    with pytest.raises(ValidationError, match="绕了一圈又回到这一条"):
        save_row(book, first.with_values(follows_id=second.id))


def test_what_is_done_every_month_begins_anew_once(book: Workbook) -> None:
    assert begin_next_period(book, date(2018, 10, 31)) == 0
    assert begin_next_period(book, date(2018, 12, 5)) == 1
    assert begin_next_period(book, date(2018, 12, 5)) == 0
    with book.reading() as session:
        begun = session.scalars(select(WorkTask).where(WorkTask.id != "t")).one()
        assert (begun.title, begun.due_on, begun.assigned_on, begun.handled_on) == (
            "走访所包户", date(2018, 12, 31), date(2018, 12, 5), None,
        )  # fmt: skip
        assert session.scalars(select(TaskHousehold).where(TaskHousehold.task_id == begun.id)).one()
    with book.writing() as session:
        session.get_one(WorkTask, begun.id).cancelled_on = date(2018, 12, 31)
    assert begin_next_period(book, date(2019, 1, 2)) == 1
