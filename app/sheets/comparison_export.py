"""Differences from an office's list as an Excel list, to be sent to that office or gone through with cadres."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.comparison.decision import StoredLine
from app.comparison.line import masked_cells
from app.progress import Task
from app.records.field import Field, Value, field, field_label
from app.sheets.roster import join_notes
from app.sheets.writer import write_list
from app.workbook.masking import mask_numbers
from app.workbook.workbook import Workbook

_TITLE = "比对差异"


def write_lines(workbook: Workbook, lines: Sequence[StoredLine], out: Path) -> Task[int]:
    """One person a row, with every cell that the office's list has; numbers are masked. Returns how many.

    Raises:
        UserError: the file cannot be written
    """
    headings = list(dict.fromkeys(title for line in lines for title, _ in line.list_cells))
    labels = [
        "名单", "比对结果", "户", "姓名", "证件号码", "本工作簿 → 名单",
        *(field_label("comparison_line", name) for name in ("decision", "reason", "decided_by", "decided_on")),
        "名单中的位置", *(f"名单：{heading}" for heading in headings),
    ]  # fmt: skip
    rows = [_cells(line, headings) for line in lines]
    count = yield from write_list(rows, [_text_column(label) for label in labels], out, title=_TITLE)
    workbook.audit("导出数据比对差异", count)
    return count


def _cells(line: StoredLine, headings: Sequence[str]) -> list[Value]:
    said: dict[str, str] = {}
    for title, text in masked_cells(line.list_cells, line.id_no):
        said[title] = join_notes(said.get(title, ""), text)
    number = field("comparison_line", "id_no").text(line.id_no or None, hide=True)
    decision = field("comparison_line", "decision").text(line.decision or None)
    told = [
        line.list_title, line.result, line.about, line.name, number, mask_numbers(line.difference), decision,
        line.reason, line.decided_by, line.decided_on.isoformat() if line.decided_on else "", line.list_row,
        *(said.get(heading, "") for heading in headings),
    ]  # fmt: skip
    return [text or None for text in told]


def _text_column(label: str) -> Field:
    """A column of plain text under this heading."""
    template = field("comparison_line", "reason")
    return replace(template, spec=replace(template.spec, label=label))
