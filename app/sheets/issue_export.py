"""The issues as an Excel list, to be gone through with village cadres."""

from collections.abc import Sequence
from pathlib import Path

from app.issues.issues import Issue
from app.progress import Task
from app.records.field import Value, field_label
from app.sheets.writer import text_column, write_list
from app.workbook.workbook import Workbook


def write_issues(workbook: Workbook, issues: Sequence[Issue], out: Path) -> Task[int]:
    """One issue a row, personal numbers masked as on the screen; the log keeps that it was made. Returns how many.

    Raises:
        UserError: the file cannot be written
    """
    labels = (
        "轻重",
        "规则",
        "户主",
        field_label("household", "group_name"),
        "对象",
        "说明",
        "涉及字段",
        field_label("verdict", "reason"),
        field_label("verdict", "decided_by"),
        field_label("verdict", "decided_on"),
    )
    count = yield from write_list(
        [_cells(item) for item in issues], [text_column(item) for item in labels], out, title="疑点数据"
    )
    workbook.audit("导出疑点数据", count)
    return count


def _cells(issue: Issue) -> Sequence[Value]:
    dismissal = issue.dismissal
    return (
        issue.severity,
        issue.title,
        issue.household_name,
        issue.group_name or None,
        issue.record_title,
        issue.message,
        "、".join(issue.field_labels) or None,
        dismissal.reason if dismissal else None,
        dismissal.dismissed_by if dismissal else None,
        dismissal.dismissed_on if dismissal else None,
    )
