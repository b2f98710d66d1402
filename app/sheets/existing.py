"""What the workbook holds already, as taking in compares it: records by id and the ways to find one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.records.field import Value
from db.schema import records

Known = Mapping[str, Value]

_BY_PARTS = {"yield_per": 500}  # one long fetch would hold the window's thread up
_FOUND_BY = {
    "household": ("household_no", "merged_into"),
    "member": ("household_id", "person_no", "name", "id_no", "relation", "left", "sex", "birth"),
    "living_condition": ("household_id", "year"),
    "income_year": ("household_id", "year"),
    "income_line": ("income_year_id", "item", "what"),
    "helper": ("name", "phone", "unit"),
    "assignment": ("household_id", "helper_id", "started_on", "ended_on"),
}


@dataclass(slots=True)
class Existing:
    """Withdrawn records are in `records` (their ids are taken) but are never found by anything else.

    `given_up`: numbers of households that were joined to another; `household_by_no` has the one that is kept.
    """

    seen: int = 0
    records: dict[str, dict[str, Known]] = field(default_factory=dict)
    household_by_no: dict[str, str] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    member_by_no: dict[str, str] = field(default_factory=dict)
    members_by_id_no: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    members_of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    yearly: dict[tuple[str, str, Value], str] = field(default_factory=dict)
    helpers_by_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    assigned: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def get(self, table: str, record_id: str) -> Known | None:
        return self.records[table].get(record_id)


def existing(session: Session, columns: Mapping[str, Iterable[str]]) -> Existing:
    """Read what is there.

    Args:
        columns: table → the columns that a roster may change
    """
    found = Existing(seen=int(session.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one()))
    for table, finding in _FOUND_BY.items():
        wanted = dict.fromkeys(("id", "village", "withdrawn", *finding, *columns.get(table, ())))
        origin = records()[table].__table__
        rows = session.execute(
            select(*(origin.c[name] for name in wanted)).order_by(origin.c.id), execution_options=_BY_PARTS
        )
        found.records[table] = {str(row["id"]): cast(Known, row) for row in rows.mappings()}
    _index(found)
    return found


def changed_since(session: Session, seen: int) -> bool:
    """Whether anything that `existing` reads was written since, or an import was undone."""
    tables = ", ".join(f"'{table}'" for table in _FOUND_BY)
    statement = text(
        f"SELECT 1 FROM change WHERE seq > :seen AND table_name IN ({tables}) "
        "UNION ALL SELECT 1 FROM package_log WHERE undone_at IS NOT NULL AND last_seq > :seen LIMIT 1"
    )
    return session.execute(statement, {"seen": seen}).first() is not None


def _index(found: Existing) -> None:
    alive = {
        table: {key: row for key, row in rows.items() if not row["withdrawn"]} for table, rows in found.records.items()
    }
    for key, row in sorted(alive["household"].items(), key=lambda entry: entry[1]["merged_into"] is not None):
        number, kept = _text(row["household_no"]), _text(row["merged_into"])
        if found.household_by_no.setdefault(number, kept or key) == kept != "" and number != _text(
            found.records["household"][kept]["household_no"]
        ):
            found.given_up.add(number)
    for key, row in alive["member"].items():
        found.member_by_no.setdefault(_text(row["person_no"]), key)
        found.members_by_id_no[_text(row["id_no"])].append(key)
        found.members_of[_text(row["household_id"])].append(key)
    for table in ("living_condition", "income_year"):
        for key, row in alive[table].items():
            found.yearly.setdefault((table, _text(row["household_id"]), row["year"]), key)
    for key, row in alive["income_line"].items():
        if not row["what"]:
            found.yearly.setdefault(("income_line", _text(row["income_year_id"]), row["item"]), key)
    for key, row in alive["helper"].items():
        found.helpers_by_name[_text(row["name"])].append(key)
    for key, row in alive["assignment"].items():
        found.assigned[_text(row["household_id"])].append(key)
    for index in (found.household_by_no, found.member_by_no, found.members_by_id_no):
        index.pop("", None)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
