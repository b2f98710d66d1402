"""What a visit found, as a problem or a task, by one key; it opens at once, to be completed."""

from collections.abc import Callable
from functools import partial

from app.records.draft import Draft
from app.rectifications.visit_findings import give_task_of_visit, open_problem_of_visit
from app.workbook.workbook import Workbook
from ui.shell.page import AppContext


class VisitFindings:
    """Used by the page of visits and by the household's part."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    def open_problem(self, visit: Draft | None) -> None:
        """列为问题."""
        self._begin(visit, open_problem_of_visit, "rectification", "已列为问题，请补充整改时限和责任人")

    def give_task(self, visit: Draft | None) -> None:
        """交办任务."""
        self._begin(visit, give_task_of_visit, "work_task", "已交办任务，请核对期限和责任人")

    def _begin(self, visit: Draft | None, work: Callable[[Workbook, str], str], register: str, told: str) -> None:
        if visit is None or visit.new:
            self._context.status_bar.info("请先选一次走访。")
            return

        def show(record_id: str) -> None:
            self._context.status_bar.saved(told)
            self._context.open(register, record=record_id)

        self._context.write(partial(work, self._context.workbook, visit.id), show, message="")
