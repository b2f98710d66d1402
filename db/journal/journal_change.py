"""A change as it travels between laptops."""

from collections.abc import Mapping
from typing import NamedTuple

from db.journal.chains import HashedChange
from db.journal.heads import SqlValue


class JournalChange(NamedTuple):
    """One change as it travels.

    `column` "" is an insert, its `value` a JSON object of cells. `replaces`: (replica, number), always of the same
    village, because a row never leaves its village; the last `inherited` of them came by compaction. `chain`: its chain
    value, where it was computed already.
    """

    village: str
    replica: str
    number: int
    table: str
    row: str
    column: str
    value: SqlValue
    stamp: int
    operator: str
    replaces: tuple[tuple[str, int], ...]
    inherited: int = 0
    chain: bytes | None = None

    def hashed(self, roots: Mapping[str, str]) -> HashedChange:
        """What its chain value covers. `roots`: of branches, the replica that they descend from."""
        written = self.replaces[: len(self.replaces) - self.inherited]
        if roots:
            written = tuple((roots.get(replica, replica), number) for replica, number in written)
        return HashedChange(self.table, self.row, self.column, self.value, self.stamp, self.operator, written)
