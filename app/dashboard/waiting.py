"""What waits to be done, as numbers beside the pages where it is done."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.dashboard.consistency_counts import consistency_counts
from app.issues.issues import each_open_issue
from app.issues.rule import ERROR, Severity
from app.progress import Progress, Task
from app.registers import all_registers
from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, count_rows
from app.sync import conflicts
from app.workbook.workbook import Workbook
from db.filled_tables import filled_tables

Urgency = Literal["bad", "warn", "quiet"]


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How much waits on one page (its name as in ui/pages: "conflicts", "entry_list", the key of a register)."""

    page: str
    count: int
    urgency: Urgency
    description: str


def waiting_counts(workbook: Workbook) -> Task[tuple[WaitingCount, ...]]:
    """Conflicts, what is overdue in each register, what other systems lack, what differs, open issues; what is done
    counts 0.

    The issues take some seconds in a large village; between two steps it can be cancelled.
    """
    yield Progress(0, 1)
    number = conflicts.count(workbook)
    yield Progress(0, 1)
    with workbook.reading() as session:
        filled = filled_tables(session)
        overdue = [_overdue_count(session, register, filled) for register in all_registers() if register.steps]
    yield Progress(0, 1)
    consistency = yield from consistency_counts(workbook)
    issues: Counter[Severity] = Counter()
    yield from each_open_issue(workbook, lambda issue: issues.update((issue.severity,)))
    return (
        WaitingCount("conflicts", number, "bad", f"{number} 处冲突待处理"),
        *overdue,
        WaitingCount(
            "entry_list",
            consistency.waiting,
            "warn" if consistency.changed else "quiet",
            f"{consistency.not_entered} 条未录入各系统，{consistency.changed} 条录入以后有变动",
        ),
        WaitingCount(
            "three_way",
            consistency.share.different,
            "warn",
            f"{consistency.share.different} 户的系统、档案、实际不一致",
        ),
        WaitingCount(
            "issues",
            issues.total(),
            "warn" if issues[ERROR] else "quiet",
            f"{issues.total()} 条疑点未核实，其中错误 {issues[ERROR]} 条",
        ),
    )


def _overdue_count(session: Session, register: Register, filled: Collection[str]) -> WaitingCount:
    """Rows past the last day of their next step; `filled`: the tables that hold any."""
    number = count_rows(session, register, RowQuery(overdue=True)) if register.key in filled else 0
    return WaitingCount(register.key, number, "bad", f"{register.title} {number} 条超期")
