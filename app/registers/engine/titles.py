"""What rows are about and what they point to, as people call it; each looked up once for a whole page of rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import Field
from app.records.row_views import HEAD_RELATION
from app.registers.engine.register import Register
from db.schema.aid import Helper
from db.schema.household import Household, Member
from db.schema.relations import record_titles

_MAX_SQL_VARIABLES = 500


@dataclass(frozen=True, slots=True)
class SubjectTitle:
    """Whom a row is about.

    Attributes:
        number: 户编号 of the household
        group: its 村民组, or its hamlet
        head: who is its head
        name: the member or helper where the row is about one
        unit: of the helper
    """

    number: str = ""
    group: str = ""
    head: str = ""
    name: str = ""
    unit: str = ""

    def __str__(self) -> str:
        return self.name or (f"{self.head or self.number}（{self.group}）" if self.group else self.head or self.number)


def subject_titles(
    session: Session, register: Register, subjects: Mapping[str, tuple[str | None, str | None]]
) -> dict[str, SubjectTitle]:
    """Row id → whom it is about; `subjects`: row id → (household id, subject id)."""
    households = household_titles(session, {household for household, _ in subjects.values() if household})
    names: dict[str, tuple[str, str]] = {}
    if register.subject in ("member", "helper"):
        model: Any = Member if register.subject == "member" else Helper
        unit = Helper.unit if register.subject == "helper" else Member.relation
        for part in batches({subject for _, subject in subjects.values() if subject}):
            found = session.execute(select(model.id, model.name, unit).where(model.id.in_(part)))
            names.update((id, (name or "", other or "")) for id, name, other in found)
    result = {}
    for row, (household, subject) in subjects.items():
        title = households.get(household or "", SubjectTitle())
        name, unit_text = names.get(subject or "", ("", ""))
        result[row] = SubjectTitle(
            title.number, title.group, title.head, name, unit_text if register.subject == "helper" else ""
        )
    return result


def household_titles(session: Session, ids: Iterable[str]) -> dict[str, SubjectTitle]:
    """Household id → its number, group and head."""
    result: dict[str, SubjectTitle] = {}
    for part in batches(set(ids)):
        is_head = (Member.relation == HEAD_RELATION, Member.left.is_(None), ~Member.withdrawn)
        named = select(Member.household_id, Member.name).where(Member.household_id.in_(part), *is_head)
        heads: dict[str | None, str | None] = dict(iter(session.execute(named).all()))
        found = session.execute(
            select(Household.id, Household.household_no, Household.group_name, Household.hamlet).where(
                Household.id.in_(part)
            )
        )
        for id, number, group, hamlet in found:
            result[id] = SubjectTitle(number or "", group or hamlet or "", heads.get(id) or "")
    return result


def reference_titles(
    session: Session, fields: Sequence[Field], rows: Sequence[Sequence[object]]
) -> dict[tuple[str, str], str]:
    """(table, id) → what it is called, for all references in these rows (values in the order of `fields`)."""
    wanted: dict[str, set[str]] = {}
    for n, one in enumerate(fields):
        if one.kind == "reference":
            wanted.setdefault(one.spec.refers, set()).update(str(row[n]) for row in rows if row[n])
    return {
        (table, id): title for table, ids in wanted.items() for id, title in record_titles(session, table, ids).items()
    }


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids in parcels that one statement can name."""
    listed = list(ids)
    for start in range(0, len(listed), _MAX_SQL_VARIABLES):
        yield listed[start : start + _MAX_SQL_VARIABLES]
