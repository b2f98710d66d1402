"""应享未享 as an Excel list: who may have which policy and has no record, and the reverse."""

from collections.abc import Sequence
from pathlib import Path

from app.issues.policy_lines import PolicyLine
from app.progress import Task
from app.records.field import field_label
from app.sheets.writer import text_column, write_list
from app.workbook.workbook import Workbook

_HEADINGS = (
    field_label("policy", "name"), field_label("policy", "level"), field_label("policy", "document_no"), "户主",
    field_label("household", "group_name"), "享受人", "结果", "依据", field_label("policy", "standard"),
    field_label("policy", "proof"), "核实情况",
)  # fmt: skip


def write_policy_lines(workbook: Workbook, lines: Sequence[PolicyLine], out: Path) -> Task[int]:
    """One policy and household or person a row; the log keeps that it was made. Returns how many rows.

    Raises:
        UserError: the file cannot be written
    """
    rows = [_cells(line) for line in lines]
    count = yield from write_list(rows, [text_column(label) for label in _HEADINGS], out, title="应享未享")
    workbook.audit("导出应享未享清单", count)
    return count


def _cells(line: PolicyLine) -> tuple[str | None, ...]:
    terms = line.entitlement.policy
    cells = (
        terms.name, terms.texts["level"], terms.texts["document_no"], line.household, line.group, line.whom, line.state,
        line.entitlement.reasons, terms.texts["standard"], terms.proof.title if terms.proof else "", line.note,
    )  # fmt: skip
    return tuple(cell or None for cell in cells)
