"""The kinds of files that a double click opens with this program."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileKind:
    """A suffix, its MIME type, its name on Windows, and what the desktop calls such a file."""

    suffix: str
    mime: str
    windows_name: str
    label: str


WORKBOOK = FileKind(".hdb", "application/x-hudang-workbook", "Hudang.Workbook", "驻村户档工作簿")
PACKAGE = FileKind(".hdpack", "application/x-hudang-package", "Hudang.Package", "驻村户档数据包")
CARD = FileKind(".hdcard", "application/x-hudang-card", "Hudang.Card", "驻村户档名片")
RECEIPT = FileKind(".hdreceipt", "application/x-hudang-receipt", "Hudang.Receipt", "驻村户档回执")
COUNTY = FileKind(".hdcounty", "application/x-hudang-county", "Hudang.County", "驻村户档县级资料包")
FILE_KINDS = (WORKBOOK, PACKAGE, CARD, RECEIPT, COUNTY)
EXCHANGED_KINDS = (PACKAGE, CARD, RECEIPT)


def kind_of(path: str | Path) -> FileKind | None:
    """The kind of a file by its name, None for a file of others."""
    suffix = Path(path).suffix.lower()
    return next((kind for kind in FILE_KINDS if kind.suffix == suffix), None)
