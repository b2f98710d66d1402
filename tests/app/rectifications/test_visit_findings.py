"""A finding of a visit becomes one problem or one task, however often it is asked for."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import UserError
from app.progress import run_to_completion
from app.records.draft import withdraw
from app.rectifications.visit_findings import give_task_of_visit, open_problem_of_visit
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.household import Household
from db.schema.rectification import Rectification
from db.schema.work_task import TaskHousehold, WorkTask
from tests import builders

HOME = Household.id_of(f"{builders.VILLAGE.code}001")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    visit = {"village": builders.VILLAGE.code, "household_id": HOME, "visited_on": date(2018, 5, 2)}
    with opened.writing() as session:
        builders.household(session)
        session.add(Visit(id="asked", **visit, visitors="徐静", asked_for="屋顶漏雨", solution="报危改"))
        session.add(Visit(id="plain", **visit, visitors="徐静"))
    yield opened
    opened.close()


def test_a_finding_becomes_one_problem_and_one_task(book: Workbook) -> None:
    problem_id = open_problem_of_visit(book, "asked")
    assert open_problem_of_visit(book, "asked") == problem_id
    task_id = give_task_of_visit(book, "asked")
    with book.reading() as session:
        problem = session.scalars(select(Rectification)).one()
        assert (problem.id, problem.household_id, problem.problem) == (problem_id, HOME, "屋顶漏雨")
        assert (problem.source, problem.responsible, problem.note) == ("走访发现", "徐静", "2018-05-02 走访（徐静）")
        assert (problem.found_on, problem.plan) == (date(2018, 5, 2), "报危改")
        task = session.get_one(WorkTask, task_id)
        assert (task.title, task.responsible, task.assigned_by) == ("屋顶漏雨", "徐静", "王书记")
        assert session.scalars(select(TaskHousehold.household_id)).all() == [HOME]
    run_to_completion(undo(book))
    with book.reading() as session:
        assert session.get_one(WorkTask, task_id).withdrawn


def test_what_does_not_become_a_problem_is_said(book: Workbook) -> None:
    with pytest.raises(UserError, match="没有写“反映问题与诉求”"):
        open_problem_of_visit(book, "plain")
    withdraw(book, "rectification", open_problem_of_visit(book, "asked"))
    with pytest.raises(UserError, match="问题整改已撤回"):
        open_problem_of_visit(book, "asked")
    withdraw(book, "visit", "asked")
    with pytest.raises(UserError, match="这次走访已不在了"):
        give_task_of_visit(book, "asked")
