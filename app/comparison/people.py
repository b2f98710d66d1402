"""The people of the workbook as a comparison sees them: found by number, or by name and birth date."""

import re
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from app.comparison.id_number import STAR, own_number
from app.comparison.subject import AnsweringRows, Subject
from app.progress import Progress
from app.records.row_views import HEAD_RELATION
from db.schema import records
from db.schema.household import Household, Member
from resources.option_roles import values_with_role

_BLOCK = 5000  # people between two reports of progress
_END = 4  # characters of a number that offices leave when they star it
_LABEL = "读取本工作簿人口"
_Row: TypeAlias = Any  # a row of SQLAlchemy, whose columns only `_columns` knows


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row of another table that answers to the list, e.g. a loan: its compared values by column."""

    id: str
    member_id: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a household.

    Attributes:
        number: ID number with 18 characters, as written where it is none
        left: why he is no longer of the household, "" for who is
        own_value: what the field that answers to the list says
        is_listed: whether the workbook says that he belongs on the list
        is_in_place: present, and his household not closed: who can be missing on a list
        values: column of the member → value, for the columns that are compared
        rows: of the other table, his own or his household's
    """

    id: str
    household_id: str
    village: str
    name: str
    number: str
    birth: str
    left: str
    is_head: bool
    own_value: Any
    is_listed: bool
    is_in_place: bool
    values: dict[str, Any]
    rows: Sequence[OwnRow] = ()


class PeopleIndex:
    """Everybody who is or was of a household in force, and where to find him.

    A township has 200,000: what stands in the file is kept as it is, and a `Person` made of it when one is asked for.
    """

    def __init__(self, subject: Subject, households: dict[str, str], rows: dict[str, list[OwnRow]]) -> None:
        """
        Args:
            households: in force → state of registration
            rows: whose they are → rows that answer to the list
        """
        self._subject, self._households, self._answering = subject, households, rows
        self._names = [one.name for one in subject.value_fields("member")]
        self._closed = values_with_role("registration_state", "closed")
        self._rows: list[_Row] = []
        self._by_number: dict[str, list[int]] = {}
        self._by_name: dict[tuple[str, str], list[int]] | None = None
        self._by_end: dict[tuple[str, str], list[int]] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, rows: Iterable[_Row]) -> None:
        """Rows with the columns of `_columns`; those of households that are not in force are passed over."""
        households, by_number = self._households, self._by_number
        for row in rows:
            if row[1] in households:
                if number := own_number(row[4]):
                    by_number.setdefault(number, []).append(len(self._rows))
                self._rows.append(row)

    def with_number(self, number: str) -> Sequence[Person]:
        """Those who have this number; who is still of a household comes first, and then the others do not count."""
        return self._present_first(self._by_number.get(number, ()))

    def born_on(self, name: str, birth: date) -> Sequence[Person]:
        """Those of this name and birth date, likewise."""
        if self._by_name is None:
            self._by_name = {}
            for place, row in enumerate(self._rows):
                if row[3] and row[5]:
                    self._by_name.setdefault((row[3], row[5]), []).append(place)
        return self._present_first(self._by_name.get((name, birth.isoformat()), ()))

    def with_visible(self, name: str, number: str) -> Sequence[Person]:
        """Those of this name whose number agrees with all that is not starred of `number`, whose end must be there."""
        if self._by_end is None:
            self._by_end = {}
            for place, row in enumerate(self._rows):
                if row[3] and row[4]:
                    self._by_end.setdefault((row[3], own_number(row[4])[-_END:]), []).append(place)
        pattern = re.compile(re.escape(number).replace(re.escape(STAR), "."))
        ending = self._by_end.get((name, number[-_END:]), ())
        return self._present_first([n for n in ending if pattern.fullmatch(own_number(self._rows[n][4]))])

    def listed(self) -> Iterator[Person]:
        """Those who belong on the list by the workbook."""
        ours = self._subject.ours
        for place, row in enumerate(self._rows):
            if self._own_rows(row) if ours.by_rows else ours.field is not None and ours.says_yes(row[-1]):
                yield self._person(place)

    def _present_first(self, places: Sequence[int]) -> Sequence[Person]:
        people = [self._person(place) for place in places]
        return [one for one in people if not one.left] or people

    def _own_rows(self, row: _Row) -> Sequence[OwnRow]:
        if self._subject.rows is None:
            return ()
        return self._answering.get(row[1] if self._subject.rows.owner == "household_id" else row[0], ())

    def _person(self, place: int) -> Person:
        row = self._rows[place]
        id, household_id, village, name, id_no, birth, left, relation, *cells = row
        ours, own_rows = self._subject.ours, self._own_rows(row)
        own_value = cells[-1] if ours.field is not None else None
        return Person(
            id=id,
            household_id=household_id,
            village=village,
            name=name or "",
            number=own_number(id_no),
            birth=birth or "",
            left=left or "",
            is_head=relation == HEAD_RELATION,
            own_value=own_value,
            is_listed=bool(own_rows) if ours.by_rows else ours.says_yes(own_value),
            is_in_place=not left and self._households[household_id] not in self._closed,
            values=dict(zip(self._names, cells, strict=False)),
            rows=own_rows,
        )


def load_people(session: Session, subject: Subject) -> Generator[Progress, None, PeopleIndex]:
    """Everybody, with what the comparison needs of him."""
    rows = _answering_rows(session, subject.rows, [one.name for one in _row_fields(subject)]) if subject.rows else {}
    in_force = select(Household.id, Household.registration_state)
    in_force = in_force.where(~Household.withdrawn, Household.merged_into.is_(None))
    households = {id: state or "" for id, state in session.execute(in_force)}
    yield Progress(0, 0, _LABEL)
    index = PeopleIndex(subject, households, rows)
    members = Member.__table__.c  # without the mapper, which would look at each row
    query = select(*_columns(subject)).where(~members["withdrawn"], members["merged_into"].is_(None))
    for block in session.connection().execute(query.execution_options(yield_per=_BLOCK)).partitions():
        index.add(block)
        yield Progress(len(index), 0, _LABEL)
    return index


def _columns(subject: Subject) -> list[Any]:
    """Who somebody is, the compared columns, and last the one that answers to the list."""
    columns = Member.__table__.c
    birth = type_coerce(columns["birth"], String)  # as it is stored: 200,000 dates take half a second
    who = [columns[name] for name in ("id", "household_id", "village", "name", "id_no")]
    own = [subject.ours.field] if subject.ours.field is not None else []
    compared = [columns[one.name] for one in (*subject.value_fields("member"), *own)]
    return [*who, birth, columns["left"], columns["relation"], *compared]


def _row_fields(subject: Subject) -> list[Any]:
    return subject.value_fields(subject.rows.table) if subject.rows is not None else []


def _answering_rows(session: Session, rows: AnsweringRows, names: Iterable[str]) -> dict[str, list[OwnRow]]:
    """Whose they are → the rows that hold."""
    record: Any = records()[rows.table]
    owner, names = getattr(record, rows.owner), list(names)
    columns = record.__table__.columns
    member = columns.get("member_id", owner)
    query = select(owner, record.id, member, *(columns[name] for name in names)).where(
        ~record.withdrawn, record.merged_into.is_(None), owner.is_not(None)
    )
    if rows.column:
        query = query.where(columns[rows.column] == rows.value)
    if rows.open_until:
        query = query.where(columns[rows.open_until].is_(None))
    found: dict[str, list[OwnRow]] = defaultdict(list)
    for whose, id, member_id, *values in session.execute(query):
        found[whose].append(OwnRow(id, member_id or "", dict(zip(names, values, strict=True))))
    return found
