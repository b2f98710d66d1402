"""Which values 三者一致 compares (resources/facts/three_way.toml), and what a printed archive says of them."""

from collections.abc import Collection
from functools import cache

from sqlalchemy.orm import Session

import resources
from app.consistency.observed_values import WITHDRAWN, Held
from app.consistency.record_values import ColumnSet, record_values, source_table
from db.schema.relations import printed_in


@cache
def compared_facts() -> tuple[ColumnSet, ...]:
    """The values that are compared, in the order in which they are shown."""
    return tuple(ColumnSet.of(raw) for raw in resources.read("facts", "three_way")["facts"])


def printed_values(session: Session, household_id: str, parts: Collection[str]) -> Held:
    """The compared values that these parts of a household's archive print."""
    held: Held = {}
    for facts in compared_facts():
        printed = [name for name in facts.columns if _is_printed(facts.table, name, parts)]
        if not printed:
            continue
        for record in record_values(session, facts, [household_id]):
            if not record.withdrawn:
                cells = {WITHDRAWN: False, **{name: record.values[name] for name in printed}}
                held.setdefault(record.table, {})[record.id] = cells
    return held


def _is_printed(table: str, name: str, parts: Collection[str]) -> bool:
    return not set(printed_in(source_table(table, name))).isdisjoint(parts)
