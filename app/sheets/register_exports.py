"""Lists of the national system that belong to a register and are no roster: resources/rosters/register_exports.toml."""

import resources
from app.registers import get_register
from app.registers.engine.register import Register
from app.sheets.cells import text_of
from app.sheets.header_matching import MAX_HEADER_ROW
from app.sheets.roster_aliases import normalize_header
from app.sheets.sheet import Sheet


def register_of_export(sheet: Sheet) -> Register | None:
    """The register whose page takes a sheet in, None where it may be a roster."""
    for row in sheet.rows[:MAX_HEADER_ROW]:
        headers = {normalize_header(text_of(cell)) for cell in row}
        for export in resources.read("rosters", "register_exports")["exports"]:
            wanted = {normalize_header(header) for header in export["columns"]}
            if wanted <= headers and headers.isdisjoint(normalize_header(header) for header in export["without"]):
                return get_register(export["register"])
    return None
