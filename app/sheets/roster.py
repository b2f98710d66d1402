"""A row of a list as it is understood, and what is said to the officer about rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.records.field import Value
from app.sheets.cells import text_of
from app.sheets.mapped_column import MappedColumn
from app.sheets.roster_aliases import RosterKind
from app.sheets.sheet import Row

_NAMED = 20  # rows or cells that one line names


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

    def describe(self) -> str:
        """The remark with its rows and what was not taken, in one line; of very many only the first."""
        rows = "、".join(str(row) for row in (self.row, *self.other_rows)[:_NAMED])
        where = f"（第 {rows} 行{_and_more(len(self.other_rows) + 1)}）" if self.other_rows else ""
        left = [f"第 {row} 行“{text}”" for row, _, text in self.cells if text and text not in self.text]
        told = f"；没有取：{'、'.join(left[:_NAMED])}{_and_more(len(left))}" if left else ""
        return f"{self.text}{where}{told}"


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
        sources: (target, year or 0) → the column that a value came from, where several become the same
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
    sources: dict[tuple[str, int], MappedColumn] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    reason: str = ""
    person: int = 0

    def source(self, target: str, year: int = 0) -> MappedColumn | None:
        """The column that a value came from: of several for one field, the one that was taken."""
        taken = self.sources.get((target, year))
        return taken or next((one for one in self.columns if one.target == target and one.year in (0, year)), None)

    def header(self, target: str, year: int = 0) -> str:
        """The header of the column that becomes this, "" where none does."""
        column = self.source(target, year)
        return column.header if column else ""

    def text(self, target: str) -> str:
        """A text value, "" where there is none."""
        value = self.values.get(target)
        return value if isinstance(value, str) else ""

    def cell_text(self, target: str, year: int = 0) -> str:
        """What stands in the sheet where a value came from."""
        column = self.source(target, year)
        return text_of(self.cells[column.index]) if column else ""

    def note(self, name: str, text: str) -> None:
        """Keep what has no field under the name of its column; where two columns have one name, both."""
        self.extra[name] = join_notes(self.extra.get(name, ""), text)

    def remark(self, text: str, column: str = "") -> None:
        self.remarks.append(Remark(self.sheet, self.row, column, text))

    def to_rejected(self) -> RejectedRow:
        return RejectedRow(self.sheet, self.row, self.reason, self.headers, tuple(text_of(cell) for cell in self.cells))


def _and_more(count: int) -> str:
    return f"等 {count} 处" if count > _NAMED else ""


def join_notes(said: str, text: str) -> str:
    """Two texts of one note as one; the same text is not written twice."""
    return text if not said else said if text in said.split("；") else f"{said}；{text}"


def rest_title(header: str) -> str:
    """The name of a note that keeps what a cell said beyond what its field takes."""
    return f"{header}（其余）"
