"""What the workbook holds already, as taking in compares it: records by id and the ways to find one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import Value
from db.journal.changes import last_seq, tables_changed_since
from db.journal.operations import unmade_rows
from db.schema import records
from db.schema.exchange import PackageLog
from resources.option_roles import value_of

_HEAD = value_of("relation", "head")
RecordValues = Mapping[str, Value]

_STREAMED = {"yield_per": 500}  # one long fetch would hold the window's thread up
_LOOKUP_COLUMNS = {
    "household": ("household_no", "merged_into"),
    "member": ("household_id", "person_no", "name", "id_no", "relation", "left", "sex", "birth"),
    "living_condition": ("household_id", "year"),
    "income_year": ("household_id", "year"),
    "income_line": ("income_year_id", "item", "what"),
    "helper": ("name", "phone", "unit"),
    "assignment": ("household_id", "helper_id", "started_on", "ended_on"),
    "monitoring": ("household_id", "identified", "removed", "excluded_on", "lead_on"),
    "measure": ("household_id", "member_id", "kind", "title", "year"),
}


@dataclass(slots=True)
class WorkbookSnapshot:
    """Withdrawn records are in `records` (their ids are taken) but are never found by anything else. Those whose making
    was taken back are not here at all.

    `merged_numbers`: numbers of households that were merged into another; `household_by_no` has the one that is kept.
    """

    base_seq: int = 0
    records: dict[str, dict[str, RecordValues]] = field(default_factory=dict)
    household_by_no: dict[str, str] = field(default_factory=dict)
    merged_numbers: set[str] = field(default_factory=set)
    member_by_no: dict[str, str] = field(default_factory=dict)
    members_by_id_no: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    members_by_household: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    yearly: dict[tuple[str, str, Value], str] = field(default_factory=dict)
    helpers_by_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    assignments_by_household: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _by_head_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def households_by_head_name(self, name: str) -> list[str]:
        """The households whose head has this name."""
        if not self._by_head_name:
            for member in self.records["member"].values():
                if member["relation"] == _HEAD and not member["withdrawn"] and not member["left"]:
                    self._by_head_name[_text(member["name"])].append(_text(member["household_id"]))
        return self._by_head_name.get(name, [])

    def get(self, table: str, record_id: str) -> RecordValues | None:
        return self.records[table].get(record_id)


def take_snapshot(session: Session, columns: Mapping[str, Iterable[str]]) -> WorkbookSnapshot:
    """Read what is there.

    Args:
        columns: table → the columns that a roster may change
    """
    snapshot = WorkbookSnapshot(base_seq=last_seq(session))
    for table, lookup_columns in _LOOKUP_COLUMNS.items():
        column_names = dict.fromkeys(("id", "village", "withdrawn", *lookup_columns, *columns.get(table, ())))
        source_table = records()[table].__table__
        rows = session.execute(
            select(*(source_table.c[name] for name in column_names)).order_by(source_table.c.id),
            execution_options=_STREAMED,
        )
        unmade = unmade_rows(session, table)
        snapshot.records[table] = {
            str(row["id"]): cast(RecordValues, row) for row in rows.mappings() if row["id"] not in unmade
        }
    _build_indexes(snapshot)
    return snapshot


def changed_since(session: Session, base_seq: int) -> bool:
    """Whether anything that `existing` reads was written since, or an import was undone."""
    undone = select(PackageLog.n).where(PackageLog.undone_at.is_not(None), PackageLog.last_seq > base_seq).limit(1)
    return tables_changed_since(session, base_seq, _LOOKUP_COLUMNS) or session.execute(undone).first() is not None


def _build_indexes(snapshot: WorkbookSnapshot) -> None:
    active = {
        table: {key: row for key, row in rows.items() if not row["withdrawn"]}
        for table, rows in snapshot.records.items()
    }
    for key, row in sorted(active["household"].items(), key=lambda entry: entry[1]["merged_into"] is not None):
        number, merged_into = _text(row["household_no"]), _text(row["merged_into"])
        if snapshot.household_by_no.setdefault(number, merged_into or key) == merged_into != "" and number != _text(
            snapshot.records["household"][merged_into]["household_no"]
        ):
            snapshot.merged_numbers.add(number)
    for key, row in active["member"].items():
        snapshot.member_by_no.setdefault(_text(row["person_no"]), key)
        snapshot.members_by_id_no[_text(row["id_no"])].append(key)
        snapshot.members_by_household[_text(row["household_id"])].append(key)
    for table in ("living_condition", "income_year"):
        for key, row in active[table].items():
            snapshot.yearly.setdefault((table, _text(row["household_id"]), row["year"]), key)
    for key, row in active["income_line"].items():
        if not row["what"]:
            snapshot.yearly.setdefault(("income_line", _text(row["income_year_id"]), row["item"]), key)
    for key, row in active["helper"].items():
        snapshot.helpers_by_name[_text(row["name"])].append(key)
    for key, row in active["assignment"].items():
        snapshot.assignments_by_household[_text(row["household_id"])].append(key)
    for index in (snapshot.household_by_no, snapshot.member_by_no, snapshot.members_by_id_no):
        index.pop("", None)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
