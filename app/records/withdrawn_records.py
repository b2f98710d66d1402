"""已撤回: everything that was withdrawn, of every kind, and bringing it back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task, run_to_completion
from app.workbook.workbook import Workbook, running_operation
from db.journal.changes import write_cell
from db.journal.withdrawals import (
    RecordKey,
    Withdrawal,
    count_apart,
    ids_by_table,
    iter_latest,
    iter_matching,
    withdrawals,
)
from db.schema import records, relations

_BLOCK_SIZE = 500  # records looked at together
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

    @property
    def key(self) -> str:
        """What tells it from the others of the list."""
        return f"{self.table}:{self.id}"

    @property
    def at_text(self) -> str:
        """When, to the minute; "" where that is not known."""
        return self.at.isoformat(" ", "minutes") if self.at else ""

    def contains(self, words: Sequence[str]) -> bool:
        """Whether all these words stand in what it is called."""
        text = f"{self.label} {self.title} {self.household} {self.operator} {self.words}"
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class WithdrawnRecords:
    """The latest of them; `is_whole`: there are no more."""

    records: tuple[WithdrawnRecord, ...]
    is_whole: bool


def find_withdrawn(workbook: Workbook, typed: str = "", limit: int | None = _BLOCK_SIZE) -> Task[WithdrawnRecords]:
    """What is withdrawn and contains this text in what it is called, the latest first, at most about `limit`
    (None: all).

    What was withdrawn together with the record that it belongs to is told by that one.
    """
    with workbook.reading() as session:
        return (yield from _find(session, typed.split(), limit))


def all_withdrawn(session: Session) -> tuple[WithdrawnRecord, ...]:
    """Every line, the latest first: of 100,000 that takes seconds."""
    return run_to_completion(_find(session, (), None)).records


def _find(session: Session, words: Sequence[str], limit: int | None) -> Task[WithdrawnRecords]:
    found: list[WithdrawnRecord] = []
    looked_at = 0
    blocks = iter_matching(session, words, _BLOCK_SIZE) if words else iter_latest(session, _BLOCK_SIZE)
    for block in blocks:
        if limit is not None and len(found) >= limit:
            return WithdrawnRecords(tuple(found), is_whole=False)
        lines = _apart(session, block)
        found += [line for line in _described(session, lines) if line.contains(words)]
        looked_at += len(block)
        yield Progress(looked_at, 0, "查找已撤回的")
    return WithdrawnRecords(tuple(found), is_whole=True)


def count_withdrawn(session: Session) -> int:
    """How many lines there are altogether."""
    return sum(count_apart(session, table) for table in records())


def _apart(session: Session, block: Sequence[Withdrawal]) -> list[Withdrawal]:
    """Those that were not withdrawn together with what they belong to."""
    parents = _by_key(session, (row.parent for row in block if row.parent))
    stamps = {key: parent.stamp for key, parent in parents.items()}
    return [row for row in block if row.parent not in stamps or stamps[row.parent] != row.stamp]


def _by_key(session: Session, keys: Iterable[RecordKey]) -> dict[RecordKey, Withdrawal]:
    """The withdrawn ones of these records."""
    return {
        (row.table, row.id): row
        for table, ids in ids_by_table(keys).items()
        for row in withdrawals(session, table, ids)
    }


def _parts(session: Session, rows: Iterable[Withdrawal]) -> list[Withdrawal]:
    """What belongs to these directly and was withdrawn with them."""
    by_key = {(row.table, row.id): row for row in rows}
    return [
        part
        for table, ids in ids_by_table(by_key).items()
        for part_table in records()
        if relations.parent_table(part_table) == table
        for part in withdrawals(session, part_table, ids, relations.parent_column(part_table))
        if part.parent is not None and part.stamp == by_key[part.parent].stamp
    ]


def _described(session: Session, lines: Sequence[Withdrawal]) -> Iterator[WithdrawnRecord]:
    parts = _parts(session, lines)
    titles = {
        (table, row): title
        for table, ids in ids_by_table((row.table, row.id) for row in (*lines, *parts)).items()
        for row, title in relations.record_titles(session, table, ids).items()
    }
    owners = {
        (table, row): owner
        for table, ids in ids_by_table((row.table, row.id) for row in lines).items()
        if table != "household"
        for row, owner in relations.ancestor_ids(session, table, ids).items()
    }
    households = relations.household_titles(session, set(owners.values()))
    part_names: dict[RecordKey | None, list[str]] = defaultdict(list)
    for part in parts:
        part_names[part.parent].append(titles.get((part.table, part.id), ""))
    for line in lines:
        key = (line.table, line.id)
        yield WithdrawnRecord(
            *key,
            label=relations.record_label(line.table),
            title=titles.get(key, ""),
            household=households.get(owners.get(key, ""), ""),
            operator=line.operator,
            at=datetime.fromtimestamp((line.stamp >> 16) / 1000) if line.stamp else None,
            parts=_some_names(part_names[key]),
            words=" ".join(part_names[key]),
        )


def _some_names(names: Sequence[str]) -> str:
    named = list(dict.fromkeys(name for name in names if name))[:_NAMED_PARTS]
    more = f"等 {len(names)} 条" if len(names) > len(named) else ""
    return "、".join(named) + more


def restore_records(workbook: Workbook, keys: Sequence[RecordKey]) -> int:
    """Bring records back, each with what was withdrawn with it and what it belongs to; returns how many came back.

    Raises:
        UserError: none of them is withdrawn any more
    """
    with workbook.operation("恢复") as session:
        chosen = _by_key(session, keys)
        if not chosen:
            raise UserError("选中的记录已经恢复了。请刷新后再看。")
        back = dict.fromkeys(
            [*(key for key in keys if key in chosen), *_keys_above(session, chosen), *_keys_below(session, chosen)]
        )
        for table, row in back:
            write_cell(session, table, row, "withdrawn", 0)
        table, row = next(iter(back))
        title = relations.record_title(session, table, row)
        more = f"等 {len(back)} 条" if len(back) > 1 else ""
        running_operation(session).title = f"恢复{relations.record_label(table)}：{title}{more}".rstrip("：")
        return len(back)


def _keys_below(session: Session, rows: Mapping[RecordKey, Withdrawal]) -> Iterator[RecordKey]:
    """All that belongs to these records, directly or through others, and was withdrawn with them."""
    parts = _parts(session, rows.values())
    while parts:
        yield from ((part.table, part.id) for part in parts)
        parts = _parts(session, parts)


def _keys_above(session: Session, rows: Mapping[RecordKey, Withdrawal]) -> Iterator[RecordKey]:
    """The withdrawn records that these belong to: what belongs to one of them could not be seen."""
    while rows := _by_key(session, (row.parent for row in rows.values() if row.parent)):
        yield from rows
