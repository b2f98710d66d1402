"""Which households have to be looked at together after a transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from db.journal.sql_variables import batched, placeholders
from db.record_merge.journal_values import MergeHistory
from db.schema import relations

Targets = Mapping[str, Mapping[str, str]]  # table → record → the one shown for it


class Components:
    """Households that were ever merged with each other, or hold records that were."""

    def __init__(self, db: Any, history: MergeHistory, *shown: Targets) -> None:
        self._db = db
        self._known_households: dict[str, dict[str, str]] = {}  # table → `households` of all rows it was made of
        self._neighbours: dict[str, set[str]] = defaultdict(set)
        pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for table, targets_by_row in history.items():
            pairs[table] |= {(row, target) for row, targets in targets_by_row.items() for target in targets or {row}}
        for targets_by_table in shown:
            for table, targets in targets_by_table.items():
                pairs[table] |= set(targets.items())
        for table, table_pairs in pairs.items():
            households = self.households(table, {row for pair in table_pairs for row in pair})
            self._known_households[table] = households
            for row, target in table_pairs:
                first, second = households.get(row), households.get(target)
                for household, other in ((first, second), (second, first)):
                    if household:
                        self._neighbours[household] |= {other or household}

    def households(self, table: str, rows: Collection[str]) -> dict[str, str]:
        """Record → the household that it is shown with; a household not known here too."""
        if table == "household":
            return {row: row for row in rows}
        if table not in relations.tables_below("household"):
            return {}
        parent_column = relations.parent_column(table)
        parents: dict[str, str] = {}
        for batch in batched(sorted(rows)):
            query = f"SELECT id, {parent_column} FROM {table} WHERE id IN ({placeholders(len(batch))})"
            parents |= dict(self._db.execute(query, batch))
        parents = {row: parent for row, parent in parents.items() if parent}
        found = self.households(relations.parent_table(table), set(parents.values()))
        return {row: found[parent] for row, parent in parents.items() if parent in found}

    def without_household(self, shown: Targets) -> dict[str, set[str]]:
        """Table → records shown as merged that belong to no household any more: somebody emptied what they were of.

        Args:
            shown: among the targets that this was made of
        """
        below = relations.tables_below("household")
        return {
            table: orphans
            for table, targets in shown.items()
            if table in below and (orphans := targets.keys() - self._known_households[table].keys())
        }

    def all_households(self) -> set[str]:
        return set(self._neighbours)

    def connected(self, touched: Iterable[str]) -> set[str]:
        """All that hang together with one of these; those that were never merged are left out."""
        reachable, frontier = set[str](), set(touched) & self._neighbours.keys()
        while frontier:
            reachable |= frontier
            frontier = set().union(*(self._neighbours[household] for household in frontier)) - reachable
        return reachable
