"""The doubts as an Excel list, to be gone through with village cadres."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.progress import Work
from app.quality.doubts import Doubt
from app.records.field import Field, Value, field, label_of
from app.sheets.writing import write_list
from app.workbook.workbook import Workbook


def write_doubts(workbook: Workbook, doubts: Sequence[Doubt], out: Path) -> Work[int]:
    """One doubt a row, personal numbers masked as on the screen; the log keeps that it was made. Returns how many.

    Raises:
        OfficeError: the file cannot be written
    """
    labels = (
        "轻重",
        "规则",
        "户主",
        label_of("household", "group_name"),
        "对象",
        "说明",
        "涉及字段",
        label_of("verdict", "reason"),
        label_of("verdict", "decided_by"),
        label_of("verdict", "decided_on"),
    )
    count = yield from write_list(
        [_cells(one) for one in doubts], [_headed(one) for one in labels], out, title="疑点数据"
    )
    workbook.deed("导出疑点数据", count)
    return count


def _cells(one: Doubt) -> Sequence[Value]:
    settled = one.settled
    return (
        one.severity,
        one.title,
        one.home,
        one.group or None,
        one.called,
        one.sentence,
        "、".join(one.fields) or None,
        settled.reason if settled else None,
        settled.by if settled else None,
        settled.on if settled else None,
    )


def _headed(label: str) -> Field:
    """A column of plain text under this heading."""
    plain = field("verdict", "reason")
    return replace(plain, declared=replace(plain.declared, label=label))
