"""What an event would write, before it is written: the preview and the writing are the same drafts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.draft import Draft, new_draft, open_draft
from app.records.field import Value
from app.records.field import field as record_field
from app.records.row_views import HEAD_RELATION, MemberRow, member_rows
from app.workbook.masking import mask_text
from db.schema import relations
from db.schema.household import Household, Member


@dataclass(frozen=True, slots=True)
class EventRequest:
    """What an officer said of an event.

    Attributes:
        kind: the option of life_event_kind
        happened_on: day on which it happened
        basis, basis_note: what proves it
        members: ids of those whom it is about
        new_head: id of who becomes the head
        relations: member → what they are to the head of the household that they live in afterwards
        values: what else was asked for, column → value
        other_household_id: of a union
        decision: dates of what was posted and decided
        kept: ids of records that the officer leaves as they are
        waiting: id of the event that was kept until it is decided, "" where it is a new one
    """

    kind: str
    household_id: str
    happened_on: date
    basis: str = ""
    basis_note: str = ""
    members: tuple[str, ...] = ()
    new_head: str = ""
    relations: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    other_household_id: str = ""
    decision: Mapping[str, Value] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One cell that is written. `is_choice`: the officer may leave this record as it is."""

    record_id: str
    whom: str
    label: str
    before: str
    after: str
    is_choice: bool = False


@dataclass(frozen=True, slots=True)
class EventPlan:
    """All that is written, what else it touches (a sentence each), and whom it is about; `kept`: of the lines, ids of
    the records that the officer leaves as they are. `warnings`: what was left although it would have followed."""

    drafts: tuple[Draft, ...]
    lines: tuple[PlannedLine, ...]
    remarks: tuple[str, ...]
    warnings: tuple[str, ...]
    people: str
    cause: str
    other_household_id: str
    kept: frozenset[str]

    @property
    def effect(self) -> str:
        """What was written, in one text."""
        return "；".join(
            f"{one.whom}：{one.label} {one.before or '（空）'}→{one.after or '（空）'}"
            for one in self.lines
            if not (one.is_choice and one.record_id in self.kept)
        )


class PlannedChanges:
    """The drafts of an event; several changes of one record become one."""

    def __init__(self, session: Session, request: EventRequest) -> None:
        self.session, self.request = session, request
        self.household = session.get_one(Household, request.household_id)
        self.people: tuple[MemberRow, ...] = tuple(
            row for row in member_rows(session, request.household_id) if not row.left
        )
        self.remarks: list[str] = []
        self.warnings: list[str] = []
        self.names: list[str] = []
        self.cause = ""
        self.other_household_id = ""
        self._drafts: dict[str, Draft] = {}
        self._choices: set[str] = set()
        self._lines: list[PlannedLine] = []

    @property
    def head(self) -> MemberRow | None:
        return next((one for one in self.people if one.relation == HEAD_RELATION), None)

    def person(self, member_id: str) -> MemberRow | None:
        """Somebody who lives in the household."""
        return next((one for one in self.people if one.id == member_id), None)

    def change(self, table: str, record_id: str, values: Mapping[str, Value], *, is_choice: bool = False) -> None:
        """Change a record, unless the officer leaves it as it is; a choice is listed either way."""
        draft = self._drafts.get(record_id) or open_draft(self.session, table, record_id)
        self._list(draft, values, is_choice)
        if not is_choice or record_id not in self.request.kept:
            self._drafts[record_id] = draft.with_values(**values)

    def add(self, table: str, record_id: str, **values: Value) -> None:
        """A new record."""
        draft = new_draft(table, self.household.village, record_id, **values)
        self._drafts[draft.id] = draft
        title = relations.title_from_cells(table, values, self._title)
        label = relations.record_label(table)
        self._lines.append(PlannedLine(draft.id, title or label, f"新建{label}", "", title))

    def change_size(self, household_id: str, change: int) -> None:
        """人数 of a household follows, where it is written down."""
        population = self.session.get_one(Household, household_id).population
        if population is not None:
            self.change("household", household_id, {"population": max(0, population + change)})

    def plan(self) -> EventPlan:
        return EventPlan(
            tuple(self._drafts.values()),
            tuple(self._lines),
            (*self.warnings, *self.remarks),
            tuple(self.warnings),
            "、".join(self.names),
            self.cause,
            self.other_household_id,
            self.request.kept,
        )

    def _list(self, draft: Draft, values: Mapping[str, Value], is_choice: bool) -> None:
        title = relations.record_title(self.session, draft.table, draft.id)
        owner = "" if draft.table in ("household", "member") else f"{relations.record_label(draft.table)} "
        for name, value in values.items():
            before = draft.values[name]
            if before != value:
                texts = self._text(draft.table, name, before), self._text(draft.table, name, value)
                label = record_field(draft.table, name).label
                self._lines.append(PlannedLine(draft.id, f"{owner}{title}", label, *texts, is_choice=is_choice))

    def _text(self, table: str, name: str, value: Value) -> str:
        one = record_field(table, name)
        if one.kind == "reference":
            return self._title(one.spec.refers, str(value)) if value else ""
        return mask_text(one.text(value), one.spec.mask) if one.spec.mask else one.text(value)

    def _title(self, table: str, record_id: str) -> str:
        draft = self._drafts.get(record_id)
        if draft is not None and draft.new:
            return "新户" if table == "household" else relations.title_from_cells(table, draft.values)
        return relations.record_title(self.session, table, record_id)


def present_ids(session: Session, household_ids: Iterable[str]) -> list[str]:
    """Members of these households who have not left."""
    present = (Member.household_id.in_(list(household_ids)), ~Member.withdrawn, Member.left.is_(None))
    return list(session.scalars(select(Member.id).where(*present).order_by(Member.person_no, Member.id)))
