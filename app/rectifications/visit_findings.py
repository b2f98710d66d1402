"""What a visit found becomes a problem or a task: one of each, however often it is asked for.

A promise is not copied: it waits among 办理中的事 (app/rectifications/open_work.py) until the visit says how it was
kept.
"""

from datetime import date

from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import is_taken, new_draft, write_draft
from app.rectifications.rectification import start_problem
from app.registers.rectification import DEFAULT_DEADLINE, due_date
from app.registers.work_task import REGISTER as TASKS
from app.workbook.workbook import Workbook
from db.schema import records
from db.schema.aid import Visit
from db.schema.household import Household
from db.schema.record import derived_id
from db.schema.relations import record_label
from db.schema.work_task import TaskHousehold
from resources.option_roles import value_of


def open_problem_of_visit(workbook: Workbook, visit_id: str) -> str:
    """The problem that a visit found, begun where there is none yet; returns its id.

    Raises:
        UserError: the visit says nothing of a problem, or was withdrawn
    """
    problem_id = derived_id("rectification", "visit", visit_id)
    with workbook.operation("走访发现列为问题") as session:
        visit, household = _visit(session, visit_id)
        if not _is_there(session, "rectification", problem_id):
            found_on = visit.visited_on or date.today()
            draft = start_problem(
                household,
                _finding(visit),
                found_on,
                due_date(found_on, DEFAULT_DEADLINE),
                source=value_of("rectification_source", "visit"),
                responsible=visit.visitors,
                plan=visit.solution,
                note=_told_by(visit),
            )
            write_draft(session, new_draft(draft.table, draft.village, problem_id, **draft.values))
    return problem_id


def give_task_of_visit(workbook: Workbook, visit_id: str) -> str:
    """The task that follows from a visit, given where there is none yet; returns its id.

    Raises:
        UserError: the visit says nothing of a problem, or was withdrawn
    """
    task_id = derived_id("work_task", "visit", visit_id)
    with workbook.operation("走访发现交办任务") as session:
        visit, household = _visit(session, visit_id)
        if not _is_there(session, "work_task", task_id):
            today = date.today()
            task = new_draft(
                TASKS.key,
                visit.village,
                task_id,
                title=_finding(visit),
                list_kind=value_of("task_list", "household_helper"),
                source=value_of("task_source", "request"),
                content=visit.solution,
                responsible=visit.visitors,
                assigned_on=today,
                assigned_by=workbook.operator or None,
                due_on=visit.promised_by or due_date(today, DEFAULT_DEADLINE),
                note=_told_by(visit),
            )
            write_draft(session, task)
            row_id = TaskHousehold.id_of(task_id, household.id)
            listed = new_draft("task_household", visit.village, row_id, task_id=task_id, household_id=household.id)
            write_draft(session, listed)
    return task_id


def _visit(session: Session, visit_id: str) -> tuple[Visit, Household]:
    visit = session.get(Visit, visit_id)
    household = session.get(Household, visit.household_id) if visit else None
    if visit is None or household is None or visit.withdrawn:
        raise UserError("这次走访已不在了，请刷新后再试。")
    return visit, household


def _is_there(session: Session, table: str, record_id: str) -> bool:
    """Whether it was begun before; what was withdrawn is not begun again."""
    if not is_taken(session, table, record_id):
        return False
    if session.get_one(records()[table], record_id).withdrawn:
        raise UserError(f"从这次走访列的{record_label(table)}已撤回。请在“已撤回”里恢复它。")
    return True


def _finding(visit: Visit) -> str:
    """What was asked for, else what was seen."""
    if found := visit.asked_for or visit.found:
        return found
    raise UserError("这次走访没有写“反映问题与诉求”，也没有写“了解情况”。请先写清楚是什么问题。")


def _told_by(visit: Visit) -> str:
    return f"{visit.visited_on or ''} 走访（{visit.visitors or '走访人未填'}）".strip()
