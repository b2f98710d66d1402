"""已撤回: everything that was withdrawn, of every kind, and bringing it back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import UserError
from app.workbook.workbook import Workbook, running_operation
from db.journal.changes import Withdrawal, withdrawals, write_cell
from db.schema import records, relations

RecordKey = tuple[str, str]  # table, id
_NAMED_PARTS = 3  # in a line of the list


@dataclass(frozen=True, slots=True)
class WithdrawnRecord:
    """One line.

    Attributes:
        label: what kind of record
        household: whose, "" for what belongs to none
        at: local time, None where it came withdrawn
        parts: what belongs to it, was withdrawn with it and comes back with it, the first few by name
        words: names of all these, to be found by
    """

    table: str
    id: str
    label: str
    title: str
    household: str
    operator: str
    at: datetime | None
    parts: str
    words: str


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
    parts: dict[RecordKey, list[RecordKey]] = defaultdict(list)
    lines = []
    for key, row in sorted(found.items(), key=lambda entry: -entry[1].stamp):
        parent = parents.get(key)
        if parent is not None and found[parent].stamp == row.stamp:
            parts[parent].append(key)
        else:
            lines.append(key)
    told = [line for line in _told(session, lines, found, parts) if _contains(line, typed)]
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
    session: Session,
    lines: Sequence[RecordKey],
    found: Mapping[RecordKey, Withdrawal],
    parts: Mapping[RecordKey, Sequence[RecordKey]],
) -> Iterator[WithdrawnRecord]:
    ids: dict[str, list[str]] = defaultdict(list)
    for table, row in found:
        ids[table].append(row)
    titles: dict[RecordKey, str] = {}
    owners: dict[RecordKey, str] = {}
    for table, rows in ids.items():
        titles |= {(table, row): title for row, title in relations.record_titles(session, table, rows).items()}
        if table != "household":
            owners |= {(table, row): owner for row, owner in relations.ancestor_ids(session, table, rows).items()}
    households = relations.household_titles(session, set(owners.values()))
    for key in lines:
        withdrawal = found[key]
        names = [titles.get(part, "") for part in parts.get(key, ())]
        yield WithdrawnRecord(
            table=key[0],
            id=key[1],
            label=relations.record_label(key[0]),
            title=titles.get(key, ""),
            household=households.get(owners.get(key, ""), ""),
            operator=withdrawal.operator,
            at=datetime.fromtimestamp((withdrawal.stamp >> 16) / 1000) if withdrawal.stamp else None,
            parts=_some_names(names),
            words=" ".join(names),
        )


def _some_names(names: Sequence[str]) -> str:
    named = list(dict.fromkeys(name for name in names if name))[:_NAMED_PARTS]
    more = f"等 {len(names)} 条" if len(names) > len(named) else ""
    return "、".join(named) + more


def _contains(line: WithdrawnRecord, typed: str) -> bool:
    text = f"{line.label} {line.title} {line.household} {line.operator} {line.words}"
    return all(word in text for word in typed.split())


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
