"""Which record stands for which, of one kind of record."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from db.journal.sql_variables import batched, placeholders
from db.record_merge.journal_values import MergeHistory, stated_values
from db.schema import relations


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A record as its table shows it; `cells`: its key."""

    id: str
    village: str
    parent: str
    merged_into: str
    withdrawn: bool
    cells: Mapping[str, Any]


def resolve_targets(declared_targets: Mapping[str, str], withdrawn: Collection[str]) -> dict[str, str]:
    """Where each merged record leads.

    The end of the chain, or the smallest id of a ring that merges made without knowing of each other. Nobody follows
    into a record that was withdrawn: of a chain that ends there the last one that is kept stands for the others.

    Args:
        declared_targets: record → the one that it was merged into
        withdrawn: records that were taken back
    """
    targets = {}
    for record in declared_targets:
        chain = [record]
        while (successor := declared_targets.get(chain[-1])) is not None and successor not in chain:
            chain.append(successor)
        if successor is not None:
            # a ring: its root is the end, whichever way it was entered
            ring = chain[chain.index(successor) :]
            active = [member for member in ring if member not in withdrawn]
            root = min(active or ring)
            chain = chain[: chain.index(root) + 1] if root in chain else chain
        representative = next((member for member in reversed(chain) if member not in withdrawn), record)
        if representative != record:
            targets[record] = representative
    return targets


def resolve_households(db: Any, households: Collection[str], history: MergeHistory) -> dict[str, str]:
    """Household → the one that stands for it, of these households, as the journal has it."""
    villages: dict[str, str] = {}
    withdrawn: set[str] = set()
    for batch in batched(sorted(households)):
        for row, village, is_withdrawn in db.execute(
            f"SELECT id, village, withdrawn FROM household WHERE id IN ({placeholders(len(batch))})", batch
        ):
            villages[row] = village
            withdrawn |= {row} if is_withdrawn else set()
    links = stated_values(db, set(households) & history.get("household", {}).keys(), "merged_into")
    return resolve_targets(
        {
            household: target
            for household, target in links.items()
            # a row never leaves its village
            if isinstance(target, str) and target in villages and villages[target] == villages.get(household)
        },
        withdrawn,
    )


def resolve_records(
    db: Any,
    table: str,
    rows: Collection[ShownRow],
    history: MergeHistory,
    former: Collection[str],
    representatives: Collection[str],
) -> tuple[dict[str, str], dict[str, bool]]:
    """(record → the one that stands for it, record → whether it is withdrawn by what the journal says).

    The second has the records that were ever merged; of the others the table shows it.

    Args:
        rows: all of a table that may be one another
        former: records that others stood for before the transaction
        representatives: what stands for others of its kind: records that belong to it came from several
    """
    by_id = {row.id: row for row in rows}
    ever_linked = by_id.keys() & history.get(table, {}).keys()
    linked = {row.id for row in rows if row.merged_into or row.id in former} | ever_linked
    withdrawals = {row: bool(value) for row, value in stated_values(db, linked, "withdrawn").items()}
    withdrawn = {row.id for row in rows if withdrawals.get(row.id, row.withdrawn)}
    links = {
        row: by_id[target] for row, target in stated_values(db, ever_linked, "merged_into").items() if target in by_id
    }
    # a link holds while both belong to one thing: when households are parted again it leads nowhere
    declared = {
        row: target.id
        for row, target in links.items()
        if (target.parent, target.village) == (by_id[row].parent, by_id[row].village)
    }
    stated = resolve_targets(declared, withdrawn)
    free = [row for row in rows if row.id not in stated and row.id not in withdrawn and row.parent in representatives]
    parents = stated_values(db, (row.id for row in free), relations.parent_column(table))
    return resolve_targets(declared | stated | duplicates(table, free, parents), withdrawn), withdrawals


def duplicates(table: str, rows: Iterable[ShownRow], parents: Mapping[str, Any]) -> dict[str, str]:
    """Record → the one with the same key that stands for it: one that was stated of what is kept, else the first by id.

    Only records that were stated of different things are ever the same; of two that one laptop wrote down for one
    household each stays.

    Args:
        parents: record → what it was stated to belong to
    """
    found: dict[str, str] = {}
    absorbed: dict[str, set[str]] = defaultdict(set)  # record → what those that it stands for were stated of
    ordered = sorted(rows, key=lambda row: (parents[row.id] != row.parent, str(parents[row.id]), row.id))
    for columns in relations.all_keys(table):
        standing: dict[tuple[object, ...], list[ShownRow]] = defaultdict(list)
        for row in ordered:
            parent = str(parents[row.id])
            for key in relations.key_values(table, row.cells):
                if key[0] != columns or row.id in found:
                    continue
                kept = next(
                    (
                        other
                        for other in standing[key]
                        if str(parents[other.id]) != parent and parent not in absorbed[other.id]
                    ),
                    None,
                )
                if kept is None:
                    standing[key].append(row)
                else:
                    found[row.id] = kept.id
                    absorbed[kept.id] |= {parent} | absorbed[row.id]
    return found
