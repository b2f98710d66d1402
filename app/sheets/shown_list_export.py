"""A list as it stands on the screen, for lists that do not come back: what was withdrawn, operations, conflicts."""

from collections.abc import Sequence
from pathlib import Path

from app.progress import Task
from app.sheets.writer import text_column, write_list
from app.workbook.workbook import Workbook


def write_shown_list(
    workbook: Workbook, title: str, labels: Sequence[str], rows: Sequence[Sequence[str]], out: Path
) -> Task[int]:
    """The texts of each row under these headings; the log keeps that it was made. Returns how many rows.

    Raises:
        UserError: the file cannot be written
    """
    cells = [tuple(text or None for text in row) for row in rows]
    count = yield from write_list(cells, [text_column(label) for label in labels], out, title=title)
    workbook.audit(f"导出{title}", count)
    return count
