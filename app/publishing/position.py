"""How far a village is published, beside what this workbook knows of it.

A position is the marks of the village's streams (number and chain value, docs/decisions/0022-chains.md), so it does not
depend on which copy of the workbook published. It only ever grows: what a copy does not know stays as it is.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy.orm import Session

from app.errors import UserError
from app.publishing.database_schema import SCHEMA, qualified
from app.sync import stream_marks
from db.journal.branches import StreamTree
from db.journal.incoming_streams import Marks, holds, known_marks, own_marks
from db.journal.merge import VersionVector, version_vector
from db.journal.outgoing_changes import rows_after
from db.record_merge import has_merges, rows_of_merges
from db.schema import records

if TYPE_CHECKING:
    from app.publishing.target import Connection

Extent = Literal["first", "whole", "changes", "nothing"]
Rows = dict[str, set[str]]  # table → ids


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the database stands with a village.

    Attributes:
        marks: the changes in it
        is_full: whether numbers of persons are whole
        revision: of the tables, with which all rows were published
        options: the digest of its option lists
    """

    marks: Marks
    is_full: bool
    revision: str
    options: str


@dataclass(frozen=True, slots=True)
class PublicationPlan:
    """What is to be published of a village.

    Attributes:
        extent: all rows into empty tables ("first"), all rows, those of `rows`, or nothing
        rows: with a change that the database lacks, and those that merges concern
        is_partial: the database has changes that this workbook lacks: rows of which it does not know the last state
            stay, and all that are written wait for somebody who knows both
        knowledge: the marks of this workbook
        united: the marks of the database afterwards
    """

    extent: Extent
    rows: Rows
    is_partial: bool
    knowledge: Marks
    united: Marks


def load_stored(connection: "Connection", village: str) -> Stored | None:
    """The position of a village, None where it was never published."""
    found = connection.execute(
        f"SELECT knowledge, is_full, revision, options FROM {SCHEMA}.published_position WHERE village = %s", (village,)
    ).fetchone()
    return Stored(stream_marks.parse(found[0]), *found[1:]) if found else None


class Knowledge:
    """What this workbook knows of all its villages, read in one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._raw: Any = session.connection().connection.driver_connection
        self._tree, self._vector = StreamTree(session), version_vector(session)
        self._has_merges = has_merges(self._raw)

    def plan(
        self, connection: "Connection", village: str, stored: Stored | None, is_full: bool, revision: str
    ) -> PublicationPlan:
        """What a village's rows in the database lack.

        Raises:
            UserError: masked and whole numbers would stand side by side
        """
        vector: VersionVector = {key: last for key, last in self._vector.items() if key[0] == village}
        own = own_marks(self._tree, vector)
        if stored is None:
            return PublicationPlan("first", {}, False, own, own)
        lacked = {
            stream: mark for stream, mark in stored.marks.items() if not holds(self._tree, self._vector, stream, mark)
        }
        known = self._known(vector, [stored.marks])
        if lacked:
            # beyond a fork the marks of now tell nothing, those of former publications do
            known = self._known(vector, [stored.marks, *self._held_publications(connection, village).values()])
        is_new = any(last > known.get(stream, 0) for stream, last in vector.items())
        if lacked:
            if is_new and stored.is_full != is_full:
                raise UserError(_mixed(is_full))
            extent: Extent = "changes" if is_new else "nothing"
            rows = self._changed(connection, village, known) if is_new else {}
            return PublicationPlan(extent, rows, True, own, _united(own, lacked))
        waiting = _waiting(connection, village)
        if (stored.is_full, stored.revision) != (is_full, revision) or self._is_renamed(stored.marks):
            return PublicationPlan("whole", {}, False, own, own)
        if not is_new and not waiting:
            return PublicationPlan("nothing", {}, False, own, own)
        return PublicationPlan("changes", _joined(self._changed(connection, village, known), waiting), False, own, own)

    def accepted_publications(self, connection: "Connection", village: str) -> list[int]:
        """The publications of which this workbook knows every change: rows that they wrote may be written over."""
        return list(self._held_publications(connection, village))

    def _held_publications(self, connection: "Connection", village: str) -> dict[int, Marks]:
        query = f"SELECT id, knowledge FROM {SCHEMA}.published_log WHERE village = %s"
        stated = {n: stream_marks.parse(knowledge) for n, knowledge in connection.execute(query, (village,))}
        return {
            n: marks
            for n, marks in stated.items()
            if all(holds(self._tree, self._vector, stream, mark) for stream, mark in marks.items())
        }

    def _known(self, vector: VersionVector, stated: Iterable[Marks]) -> VersionVector:
        """How far the database has the streams of this workbook."""
        known: VersionVector = {}
        for marks in stated:
            for stream, number in known_marks(self._tree, vector, marks).items():
                known[stream] = max(known.get(stream, 0), number)
        return known

    def _changed(self, connection: "Connection", village: str, known: VersionVector) -> Rows:
        rows = {table: ids for table, ids in rows_after(self._session, known, village).items() if table in records()}
        if not self._has_merges:
            return rows
        return _joined(rows, rows_of_merges(self._raw, _former_targets(connection, village)))

    def _is_renamed(self, marks: Marks) -> bool:
        """Whether a stream has another name here since it forked: names decide between equal times (0022)."""
        for (village, name), mark in marks.items():
            found = self._tree.find(village, mark.root, mark.number, mark.chain) if mark.chain else None
            if found is not None and found.name != name:
                return True
        return False


def _united(own: Marks, lacked: Marks) -> Marks:
    """The marks of this workbook, and those that it lacks; one that has a name of its streams gets another."""
    united = dict(own)
    for (village, name), mark in lacked.items():
        if mark.chain and (village, name) in own:
            name = f"{mark.root}@{mark.chain.hex()}"
        united[village, name] = mark
    return united


def _waiting(connection: "Connection", village: str) -> Rows:
    """Rows that somebody published without knowing all that is in the database."""
    rows: Rows = {}
    query = f"SELECT table_name, row_id FROM {SCHEMA}.published_waiting WHERE village = %s"
    for table, row in connection.execute(query, (village,)):
        rows.setdefault(table, set()).add(row)
    return rows


def _former_targets(connection: "Connection", village: str) -> dict[str, dict[str, str]]:
    """What the database shows as merged: table → record → the one that stands for it."""
    query = " UNION ALL ".join(
        f"SELECT '{table}', id, merged_into FROM {qualified(table)} "
        "WHERE village = %(village)s AND merged_into IS NOT NULL"
        for table in records()
    )
    former: dict[str, dict[str, str]] = {}
    for table, row, target in connection.execute(query, {"village": village}):
        former.setdefault(table, {})[row] = target
    return former


def _joined(first: Rows, second: Rows) -> Rows:
    return {table: first.get(table, set()) | second.get(table, set()) for table in first.keys() | second.keys()}


def _mixed(is_full: bool) -> str:
    here, there = ("写全", "遮住") if is_full else ("遮住", "写全")
    return (
        f"库里这个村的号码是{there}的，这次要{here}；可是库里还有这份工作簿没有的修改，不能把整个村重发一遍。"
        "请先与同事交换数据包，再发布。"
    )


def dumped(marks: Marks) -> str:
    """Marks as the database keeps them, always in one form."""
    return json.dumps(json.loads(stream_marks.dump(marks)), sort_keys=True)
