"""What taking a roster in would do, before anything is written."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.records.field import Field, Value
from app.records.field import field as field_of
from app.sheets.imported_sheet import ImportedSheet
from app.sheets.roster import RejectedRow, Remark
from app.sheets.sheet import column_letters

if TYPE_CHECKING:
    from app.sheets.listed_values import ListedValues
    from app.sheets.roster_origin import RosterOrigin

RecordState: TypeAlias = Literal["new", "changed", "unchanged"]

# table → its name in `Preview.counts`
COUNT_NAMES = {
    "household": "households",
    "member": "members",
    "living_condition": "living_conditions",
    "income_year": "income_years",
    "income_line": "income_lines",
    "helper": "helpers",
    "assignment": "assignments",
    "monitoring": "monitorings",
    "measure": "measures",
}


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of a record: what the workbook holds and what the roster says."""

    field: Field
    before: Value
    after: Value

    def display_texts(self, *, hide: bool) -> tuple[str, str]:
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
    state: RecordState
    title: str
    household: str
    sheet: str
    row: int
    before: Mapping[str, Value]
    after: Mapping[str, Value]

    def cell_changes(self) -> Iterator[CellChange]:
        """The changing cells that people read, in the order of the roster."""
        for name, value in self.after.items():
            field_spec = field_of(self.table, name)
            if field_spec.kind != "reference" and name != "import_extra":
                yield CellChange(field_spec, self.before.get(name), value)


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """All that importing a file would do.

    Attributes:
        year: the year of the file's living conditions and income
        base_seq: the journal's last line when it was made; `apply_import` refuses if the workbook changed since
        origin: whether the national system exported it, and when
        listed: what it says that the national system holds
    """

    file: str
    year: int
    sheets: tuple[ImportedSheet, ...]
    records: tuple[RecordChange, ...]
    rejected: tuple[RejectedRow, ...]
    remarks: tuple[Remark, ...]
    base_seq: int
    origin: "RosterOrigin"
    listed: "ListedValues"

    def counts(self) -> dict[str, dict[str, int] | int]:
        """How many of each kind; stable keys, for `--json`."""
        counts: dict[str, dict[str, int]] = {
            name: {"new": 0, "changed": 0, "unchanged": 0} for name in COUNT_NAMES.values()
        }
        for record in self.records:
            counts[COUNT_NAMES[record.table]][record.state] += 1
        return {**counts, "refused": len(self.rejected), "remarks": len(self.remarks)}

    def details(self) -> dict[str, object]:
        """Every column, question, remark and refused row in full; stable keys, for `--json`."""
        columns = [
            {
                "sheet": sheet.name,
                "column": column_letters(column.index),
                "header": column.title,
                "target": column.target,
                "unit": column.unit,
                "year": column.year,
                "doubt": column.doubt,
            }
            for sheet in self.sheets
            for column in sheet.columns
        ]
        questions = [
            {"sheet": sheet.name, "question": one.text, "proposed": one.proposed}
            for sheet in self.sheets
            for one in sheet.questions
        ]
        return {
            "source": {"national": self.origin.is_national, "day": self.origin.day.isoformat()},
            "columns": columns,
            "questions": questions,
            "remark_list": [asdict(remark) for remark in self.remarks],
            "refused_list": [asdict(row) for row in self.rejected],
        }

    def count_doubts(self) -> int:
        """How many questions about columns and sheets are open."""
        return sum(sheet.count_doubts() for sheet in self.sheets)

    @property
    def has_news(self) -> bool:
        """Whether importing it would write anything."""
        return self.count_writes() > 0 or self.listed.news > 0

    def count_writes(self) -> int:
        """How many records `take_in` would make or change."""
        return sum(record.state != "unchanged" for record in self.records)
