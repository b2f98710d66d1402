"""What a plan of edits says to the officer before it is written, one sentence a line."""

from collections.abc import Iterator

from app.cell_edits.cell_edit import EditPlan
from app.cell_edits.record_addition import AdditionPlan

_MOST_LINES = 2000  # of one kind; more cannot be read through


def plan_summary(plan: EditPlan) -> str:
    """Counts: what would change, what is refused, what is doubtful."""
    told = [f"将改动 {plan.records} 条记录的 {len(plan.changes)} 格"] if plan.changes else ["没有要改动的"]
    told += [f"没有收 {len(plan.refused)} 格"] if plan.refused else []
    told += [f"疑点 {len(plan.doubts)} 处"] if plan.doubts else []
    return f"{'，'.join(told)}。"


def plan_lines(plan: EditPlan, left_over: str = "") -> list[str]:
    """What needs a look first: what is refused, what is doubtful, then what changes.

    Args:
        left_over: what found no cell
    """
    return [line for lines in (_refused(plan, left_over), _doubts(plan), _changes(plan)) for line in _limited(lines)]


def _refused(plan: EditPlan, left_over: str) -> Iterator[str]:
    if left_over:
        yield f"没有收　{left_over}"
    yield from (f"没有收　{refused}" for refused in plan.refused)


def _doubts(plan: EditPlan) -> Iterator[str]:
    yield from (f"疑点　{doubt}" for doubt in plan.doubts)


def _changes(plan: EditPlan) -> Iterator[str]:
    for change in plan.changes:
        before, after = (text or "（空）" for text in change.texts)
        yield f"变更　{change.title} {change.label}：{before} → {after}"


def _limited(lines: Iterator[str]) -> list[str]:
    found = list(lines)
    more = len(found) - _MOST_LINES
    return [*found[:_MOST_LINES], f"……还有 {more} 行"] if more > 0 else found


def addition_summary(plan: AdditionPlan) -> str:
    """Counts of what would be added."""
    told = [f"将新增 {plan.count} 条"] if plan.records else ["没有要新增的"]
    told += [f"没有收 {len(plan.refused)} 条"] if plan.refused else []
    told += [f"疑点 {len(plan.doubts)} 处"] if plan.doubts else []
    return f"{'，'.join(told)}。"


def addition_lines(plan: AdditionPlan) -> list[str]:
    """What needs a look first, then what is added."""
    refused = _limited(f"没有收　{one}" for one in plan.refused)
    doubts = _limited(f"疑点　{one}" for one in plan.doubts)
    return [*refused, *doubts, *_limited(f"新增　{one.title}" for one in plan.records if one.title)]
