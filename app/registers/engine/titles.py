"""What rows are about and what they point to, as people call it; each looked up once for a whole page of rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import Field
from app.records.row_views import HEAD_RELATION
from app.registers.engine.register import Register
from app.workbook.masking import mask_text
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
        id_no: 证件号码 of the member, masked where that is asked for
        unit: of the helper
    """

    number: str = ""
    group: str = ""
    head: str = ""
    name: str = ""
    unit: str = ""
    id_no: str = ""

    def __str__(self) -> str:
        return self.name or (f"{self.head or self.number}（{self.group}）" if self.group else self.head or self.number)


def subject_titles(
    session: Session,
    register: Register,
    subjects: Mapping[str, tuple[str | None, str | None]],
    *,
    hide: bool = True,
) -> dict[str, SubjectTitle]:
    """Row id → whom it is about; `subjects`: row id → (household id, subject id). `hide` masks numbers."""
    households = household_titles(session, {household for household, _ in subjects.values() if household})
    people = _people(session, register, {subject for _, subject in subjects.values() if subject}, hide)
    nobody = SubjectTitle()
    result = {}
    for row, (household, subject) in subjects.items():
        of_household, person = households.get(household or "", nobody), people.get(subject or "", nobody)
        result[row] = replace(of_household, name=person.name, unit=person.unit, id_no=person.id_no)
    return result


def _people(session: Session, register: Register, ids: Iterable[str], hide: bool) -> dict[str, SubjectTitle]:
    """Id of a member or helper that rows are about → name, with unit or number."""
    found: dict[str, SubjectTitle] = {}
    for part in batches(ids):
        if register.subject == "member":
            for id, name, id_no in session.execute(
                select(Member.id, Member.name, Member.id_no).where(Member.id.in_(part))
            ):
                number = mask_text(id_no or "", "id") if hide else id_no or ""
                found[id] = SubjectTitle(name=name or "", id_no=number)
        elif register.subject == "helper":
            for id, name, unit in session.execute(
                select(Helper.id, Helper.name, Helper.unit).where(Helper.id.in_(part))
            ):
                found[id] = SubjectTitle(name=name or "", unit=unit or "")
    return found


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
