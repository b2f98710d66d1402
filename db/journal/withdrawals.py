"""Which records are withdrawn, when and by whom: the latest first, or those that are asked for.

A record that another one stands for is not withdrawn, though its table shows it so.
docs/decisions/0010-household-merge.md.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.schema import records, relations
from db.schema.journal import WITHDRAWING_CHANGES

RecordKey = tuple[str, str]  # table, id
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


def count_apart(session: Session, table: str) -> int:
    """How many records of a table are withdrawn that were not withdrawn together with what they belong to."""
    parent_column, parent_table = relations.parent_column(table), relations.parent_table(table)
    together = (
        f" AND NOT EXISTS (SELECT 1 FROM {parent_table} p WHERE p.id = t.{parent_column} AND "
        f"{_IS_WITHDRAWN.format('p')} AND {_WITHDRAWN_AT.format('p')} IS {_WITHDRAWN_AT.format('t')})"
    )
    query = f"SELECT count(*) FROM {table} t WHERE {_IS_WITHDRAWN.format('t')}{together if parent_column else ''}"
    return int(session.scalar(text(query)) or 0)
