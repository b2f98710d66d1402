"""The people of the workbook as a comparison sees them: found by number, or by name and birth date."""

from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.comparison.id_number import own_number
from app.comparison.subject import AnsweringRows, Subject
from app.progress import Progress
from app.records.row_views import HEAD_RELATION
from db.schema import records
from db.schema.household import Household, Member
from resources.option_roles import values_with_role

_BLOCK = 5000  # people between two reports of progress
_LABEL = "读取本册人口"


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row of another table that answers to the list, e.g. a loan: its compared values by column."""

    id: str
    member_id: str
    values: dict[str, Any]


@dataclass(slots=True)  # not frozen: 200,000 are made at a time
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
    birth: date | None
    left: str
    is_head: bool
    own_value: Any
    is_listed: bool
    is_in_place: bool
    values: dict[str, Any]
    rows: Sequence[OwnRow] = ()


@dataclass(slots=True)
class PeopleIndex:
    """Everybody, and where to find him."""

    people: list[Person] = field(default_factory=list)
    by_number: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, date], list[Person]] = field(default_factory=lambda: defaultdict(list))

    def add(self, person: Person) -> None:
        self.people.append(person)
        if person.number:
            self.by_number[person.number].append(person)
        if person.birth is not None and person.name:
            self.by_name[person.name, person.birth].append(person)

    def with_number(self, number: str) -> Sequence[Person]:
        """Those who have this number; who is still of a household comes first, and then the others do not count."""
        return _present_first(self.by_number.get(number, ()))

    def born_on(self, name: str, birth: date) -> Sequence[Person]:
        """Those of this name and birth date, likewise."""
        return _present_first(self.by_name.get((name, birth), ()))


def _present_first(people: Sequence[Person]) -> Sequence[Person]:
    return [one for one in people if not one.left] or people


def load_people(session: Session, subject: Subject) -> Generator[Progress, None, PeopleIndex]:
    """Everybody who is or was of a household in force, with what the comparison needs of him."""
    rows = _answering_rows(session, subject.rows, [one.name for one in _row_fields(subject)]) if subject.rows else {}
    names = [one.name for one in subject.value_fields("member")]
    own = subject.ours.field
    columns = [getattr(Member, name) for name in (*names, *([own.name] if own is not None else []))]
    query = (
        select(
            Member.id, Member.household_id, Member.village, Member.name, Member.id_no, Member.birth, Member.left,
            Member.relation, Household.registration_state, *columns,
        )
        .join(Household, Household.id == Member.household_id)
        .where(~Member.withdrawn, Member.merged_into.is_(None), ~Household.withdrawn, Household.merged_into.is_(None))
    )  # fmt: skip
    closed = values_with_role("registration_state", "closed")
    index = PeopleIndex()
    for block in session.execute(query.execution_options(yield_per=_BLOCK)).partitions():
        for row in block:
            index.add(_person(row, subject, names, rows, closed))
        yield Progress(len(index.people), 0, _LABEL)
    return index


def _person(
    row: Row[Any], subject: Subject, names: Sequence[str], rows: dict[str, list[OwnRow]], closed: frozenset[str]
) -> Person:
    id, household_id, village, name, id_no, birth, left, relation, state, *cells = tuple(row)
    ours = subject.ours
    owner = subject.rows.owner if subject.rows is not None else ""
    own_rows = rows.get(household_id if owner == "household_id" else id, ()) if owner else ()
    own_value = cells[-1] if ours.field is not None else None
    return Person(
        id=id,
        household_id=household_id,
        village=village,
        name=name or "",
        number=own_number(id_no),
        birth=birth,
        left=left or "",
        is_head=relation == HEAD_RELATION,
        own_value=own_value,
        is_listed=bool(own_rows) if ours.by_rows else ours.says_yes(own_value),
        is_in_place=not left and state not in closed,
        values=dict(zip(names, cells, strict=False)),
        rows=own_rows,
    )


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
