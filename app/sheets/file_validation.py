"""Validate a spreadsheet file before parsing it: format, password, macros, archive bombs.

Measured: calamine reads a 240 KB archive that unpacks to 183 MB without a word, and two cells far apart (A1 and
XFD1048576) make it ask for 549 GB and abort the whole process. So sizes and cell addresses are checked here first, on
a stream with a cap, and the parser runs in a process of its own all the same.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.sheets.cell_styles import struck_style_numbers
from app.sheets.errors import BrokenSheet, EncryptedSheet, MacroSheet, NoSheet, OversizedSheet
from app.sheets.part_names import part_name
from app.sheets.sheet import column_index

MAX_BYTES = 100 << 20  # of the file itself
MAX_UNPACKED = 400 << 20
MAX_ENTRIES = 4000
MAX_RATIO, RATIO_MIN_BYTES = 150, 20 << 20  # a sheet of real rows packs 10 to 50 times
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 200_000, 500, 12_000_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 20
_ADDRESS = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_FAR_ADDRESS = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]*[0-9]{5})')
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*?(/?)>""")
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s(?=[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'])[^>]*?\bt=["']e["'][^>]*>""")
_EMPTY_FORMULA_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'])(?![^>]*\bt=["']str["'])[^>]*>\s*"""
    rb"""<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</"""
)
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*?\br=["']([0-9]{1,7})["']""")
_STYLED_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*?\br=["'][A-Z]{1,3}([0-9]{1,7})["'])[^>]*?\bs=["']([0-9]+)["'][^>/]*>"""
)
_CELL_START = re.compile(rb"<(?:\w+:)?c\s")


@dataclass(slots=True)
class PartScan:
    """What the scan of one sheet's XML found: its extent, formulas without a result, rows that Excel shows otherwise.

    `struck_cells`: row → how many of its filled cells are struck through; rows count from 0.
    """

    rows: int = 0
    columns: int = 0
    farthest_cell: bytes = b""
    formula_errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    struck_cells: Counter[int] = field(default_factory=Counter)


def detect_container(path: Path) -> str:
    """ "zip" (xlsx), "ole" (xls, et) or "text" (csv), by the bytes and not by the name.

    Raises:
        NoSheet: the file is missing, empty, too large, or something else
    """
    name = path.name
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(4096)
    except OSError as error:
        raise NoSheet(f"读不了文件“{name}”。请确认它还在原处、没有被其他程序占用，再试一次。") from error
    if not size:
        raise NoSheet(f"“{name}”是空文件，里面没有内容。请重新导出或重新拷贝。")
    if size > MAX_BYTES:
        raise OversizedSheet(f"“{name}”有 {size >> 20} MB，名册不会这么大。请只保留名册所在的工作表，另存后再导入。")
    if header.startswith(_ZIP):
        return "zip"
    if header.startswith(_OLE):
        return "ole"
    if re.match(rb"(?i)[\s\xef\xbb\xbf]*<(!doctype|html|table|\?xml|meta)", header):
        raise NoSheet(
            f"“{name}”其实是网页，不是表格文件。请用 Excel 或 WPS 打开它，“另存为”Excel 工作簿（.xlsx）再导入。"
        )
    if header.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if b"\0" in header or header.startswith((b"%PDF", b"{\\rtf")):
        raise NoSheet(f"“{name}”不是表格文件。请选择 .xlsx、.xls、.et 或 .csv 格式的名册。")
    return "text"


def validate_ole(path: Path) -> None:
    """Check an old-style compound file: .xls, .et, or a locked .xlsx.

    Raises:
        EncryptedSheet, MacroSheet, NoSheet
    """
    content = path.read_bytes()
    if _utf16("EncryptedPackage") in content:
        raise encrypted_file_error(path.name)
    if _utf16("_VBA_PROJECT_CUR") in content:
        raise _macro_error(path.name)
    if _utf16("Workbook") not in content and _utf16("Book") not in content:
        raise NoSheet(f"“{path.name}”不是表格文件，可能是 Word 文档。请选择 .xlsx、.xls、.et 或 .csv 格式的名册。")


def validate_zip(path: Path) -> dict[str, PartScan]:
    """Check an .xlsx: entries, sizes, passwords, macros, cell addresses.

    Returns:
        what was found in each sheet's part, by the part's `part_name`; `validate_size` judges it

    Raises:
        EncryptedSheet, MacroSheet, NoSheet, OversizedSheet, BrokenSheet
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _validate_entries(path.name, archive)
            scans, struck_styles = {}, struck_style_numbers(archive)
            for entry in archive.infolist():
                part = part_name(entry.filename)
                if part.endswith((".xml", ".rels")):
                    is_sheet = re.match(r"xl/.*sheet[^/]*\.xml$", part) is not None
                    scans[part] = _scan_part(archive, entry, is_sheet, struck_styles)
            return scans
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise broken_file_error(path.name) from error


def broken_file_error(name: str) -> BrokenSheet:
    """The error for a file that is a spreadsheet but cannot be read."""
    return BrokenSheet(
        f"“{name}”已损坏或没有拷贝完整，读不出来。请重新导出或重新拷贝；能用 Excel 打开的话，另存后再导入。"
    )


def validate_size(name: str, sheet: str, rows: int, columns: int, address: str = "") -> None:
    """Reject a sheet that is larger than any roster.

    Raises:
        OversizedSheet
    """
    location = f"“{name}”的工作表“{sheet}”" if sheet else f"“{name}”"
    address_note = f"（最远的内容在 {address}）" if address else ""
    if columns > MAX_COLUMNS:
        raise OversizedSheet(
            f"{location}有 {columns} 列{address_note}，名册最多 {MAX_COLUMNS} 列。请删去名册以外的列，另存后再导入。"
        )
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        raise OversizedSheet(
            f"{location}有 {rows} 行{address_note}，超出一份名册的大小。请删去名册以外的行，另存后再导入。"
        )


def _validate_entries(name: str, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {part_name(entry.filename) for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted_file_error(name)
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MAX_ENTRIES
        or unpacked > MAX_UNPACKED
        or any(
            member.file_size > RATIO_MIN_BYTES and member.file_size > MAX_RATIO * max(member.compress_size, 1)
            for member in entries
        )
    ):
        raise OversizedSheet(
            f"“{name}”展开后有 {unpacked >> 20} MB、{len(entries)} 个部分，不像一份名册，可能是有害文件，没有打开。"
            "请向发给你的人核实，或请他重新导出。"
        )
    if any(entry.endswith("vbaproject.bin") for entry in names):
        raise _macro_error(name)
    if "xl/workbook.xml" not in names:
        if "xl/workbook.bin" in names or "content.xml" in names:
            raise NoSheet(f"“{name}”的格式本软件不读。请用 Excel 或 WPS 打开它，“另存为”Excel 工作簿（.xlsx）再导入。")
        raise NoSheet(f"“{name}”不是表格文件。请选择 .xlsx、.xls、.et 或 .csv 格式的名册。")


def encrypted_file_error(name: str) -> EncryptedSheet:
    """The error for a file with a password."""
    return EncryptedSheet(f"“{name}”设了打开密码，读不了。请用 Excel 或 WPS 输入密码打开，去掉密码另存后再导入。")


def _macro_error(name: str) -> MacroSheet:
    return MacroSheet(f"“{name}”带有宏（程序），为安全没有打开。请用 Excel 或 WPS“另存为”不带宏的 .xlsx 再导入。")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _scan_part(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, is_sheet: bool, struck_styles: frozenset[bytes]
) -> PartScan:
    """Unpack one part as a stream, which also proves its checksum; look at cells where it is a sheet.

    No more comes out of it than the archive says, and `_validate_entries` knows that this is not too much.
    """
    scan = PartScan()
    for chunk in _chunks(archive, entry):
        if is_sheet:
            _scan_chunk(scan, chunk)
            _scan_row_styles(scan, chunk, struck_styles)
    return scan


def _scan_row_styles(scan: PartScan, chunk: bytes, struck_styles: frozenset[bytes]) -> None:
    if b"hidden=" in chunk:
        scan.hidden_rows.update(int(row) - 1 for row in _HIDDEN_ROW.findall(chunk))
    if struck_styles:
        scan.struck_cells.update(int(row) - 1 for row, style in _STYLED_CELL.findall(chunk) if style in struck_styles)


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that never cut a cell in two."""
    buffer = b""
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            buffer += piece
            starts = [match.start() for match in _CELL_START.finditer(buffer, max(0, len(buffer) - 40_000))]
            cut = starts[-1] if starts else len(buffer)
            yield buffer[:cut]
            buffer = buffer[cut:]
    yield buffer


def _scan_chunk(scan: PartScan, chunk: bytes) -> None:
    if _is_within_bounds(chunk):
        scan.rows, scan.columns = max(scan.rows, 1), max(scan.columns, 1)
    elif addresses := _ADDRESS.findall(chunk):
        columns = {column for column, _ in addresses}
        rows = {row for _, row in addresses}
        width = max(column_index(column.decode()) for column in columns) + 1
        height = max(int(row) for row in rows)
        if width > MAX_COLUMNS or max(height, scan.rows) * max(width, scan.columns) > MAX_CELLS or height > MAX_ROWS:
            _scan_chunk_by_cell(scan, chunk)
        else:
            scan.columns, scan.rows = max(scan.columns, width), max(scan.rows, height)
    if b"<f" in chunk or b":f" in chunk:
        for column, row in _EMPTY_FORMULA_CELL.findall(chunk):
            scan.formula_errors[int(row) - 1, column_index(column.decode())] = "公式没有算出结果"
    for column, row in _ERROR_CELL.findall(chunk) if b't="e"' in chunk or b"t='e'" in chunk else ():
        scan.formula_errors[int(row) - 1, column_index(column.decode())] = "公式的结果是错误"


def _is_within_bounds(chunk: bytes) -> bool:
    """Whether every cell is plainly within 9,999 rows and 702 columns, as in nearly all rosters: a look at the letters
    instead of at each address. What calamine then finds is measured again."""
    every_cell_has_address = chunk.count(b' r="') >= chunk.count(b"<c ") + chunk.count(b"<row ")
    return every_cell_has_address and not _FAR_ADDRESS.search(chunk)


def _scan_chunk_by_cell(scan: PartScan, chunk: bytes) -> None:
    """Cells that are only coloured reach to the last column of many sheets; those with content count."""
    for column, row, self_closing in _CELL.findall(chunk):
        if not self_closing:
            if column_index(column.decode()) + 1 > scan.columns or int(row) > scan.rows:
                scan.farthest_cell = column + row
            scan.columns = max(scan.columns, column_index(column.decode()) + 1)
            scan.rows = max(scan.rows, int(row))
