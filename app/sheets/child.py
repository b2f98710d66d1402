"""What the reading process does: vet the file, let calamine read it, hand rows over in small parcels.

It is started by multiprocessing's "spawn", which also starts the frozen program again (`freeze_support` in
app/__main__.py sends it here) on every system. The process may be killed at any moment, and may die of an abort inside
the parser: the office only loses the file it was reading.
"""

import os
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.errors import OfficeError
from app.sheets.refusals import NoSheet
from app.sheets.vetting import PartFacts, broken, locked, vet_extent, vet_ole, vet_zip

PARCEL = 400  # rows; small enough that taking one in holds up no window
_MEMORY = 3 << 30


def read_apart(path: str, how: str, office: "Connection[Any, Any]") -> None:
    """Send, in this order: for each visible sheet ("sheet", name, merged, failed) and then ("rows", rows) parcels; at
    the end ("end",). A refusal is sent as ("refused", OfficeError) and ends it."""
    _keep_quiet()
    file = Path(path)
    try:
        if how == "zip":
            facts = vet_zip(file)
        else:
            vet_ole(file)
            facts = {}
        _send_sheets(file, facts, office)
        office.send(("end",))
    except OfficeError as refusal:
        office.send(("refused", refusal))
    finally:
        office.close()


def _send_sheets(file: Path, facts: Mapping[str, PartFacts], office: "Connection[Any, Any]") -> None:
    import python_calamine as calamine

    parts = _parts(file) if facts else {}
    names = {part: name for name, part in parts.items()}
    for part, found in facts.items():
        vet_extent(file.name, names.get(part, part), found.rows, found.columns, found.far.decode())
    try:
        with file.open("rb") as content:  # by its bytes: from_path believes the name
            workbook = calamine.CalamineWorkbook.from_filelike(content)
    except calamine.PasswordError as error:
        raise locked(file.name) from error
    except (calamine.CalamineError, OSError) as error:
        raise broken(file.name) from error
    visible = [one for one in workbook.sheets_metadata if one.visible == calamine.SheetVisibleEnum.Visible]
    if not visible:
        raise NoSheet(f"“{file.name}”里没有可见的工作表。请在 Excel 或 WPS 里取消隐藏，另存后再导入。")
    for one in visible:
        try:
            sheet = workbook.get_sheet_by_name(one.name)
        except (calamine.CalamineError, calamine.WorksheetNotFound):
            if one.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            raise broken(file.name) from None
        vet_extent(file.name, one.name, sheet.total_height, sheet.total_width)
        known = facts.get(parts.get(one.name, ""), PartFacts())
        office.send(("sheet", one.name, tuple(sheet.merged_cell_ranges or ()), known.failed))
        rows = sheet.to_python(skip_empty_area=False)
        for start in range(0, len(rows), PARCEL):
            office.send(("rows", [tuple(row) for row in rows[start : start + PARCEL]]))


def _parts(file: Path) -> dict[str, str]:
    """Sheet name → its part in the archive; calamine does not tell."""
    import zipfile

    from defusedxml.ElementTree import fromstring

    with zipfile.ZipFile(file) as archive:
        try:
            relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
            book = fromstring(archive.read("xl/workbook.xml"))
        except (KeyError, ValueError, SyntaxError) as error:
            raise broken(file.name) from error
    targets = {one.get("Id"): str(one.get("Target", "")) for one in relations}
    found = {}
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            target = targets.get(relation, "")
            found[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _keep_quiet() -> None:
    """No word on the officer's terminal, no core file, no dialogue, and an end to its hunger for memory."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0003)
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
