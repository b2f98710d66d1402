"""What a roster says of each record, gathered before it is compared with the workbook."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.records.field import Value
from app.sheets.existing import Existing, Known
from app.sheets.preview import RecordChange, State
from app.sheets.roster import Refused, Remark, RosterRow

HIDDEN_WITHDRAWN = "已在本册里撤回，没有导入。要重新启用，请先在历史里恢复"


@dataclass(slots=True)
class Wanted:
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

    def compared(self, known: Known | None) -> RecordChange:
        """This record beside what the workbook holds of it."""
        values = dict(self.values)
        if self.extra:
            values["import_extra"] = _with_extra(known, self.extra)
        for name, value in self.fallback.items():
            if values.get(name) is None and (known is None or known[name] is None):
                values[name] = value
        if known is None:
            before: dict[str, Value] = {}
        else:
            values = {name: value for name, value in values.items() if value != known[name]}
            before = {name: known[name] for name in values}
        state: State = "new" if known is None else "changed" if values else "unchanged"
        return RecordChange(
            self.table, self.id, self.village, state, self.title, self.household, self.sheet, self.row, before, values
        )


def _with_extra(known: Known | None, extra: Mapping[str, str]) -> str:
    held: dict[str, str] = {}
    if known is not None and isinstance(known["import_extra"], str):
        try:
            read = json.loads(known["import_extra"])
        except ValueError:
            read = {}
        held = read if isinstance(read, dict) else {}
    return json.dumps({**held, **extra}, ensure_ascii=False, sort_keys=True)


class Plan:
    """All wanted records of a file, with what is refused and remarked on the way."""

    def __init__(self, held: Existing) -> None:
        self.held = held
        self.wanted: dict[tuple[str, str], Wanted] = {}
        self.refused: list[Refused] = []
        self.remarks: list[Remark] = []

    def refuse(self, row: RosterRow, reason: str) -> None:
        row.reason = reason
        self.refused.append(row.refused())

    def remark(self, row: RosterRow | None, text: str, column: str = "") -> None:
        sheet, number = (row.sheet, row.row) if row else ("", 0)
        self.remarks.append(Remark(sheet, number, column, text))

    def get(self, table: str, record_id: str) -> Wanted | None:
        return self.wanted.get((table, record_id))

    def put(self, wanted: Wanted) -> Wanted:
        """Add a record; one that is already there keeps its values and gets those it lacks."""
        before = self.wanted.setdefault((wanted.table, wanted.id), wanted)
        if before is not wanted:
            for name, value in wanted.values.items():
                before.values.setdefault(name, value)
            for header, text in wanted.extra.items():
                before.extra.setdefault(header, text)
        return before

    def withdrawn(self, table: str, record_id: str) -> bool:
        """Whether this id is taken by a record that was taken back."""
        known = self.held.get(table, record_id)
        return known is not None and bool(known["withdrawn"])

    def columns(self) -> dict[str, set[str]]:
        """Table → the columns that the roster may change."""
        return columns_of(self.wanted.values())

    def changes(self) -> Iterator[RecordChange]:
        for one in self.wanted.values():
            yield one.compared(self.held.get(one.table, one.id))


def columns_of(wanted: Iterable[Wanted]) -> dict[str, set[str]]:
    """Table → every column that these records name."""
    found: dict[str, set[str]] = {}
    for one in wanted:
        found.setdefault(one.table, set()).update(one.values)
    return found
