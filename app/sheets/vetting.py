"""Look at a spreadsheet file before any parser does: is it one, is it locked, does it carry a program, is it a bomb.

Measured: calamine reads a 240 KB archive that unpacks to 183 MB without a word, and two cells far apart (A1 and
XFD1048576) make it ask for 549 GB and abort the whole process. So sizes and cell addresses are checked here first, on
a stream with a cap, and the parser runs in a process of its own all the same.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.sheets.refusals import BrokenSheet, EncryptedSheet, MacroSheet, NoSheet, OversizedSheet
from app.sheets.sheet import column_number

MOST_BYTES = 100 << 20  # of the file itself
MOST_UNPACKED = 400 << 20
MOST_ENTRIES = 4000
MOST_RATIO, RATIO_FROM = 150, 20 << 20  # a sheet of real rows packs 10 to 50 times
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 500, 12_000_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 20
_ADDRESS = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_FAR = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]*[0-9]{5})')
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*?(/?)>""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s(?=[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'])[^>]*?\bt=["']e["'][^>]*>""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'])(?![^>]*\bt=["']str["'])[^>]*>\s*"""
    rb"""<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</"""
)
_CELL_START = re.compile(rb"<(?:\w+:)?c\s")


@dataclass(slots=True)
class PartFacts:
    """What the scan of one sheet's XML found: its extent, and formulas without a result."""

    rows: int = 0
    columns: int = 0
    far: bytes = b""
    failed: dict[tuple[int, int], str] = field(default_factory=dict)


def container(path: Path) -> str:
    """ "zip" (xlsx), "ole" (xls, et) or "text" (csv), by the bytes and not by the name.

    Raises:
        NoSheet: the file is missing, empty, too large, or something else
    """
    name = path.name
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise NoSheet(f"读不了文件“{name}”。请确认它还在原处、没有被其他程序占用，再试一次。") from error
    if not size:
        raise NoSheet(f"“{name}”是空文件，里面没有内容。请重新导出或重新拷贝。")
    if size > MOST_BYTES:
        raise OversizedSheet(f"“{name}”有 {size >> 20} MB，名册不会这么大。请只保留名册所在的工作表，另存后再导入。")
    if head.startswith(_ZIP):
        return "zip"
    if head.startswith(_OLE):
        return "ole"
    if re.match(rb"(?i)[\s\xef\xbb\xbf]*<(!doctype|html|table|\?xml|meta)", head):
        raise NoSheet(
            f"“{name}”其实是网页，不是表格文件。请用 Excel 或 WPS 打开它，“另存为”Excel 工作簿（.xlsx）再导入。"
        )
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if b"\0" in head or head.startswith((b"%PDF", b"{\\rtf")):
        raise NoSheet(f"“{name}”不是表格文件。请选择 .xlsx、.xls、.et 或 .csv 格式的名册。")
    return "text"


def vet_ole(path: Path) -> None:
    """Check an old-style compound file: .xls, .et, or a locked .xlsx.

    Raises:
        EncryptedSheet, MacroSheet, NoSheet
    """
    content = path.read_bytes()
    if _utf16("EncryptedPackage") in content:
        raise locked(path.name)
    if _utf16("_VBA_PROJECT_CUR") in content:
        raise _with_macro(path.name)
    if _utf16("Workbook") not in content and _utf16("Book") not in content:
        raise NoSheet(f"“{path.name}”不是表格文件，可能是 Word 文档。请选择 .xlsx、.xls、.et 或 .csv 格式的名册。")


def vet_zip(path: Path) -> dict[str, PartFacts]:
    """Check an .xlsx: entries, sizes, locks, programs, cell addresses.

    Returns:
        what was found in each sheet's part, by the part's name in the archive; `vet_extent` judges it

    Raises:
        EncryptedSheet, MacroSheet, NoSheet, OversizedSheet, BrokenSheet
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _vet_entries(path.name, archive)
            facts = {}
            for entry in archive.infolist():
                if entry.filename.endswith((".xml", ".rels")):
                    is_sheet = re.match(r"xl/.*sheet[^/]*\.xml$", entry.filename, re.IGNORECASE) is not None
                    facts[entry.filename] = _scan(path.name, archive, entry, is_sheet)
            return facts
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise broken(path.name) from error


def broken(name: str) -> BrokenSheet:
    """The refusal of a file that is a spreadsheet but cannot be read."""
    return BrokenSheet(
        f"“{name}”已损坏或没有拷贝完整，读不出来。请重新导出或重新拷贝；能用 Excel 打开的话，另存后再导入。"
    )


def vet_extent(name: str, sheet: str, rows: int, columns: int, address: str = "") -> None:
    """Refuse a sheet that spreads further than any roster.

    Raises:
        OversizedSheet
    """
    where = f"“{name}”的工作表“{sheet}”" if sheet else f"“{name}”"
    at = f"（最远的内容在 {address}）" if address else ""
    if columns > MOST_COLUMNS:
        raise OversizedSheet(
            f"{where}有 {columns} 列{at}，名册最多 {MOST_COLUMNS} 列。请删去名册以外的列，另存后再导入。"
        )
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise OversizedSheet(f"{where}有 {rows} 行{at}，超出一份名册的大小。请删去名册以外的行，另存后再导入。")


def _vet_entries(name: str, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise locked(name)
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or any(e.file_size > RATIO_FROM and e.file_size > MOST_RATIO * max(e.compress_size, 1) for e in entries)
    ):
        raise OversizedSheet(
            f"“{name}”展开后有 {unpacked >> 20} MB、{len(entries)} 个部分，不像一份名册，可能是有害文件，没有打开。"
            "请向发给你的人核实，或请他重新导出。"
        )
    if any(entry.lower().endswith("vbaproject.bin") for entry in names):
        raise _with_macro(name)
    if "xl/workbook.xml" not in names:
        if "xl/workbook.bin" in names or "content.xml" in names:
            raise NoSheet(f"“{name}”的格式本软件不读。请用 Excel 或 WPS 打开它，“另存为”Excel 工作簿（.xlsx）再导入。")
        raise NoSheet(f"“{name}”不是表格文件。请选择 .xlsx、.xls、.et 或 .csv 格式的名册。")


def locked(name: str) -> EncryptedSheet:
    """The refusal of a file with a password."""
    return EncryptedSheet(f"“{name}”设了打开密码，读不了。请用 Excel 或 WPS 输入密码打开，去掉密码另存后再导入。")


def _with_macro(name: str) -> MacroSheet:
    return MacroSheet(f"“{name}”带有宏（程序），为安全没有打开。请用 Excel 或 WPS“另存为”不带宏的 .xlsx 再导入。")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _scan(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, is_sheet: bool) -> PartFacts:
    """Unpack one part as a stream, which also proves its size and checksum; look at cells where it is a sheet."""
    facts = PartFacts()
    unpacked = 0
    for chunk in _chunks(archive, entry):
        unpacked += len(chunk)
        if unpacked > MOST_UNPACKED:
            raise OversizedSheet(f"“{name}”展开后超过 {MOST_UNPACKED >> 20} MB，可能是有害文件，没有打开。")
        if is_sheet:
            _look(facts, chunk)
    return facts


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that never cut a cell in two."""
    kept = b""
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            kept += piece
            starts = [found.start() for found in _CELL_START.finditer(kept, max(0, len(kept) - 40_000))]
            cut = starts[-1] if starts else len(kept)
            yield kept[:cut]
            kept = kept[cut:]
    yield kept


def _look(facts: PartFacts, chunk: bytes) -> None:
    if _is_near(chunk):
        facts.rows, facts.columns = max(facts.rows, 1), max(facts.columns, 1)
    elif found := _ADDRESS.findall(chunk):
        columns = {column for column, _ in found}
        rows = {row for _, row in found}
        wide = max(column_number(column.decode()) for column in columns) + 1
        long = max(int(row) for row in rows)
        if wide > MOST_COLUMNS or max(long, facts.rows) * max(wide, facts.columns) > MOST_CELLS or long > MOST_ROWS:
            _look_closely(facts, chunk)
        else:
            facts.columns, facts.rows = max(facts.columns, wide), max(facts.rows, long)
    if b"<f" in chunk or b":f" in chunk:
        for column, row in _FORMULA.findall(chunk):
            facts.failed[int(row) - 1, column_number(column.decode())] = "公式没有算出结果"
    for column, row in _ERROR.findall(chunk) if b't="e"' in chunk or b"t='e'" in chunk else ():
        facts.failed[int(row) - 1, column_number(column.decode())] = "公式的结果是错误"


def _is_near(chunk: bytes) -> bool:
    """Whether every cell is plainly within 9,999 rows and 702 columns, as in nearly all rosters: a look at the letters
    instead of at each address. What calamine then finds is measured again."""
    regular = chunk.count(b' r="') >= chunk.count(b"<c ") + chunk.count(b"<row ")
    return regular and not _FAR.search(chunk)


def _look_closely(facts: PartFacts, chunk: bytes) -> None:
    """Cells that are only coloured reach to the last column of many sheets; those with content count."""
    for column, row, closed in _CELL.findall(chunk):
        if not closed:
            if column_number(column.decode()) + 1 > facts.columns or int(row) > facts.rows:
                facts.far = column + row
            facts.columns = max(facts.columns, column_number(column.decode()) + 1)
            facts.rows = max(facts.rows, int(row))
