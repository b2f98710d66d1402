"""What the reading process does: vet the file, let calamine read it, hand rows over in small parcels.

It is started by multiprocessing's "spawn", which also starts the frozen program again (`freeze_support` in
app/__main__.py sends it here) on every system. The process may be killed at any moment, and may die of an abort inside
the parser: the office only loses the file it was reading.
"""

from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.confined_process import confine_process
from app.errors import UserError
from app.sheets.errors import NoSheet
from app.sheets.file_validation import (
    PartScan,
    broken_file_error,
    encrypted_file_error,
    validate_ole,
    validate_size,
    validate_zip,
)
from app.sheets.part_names import part_name, parts_of
from app.sheets.sheet import HIDDEN_SHEET, OPTIONS_SHEET

ROWS_PER_MESSAGE = 400  # rows; small enough that taking one in holds up no window
_MEMORY_LIMIT = 3 << 30


def run_reader(path: str, container: str, connection: "Connection[Any, Any]") -> None:
    """Send what the file holds, in this order: for each sheet that it hides ("hidden", name); for each visible sheet,
    and for the hidden one that is ours, ("sheet", name, merged, failed, hidden rows), ("rows", rows) parcels and
    ("struck", rows that are struck through); at the end ("end",).

    A refusal is sent as ("refused", UserError) and ends it.
    """
    confine_process(_MEMORY_LIMIT)
    file = Path(path)
    try:
        if container == "zip":
            scans = validate_zip(file)
        else:
            validate_ole(file)
            scans = {}
        _send_sheets(file, scans, connection)
        connection.send(("end",))
    except UserError as error:
        connection.send(("refused", error))
    finally:
        connection.close()


def _send_sheets(file: Path, scans: Mapping[str, PartScan], connection: "Connection[Any, Any]") -> None:
    import python_calamine as calamine

    parts = _sheet_parts(file) if scans else {}
    names = {part: name for name, part in parts.items()}
    for part, part_scan in scans.items():
        validate_size(
            file.name, names.get(part, part), part_scan.rows, part_scan.columns, part_scan.farthest_cell.decode()
        )
    try:
        with file.open("rb") as content:  # by its bytes: from_path believes the name
            workbook = calamine.CalamineWorkbook.from_filelike(content)
    except calamine.PasswordError as error:
        raise encrypted_file_error(file.name) from error
    except (calamine.CalamineError, OSError) as error:
        raise broken_file_error(file.name) from error
    read = [
        metadata
        for metadata in workbook.sheets_metadata
        if metadata.visible == calamine.SheetVisibleEnum.Visible or metadata.name == HIDDEN_SHEET
    ]
    if all(metadata.name == HIDDEN_SHEET for metadata in read):
        raise NoSheet(f"“{file.name}”里没有可见的工作表。请在 Excel 或 WPS 里取消隐藏，另存后再导入。")
    for metadata in workbook.sheets_metadata:
        if metadata not in read and metadata.name != OPTIONS_SHEET and _holds_anything(workbook, metadata.name):
            connection.send(("hidden", metadata.name))
    for metadata in read:
        try:
            sheet = workbook.get_sheet_by_name(metadata.name)
        except (calamine.CalamineError, calamine.WorksheetNotFound):
            if metadata.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            raise broken_file_error(file.name) from None
        validate_size(file.name, metadata.name, sheet.total_height, sheet.total_width)
        sheet_scan = scans.get(parts.get(metadata.name, ""), PartScan())
        merged, hidden_rows = tuple(sheet.merged_cell_ranges or ()), frozenset(sheet_scan.hidden_rows)
        connection.send(("sheet", metadata.name, merged, sheet_scan.formula_errors, hidden_rows))
        connection.send(("struck", _send_rows(sheet, sheet_scan, connection)))


def _holds_anything(workbook: Any, name: str) -> bool:
    """Whether a sheet has any cell; one that cannot be read may have."""
    import python_calamine as calamine

    try:
        return bool(workbook.get_sheet_by_name(name).height)
    except (calamine.CalamineError, calamine.WorksheetNotFound):
        return True


def _send_rows(sheet: Any, scan: PartScan, connection: "Connection[Any, Any]") -> frozenset[int]:
    """Send the rows of a sheet from its cell A1 on, without holding them all, each text of a parcel once; returns those
    of which most of what stands in them is struck through."""
    left = ("",) * (sheet.start[1] if sheet.start else 0)  # columns before the first that is used
    struck: set[int] = set()
    parcel: list[tuple[Any, ...]] = []
    texts: dict[str, str] = {}
    for number, cells in enumerate(sheet.iter_rows()):
        row = (*left, *(texts.setdefault(cell, cell) if cell.__class__ is str else cell for cell in cells))
        count = sum(cell != "" for cell in row) if number in scan.struck_cells else 0
        if count and scan.struck_cells[number] * 2 > count:
            struck.add(number)
        parcel.append(row)
        if len(parcel) == ROWS_PER_MESSAGE:
            connection.send(("rows", parcel))
            parcel, texts = [], {}
    connection.send(("rows", parcel))
    return frozenset(struck)


def _sheet_parts(file: Path) -> dict[str, str]:
    """Sheet name → its part in the archive; calamine does not tell."""
    import zipfile

    from defusedxml.ElementTree import fromstring

    with zipfile.ZipFile(file) as archive:
        entries = parts_of(archive)
        try:
            relations = fromstring(archive.read(entries["xl/_rels/workbook.xml.rels"]))
            book = fromstring(archive.read(entries["xl/workbook.xml"]))
        except (KeyError, ValueError, SyntaxError) as error:
            raise broken_file_error(file.name) from error
    targets = {relation_element.get("Id"): str(relation_element.get("Target", "")) for relation_element in relations}
    parts = {}
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            relation_id = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            target = targets.get(relation_id, "")
            full = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            parts[element.get("name", "")] = part_name(full)
    return parts
