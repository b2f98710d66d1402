"""What a meeting decided becomes tasks, what a self-check found wanting becomes problems, however often it is asked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import UserError
from app.forms.entries import create_entry, load_entry, save_entry
from app.progress import run_to_completion
from app.records.draft import withdraw
from app.rectifications.meeting_tasks import decisions, give_tasks_of_meeting, waiting_decisions
from app.rectifications.self_check_problems import hand_over_self_check
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.community import Meeting
from db.schema.rectification import Rectification
from db.schema.work_task import WorkTask
from tests import builders

CODE = builders.VILLAGE.code


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        held = {"village": CODE, "kind": "调度会", "held_on": date(2018, 12, 3)}
        session.add(Meeting(id="decided", title="十二月调度会", decisions="1．收齐凭证；\n2．报调度表。", **held))
        session.add(Meeting(id="silent", title="学习会", **held))
    yield opened
    opened.close()


def test_each_decision_becomes_one_task(book: Workbook) -> None:
    first, second = give_tasks_of_meeting(book, "decided")
    assert give_tasks_of_meeting(book, "decided") == ()
    with book.reading() as session:
        tasks = [session.get_one(WorkTask, id) for id in (first, second)]
        assert [task.title for task in tasks] == ["收齐凭证", "报调度表"]
        assert {(task.source, task.note) for task in tasks} == {
            ("调度会议定", "2018-12-03 调度会“十二月调度会”议定"),
        }
    run_to_completion(undo(book))
    with book.reading() as session:
        assert session.scalars(select(WorkTask.withdrawn)).all() == [True, True]
        assert waiting_decisions(session, {"decided": "收齐凭证；报调度表"}) == {"decided": ("收齐凭证", "报调度表")}
    withdraw(book, WorkTask.__tablename__, give_tasks_of_meeting(book, "decided")[0])
    with book.reading() as session:
        assert waiting_decisions(session, {"decided": "收齐凭证；报调度表"}) == {}, "somebody decided against it"
    with pytest.raises(UserError, match="没有写“议定事项”"):
        give_tasks_of_meeting(book, "silent")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、修路\n二、修桥", ("修路", "修桥")),
        ("（1）修路。 (2)修桥", ("修路。 (2)修桥",)),  # what stands in one line is one decision
        ("3.5 万元分给 12 户；", ("3.5 万元分给 12 户",)),
        ("同意；同意", ("同意",)),
        ("  \n", ()),
    ],
)
def test_decisions_stand_in_lines_or_between_semicolons(text: str, found: tuple[str, ...]) -> None:
    assert decisions(text) == found


def test_what_a_self_check_found_wanting_becomes_a_problem_of_the_village(book: Workbook) -> None:
    entry_id = create_entry(book, "self_check", village=CODE, year=2018, day=date(2018, 12, 10))
    with pytest.raises(UserError, match="没有“是否做到”填“否”的要点"):
        hand_over_self_check(book, entry_id)
    with book.reading() as session:
        entry = load_entry(session, entry_id)
    answers = {
        "points/duty/met": True, "points/files/met": False, "points/files/by": "汪巧珍",
        "points/team/met": False, "points/team/found": "少十天", "points/team/due": date(2018, 12, 28),
    }  # fmt: skip
    save_entry(book, entry.with_values(**answers))
    assert len(hand_over_self_check(book, entry_id)) == 2
    assert hand_over_self_check(book, entry_id) == ()
    with book.reading() as session:
        team, files = session.scalars(select(Rectification).order_by(Rectification.problem)).all()
    assert (team.problem, team.household_id, team.due_on) == ("少十天", None, date(2018, 12, 28))
    assert (files.problem, files.responsible, files.source, files.problem_class) == (
        "没有做到：一户一档、村级档案齐全，该签字的已签字", "汪巧珍", "自查", "档案资料",
    )  # fmt: skip
    notice = create_entry(book, "public_notice", village=CODE, day=date(2018, 12, 10))
    with pytest.raises(UserError, match="只有年度自查表"):
        hand_over_self_check(book, notice)
