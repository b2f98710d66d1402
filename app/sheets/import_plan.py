"""What a roster says of each record, gathered before it is compared with the workbook."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.records.field import Value
from app.records.named_note import format_notes, parse_notes
from app.sheets.import_preview import RecordChange, RecordState
from app.sheets.roster import RejectedRow, Remark, RosterRow, join_notes
from app.sheets.workbook_snapshot import RecordValues, WorkbookSnapshot

WITHDRAWN_MESSAGE = "已在本工作簿里撤回，没有导入。要重新启用，请先在“已撤回”里恢复"


@dataclass(slots=True)
class PlannedRecord:
    """One record as the roster has it.

    Attributes:
        values: only cells that the roster fills
        fallback: cells that follow from others (birth from the ID number); taken where neither says anything
        extra: columns without a place in the workbook, by their header
    """

    table: str
    id: str
    village: str
    title: str
    household: str
    sheet: str
    row: int
    values: dict[str, Value] = field(default_factory=dict)
    fallback: dict[str, Value] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    def add_extra(self, header: str, text: str) -> None:
        """Keep a note; where one of that name says something else, both."""
        self.extra[header] = join_notes(self.extra.get(header, ""), text)

    def compare(self, existing: RecordValues | None) -> RecordChange:
        """This record beside what the workbook holds of it. Its values go over to the change."""
        values = self.values
        if self.extra:
            stored = parse_notes(existing["import_extra"] if existing is not None else None)
            values["import_extra"] = format_notes(stored | self.extra)
        for name, value in self.fallback.items():
            if values.get(name) is None and (existing is None or existing[name] is None):
                values[name] = value
        if existing is None:
            before: dict[str, Value] = {}
        else:
            values = {name: value for name, value in values.items() if value != existing[name]}
            before = {name: existing[name] for name in values}
        state: RecordState = "new" if existing is None else "changed" if values else "unchanged"
        return RecordChange(
            self.table, self.id, self.village, state, self.title, self.household, self.sheet, self.row, before, values
        )


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a row went.

    Attributes:
        records: (table, income item or "", year or 0) → the planned record
        context: what the workbook or the list says of the household and village of the row, by target
        year: of what the row tells without a year
    """

    row: RosterRow
    records: Mapping[tuple[str, str, int], PlannedRecord]
    context: Mapping[str, Value] = field(default_factory=dict)
    year: int = 0


class ImportPlan:
    """All wanted records of a file, with what is refused and remarked on the way."""

    def __init__(self, snapshot: WorkbookSnapshot, remark: str = "", remarks: Iterable[Remark] = ()) -> None:
        """
        Args:
            remark: about the file as a whole, if there is one
            remarks: about its sheets
        """
        self.snapshot = snapshot
        self.records: dict[tuple[str, str], PlannedRecord] = {}
        self.rejected: list[RejectedRow] = []
        self.remarks: list[Remark] = []
        self.placements: list[Placement] = []
        if remark:
            self.remark(None, remark)
        self.remarks += remarks

    def reject(self, row: RosterRow, reason: str) -> None:
        row.reason = reason
        self.rejected.append(row.to_rejected())

    def remark(
        self, row: RosterRow | None, text: str, column: str = "", cells: tuple[tuple[int, str, str], ...] = ()
    ) -> None:
        sheet, number = (row.sheet, row.row) if row else ("", 0)
        self.remarks.append(Remark(sheet, number, column, text, cells=cells))

    def get(self, table: str, record_id: str) -> PlannedRecord | None:
        return self.records.get((table, record_id))

    def add(self, record: PlannedRecord) -> PlannedRecord:
        """Add a record; one that is already there keeps its values and gets those it lacks."""
        existing = self.records.setdefault((record.table, record.id), record)
        if existing is not record:
            for name, value in record.values.items():
                existing.values.setdefault(name, value)
            for header, text in record.extra.items():
                existing.add_extra(header, text)
        return existing

    def is_withdrawn(self, table: str, record_id: str) -> bool:
        """Whether this id is taken by a record that was taken back."""
        existing = self.snapshot.get(table, record_id)
        return existing is not None and bool(existing["withdrawn"])

    def columns(self) -> dict[str, set[str]]:
        """Table → the columns that the roster may change."""
        return columns_by_table(self.records.values())

    def changes(self) -> Iterator[RecordChange]:
        """What is to be written. The plan is empty then: of a long list both would be too much."""
        for key in [*self.records]:
            record = self.records.pop(key)
            yield record.compare(self.snapshot.get(record.table, record.id))


def columns_by_table(records: Iterable[PlannedRecord]) -> dict[str, set[str]]:
    """Table → every column that these records name."""
    columns: dict[str, set[str]] = {}
    for record in records:
        columns.setdefault(record.table, set()).update(record.values)
    return columns
