"""Which records are withdrawn, when and by whom: the latest first, or those that are asked for.

A record that another one stands for is not withdrawn, though its table shows it so.
docs/decisions/0010-household-merge.md.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.schema import records, relations
from db.schema.journal import WITHDRAWING_CHANGES
from db.title_search import household_title_contains, title_contains

RecordKey = tuple[str, str]  # table, id
_FIRST_LOOK, _LOOK_GROWTH = 4000, 8  # records that are searched together at first, and how many times more then
_IS_WITHDRAWN = "{0}.withdrawn AND {0}.merged_into IS NULL"
_WITHDRAWN_AT = (
    "(SELECT max(c.stamp) FROM change c WHERE c.row_id = {0}.id AND c.column_name = 'withdrawn' AND c.value = 1)"
)


class Withdrawal(NamedTuple):
    """A withdrawn record.

    Attributes:
        parent: what it belongs to, None for what belongs to the village
        operator, stamp: who withdrew it when; "" and 0 where it came withdrawn
    """

    table: str
    id: str
    parent: RecordKey | None
    operator: str
    stamp: int


def withdrawals(session: Session, table: str, ids: Iterable[str], column: str = "id") -> list[Withdrawal]:
    """The withdrawn ones of these records.

    Args:
        column: that the ids stand in, a reference to find what belongs to some
    """
    parent_column, parent_table = relations.parent_column(table), relations.parent_table(table)
    rows = session.execute(
        text(
            f"SELECT t.id, {f't.{parent_column}' if parent_column else 'NULL'}, coalesce(c.operator, ''), "
            f"coalesce(max(c.stamp), 0) FROM {table} t LEFT JOIN change c ON c.row_id = t.id "
            f"AND c.column_name = 'withdrawn' AND c.value = 1 WHERE t.{column} IN (SELECT value FROM json_each(:ids)) "
            f"AND {_IS_WITHDRAWN.format('t')} GROUP BY t.id"
        ),
        {"ids": json.dumps(list(ids))},
    )
    return [
        Withdrawal(table, id, (parent_table, parent) if parent else None, operator, stamp)
        for id, parent, operator, stamp in rows
    ]


def ids_by_table(keys: Iterable[RecordKey]) -> dict[str, list[str]]:
    """Table → ids, each once and in this order."""
    ids: dict[str, list[str]] = defaultdict(list)
    for table, row in dict.fromkeys(keys):
        ids[table].append(row)
    return ids


def iter_latest(session: Session, block_size: int) -> Iterator[list[Withdrawal]]:
    """All withdrawn records, the latest first and those that came withdrawn by when they came, in blocks."""
    last_stamp, last_seq = 1 << 62, 0
    while changes := session.execute(
        text(
            "SELECT stamp, seq, table_name, row_id, column_name FROM change INDEXED BY ix_change_withdrawing "
            f"WHERE ({WITHDRAWING_CHANGES}) AND (stamp, seq) < (:stamp, :seq) "
            "ORDER BY stamp DESC, seq DESC LIMIT :limit"
        ),
        {"stamp": last_stamp, "seq": last_seq, "limit": block_size},
    ).all():
        last_stamp, last_seq = changes[-1].stamp, changes[-1].seq
        tables = {change.table_name for change in changes} & records().keys()
        found = {
            (table, row.id): row
            for table in tables
            for row in withdrawals(session, table, [one.row_id for one in changes if one.table_name == table])
        }
        block: dict[RecordKey, Withdrawal] = {}
        for stamp, _, table, id, column in changes:
            row = found.get((table, id))
            if row is not None and row.stamp == (stamp if column else 0):  # the last time that it was withdrawn
                block[table, id] = row
        yield list(block.values())


def iter_matching(session: Session, words: Sequence[str], block_size: int) -> Iterator[list[Withdrawal]]:
    """The withdrawn records that these words may find, in the order of `iter_latest`, in blocks.

    Each word is in the label of the kind, in the title of the record, of its household or of a withdrawn record that
    belongs to it, or in the name of who withdrew it. Who asks compares it with what a line shows.
    """
    operators = _operators_in_order(session)
    ids = ids_by_table(operators)
    keys, size = list(operators), _FIRST_LOOK
    while keys:
        chunk, keys, size = keys[:size], keys[size:], size * _LOOK_GROWTH
        among = ids_by_table(chunk)
        found = {(table, row) for table in among for row in _matching_ids(session, table, words, among, ids, operators)}
        matching = [key for key in chunk if key in found]
        for start in range(0, len(matching), block_size):
            yield _in_order(session, matching[start : start + block_size])


def _in_order(session: Session, keys: Sequence[RecordKey]) -> list[Withdrawal]:
    rows = {
        (row.table, row.id): row
        for table, ids in ids_by_table(keys).items()
        for row in withdrawals(session, table, ids)
    }
    return [rows[key] for key in keys if key in rows]


def _operators_in_order(session: Session) -> dict[RecordKey, str]:
    """All records that were ever withdrawn or came so, those of the latest time first, each with who did it last."""
    changes = session.execute(
        text(
            "SELECT table_name, row_id, operator FROM change INDEXED BY ix_change_withdrawing "
            f"WHERE {WITHDRAWING_CHANGES} ORDER BY stamp DESC, seq DESC"
        )
    )
    operators: dict[RecordKey, str] = {}
    for table, row, operator in changes:
        if table in records():
            operators.setdefault((table, row), operator)
    return operators


def _matching_ids(
    session: Session,
    table: str,
    words: Sequence[str],
    among: Mapping[str, list[str]],
    ids: Mapping[str, list[str]],
    operators: Mapping[RecordKey, str],
) -> list[str]:
    """Those of the records of one table that each word may find.

    Args:
        among: table → the records that are asked about
        ids: table → all records that were withdrawn
        operators: who withdrew each of them
    """
    parts = [name for name in ids if relations.parent_table(name) == table]
    parameters = {"among": json.dumps(among[table])} | {f"ids_{part}": json.dumps(ids[part]) for part in parts}
    conditions = []
    for n, word in enumerate(words):
        withdrawn_by = [id for id in among[table] if word in operators[table, id]]
        if word not in relations.record_label(table) and len(withdrawn_by) < len(among[table]):
            conditions.append(_finds(table, f"word{n}", parts))
            parameters |= {f"word{n}": word, f"word{n}_by": json.dumps(withdrawn_by)}
    query = f"SELECT t.id FROM {table} t WHERE {_is_among('t', 'among')} AND {_IS_WITHDRAWN.format('t')}"
    return list(session.scalars(text(" AND ".join([query, *conditions])), parameters))


def _finds(table: str, word: str, parts: Iterable[str]) -> str:
    """SQL: the word of this parameter finds the record `t` of a table."""
    of_parts = (
        f"t.id IN (SELECT p.{relations.parent_column(part)} FROM {part} p "
        f"WHERE {_is_among('p', f'ids_{part}')} AND {title_contains(part, 'p', f':{word}')})"
        for part in parts
    )
    own = (title_contains(table, "t", f":{word}"), household_title_contains(table, "t", f":{word}"))
    return f"({' OR '.join([*own, *of_parts, _is_among('t', f'{word}_by')])})"


def _is_among(row: str, ids: str) -> str:
    return f"{row}.id IN (SELECT value FROM json_each(:{ids}))"


def count_apart(session: Session, table: str) -> int:
    """How many records of a table are withdrawn that were not withdrawn together with what they belong to."""
    parent_column, parent_table = relations.parent_column(table), relations.parent_table(table)
    together = (
        f" AND NOT EXISTS (SELECT 1 FROM {parent_table} p WHERE p.id = t.{parent_column} AND "
        f"{_IS_WITHDRAWN.format('p')} AND {_WITHDRAWN_AT.format('p')} IS {_WITHDRAWN_AT.format('t')})"
    )
    query = f"SELECT count(*) FROM {table} t WHERE {_IS_WITHDRAWN.format('t')}{together if parent_column else ''}"
    return int(session.scalar(text(query)) or 0)
