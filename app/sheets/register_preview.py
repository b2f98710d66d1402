"""What taking a register's sheet in would do, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.records.field import Value
from app.sheets.roster import Remark

RowState = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class ImportedRowChange:
    """One row that the sheet makes, changes, or leaves as it is.

    Attributes:
        title: whom it is about
        before, after: column → value, of the cells that change; `before` is empty for a new row
        cells: column of `after` → its place in the sheet, e.g. "D7"
    """

    table: str
    id: str
    village: str
    state: RowState
    title: str
    sheet: str
    row: int
    before: Mapping[str, Value]
    after: Mapping[str, Value]
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BothChanged:
    """A cell that was changed in Excel and, since the list was made, in the workbook too. Not taken unless chosen.

    Attributes:
        left, here, there: what it said when it left, what the workbook says, and what the sheet says, as people read it
        value: the latter as it would be stored
    """

    table: str
    id: str
    column: str
    title: str
    label: str
    sheet: str
    cell: str
    left: str
    here: str
    there: str
    value: Value


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken, and why, with the cell that is at fault where one is."""

    sheet: str
    row: int
    cell: str
    reason: str
    cells: tuple[str, ...]

    def __str__(self) -> str:
        return f"“{self.sheet}”第 {self.row} 行{f'（{self.cell}）' if self.cell else ''}：{self.reason}"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that says what another row of the file, or a record, says already; it is not taken a second time."""

    sheet: str
    row: int
    title: str
    of: str


@dataclass(frozen=True, slots=True)
class RegisterPreview:
    """All that taking a file in would do.

    Attributes:
        register: key of the list
        title: of the list
        tables: those that were looked at: where one was changed since, the preview holds no more
        base_seq: how far the journal had come
    """

    register: str
    title: str
    tables: tuple[str, ...]
    file: str
    rows: tuple[ImportedRowChange, ...]
    conflicts: tuple[BothChanged, ...]
    duplicates: tuple[Duplicate, ...]
    refused: tuple[RefusedRow, ...]
    remarks: tuple[Remark, ...]
    base_seq: int

    def counts(self) -> dict[str, int]:
        """Stable keys, for `--json`."""
        states = [row.state for row in self.rows]
        return {
            "new": states.count("new"),
            "changed": states.count("changed"),
            "unchanged": states.count("unchanged"),
            "conflicts": len(self.conflicts),
            "duplicates": len(self.duplicates),
            "refused": len(self.refused),
            "remarks": len(self.remarks),
        }

    def to_write(self) -> list[ImportedRowChange]:
        return [row for row in self.rows if row.state != "unchanged"]


class ComparisonFindings:
    """Gathers what taking a file in would do, sheet by sheet."""

    def __init__(self) -> None:
        self.rows: list[ImportedRowChange] = []
        self.conflicts: list[BothChanged] = []
        self.duplicates: list[Duplicate] = []
        self.refused: list[RefusedRow] = []
        self.remarks: list[Remark] = []

    def preview(self, register: str, title: str, tables: tuple[str, ...], file: str, base_seq: int) -> RegisterPreview:
        """All that was found; the arguments are those of `RegisterPreview`."""
        return RegisterPreview(
            register=register,
            title=title,
            tables=tables,
            file=file,
            rows=tuple(self.rows),
            conflicts=tuple(self.conflicts),
            duplicates=tuple(self.duplicates),
            refused=tuple(self.refused),
            remarks=tuple(self.remarks),
            base_seq=base_seq,
        )
