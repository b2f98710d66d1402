"""按人: what each helper, official and member of the team has to do, what of it is late, and whom they do not visit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.records.household_list import visit_days
from app.records.named_people import names_in
from app.records.row_views import household_rows
from app.rectifications.open_work import open_work

_MOST = 20_000  # rows of each register that are counted


@dataclass(slots=True)
class PersonWork:
    """The work of one person, known by name.

    Attributes:
        households: those that they help; `unvisited` of them were not visited for as long as the village allows, ids
        waiting: how many things wait for them; `overdue` of them are past their day
    """

    name: str
    households: int = 0
    unvisited: list[str] = field(default_factory=list)
    waiting: int = 0
    overdue: int = 0


def work_by_person(session: Session, today: date) -> tuple[PersonWork, ...]:
    """Everybody who has something to do or somebody to visit, those with most that is late first."""
    people: dict[str, PersonWork] = {}
    since = today - timedelta(days=visit_days(session))
    for row in household_rows(session):
        for name in row.helpers if row.needs_helper else ():
            person = people.setdefault(name, PersonWork(name))
            person.households += 1
            if row.last_visit is None or row.last_visit < since:
                person.unvisited.append(row.id)
    for item in open_work(session, today, _MOST):
        for name in names_in(item.responsible):
            person = people.setdefault(name, PersonWork(name))
            person.waiting += 1
            person.overdue += item.overdue
    busy: Iterable[PersonWork] = (one for one in people.values() if one.waiting or one.unvisited)
    return tuple(sorted(busy, key=lambda one: (-one.overdue, -len(one.unvisited), -one.waiting, one.name)))
