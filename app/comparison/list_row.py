"""A row of another office's list, read but not compared yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.records.field import Field, Value


@dataclass(frozen=True, slots=True)
class ListRow:
    """What one row says.

    Attributes:
        row: counts from 1
        number, number_fault: see `fold_id_number`
        has_number: something stands where numbers do
        village: code of the village of ours that it names, "" where it names none
        elsewhere: the village that it names, where that is none of ours
        is_absent: the list says of this person that he is not, or no longer, in it
        state: in what words, "" where the whole list says so
        happened_on: the date that goes with it, e.g. of death
        values: field of ours → what the list says; a cell that is empty or cannot be read is not there
        cells: (heading, text) of every filled cell
        doubts: what could not be read, in sentences
    """

    sheet: str
    row: int
    name: str = ""
    number: str = ""
    number_fault: str = ""
    has_number: bool = False
    birth: date | None = None
    village: str = ""
    elsewhere: str = ""
    is_absent: bool = False
    state: str = ""
    happened_on: date | None = None
    values: Mapping[Field, Value] = field(default_factory=dict)
    cells: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"“{self.sheet}”第 {self.row} 行"
