"""A workbook whose headings, styles and rules openpyxl lays out, and whose rows are written as XML beside it.

openpyxl writes 50,000 rows cell by cell in more than half a minute. Here the rows of each sheet are kept compressed in
memory, never on the disk, and put into the sheets when the file is written.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from app.errors import UserError
from app.sheets.sheet import column_letters
from app.sheets.workbook_file import save_workbook
from app.workbook import files

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # no XML holds them
_SHEET_END = re.compile(rb"</sheetData>|<sheetData ?/>")
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_DAY_ZERO = date(1899, 12, 30)  # of Excel, for all days after February 1900
_LONGEST_TEXT = 32_767  # characters that Excel holds in a cell; with more it calls the file damaged
_LEVEL = 1  # a list is written once and read once: speed counts


class StreamedWorkbook:
    """`excel_workbook` is laid out with openpyxl first; then rows are appended to its sheets in any order."""

    def __init__(self) -> None:
        from openpyxl import Workbook

        self.excel_workbook: Any = Workbook()
        self.excel_workbook.remove(self.excel_workbook.active)
        self._rows: dict[str, _SheetRows] = {}

    def append(self, sheet: Any, cells: Sequence[object], *, bold: bool = False, keep_empty: bool = False) -> None:
        """Write a row below what the sheet has: text stays text whatever it begins with, numbers and dates are such.

        Args:
            keep_empty: an empty text is a cell of text, too, so that a number that is typed there keeps its digits
        """
        rows = self._rows.get(sheet.title)
        if rows is None:
            rows = self._rows[sheet.title] = _SheetRows(sheet)
        rows.append(cells, bold, keep_empty)

    def save(self, path: Path) -> None:
        """Write the file.

        Raises:
            OSError: it cannot be written
        """
        laid_out = BytesIO()
        save_workbook(self.excel_workbook, laid_out)
        parts = {sheet.path[1:]: self._rows.get(sheet.title) for sheet in self.excel_workbook.worksheets}
        with (
            zipfile.ZipFile(laid_out) as source,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as target,
        ):
            for name in source.namelist():
                rows, content = parts.get(name), source.read(name)
                if rows is None:
                    target.writestr(name, content)
                    continue
                with target.open(name, "w", force_zip64=True) as part:
                    _write_part(part, content, rows)


@contextmanager
def streamed_workbook(out: Path) -> Iterator[StreamedWorkbook]:
    """A new workbook that takes its name only when it is whole.

    Raises:
        UserError: the file cannot be written
    """
    workbook = StreamedWorkbook()
    try:
        yield workbook
        with files.atomic_write(out) as part_path:
            workbook.save(part_path)
    except OSError as error:
        raise UserError(
            f"写不了“{out.name}”。它可能正在 Excel 里打开，或磁盘已满；请关闭它、换个名字或换个位置再试。"
        ) from error


class _SheetRows:
    """Rows of one sheet as compressed XML."""

    def __init__(self, sheet: Any) -> None:
        self._text_style, self._date_style = _style(sheet, "@"), _style(sheet, "yyyy-mm-dd")
        self._number_style = ""
        self._plain = (self._text_style, "")
        self._bold = (_style(sheet, "@", bold=True), f' s="{_style(sheet, "General", bold=True)}"')
        self._letters: list[str] = []
        self._next_row = sheet.max_row + 1 if sheet._cells else 1
        self._compressor = zlib.compressobj(_LEVEL)
        self._chunks: list[bytes] = []

    def append(self, cells: Sequence[object], bold: bool, keep_empty: bool) -> None:
        number = self._next_row
        self._text_style, self._number_style = self._bold if bold else self._plain
        while len(self._letters) < len(cells):
            self._letters.append(column_letters(len(self._letters)))
        texts = [
            self._cell(f"{letters}{number}", value)
            for letters, value in zip(self._letters, cells, strict=False)
            if value is not None and (value != "" or keep_empty)
        ]
        row = f'<row r="{number}">{"".join(texts)}</row>'
        if chunk := self._compressor.compress(row.encode()):
            self._chunks.append(chunk)
        self._next_row += 1

    def _cell(self, place: str, value: object) -> str:
        if isinstance(value, str):
            text = _ILLEGAL.sub("", value[:_LONGEST_TEXT]) if not value.isalnum() else value[:_LONGEST_TEXT]
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            style = self._text_style
            if not text:
                return f'<c r="{place}" s="{style}"/>'
            return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        if isinstance(value, bool):
            return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, int | float | Decimal):
            return f'<c r="{place}"{self._number_style}><v>{value}</v></c>'
        if isinstance(value, date):
            return f'<c r="{place}" s="{self._date_style}"><v>{(value - _DAY_ZERO).days}</v></c>'
        raise TypeError(f"no cell holds {type(value).__name__}")

    def chunks(self) -> Iterator[bytes]:
        """The XML of all rows, piece by piece."""
        self._chunks.append(self._compressor.flush())
        expander = zlib.decompressobj()
        for chunk in self._chunks:
            yield expander.decompress(chunk)
        yield expander.flush()


def _style(sheet: Any, number_format: str, *, bold: bool = False) -> int:
    """The number that cells of this format have in the file."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    if bold:
        cell.font = Font(bold=True)
    return int(cell.style_id)


def _write_part(part: IO[bytes], content: bytes, rows: _SheetRows) -> None:
    """One sheet as openpyxl laid it out, with the rows below the headings; its size is no longer what that says."""
    content = _DIMENSION.sub(b"", content, count=1)
    end = _SHEET_END.search(content)
    assert end is not None, "openpyxl writes the rows of every sheet"
    is_empty = end[0] != b"</sheetData>"
    part.write(content[: end.start()] + (b"<sheetData>" if is_empty else b""))
    for chunk in rows.chunks():
        part.write(chunk)
    part.write(b"</sheetData>" + content[end.end() :])
