"""Workbooks that openpyxl laid out, as files: whole or not at all, and without a copy of their cells elsewhere.

openpyxl writes each sheet into a file among the temporary ones of the machine first, in clear; who ends the program at
that moment leaves it there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from app.errors import UserError
from app.workbook import files


@contextmanager
def atomic_workbook(out: Path) -> Iterator[Any]:
    """A new workbook without sheets that takes its name only when it is whole.

    Raises:
        UserError: the file cannot be written
    """
    from openpyxl import Workbook

    excel_workbook = Workbook()
    excel_workbook.remove(excel_workbook.active)
    try:
        yield excel_workbook
        with files.atomic_write(out) as part_path:
            save_workbook(excel_workbook, part_path)
    except OSError as error:
        raise unwritable_file(out) from error


def save_workbook(excel_workbook: Any, out: Path | IO[bytes]) -> None:
    """Write a workbook of openpyxl that was not made as write_only.

    Raises:
        OSError: it cannot be written
    """
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        _memory_writer()(excel_workbook, archive).save()


def unwritable_file(out: Path) -> UserError:
    """What is said where a file cannot be written."""
    return UserError(f"写不了“{out.name}”。它可能正在 Excel 里打开，或磁盘已满；请关闭它、换个名字或换个位置再试。")


@cache
def _memory_writer() -> Any:
    """openpyxl's writer of files; its module takes a tenth of a second to load."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class MemoryWriter(ExcelWriter):  # type: ignore[misc]  # it has no types
        """Writes each sheet into memory instead of a temporary file; all else is openpyxl's."""

        def write_worksheet(self, ws: Any) -> None:
            ws._drawing = SpreadsheetDrawing()
            ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
            content = BytesIO()
            writer = WorksheetWriter(ws, out=content)
            writer.write()
            ws._rels = writer._rels
            self._archive.writestr(ws.path[1:], content.getvalue())
            self.manifest.append(ws)

    return MemoryWriter
