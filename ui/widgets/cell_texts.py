"""What cells of a table say, on the screen and on the clipboard, and at which side they stand."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.workbook.masking import mask_text

if TYPE_CHECKING:
    from ui.widgets.row_table import Column, Row

ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def cell_text(row: "Row", column: "Column") -> str:
    """What a cell shows, masked."""
    value = row.cells.get(column.key)
    if value is None:
        return ""
    told = column.text(value) if column.text else str(value)
    return mask_text(told, column.mask) if column.mask and told else told


def as_text(rows: "Iterable[Row]", columns: "Sequence[Column]") -> str:
    """Rows as the clipboard takes them: a line of labels, then a line each, cells masked, with tabs between."""
    lines = ["\t".join(column.label for column in columns)]
    lines += ["\t".join(cell_text(row, column) for column in columns) for row in rows]
    return "\n".join(lines)
