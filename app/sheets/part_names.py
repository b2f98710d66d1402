"""The parts of an .xlsx by their names: some programs write backslashes and capitals, which calamine reads."""

import zipfile
from collections.abc import Mapping


def part_name(entry: str) -> str:
    """The name of a part as it is looked up, whatever the archive calls it."""
    return entry.replace("\\", "/").lower()


def parts_of(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Name of a part → what the archive calls it."""
    return {part_name(entry): entry for entry in archive.namelist()}
