"""Conflicts between a withdrawal and edits made without knowing of it: a person decides.

A withdrawal names every head of its row that its writer saw, and an edit of a withdrawn row names the withdrawal
(db/journal/triggers.py). An edit is *concurrent* with a withdrawal when it still is a head of its cell, no known
withdrawal or restoring names it, and it names no withdrawal itself. That depends on the known changes alone, not on
the order in which they came.
"""

from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session


class ConcurrentEdit(NamedTuple):
    """An edit whose writer did not know that the record was withdrawn."""

    table: str
    row: str
    column: str
    village: str
    replica: str
    number: int
    stamp: int
    operator: str


_EDITS, _EDITS_IN_ROW = (
    text(
        "SELECT c.table_name, h.row_id, h.column_name, s.village, s.replica, h.number, c.stamp, c.operator, "
        "h.stream || ':' || h.number AS dot, c.replaces FROM head h "
        "JOIN change c ON c.stream = h.stream AND c.number = h.number JOIN stream s ON s.n = h.stream "
        "WHERE c.column_name NOT IN ('', 'withdrawn') AND h.row_id IN (SELECT w.row_id FROM head w "
        "JOIN change d ON d.stream = w.stream AND d.number = w.number "
        f"WHERE w.column_name = 'withdrawn' AND d.column_name = 'withdrawn' AND d.value = 1 {row_filter}) "
        "ORDER BY h.row_id, c.stamp DESC, s.replica, h.number"
    )
    for row_filter in ("", "AND w.row_id = :row")
)
_DECISIONS = text(
    "SELECT stream || ':' || number AS dot, value, replaces FROM change "
    "WHERE row_id = :row AND column_name = 'withdrawn'"
)


def edits_concurrent_with_withdrawal(session: Session | Connection, row: str = "") -> list[ConcurrentEdit]:
    """Concurrent edits of withdrawn records that nobody has decided about; of one row if `row` is given."""
    edits: list[ConcurrentEdit] = []
    decisions_by_row: dict[str, tuple[set[str], set[str]]] = {}
    for *edit, change_id, replaces in session.execute(_EDITS_IN_ROW if row else _EDITS, {"row": row} if row else {}):
        row_id = edit[1]
        if row_id not in decisions_by_row:
            decisions_by_row[row_id] = _withdrawal_decisions(session, row_id)
        replaced_ids, withdrawal_ids = decisions_by_row[row_id]
        if change_id not in replaced_ids and withdrawal_ids.isdisjoint(replaces.split()):
            edits.append(ConcurrentEdit(*edit))
    return edits


def _withdrawal_decisions(session: Session | Connection, row: str) -> tuple[set[str], set[str]]:
    """The change ids that withdrawals and restorings of a row name, and those of its withdrawals."""
    decisions = session.execute(_DECISIONS, {"row": row}).all()
    return (
        {change_id for decision in decisions for change_id in decision.replaces.split()},
        {decision.dot for decision in decisions if decision.value},
    )
