"""问题整改清单 as an Excel file: what was found, who puts it right by when, and how it was closed out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.progress import Work
from app.records.field import Field, Value, field
from app.sheets.writing import write_list
from app.work.rectification import RectificationRow
from app.workbook.workbook import Workbook
from db.schema.work import Rectification

_COLUMNS = (
    "number", "source", "level", "issued_by", "found_on", "problem", "responsible", "plan", "due_on", "done_on",
    "outcome", "evidence", "followup_on", "followup_by", "opinion", "reviewed_by", "closed_on", "note",
)  # fmt: skip


def write_rectifications(workbook: Workbook, shown: Sequence[RectificationRow], out: Path) -> Work[int]:
    """These problems in their order, with all columns; the log keeps that it was made. Returns how many.

    Raises:
        OfficeError: the file cannot be written
    """
    fields = [headed("户主"), field("household", "group_name"), headed("状态")]
    fields += [field("rectification", name) for name in _COLUMNS]
    with workbook.reading() as session:
        kept = {one.id: one for one in session.scalars(select(Rectification).where(~Rectification.withdrawn))}
        rows: list[list[Value]] = [
            [one.head, one.group, f"{one.state}{'（超期）' if one.overdue else ''}"]
            + [getattr(kept[one.id], name) for name in _COLUMNS]
            for one in shown
            if one.id in kept
        ]
    count = yield from write_list(rows, fields, out, title=f"问题整改清单{date.today():%Y%m%d}")
    workbook.deed("导出问题整改清单", count)
    return count


def headed(label: str) -> Field:
    """A column of plain text under this heading."""
    text = field("rectification", "evidence")
    return replace(text, declared=replace(text.declared, label=label))
