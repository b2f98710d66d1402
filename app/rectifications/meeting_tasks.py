"""What a meeting decided, as tasks: one for each decision, however often it is asked for (docs/coverage.md 4.3-5)."""

import re
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import is_taken, new_draft, write_draft
from app.registers.engine.rows import id_values
from app.registers.rectification import DEFAULT_DEADLINE, due_date
from app.registers.work_task import REGISTER as TASKS
from app.workbook.workbook import Workbook
from db.journal.operations import unmade_rows
from db.schema.community import Meeting
from db.schema.record import derived_id
from db.schema.work_task import WorkTask
from resources.option_roles import value_of

_BETWEEN = re.compile(r"[\n；;]+")
_NUMBER = re.compile(
    r"^\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.．、](?!\d))\s*"
)


def give_tasks_of_meeting(workbook: Workbook, meeting_id: str) -> tuple[str, ...]:
    """The tasks that a meeting's decisions come to, given where there are none yet; returns the ids of the new ones.

    Decisions stand in lines of their own, or with a semicolon between. An id follows from the meeting and the words
    of the decision, so that two laptops give one task, and a task that was withdrawn is not given again.

    Raises:
        UserError: the meeting decided nothing, or was withdrawn
    """
    with workbook.operation("会议议定事项列为任务") as session:
        meeting = session.get(Meeting, meeting_id)
        if meeting is None or meeting.withdrawn:
            raise UserError("这次会议已不在了，请刷新后再试。")
        decided = decisions(meeting.decisions or "")
        if not decided:
            raise UserError("这次会议没有写“议定事项”。请先写上，一件事一行。")
        today, given = date.today(), []
        for decision in decided:
            task_id = decision_task_id(meeting_id, decision)
            if is_taken(session, TASKS.key, task_id):
                continue
            task = new_draft(
                TASKS.key,
                meeting.village,
                task_id,
                title=decision,
                list_kind=value_of("task_list", "committee"),
                source=value_of("task_source", "meeting"),
                assigned_on=today,
                assigned_by=workbook.operator or None,
                due_on=due_date(today, DEFAULT_DEADLINE),
                note=f"{meeting.held_on or ''} {meeting.kind or ''}“{meeting.title or ''}”议定".strip(),
            )
            write_draft(session, task)
            given.append(task_id)
    return tuple(given)


def waiting_decisions(session: Session, meetings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Which decisions are no tasks yet, of meetings by id with what they decided; those with none are left out."""
    by_task = {decision_task_id(id, one): (id, one) for id, text in meetings.items() for one in decisions(text)}
    known = select(WorkTask.id, WorkTask.withdrawn).where(WorkTask.id.in_(id_values([*by_task])))
    withdrawn_of = {one.id: one.withdrawn for one in session.execute(known)}
    given = withdrawn_of.keys() - (unmade_rows(session, TASKS.key) if any(withdrawn_of.values()) else set())
    waiting: dict[str, tuple[str, ...]] = {}
    for task_id, (meeting_id, decision) in by_task.items():
        if task_id not in given:
            waiting[meeting_id] = (*waiting.get(meeting_id, ()), decision)
    return waiting


def decision_task_id(meeting_id: str, decision: str) -> str:
    """The id that the task of a decision has on every laptop."""
    return derived_id(TASKS.key, Meeting.__tablename__, meeting_id, decision)


def decisions(text: str) -> tuple[str, ...]:
    """The decisions of a meeting one by one, without their numbers and full stops."""
    parts = (_NUMBER.sub("", part).strip().rstrip("。") for part in _BETWEEN.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))
