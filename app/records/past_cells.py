"""What the cells of some records held at a time, replayed from the journal."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.records.field import Value, field
from app.records.history import decode_value
from db.journal.changes import RowChange, changes_of_rows


@dataclass(frozen=True, slots=True)
class RowPast:
    """The changes of one record in the order of their stamps; none where the journal does not know it."""

    changes: Sequence[RowChange] = ()

    @property
    def first(self) -> float | None:
        """When it was recorded, in seconds since 1970; None where the journal does not say."""
        return _seconds(self.changes[0]) if self.changes else None

    def reaches(self, moment: float) -> bool:
        """Whether it was recorded by then."""
        return self.first is not None and self.first <= moment

    def changed_after(self, moment: float) -> bool:
        """Whether anything of it was written later than that."""
        return bool(self.changes) and _seconds(self.changes[-1]) > moment

    def value(self, column: str, moment: float) -> tuple[Value] | None:
        """What a cell held, in a tuple; None where the journal no longer says, or did not know the column yet."""
        known: tuple[object] | None = None
        for change in self.changes:
            if change.column not in ("", column):
                continue
            if _seconds(change) > moment:
                if change.column == column and change.after_compacted:
                    known = None  # what stood there between has left the journal
                    break
                if change.column == column:
                    break
                continue
            if change.column == column:
                known = (change.value,)
            elif column in (cells := json.loads(str(change.value))):
                known = (cells[column],)
        if known is None:
            return None
        try:
            return (decode_value(field(self.changes[0].table, column), known[0]),)
        except (ValueError, ArithmeticError):
            return None


def load_pasts(session: Session, rows: Iterable[str]) -> Mapping[str, RowPast]:
    """Record → its past, of those that the journal knows."""
    changes: dict[str, list[RowChange]] = {}
    for change in changes_of_rows(session, rows):
        changes.setdefault(change.row, []).append(change)
    return {row: RowPast(tuple(found)) for row, found in changes.items()}


def _seconds(change: RowChange) -> float:
    return (change.stamp >> 16) / 1000
