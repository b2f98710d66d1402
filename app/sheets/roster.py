"""A row of a list as it is understood, and what is said to the officer about rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.records.field import Value
from app.sheets.cells import text_of
from app.sheets.column_mapping import MappedColumn
from app.sheets.roster_aliases import RosterKind
from app.sheets.sheet import Row


@dataclass(frozen=True, slots=True)
class Remark:
    """Something an officer should know about a row that is taken.

    Attributes:
        row: counts from 1, 0 for the whole file
        other_rows: further rows of which the same is true
        cells: (row, column, text) of cells that were not taken
    """

    sheet: str
    row: int
    column: str
    text: str
    other_rows: tuple[int, ...] = ()
    cells: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that is not taken, as it stands in the sheet, and why."""

    sheet: str
    row: int
    reason: str
    headers: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(slots=True)
class RosterRow:
    """What one row says of one person, household or helper.

    Attributes:
        values: "table.column" → value, absent where the cell is empty
        by_year: year that a heading says → the same, for what is told year by year
        extra: columns without a field, by their heading
        person: which of the people across the row, 0 for whom the row itself is about
    """

    sheet: str
    row: int
    kind: RosterKind
    cells: Row
    headers: tuple[str, ...]
    columns: Sequence[MappedColumn]
    values: dict[str, Value] = field(default_factory=dict)
    by_year: dict[int, dict[str, Value]] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    reason: str = ""
    person: int = 0

    def header(self, target: str) -> str:
        """The header of the column that becomes this, "" where none does."""
        return next((column.header for column in self.columns if column.target == target), "")

    def text(self, target: str) -> str:
        """A text value, "" where there is none."""
        value = self.values.get(target)
        return value if isinstance(value, str) else ""

    def cell_text(self, target: str) -> str:
        """What stands in the sheet where a value came from."""
        return next((text_of(self.cells[one.index]) for one in self.columns if one.target == target), "")

    def remark(self, text: str, column: str = "") -> None:
        self.remarks.append(Remark(self.sheet, self.row, column, text))

    def to_rejected(self) -> RejectedRow:
        return RejectedRow(self.sheet, self.row, self.reason, self.headers, tuple(text_of(cell) for cell in self.cells))


def rest_title(header: str) -> str:
    """The name of a note that keeps what a cell said beyond what its field takes."""
    return f"{header}（其余）"
