"""待录入清单 and 三者一致 as Excel lists: what has to be typed in, value by value, and what stands where."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from app.consistency.entry_list import EntryLine
from app.consistency.three_way import FactLine
from app.progress import Task
from app.records.field import Value, field_label
from app.sheets.writer import text_column, write_list
from app.workbook.roles import REVEAL
from app.workbook.workbook import Workbook

_ENTRY_HEADINGS = (
    "系统", "界面", "户主", field_label("household", "household_no"), field_label("household", "group_name"), "对象",
    "状态", "字段", "系统里的值", "本工作簿的值", "修改人", "修改时间", "系统数据时间",
)  # fmt: skip
_FACT_HEADINGS = (
    "户主", field_label("household", "household_no"), field_label("household", "group_name"), "对象", "内容", "结果",
    "要做的事", "本工作簿", "系统", "系统数据时间", "档案", "打印时间", "实际", "核实时间", "核实人",
)  # fmt: skip


def write_entry_lines(workbook: Workbook, lines: Sequence[EntryLine], out: Path, *, reason: str = "") -> Task[int]:
    """One value a row, in the order of each system's screens; the log keeps that it was made. Returns how many rows.

    Args:
        reason: why personal numbers are whole, as the system asks for them; they are masked where it is ""

    Raises:
        UserError: the file cannot be written
    """
    if reason:
        workbook.require(REVEAL, "写出完整号码")
    rows = [row for line in lines for row in _entry_rows(line, hide=not reason)]
    count = yield from write_list(
        rows, [text_column(label) for label in _ENTRY_HEADINGS], out, title="待录入清单", hide=False
    )
    workbook.audit(f"导出待录入清单（完整号码，事由：{reason}）" if reason else "导出待录入清单", count)
    return count


def write_fact_lines(workbook: Workbook, lines: Iterable[FactLine], out: Path) -> Task[int]:
    """One fact a row, personal numbers masked; the log keeps that it was made. Returns how many rows.

    Raises:
        UserError: the file cannot be written
    """
    rows = [_fact_cells(line) for line in lines]
    count = yield from write_list(rows, [text_column(label) for label in _FACT_HEADINGS], out, title="三者一致")
    workbook.audit("导出三者一致核对表", count)
    return count


def _entry_rows(line: EntryLine, *, hide: bool) -> Iterator[Sequence[Value]]:
    for one in line.differences:
        before, after = one.texts(hide=hide)
        yield (
            line.system.title,
            line.screen.title,
            line.household.head,
            line.household.number or None,
            line.household.group or None,
            line.title or None,
            line.state,
            one.label,
            before or None,
            after or None,
            one.changed_by or None,
            one.changed_at.isoformat(" ", "minutes") if one.changed_at else None,
            line.known_at[:16] or None,
        )


def _fact_cells(line: FactLine) -> Sequence[Value]:
    places = (line.system, line.archive, line.actual)
    texts = [line.text(place.value) or "无" if place else None for place in places]
    system_at, archive_at, actual_at = (place.at[:10] if place else None for place in places)
    return (
        line.household.head,
        line.household.number or None,
        line.household.group or None,
        line.title or None,
        line.field.label,
        line.state,
        "、".join(line.corrections) or None,
        line.text(line.value) or None,
        texts[0],
        system_at,
        texts[1],
        archive_at,
        texts[2],
        actual_at,
        line.actual.by if line.actual else None,
    )
