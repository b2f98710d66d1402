"""问题整改清单 as an Excel file: what was found, who puts it right by when, and how it was closed out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.progress import Task
from app.records.field import Field, Value, field
from app.rectifications.rectification import RectificationRow
from app.sheets.writer import write_list
from app.workbook.workbook import Workbook
from db.schema.rectification import Rectification

_COLUMNS = (
    "number", "source", "level", "issued_by", "found_on", "problem", "responsible", "plan", "due_on", "done_on",
    "outcome", "evidence", "followup_on", "followup_by", "opinion", "reviewed_by", "closed_on", "note",
)  # fmt: skip


def write_rectifications(workbook: Workbook, listed: Sequence[RectificationRow], out: Path) -> Task[int]:
    """These problems in their order, with all columns; the log keeps that it was made. Returns how many.

    Raises:
        UserError: the file cannot be written
    """
    fields = [text_column("户主"), field("household", "group_name"), text_column("状态")]
    fields += [field("rectification", name) for name in _COLUMNS]
    with workbook.reading() as session:
        records_by_id = {
            item.id: item for item in session.scalars(select(Rectification).where(~Rectification.withdrawn))
        }
        rows: list[list[Value]] = [
            [item.head, item.group, f"{item.state}{'（超期）' if item.overdue else ''}"]
            + [getattr(records_by_id[item.id], name) for name in _COLUMNS]
            for item in listed
            if item.id in records_by_id
        ]
    count = yield from write_list(rows, fields, out, title=f"问题整改清单{date.today():%Y%m%d}")
    workbook.audit("导出问题整改清单", count)
    return count


def text_column(label: str) -> Field:
    """A column of plain text under this heading."""
    template = field("rectification", "evidence")
    return replace(template, spec=replace(template.spec, label=label))
