"""What shows in the workbook that papers of archives are there: read once for all households, or for some."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.forms.definition import CELL_SEPARATOR
from app.records.assignment import is_in_force
from app.records.attachment_owner import is_with_its_owner
from app.records.monitoring import is_identified
from app.registers.engine.rows import id_values
from app.reports.attachment_pages import part_behind
from app.reports.owed_parts import owed_parts
from db.schema import records
from db.schema.aid import Assignment
from db.schema.archive import PaperSignature
from db.schema.form import FormAnswer, FormEntry
from db.schema.household import Household, Member
from db.schema.inspection import ChecklistVersion, Inspection, Round
from db.schema.monitoring import Monitoring
from db.schema.photo import Photo
from db.schema.rectification import Rectification
from resources.option_roles import values_with_role

Year = int | None
_FEW = 20  # households whose lines are asked for one by one


@dataclass(slots=True)
class HouseholdEvidence:
    """What is known of one household.

    Attributes:
        monitored: from which year until which, None where it still is
        changed, problem: members joined or left; something was to be rectified
        forms, checklists, dated: name → the years of what there is, None where it has none
        photos: kinds
        attached: part of the archive → the years of the scans that are bound behind it, None where one has no day
        signatures: (key, year) → the day on which it was registered that the paper is signed
    """

    household: Household
    monitored: list[tuple[int, Year]] = field(default_factory=list)
    changed: bool = False
    problem: bool = False
    helper: bool = False
    forms: dict[str, set[Year]] = field(default_factory=dict)
    checklists: dict[str, set[Year]] = field(default_factory=dict)
    dated: dict[str, set[Year]] = field(default_factory=dict)
    photos: set[str] = field(default_factory=set)
    attached: dict[str, set[Year]] = field(default_factory=dict)
    signatures: dict[tuple[str, Year], date] = field(default_factory=dict)

    @property
    def known_years(self) -> set[int]:
        """The years of which the workbook has records of the household."""
        of_records = {year for years in self.dated.values() for year in years if year is not None}
        return of_records | {first for first, _ in self.monitored}


def load_evidence(session: Session, households: Sequence[str] | None = None) -> Mapping[str, HouseholdEvidence]:
    """Household → its evidence, of those in use whose registration is not closed."""
    reading = _Reading(session, households)
    reading.add_people()
    reading.add_monitoring()
    reading.add_dated()
    reading.add_inspections()
    reading.add_forms()
    return reading.found


class _Reading:
    """One pass over each table that shows something."""

    def __init__(self, session: Session, households: Sequence[str] | None) -> None:
        self._session, self._ids = session, None if households is None else id_values(list(households))
        closed = values_with_role("registration_state", "closed")
        query = select(Household).where(~Household.withdrawn, Household.merged_into.is_(None))
        rows = session.scalars(self._among(query, Household.id))
        self.found = {row.id: HouseholdEvidence(row) for row in rows if row.registration_state not in closed}

    def _among(self, query: Any, column: Any) -> Any:
        return query if self._ids is None else query.where(column.in_(self._ids))

    def _each(self, query: Any, column: Any) -> Iterator[tuple[HouseholdEvidence, Sequence[Any]]]:
        """Rows of a query whose first column is the household."""
        for household_id, *values in self._session.execute(self._among(query, column)):
            if household_id in self.found:
                yield self.found[household_id], values

    def add_people(self) -> None:
        moved = Member.left.is_not(None) | Member.joined.is_not(None)
        members = select(Member.household_id).where(~Member.withdrawn, moved).distinct()
        for one, _ in self._each(members, Member.household_id):
            one.changed = True
        helped = select(Assignment.household_id).where(is_in_force()).distinct()
        for one, _ in self._each(helped, Assignment.household_id):
            one.helper = True
        kept = ~Photo.withdrawn & is_with_its_owner(self._session)
        photos = select(Photo.household_id, Photo.kind).where(kept).distinct()
        for one, (kind,) in self._each(photos, Photo.household_id):
            one.photos.add(kind or "")
        scans = self._among(select(Photo).where(Photo.pages.is_not(None), kept), Photo.household_id)
        for scan in self._session.scalars(scans):
            if scan.household_id in self.found:
                attached = self.found[scan.household_id].attached
                attached.setdefault(part_behind(self._session, scan), set()).add(year_of(scan.taken_at))

    def add_monitoring(self) -> None:
        problems = select(Rectification.household_id).where(~Rectification.withdrawn).distinct()
        for one, _ in self._each(problems, Rectification.household_id):
            one.problem = True
        monitored = select(Monitoring).where(~Monitoring.withdrawn, Monitoring.excluded_on.is_(None))
        for row in self._session.scalars(self._among(monitored, Monitoring.household_id)):
            first = year_of(row.identified) or year_of(row.lead_on)
            if row.household_id in self.found and is_identified(row) and first is not None:
                self.found[row.household_id].monitored.append((first, year_of(row.removed)))

    def add_dated(self) -> None:
        """Records by year or day, and the papers that are registered as signed."""
        for name in dict.fromkeys(name for owed in owed_parts() for name in owed.listed("dated")):
            table, _, column_name = name.partition(".")
            model: Any = records()[table]
            owner = Household.id if model is Household else model.household_id
            query = select(owner, getattr(model, column_name)).where(~model.withdrawn).distinct()
            for one, (value,) in self._each(query, owner):
                if value is not None:
                    one.dated.setdefault(name, set()).add(year_of(value))
        signed = select(
            PaperSignature.household_id, PaperSignature.part, PaperSignature.year, PaperSignature.signed_on
        ).where(~PaperSignature.withdrawn)
        for one, (key, year, day) in self._each(signed, PaperSignature.household_id):
            one.signatures[key or "", year] = day or date.min

    def add_inspections(self) -> None:
        query = (
            select(Inspection.household_id, ChecklistVersion.code, Inspection.seen_on)
            .join(Round, Round.id == Inspection.round_id)
            .join(ChecklistVersion, ChecklistVersion.id == Round.checklist_id)
            .where(~Inspection.withdrawn, ~Round.withdrawn)
        )
        for one, (code, seen_on) in self._each(query, Inspection.household_id):
            one.checklists.setdefault(code or "", set()).add(year_of(seen_on))

    def add_forms(self) -> None:
        """The household's own, and those of the village that have a line for it."""
        own = select(FormEntry.household_id, FormEntry.form, FormEntry.year, FormEntry.filled_on)
        for one, (code, year, day) in self._each(own.where(~FormEntry.withdrawn), FormEntry.household_id):
            one.forms.setdefault(code or "", set()).add(year or year_of(day))
        of_village = (
            select(FormEntry.form, FormEntry.year, FormEntry.filled_on, FormAnswer.question)
            .join(FormAnswer, FormAnswer.entry_id == FormEntry.id)
            .where(FormEntry.household_id.is_(None), FormEntry.member_id.is_(None), ~FormEntry.withdrawn)
            .where(~FormAnswer.withdrawn, FormAnswer.value.is_not(None), FormAnswer.question.contains(CELL_SEPARATOR))
        )
        if 0 < len(self.found) <= _FEW:
            of_village = of_village.where(
                or_(*(FormAnswer.question.contains(f"{CELL_SEPARATOR}{id}") for id in self.found))
            )
        for code, year, day, question in self._session.execute(of_village):
            listed = self.found.get((question or "").split(CELL_SEPARATOR)[1])
            if listed is not None:
                listed.forms.setdefault(code or "", set()).add(year or year_of(day))


def year_of(value: object) -> Year:
    """The year of a year, a day or a month."""
    if isinstance(value, date):
        return value.year
    text = str(value or "")[:4]
    return int(text) if text.isdecimal() and len(text) == 4 else None
