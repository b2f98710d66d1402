"""Who of ours a row of a list is about: by ID number, then by name and birth date."""

from dataclasses import dataclass

from app.comparison.id_number import STAR
from app.comparison.list_row import ListRow
from app.comparison.people import PeopleIndex, Person
from app.records.validators import id_birth


@dataclass(frozen=True, slots=True)
class Match:
    """Who was found.

    Attributes:
        person: None where nobody, or more than one
        several: how many of ours have the number, or the name and birth date, where that is more than one
        by_name: found by name and birth date
        by_visible: found by name and what is not starred of the number, which is not certain
    """

    person: Person | None = None
    several: int = 0
    by_name: bool = False
    by_visible: bool = False


def find_person(row: ListRow, index: PeopleIndex) -> Match:
    """Whom a row is about. A number that is wrong counts too, where ours is wrong in the same way."""
    if row.number:
        found = index.with_number(row.number)
        if len(found) == 1:
            return Match(found[0])
        if found:
            return Match(several=len(found))
        if STAR in row.number:
            alike = index.with_visible(row.name, row.number)
            return Match(alike[0], by_visible=True) if len(alike) == 1 else Match()
    birth = row.birth or (id_birth(row.number) if not row.number_fault else None)
    if birth is None or not row.name:
        return Match()
    named = index.born_on(row.name, birth)
    return Match(named[0], by_name=True) if len(named) == 1 else Match(several=len(named), by_name=True)
