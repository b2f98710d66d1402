"""What other places are known to hold: writing it down, and reading the newest of each value.

`held` of a row is JSON: table → row → column → value in the form of app/consistency/record_values.py. Columns that are
not named there were not seen. WITHDRAWN beside the columns says whether the place has the record at all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.consistency.record_values import Stored
from app.registers.engine.rows import id_values
from db.schema import records
from db.schema.consistency import ObservedValues
from db.schema.household import Household

WITHDRAWN = "withdrawn"
Held = dict[str, dict[str, dict[str, Stored]]]  # table → row → column → value
_HELD: msgspec.json.Decoder[Held] = msgspec.json.Decoder(Held)
_STEP = 200


@dataclass(frozen=True, slots=True)
class Observation:
    """One value as it stands elsewhere: since when it is known, from whom and from what."""

    value: Stored
    at: str
    by: str
    basis: str


@dataclass(slots=True)
class ObservedIndex:
    """The newest observation of each value of some households."""

    _rows: dict[tuple[str, str, str], dict[str, Observation]] = field(default_factory=dict)

    def add(self, place: str, table: str, row: str, column: str, observation: Observation) -> None:
        self._rows.setdefault((place, table, row), {})[column] = observation

    def of_record(self, place: str, table: str, row: str) -> Mapping[str, Observation]:
        """Column → what a place holds of a record; empty where the place is not known to have it."""
        return self._rows.get((place, table, row), {})


def observe(
    session: Session,
    place: str,
    held: Mapping[str, Held],
    at: str,
    *,
    by: str | None = None,
    basis: str | None = None,
) -> int:
    """Write down what a place holds; returns how many rows are new. What is written down already is not again.

    Args:
        held: household id → its values
        at: a day as ISO text, or local time "YYYY-MM-DD hh:mm:ss.mmm"; of two values the later tells
    """
    rows, undone = _unobserved(session, place, held, at, by, basis)
    if undone:
        session.execute(update(ObservedValues).where(ObservedValues.id.in_(id_values(undone))).values(withdrawn=False))
    for start in range(0, len(rows), _STEP):
        session.execute(insert(ObservedValues), rows[start : start + _STEP])
    return len(rows) + len(undone)


def count_new(session: Session, place: str, held: Mapping[str, Held], at: str, *, basis: str) -> int:
    """How many rows `observe` would write."""
    rows, undone = _unobserved(session, place, held, at, None, basis)
    return len(rows) + len(undone)


def encode_held(held: Held) -> str:
    """The stored text; equal values have equal texts."""
    return msgspec.json.encode(held, order="sorted").decode()


def observations(session: Session, places: Collection[str], household_ids: Sequence[str]) -> ObservedIndex:
    """What these places hold of these households, of each value the newest that is known."""
    rows = session.execute(
        select(
            ObservedValues.place,
            ObservedValues.observed_at,
            ObservedValues.observed_by,
            ObservedValues.basis,
            ObservedValues.held,
        )
        .where(
            ObservedValues.place.in_(places),
            ObservedValues.household_id.in_(id_values(household_ids)),
            ~ObservedValues.withdrawn,
        )
        .order_by(ObservedValues.observed_at, ObservedValues.id)
    )
    index = ObservedIndex()
    standing = _StandingRows(session)
    for place, at, by, basis, text in rows:
        for table, held_rows in _decode(text).items():
            for row, cells in held_rows.items():
                row_id = standing.id_of(table, row)
                for column, value in cells.items():
                    index.add(place or "", table, row_id, column, Observation(value, at or "", by or "", basis or ""))
    return index


def observed_households(session: Session, places: Collection[str]) -> frozenset[str]:
    """Households of which one of these places is known to hold something."""
    query = select(ObservedValues.household_id).where(ObservedValues.place.in_(places), ~ObservedValues.withdrawn)
    return frozenset(found for found in session.scalars(query.distinct()) if found)


def observed_places(session: Session) -> frozenset[str]:
    """The places of which anything is known."""
    query = select(ObservedValues.place).where(~ObservedValues.withdrawn).distinct()
    return frozenset(found for found in session.scalars(query) if found)


def latest_day(session: Session, place: str) -> str:
    """The day of the newest list of a system, "" where there is none; what a person typed in is not a list."""
    query = select(func.max(ObservedValues.observed_at)).where(
        ObservedValues.place == place, ~ObservedValues.withdrawn, ObservedValues.observed_by.is_(None)
    )
    return (session.scalar(query) or "")[:10]


def _decode(text: str | None) -> Held:
    """What a row holds; nothing where another version of the program wrote it in another way."""
    try:
        return _HELD.decode(text or "{}")
    except (msgspec.MsgspecError, RecursionError):
        return {}


def _unobserved(
    session: Session, place: str, held: Mapping[str, Held], at: str, by: str | None, basis: str | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows that are not written down yet, and ids of those that were and whose writing was undone.

    The same under another name of the file is known already.
    """
    villages, known = _villages(session, held), _known(session, place, at, by, held)
    rows: dict[str, dict[str, Any]] = {}
    for household_id, values in held.items():
        text = encode_held(values)
        if not values or household_id not in villages or (household_id, text) in known:
            continue
        row_id = ObservedValues.id_of(household_id, place, at, by, basis, text)
        rows[row_id] = {
            "id": row_id,
            "village": villages[household_id],
            "household_id": household_id,
            "place": place,
            "observed_at": at,
            "observed_by": by,
            "basis": basis,
            "held": text,
            "withdrawn": False,
        }
    undone = list(session.scalars(select(ObservedValues.id).where(ObservedValues.id.in_(id_values(list(rows))))))
    taken = set(undone)
    return [row for row_id, row in rows.items() if row_id not in taken], undone


def _known(
    session: Session, place: str, at: str, by: str | None, household_ids: Iterable[str]
) -> set[tuple[str | None, str | None]]:
    """Household and values of what is written down of this place and time."""
    query = select(ObservedValues.household_id, ObservedValues.held).where(
        ObservedValues.household_id.in_(id_values(list(household_ids))),
        ObservedValues.place == place,
        ObservedValues.observed_at == at,
        ObservedValues.observed_by.is_(by),
        ~ObservedValues.withdrawn,
    )
    return {(household_id, text) for household_id, text in session.execute(query)}


def _villages(session: Session, household_ids: Iterable[str]) -> dict[str, str]:
    query = select(Household.id, Household.village).where(Household.id.in_(id_values(list(household_ids))))
    return dict(iter(session.execute(query)))


class _StandingRows:
    """The record that stands for another since households were merged, read once for each table."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._targets: dict[str, Mapping[str, str]] = {}

    def id_of(self, table: str, row: str) -> str:
        if table not in self._targets:
            self._targets[table] = self._read(table)
        return self._targets[table].get(row, row)

    def _read(self, table: str) -> Mapping[str, str]:
        if table not in records():
            return {}
        columns = records()[table].__table__.columns
        query = select(columns["id"], columns["merged_into"]).where(columns["merged_into"].is_not(None))
        return dict(iter(self._session.execute(query)))
