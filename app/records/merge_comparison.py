"""Two households held against each other before they are joined: what differs, who and what is in both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import Draft, open_draft
from app.records.field import Field, fields
from app.records.row_views import HEAD_RELATION, member_order
from db.schema import records
from db.schema.household import Household, Member
from db.schema.relations import (
    all_keys,
    parent_column,
    parent_table,
    record_label,
    record_titles,
    references,
    same_key_pairs,
)


@dataclass(frozen=True, slots=True)
class HouseholdSummary:
    """One of the two. `people`: names of those who have not left, the head first."""

    id: str
    household_no: str
    head: str
    group: str
    people: tuple[str, ...]

    @property
    def name(self) -> str:
        """How an officer calls it."""
        head_or_number = self.head or self.household_no or "（户主未填）"
        return f"{head_or_number}（{self.group}）" if self.group else head_or_number


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is not the same in both, as text; "" where it is empty."""

    column: str
    label: str
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """One thing that both have a record of: a person, a year's card, a helper.

    `key` names it in `take`; `what` is its name, e.g. "陈卫国" or "2018 年".
    """

    table: str
    label: str
    title: str
    kept_id: str
    other_id: str
    differing: tuple[Difference, ...]

    @property
    def key(self) -> str:
        return f"{self.table}:{self.other_id}"


@dataclass(frozen=True, slots=True)
class MergeComparison:
    """What joining `other` to `kept` would be about.

    Attributes:
        differing: cells of the household that both have, with different values
        only_other: cells that only the one given up has
        people: persons who are in both
        other_duplicates: what else is in both: cards of one year, assignments of one helper, measures, photographs
        second_head: name of the other household's head, where that is another person than the head of the kept one
    """

    kept: HouseholdSummary
    other: HouseholdSummary
    differing: tuple[Difference, ...]
    only_other: tuple[Difference, ...]
    people: tuple[DuplicatePair, ...]
    other_duplicates: tuple[DuplicatePair, ...]
    second_head: str


def compare_households(session: Session, kept_id: str, other_id: str) -> MergeComparison:
    """Hold two households against each other.

    Raises:
        UserError: they cannot be joined, and why
    """
    _check_mergeable(session, kept_id, other_id)
    kept, other = _members(session, kept_id), _members(session, other_id)
    pairs = _duplicate_pairs(session, kept_id, other_id)
    people = tuple(pair for pair in pairs if pair.table == "member")
    differences = _differences(open_draft(session, "household", kept_id), open_draft(session, "household", other_id))
    heads = [_find_head(kept), _find_head(other)]
    kept_by_other = {pair.other_id: pair.kept_id for pair in people}
    has_second_head = heads[1] is not None and heads[0] is not None and kept_by_other.get(heads[1].id) != heads[0].id
    return MergeComparison(
        kept=_household_summary(session, kept_id, kept),
        other=_household_summary(session, other_id, other),
        differing=tuple(difference for difference in differences if difference.kept and difference.other),
        only_other=tuple(difference for difference in differences if not difference.kept),
        people=people,
        other_duplicates=tuple(pair for pair in pairs if pair.table != "member"),
        second_head=(heads[1].name or HEAD_RELATION) if has_second_head and heads[1] else "",
    )


def compared_fields(table: str) -> list[Field]:
    """The columns that an officer writes, references apart."""
    return [
        column_field
        for column_field in fields(table)
        if not column_field.spec.derived and column_field.kind != "reference"
    ]


def _check_mergeable(session: Session, kept_id: str, other_id: str) -> None:
    if kept_id == other_id:
        raise UserError("这是同一条户记录，不用合并。请另选一户。")
    households = [session.get(Household, household_id, populate_existing=True) for household_id in (kept_id, other_id)]
    for household in households:
        if household is None or household.withdrawn:
            raise UserError("要合并的户已不在名单里，请刷新后再选。")
        if household.merged_into:
            raise UserError(f"户编号“{household.household_no or '未填'}”已经并入另一户。请选并入后的那一户，或先拆开。")
    if households[0] and households[1] and households[0].village != households[1].village:
        raise UserError("两户不在同一个村，不能合并。请先核对这一户是哪个村的。")


def _members(session: Session, household_id: str) -> list[Member]:
    query = select(Member).where(Member.household_id == household_id, ~Member.withdrawn)
    rows = session.scalars(query.execution_options(populate_existing=True))
    return sorted(rows, key=lambda member: (member.left is not None, member_order(member)))


def _find_head(people: Iterable[Member]) -> Member | None:
    return next((member for member in people if member.relation == HEAD_RELATION and member.left is None), None)


def _household_summary(session: Session, household_id: str, people: list[Member]) -> HouseholdSummary:
    household, head = session.get_one(Household, household_id), _find_head(people)
    return HouseholdSummary(
        id=household_id,
        household_no=household.household_no or "",
        head=(head.name or "") if head else "",
        group=household.group_name or household.hamlet or "",
        people=tuple(member.name or "（姓名未填）" for member in people if member.left is None),
    )


def _differences(kept: Draft, other: Draft) -> tuple[Difference, ...]:
    """Cells that the other has, with another value than the one that is kept."""
    return tuple(
        Difference(
            column_field.name,
            column_field.label,
            column_field.text(kept.values[column_field.name]),
            column_field.text(other.values[column_field.name]),
        )
        for column_field in compared_fields(kept.table)
        if other.values[column_field.name] not in (None, kept.values[column_field.name])
    )


def _duplicate_pairs(session: Session, kept_id: str, other_id: str) -> tuple[DuplicatePair, ...]:
    """What both have, by the keys of db/schema: persons, theirs, and everything else; those that differ first."""
    same: dict[str, str] = {other_id: kept_id}  # record of the other household → the same of the kept one
    pairs: list[DuplicatePair] = []
    people = {id: [member.id for member in _members(session, id)] for id in (kept_id, other_id)}
    for table in records():
        if parent_table(table) not in ("household", "member"):
            continue
        kept, other = (
            _key_cells(session, table, [id] if parent_table(table) == "household" else people[id])
            for id in (kept_id, other_id)
        )
        referring = [column for column, _ in references(table)]
        for row in other:
            row.update({column: same.get(row[column], row[column]) for column in referring if column in row})
        found = list(same_key_pairs(table, kept, other))
        same |= {other_row: kept_row for kept_row, other_row in found}
        titles = record_titles(session, table, [kept_row for kept_row, _ in found])
        for kept_row, other_row in found:
            differing = _differences(open_draft(session, table, kept_row), open_draft(session, table, other_row))
            label, title = record_label(table), titles.get(kept_row, "")
            pairs.append(DuplicatePair(table, label, title, kept_row, other_row, differing))
    return tuple(sorted(pairs, key=lambda pair: not pair.differing))


def _key_cells(session: Session, table: str, parent_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The keys of what a household, or its people, have of one kind, in the order of ids."""
    columns = records()[table].__table__.columns
    names = sorted({"id", *(name for key in all_keys(table) for name in key)})
    query = select(*(columns[name] for name in names)).where(
        columns[parent_column(table)].in_(parent_ids), ~columns["withdrawn"]
    )
    return [dict(zip(names, row, strict=True)) for row in session.execute(query.order_by(columns["id"]))]
