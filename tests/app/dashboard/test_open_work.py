"""What waits, of all kinds in one list by day, and the days of the work team in the village."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from app.dashboard.summary import village_summary
from app.dashboard.team_days import TeamDays, team_days
from app.rectifications.meeting_tasks import give_tasks_of_meeting
from app.rectifications.open_work import open_work
from app.rectifications.rectification import close_out, open_problem
from app.registers import get_register
from app.registers.engine.rows import load_rows
from app.registers.engine.steps import complete_step
from app.workbook.workbook import Workbook
from db.schema.aid import Helper, Visit
from db.schema.community import Meeting
from db.schema.monitoring import Monitoring
from db.schema.rectification import Rectification
from db.schema.work_task import WorkTask
from db.schema.work_team import Attendance, LeaveRequest, TeamTerm
from tests import builders

VILLAGE = builders.VILLAGE.code
TODAY = date(2018, 9, 20)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    with closing(builders.workbook(tmp_path)) as opened:
        yield opened


def test_promises_monitoring_problems_and_tasks_stand_in_one_list_with_who_and_until_when(book: Workbook) -> None:
    with book.writing() as session:
        home = builders.household(session).id
        helper = Helper(id="h", village=VILLAGE, name="汪明远")
        task = WorkTask(
            id="t", village=VILLAGE, title="报送月报", list_kind="村两委清单", responsible="储全胜",
            assigned_on=date(2018, 9, 1), received_on=date(2018, 9, 2), due_on=date(2018, 9, 18),
        )  # fmt: skip
        promise = Visit(village=VILLAGE, household_id=home, visited_on=date(2018, 9, 1), visitors="徐静")
        promise.promised, promise.promised_by = "装路灯", date(2018, 9, 30)
        watched = Monitoring(village=VILLAGE, household_id=home, risk_note="住院", lead_on=date(2018, 9, 10))
        watched.contact_id = helper.id
        session.add_all([helper, task, promise, watched])
    open_problem(book, home, "院内堆放杂物", date(2018, 9, 3), "30天", responsible="郑晓岚")
    with book.reading() as session:
        items = open_work(session, TODAY)
    assert [(one.register, one.title, one.step, one.responsible, one.due_on) for one in items] == [
        ("work_task", "报送月报", "待办理", "储全胜", date(2018, 9, 18)),
        ("monitoring", "住院", "待核查", "汪明远", date(2018, 9, 25)),
        ("visit", "装路灯", "待兑现", "徐静", date(2018, 9, 30)),
        ("rectification", "院内堆放杂物", "整改中", "郑晓岚", date(2018, 10, 3)),
    ]
    assert [one.overdue for one in items] == [True, False, False, False]
    assert [one.whom for one in items[:2]] == ["", "陈卫国（下屋组）"]
    tasks = get_register("work_task")
    complete_step(book, tasks, "t", "办理", TODAY)
    with book.reading() as session:
        assert open_work(session, TODAY)[0].step == "待反馈"


def test_a_dispatch_meeting_waits_until_it_is_held_and_its_decisions_are_tasks(book: Workbook) -> None:
    with book.writing() as session:
        for id, held_on, decisions in (
            ("next", date(2018, 9, 25), None), ("held", date(2018, 9, 10), "修水渠；清运垃圾"),
            ("empty", date(2018, 9, 11), None), ("old", date(2017, 9, 11), "修路"),
        ):  # fmt: skip
            meeting = Meeting(id=id, village=VILLAGE, title=f"{id} 会", kind="调度会", held_on=held_on, host="沈一鸣")
            meeting.decisions = decisions
            session.add(meeting)
    with book.reading() as session:
        waiting = [(one.record_id, one.title, one.step, one.due_on, one.overdue) for one in open_work(session, TODAY)]
    assert waiting == [
        ("held", "修水渠；清运垃圾", "待列为任务", date(2018, 9, 13), True),
        ("next", "next 会", "待召开", date(2018, 9, 25), False),
    ]
    assert len(give_tasks_of_meeting(book, "held")) == 2
    with book.reading() as session:
        assert {one.register for one in open_work(session, TODAY)} == {"work_task", "meeting"}
        assert [one.record_id for one in open_work(session, TODAY) if one.register == "meeting"] == ["next"]


def test_what_was_closed_long_ago_is_looked_at_again_and_what_comes_back_is_a_recurrence(book: Workbook) -> None:
    with book.writing() as session:
        home = builders.household(session).id
    former = open_problem(book, home, "旱厕脏", date(2018, 1, 3), problem_class="人居环境")
    with book.writing() as session:
        row = session.get_one(Rectification, former)
        row.done_on, row.outcome, row.followup_on, row.followup_by = date(2018, 1, 9), "扫了", date(2018, 1, 12), "王"
    close_out(book, former, date(2018, 1, 15), "王书记")
    again = open_problem(book, home, "厕所又脏", TODAY, problem_class="人居环境")
    other = open_problem(book, home, "手册没有填", TODAY, problem_class="档案资料")
    problems = get_register("rectification")
    with book.reading() as session:
        assert village_summary(session, TODAY).problems_to_recheck == 1
        recurs = {row.id: row.values["recurs"] for row in load_rows(session, problems, [former, again, other])}
    assert recurs == {former: False, again: True, other: False}


def test_days_in_the_village_count_halves_and_not_leave(book: Workbook) -> None:
    with book.writing() as session:
        session.add(Helper(id="leader", village=VILLAGE, name="汪明远", is_team_leader=True))
        session.add(Helper(id="gone", village=VILLAGE, name="何敬之"))
        session.add(Helper(id="term", village=VILLAGE, name="徐静"))
        session.flush()
        session.add(TeamTerm(village=VILLAGE, helper_id="term", started_on=date(2018, 1, 1)))
        session.add(TeamTerm(village=VILLAGE, helper_id="gone", started_on=date(2016, 1, 1), ended_on=date(2018, 3, 1)))
        for day, half, state in (
            (date(2018, 8, 31), None, "在村"), (date(2018, 9, 3), "全天", "在村"), (date(2018, 9, 4), "上午", "在村"),
            (date(2018, 9, 5), None, "事假"), (date(2018, 9, 21), None, "在村"), (date(2017, 9, 4), None, "在村"),
        ):  # fmt: skip
            session.add(Attendance(village=VILLAGE, helper_id="leader", day=day, half=half, state=state))
        for first, last, refused in ((date(2018, 3, 1), date(2018, 3, 31), None), (TODAY, TODAY, TODAY)):
            leave = LeaveRequest(helper_id="term", started_on=first, ended_on=last, refused_on=refused)
            leave.village = VILLAGE
            session.add(leave)
    with book.reading() as session:
        found = team_days(session, TODAY)
    assert found == (TeamDays("徐静", 0, 0, 31), TeamDays("汪明远", 1.5, 2.5))
    assert [one.too_much_leave for one in found] == [True, False]
