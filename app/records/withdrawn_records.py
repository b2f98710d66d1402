"""已撤回: everything that was withdrawn, of every kind, and bringing it back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import UserError
from app.workbook.workbook import Workbook, running_operation
from db.journal.changes import Withdrawal, withdrawals, write_cell
from db.schema import records, relations

RecordKey = tuple[str, str]  # table, id


@dataclass(frozen=True, slots=True)
class WithdrawnRecord:
    """One line.

    Attributes:
        label: what kind of record
        household: whose, "" for what belongs to none
        at: local time, None where it came withdrawn
        parts: how many records that belong to it were withdrawn with it, and come back with it
    """

    table: str
    id: str
    label: str
    title: str
    household: str
    operator: str
    at: datetime | None
    parts: int


@dataclass(frozen=True, slots=True)
class WithdrawnRecords:
    """The latest of them; `total`: how many there are altogether."""

    records: tuple[WithdrawnRecord, ...]
    total: int


def withdrawn_records(session: Session, typed: str = "", limit: int = 500) -> WithdrawnRecords:
    """What is withdrawn and contains this text in what it is called, the latest first, at most `limit`.

    What was withdrawn together with the record that it belongs to is told by that one.
    """
    found = {(table, row.id): row for table in records() for row in withdrawals(session, table)}
    parents = _parents(session, found)
    parts: dict[RecordKey, int] = defaultdict(int)
    for key, row in found.items():
        parent = parents.get(key)
        if parent is not None and found[parent].stamp == row.stamp:
            parts[parent] += 1
    lines = [key for key, row in found.items() if key not in parents or found[parents[key]].stamp != row.stamp]
    lines.sort(key=lambda key: -found[key].stamp)
    told = [line for line in _told(session, lines, found, parts) if not typed or _contains(line, typed)]
    return WithdrawnRecords(tuple(told[:limit]), len(told))


def _parents(session: Session, found: dict[RecordKey, Withdrawal]) -> dict[RecordKey, RecordKey]:
    """Record → the one that it belongs to, where that is withdrawn as well."""
    ids: dict[str, list[str]] = defaultdict(list)
    for table, row in found:
        ids[table].append(row)
    parents: dict[RecordKey, RecordKey] = {}
    for table, rows in ids.items():
        parent_table = relations.parent_table(table)
        if parent_table:
            for row, parent in relations.ancestor_ids(session, table, rows, parent_table).items():
                if (parent_table, parent) in found:
                    parents[table, row] = (parent_table, parent)
    return parents


def _told(
    session: Session, lines: Sequence[RecordKey], found: dict[RecordKey, Withdrawal], parts: dict[RecordKey, int]
) -> list[WithdrawnRecord]:
    ids: dict[str, list[str]] = defaultdict(list)
    for table, row in lines:
        ids[table].append(row)
    titles = {table: relations.record_titles(session, table, rows) for table, rows in ids.items()}
    owners = {
        (table, row): household
        for table, rows in ids.items()
        for row, household in relations.ancestor_ids(session, table, rows).items()
    }
    households = relations.household_titles(session, set(owners.values()))
    return [
        WithdrawnRecord(
            table=table,
            id=row,
            label=relations.record_label(table),
            title=titles[table].get(row, ""),
            household=households.get(owners.get((table, row), ""), ""),
            operator=found[table, row].operator,
            at=datetime.fromtimestamp((found[table, row].stamp >> 16) / 1000) if found[table, row].stamp else None,
            parts=parts.get((table, row), 0),
        )
        for table, row in lines
    ]


def _contains(line: WithdrawnRecord, typed: str) -> bool:
    return all(word in f"{line.label} {line.title} {line.household} {line.operator}" for word in typed.split())


def restore_records(workbook: Workbook, keys: Sequence[RecordKey]) -> int:
    """Bring records back, each with what was withdrawn with it and what it belongs to; returns how many came back.

    Raises:
        UserError: none of them is withdrawn any more
    """
    with workbook.operation("恢复") as session:
        found = {(table, row.id): row for table in records() for row in withdrawals(session, table)}
        parents = _parents(session, found)
        children: dict[RecordKey, list[RecordKey]] = defaultdict(list)
        for child, parent in parents.items():
            children[parent].append(child)
        back: dict[RecordKey, None] = {}
        for key in (key for key in keys if key in found):
            _collect(key, found, children, back)
            while key in parents:  # what belongs to a withdrawn record cannot be seen
                key = parents[key]
                back[key] = None
        if not back:
            raise UserError("选中的记录已经恢复了。请刷新后再看。")
        for table, row in back:
            write_cell(session, table, row, "withdrawn", 0)
        table, row = next(iter(back))
        title = relations.record_title(session, table, row)
        more = f"等 {len(back)} 条" if len(back) > 1 else ""
        running_operation(session).title = f"恢复{relations.record_label(table)}：{title}{more}".rstrip("：")
        return len(back)


def _collect(
    key: RecordKey,
    found: dict[RecordKey, Withdrawal],
    children: dict[RecordKey, list[RecordKey]],
    back: dict[RecordKey, None],
) -> None:
    """A record and all below it that was withdrawn with it."""
    back[key] = None
    for child in children[key]:
        if found[child].stamp == found[key].stamp:
            _collect(child, found, children, back)
