"""Joining two records of one household, and parting them again (docs/decisions/0010-household-merge.md).

Joining is one transaction of ordinary edits: chosen cells go over, and `merged_into` of the household given up, and of
what both have, names the one that is kept. All references follow by themselves (db/record_merge).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import UserError
from app.records import merge_comparison
from app.records.field import field
from app.records.merge_comparison import DuplicatePair, MergeComparison
from app.records.row_views import HEAD_RELATION
from app.workbook.workbook import Workbook
from db.journal import observed_heads
from db.journal.changes import CellEdit, heads_of_cell, merge_transaction, value_written, write_cell
from db.schema import records, relations
from db.schema.household import Household, Member
from resources.option_roles import value_of

MergeSide = Literal["kept", "other"]
_CHANGED_SINCE_COMPARISON = "这两户在核对以后又有改动。请重新核对后再合并。"


@dataclass(frozen=True, slots=True)
class HouseholdMergeResult:
    """What joining did: `cells` taken over, and in how many pairs one record is withdrawn for the other."""

    kept_id: str
    other_id: str
    cells: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class HouseholdUnmergeResult:
    """What parting did: cells of the joining that were put back, and those that somebody has changed since."""

    kept_id: str
    other_id: str
    cells: int
    not_restored: int


@dataclass(frozen=True, slots=True)
class DuplicateCandidate:
    """Two households that may be one; `why`, e.g. "户编号相同"."""

    first: str
    first_name: str
    second: str
    second_name: str
    reasons: tuple[str, ...]


def compare_for_merge(workbook: Workbook, kept_id: str, other_id: str) -> MergeComparison:
    """Hold two households against each other before they are joined.

    Raises:
        UserError: they cannot be joined, and why
    """
    with workbook.reading() as session:
        return merge_comparison.compare_households(session, kept_id, other_id)


def merge(
    workbook: Workbook,
    comparison: MergeComparison,
    choices: Mapping[str, MergeSide] | None = None,
    relation: str = "",
) -> HouseholdMergeResult:
    """Merge two households as they were compared.

    Args:
        choices: column of the household, or `DuplicatePair.key` → whose is kept. By default the kept household's,
            and its empty cells are filled from the other's
        relation: of the other household's head to the head of the kept one, where they are two people; 其他 if ""

    Raises:
        UserError: they cannot be merged, or one of them changed since they were compared
        ValidationError: no such relation
    """
    relation_of_other_head = field("member", "relation").parse_and_validate(relation or value_of("relation", "other"))
    if relation_of_other_head == HEAD_RELATION:
        raise UserError("合并以后一户只有一位户主。请填另一位与户主的关系。")
    selected = dict(choices or {})
    duplicates = (*comparison.people, *comparison.other_duplicates)
    selectable = {difference.column for difference in (*comparison.differing, *comparison.only_other)} | {
        difference.key for difference in duplicates
    }
    if unknown := [key for key, side in selected.items() if key not in selectable or side not in ("kept", "other")]:
        raise UserError(f"“{unknown[0]}”不在要选的内容里。请重新核对后再合并。")
    with workbook.operation("合并重复的户") as session:
        if merge_comparison.compare_households(session, comparison.kept.id, comparison.other.id) != comparison:
            raise UserError(_CHANGED_SINCE_COMPARISON)
        cells = _copy_selected_cells(session, comparison, selected)
        for pair in duplicates:
            cells += _merge_pair(session, pair, selected.get(pair.key, "kept"))
        _ensure_single_head(session, comparison, selected, relation_of_other_head)
        _update_cells(session, "household", comparison.other.id, merged_into=comparison.kept.id)
    return HouseholdMergeResult(comparison.kept.id, comparison.other.id, cells, len(duplicates))


def _update_cells(session: Session, table: str, row: str, **cells: object) -> int:
    model: Any = records()[table]
    if cells:
        session.execute(update(model).where(model.id == row).values(**cells))
    return len(cells)


def _record_values(session: Session, table: str, row: str) -> dict[str, Any]:
    record = session.get_one(records()[table], row, populate_existing=True)
    return {
        column_field.name: getattr(record, column_field.name)
        for column_field in merge_comparison.compared_fields(table)
    }


def _copy_selected_cells(session: Session, comparison: MergeComparison, selected: Mapping[str, MergeSide]) -> int:
    values = _record_values(session, "household", comparison.other.id)
    columns = [difference.column for difference in comparison.only_other if selected.get(difference.column) != "kept"]
    columns += [difference.column for difference in comparison.differing if selected.get(difference.column) == "other"]
    return _update_cells(session, "household", comparison.kept.id, **{name: values[name] for name in columns})


def _merge_pair(session: Session, pair: DuplicatePair, side: MergeSide) -> int:
    """Let one of two records stand for the other, with the cells that it lacks; what refers to the other follows."""
    kept_id, merged_id = (pair.kept_id, pair.other_id) if side == "kept" else (pair.other_id, pair.kept_id)
    merged_values = _record_values(session, pair.table, merged_id)
    filled = {
        name: merged_values[name]
        for name, value in _record_values(session, pair.table, kept_id).items()
        if value is None and merged_values[name] is not None
    }
    cells = _update_cells(session, pair.table, kept_id, **filled)
    _update_cells(session, pair.table, merged_id, merged_into=kept_id)
    return cells


def _ensure_single_head(
    session: Session, comparison: MergeComparison, selected: Mapping[str, MergeSide], relation: object
) -> None:
    """The head of the kept household stays the head; where it has none, the other's."""
    query = select(Member.id, Member.household_id).where(
        Member.household_id.in_([comparison.kept.id, comparison.other.id]),
        Member.relation == HEAD_RELATION,
        Member.left.is_(None),
        Member.merged_into.is_(None),
        ~Member.withdrawn,
    )
    pair_by_member = {pair.other_id: pair for pair in comparison.people if selected.get(pair.key) == "other"}
    heads = sorted(
        session.execute(query),
        # the twin that stands for the kept household's head comes before another head of the other household
        key=lambda row: (
            row.household_id != comparison.kept.id,
            not _was_head(session, pair_by_member.get(row.id)),
            row.id,
        ),
    )
    for id, household in heads[1:]:
        if household == comparison.other.id:
            _update_cells(session, "member", id, relation=relation)


def _was_head(session: Session, pair: DuplicatePair | None) -> bool:
    return pair is not None and session.get_one(Member, pair.kept_id).relation == HEAD_RELATION


def unmerge(workbook: Workbook, other_id: str) -> HouseholdUnmergeResult:
    """Take a joining back: every record shows the household again that was stated of it.

    What joining changed besides goes back too, cell by cell, where nobody has changed it since.

    Raises:
        UserError: the household is not joined to another
    """
    with workbook.operation("拆开合并的户") as session:
        household = session.get(Household, other_id)
        if household is None or not household.merged_into:
            raise UserError("这一户没有并入别的户，不用拆开。")
        kept_id = household.merged_into
        merge_target, every = merge_transaction(session, other_id)
        changes = [change for change in every if change.table in records()]
        own_rows = _rows_of_household(session, kept_id, changes) | {merge_target}
        revertible = [change for change in changes if change.row in own_rows]
        restored = sum(_restore_cell(session, change) for change in revertible)
        _undo_reverse_merge(session, kept_id, other_id)
        _update_cells(session, "household", other_id, merged_into=None)
    return HouseholdUnmergeResult(kept_id, other_id, restored, len(revertible) - restored)


def _undo_reverse_merge(session: Session, kept_id: str, other_id: str) -> None:
    """Where another laptop joined the two the other way round, that joining is taken back as well."""
    observed_heads.mark_value(session, kept_id, "merged_into", other_id)
    write_cell(session, "household", kept_id, "merged_into", None)


def _rows_of_household(session: Session, household_id: str, changes: list[CellEdit]) -> set[str]:
    """Rows of the household and its people among these: others of the transaction were no part of joining."""
    row_ids = {household_id}
    for table in {change.table for change in changes}:
        rows = {change.row for change in changes if change.table == table}
        owners = relations.ancestor_ids(session, table, rows)
        row_ids.update(row for row, owner in owners.items() if owner == household_id)
    return row_ids


def _restore_cell(session: Session, change: CellEdit) -> bool:
    """Give a cell its value of before, unless somebody changed it since or its history was compacted away."""
    if heads_of_cell(session, change.row, change.column) != [change.change_id]:
        return False
    value: Any = 0
    if change.column != "withdrawn":
        former = [value_written(session, change_id, change.row, change.column) for change_id in change.replaces]
        if not former or former[0] is None:
            return False
        value = former[0][0]
    if change.column == "merged_into":
        # what is shown may be where another merge leads: the link is stated again in any case
        stated = value_written(session, change.change_id, change.row, change.column)
        observed_heads.mark_value(session, change.row, change.column, str(stated[0]) if stated else "")
        write_cell(session, change.table, change.row, change.column, value)
        return True
    session.connection().exec_driver_sql(
        f'UPDATE {change.table} SET "{change.column}" = ? WHERE id = ?', (value, change.row)
    )
    return True


def find_duplicates(workbook: Workbook) -> tuple[DuplicateCandidate, ...]:
    """Households of one village that may be two records of one: same number, same head, or a namesake next door."""
    with workbook.reading() as session:
        households = {
            row.id: row
            for row in session.execute(
                select(
                    Household.id, Household.village, Household.household_no, Household.group_name, Household.hamlet
                ).where(~Household.withdrawn, Household.merged_into.is_(None))
            )
        }
        heads = {
            row.household_id: row
            for row in session.execute(
                select(Member.household_id, Member.name, Member.id_no)
                .where(Member.relation == HEAD_RELATION, Member.left.is_(None), ~Member.withdrawn)
                .order_by(Member.id)
            )
        }
    ids_by_key: dict[tuple[str, ...], list[str]] = defaultdict(list)
    names = {}
    for id, household in households.items():
        head, group = heads.get(id), household.group_name or household.hamlet or ""
        head_name = head.name if head and head.name else ""
        names[id] = f"{head_name or household.household_no or '（户主未填）'}{f'（{group}）' if group else ''}"
        number = head.id_no.strip().upper() if head and head.id_no else ""
        for reason, key in (
            ("户编号相同", household.household_no or ""),
            ("户主证件号码相同", number),
            ("户主姓名和村民组相同", f"{head_name}\n{group}" if head_name else ""),
        ):
            if key:
                ids_by_key[reason, household.village, key].append(id)
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (reason, *_), ids in ids_by_key.items():
        first, *other_ids = sorted(ids)
        for other in other_ids:
            reasons[first, other].append(reason)
    candidates = [DuplicateCandidate(a, names[a], b, names[b], tuple(reason)) for (a, b), reason in reasons.items()]
    return tuple(
        sorted(
            candidates,
            key=lambda candidate: (-len(candidate.reasons), candidate.first_name, candidate.first, candidate.second),
        )
    )


def merged_households(workbook: Workbook, kept_id: str) -> tuple[DuplicateCandidate, ...]:
    """Households that were joined to this one and can be parted from it; `first` is this one, `why` is empty.

    They have no people of their own any more, so they are called by number and group.
    """
    with workbook.reading() as session:
        rows = session.execute(
            select(Household.id, Household.household_no, Household.group_name, Household.hamlet)
            .where(Household.merged_into == kept_id, ~Household.withdrawn)
            .order_by(Household.household_no, Household.id)
        )
        return tuple(
            DuplicateCandidate(
                kept_id, "", id, f"{number or '户编号未填'}{f'（{group or hamlet}）' if group or hamlet else ''}", ()
            )
            for id, number, group, hamlet in rows
        )
