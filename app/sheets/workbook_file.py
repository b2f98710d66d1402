"""Workbooks that openpyxl laid out, written without a copy of their cells elsewhere.

openpyxl writes each sheet into a file among the temporary ones of the machine first, in clear; who ends the program at
that moment leaves it there.
"""

from functools import cache
from io import BytesIO
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile


def save_workbook(excel_workbook: Any, out: IO[bytes]) -> None:
    """Write a workbook of openpyxl that was not made as write_only."""
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        _memory_writer()(excel_workbook, archive).save()


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
