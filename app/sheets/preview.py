"""What taking a roster in would do, before anything is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.records.field import Field, Value
from app.records.field import field as field_of
from app.sheets.columns import About
from app.sheets.roster import Refused, Remark

State: TypeAlias = Literal["new", "changed", "unchanged"]

# table → its name in `Preview.counts`
COUNTED = {
    "household": "households",
    "member": "members",
    "living_condition": "living_conditions",
    "income_year": "income_years",
    "income_line": "income_lines",
    "helper": "helpers",
    "assignment": "assignments",
}


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of a record: what the workbook holds and what the roster says."""

    field: Field
    before: Value
    after: Value

    def texts(self, *, hide: bool) -> tuple[str, str]:
        """Both for people, personal numbers masked or not."""
        return self.field.text(self.before, hide=hide), self.field.text(self.after, hide=hide)


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that the roster makes, changes, or leaves as it is.

    Attributes:
        title: whose it is, e.g. "周涛"
        household: the head's name and 户编号
        row: where the roster says it, counted from 1
        before, after: the cells that change; `before` is empty for a new record
    """

    table: str
    id: str
    village: str
    state: State
    title: str
    household: str
    sheet: str
    row: int
    before: Mapping[str, Value]
    after: Mapping[str, Value]

    def cells(self) -> Iterator[CellChange]:
        """The changing cells that people read, in the order of the roster."""
        for name, value in self.after.items():
            one = field_of(self.table, name)
            if one.kind != "reference" and name != "import_extra":
                yield CellChange(one, self.before.get(name), value)


@dataclass(frozen=True, slots=True)
class TakenSheet:
    """A sheet that was recognised. `unknown` headers are kept as they are with each record."""

    name: str
    about: About
    heading_row: int
    rows: int
    known: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """All that taking a file in would do.

    Attributes:
        year: which year's living conditions and income the file tells
        seen: how far the journal had come; `take_in` refuses if the workbook changed since
    """

    file: str
    year: int
    sheets: tuple[TakenSheet, ...]
    records: tuple[RecordChange, ...]
    refused: tuple[Refused, ...]
    remarks: tuple[Remark, ...]
    seen: int

    def counts(self) -> dict[str, dict[str, int] | int]:
        """How many of each kind; stable keys, for `--json`."""
        found: dict[str, dict[str, int]] = {name: {"new": 0, "changed": 0, "unchanged": 0} for name in COUNTED.values()}
        for one in self.records:
            found[COUNTED[one.table]][one.state] += 1
        return {**found, "refused": len(self.refused), "remarks": len(self.remarks)}

    def writes(self) -> int:
        """How many records `take_in` would make or change."""
        return sum(one.state != "unchanged" for one in self.records)
