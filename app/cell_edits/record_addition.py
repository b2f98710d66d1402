"""New records for many households at once: a measure each, one task that lists them all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.records.draft import Draft, validation_errors
from app.records.field import Value
from app.registers.engine.new_row import start_row, start_row_of_household, start_row_of_member
from app.registers.engine.register import Register, reference_column
from app.registers.engine.rows import id_values
from app.sheets.errors import StalePreview
from app.workbook.workbook import Workbook
from db.schema import records, relations
from db.schema.household import Household, Member
from db.schema.record import new_id

_STALE = "预览之后工作簿又有了改动，没有写入。请重新预览，核对后再写入。"


@dataclass(frozen=True, slots=True)
class NewRecord:
    """One record that is added. `title`: whom it is about, "" for what stands below another."""

    table: str
    id: str
    village: str
    title: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class AdditionPlan:
    """What would be added. `verb`: what the operation is called; `refused`, `doubts`: sentences."""

    verb: str
    records: tuple[NewRecord, ...] = ()
    refused: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many are named, without what stands below them."""
        return sum(1 for one in self.records if one.title)


def plan_addition(
    session: Session, register: Register, household_ids: Sequence[str], values: Mapping[str, Value], operator: str
) -> AdditionPlan:
    """A record of the register for each household, or one below which they are all listed. Writes nothing."""
    verb = f"批量新增{register.title}"
    households = _households(session, household_ids)
    titles = relations.household_titles(session, households)
    if register.subject != "household":
        return _plan_common(register, households, titles, values, operator, verb)
    drafts = {
        id: start_row_of_household(session, register, village, id, operator).with_values(**values)
        for id, village in households.items()
    }
    return _plan_each(session, register, drafts, titles, values, verb)


def plan_member_addition(
    session: Session, register: Register, member_ids: Sequence[str], values: Mapping[str, Value], operator: str
) -> AdditionPlan:
    """A record of the register for each member. Writes nothing."""
    kept = select(Member.id).where(Member.id.in_(id_values(member_ids)), ~Member.withdrawn)
    found = set(session.scalars(kept.where(Member.merged_into.is_(None))))
    ids = [id for id in member_ids if id in found]
    titles = relations.record_titles(session, "member", ids)
    drafts = {id: start_row_of_member(session, register, id, operator).with_values(**values) for id in ids}
    return _plan_each(session, register, drafts, titles, values, f"批量新增{register.title}")


def _plan_each(
    session: Session,
    register: Register,
    drafts: Mapping[str, Draft],
    titles: Mapping[str, str],
    values: Mapping[str, Value],
    verb: str,
) -> AdditionPlan:
    """One record for each of those it is about."""
    same = _with_same(session, register, list(drafts), values)
    new, refused, doubts = [], [], []
    for id, draft in drafts.items():
        if fault := next(iter(validation_errors(draft).values()), ""):
            refused.append(f"{titles.get(id, '')}：{fault}")
        elif new_record := _new_record(session, draft, titles.get(id, "")):
            new.append(new_record)
            doubts += [f"{titles.get(id, '')}：已有内容相同的{register.title}"] if id in same else []
        else:
            refused.append(f"{titles.get(id, '')}：已有这一条{register.title}")
    return AdditionPlan(verb, tuple(new), tuple(refused), tuple(doubts))


def _plan_common(
    register: Register,
    households: Mapping[str, str],
    titles: Mapping[str, str],
    values: Mapping[str, Value],
    operator: str,
    verb: str,
) -> AdditionPlan:
    """One record of the village that lists the households."""
    below = next(children for children in register.children if children.listed == "household")
    village = next(iter(households.values()), "")
    draft = start_row(register, village, operator=operator).with_values(**values)
    if fault := next(iter(validation_errors(draft).values()), ""):
        return AdditionPlan(verb, refused=(fault,))
    table = below.record.__tablename__
    listed = reference_column(below.record, "household")
    parent = below.parent_column(register.record)
    rows = [NewRecord(register.key, draft.id, village, f"列入 {len(households)} 户", _filled(draft.values))]
    for id, its_village in households.items():
        cells: dict[str, Value] = {parent: draft.id, listed: id}
        rows.append(NewRecord(table, new_id(), its_village, titles.get(id, ""), cells))
    return AdditionPlan(verb, tuple(rows))


def _households(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Household → its village, of those that are in force, in the order given."""
    kept = select(Household.id, Household.village).where(Household.id.in_(id_values(ids)), ~Household.withdrawn)
    found = dict(iter(session.execute(kept.where(Household.merged_into.is_(None))).all()))
    return {id: found[id] for id in ids if id in found}


def _with_same(session: Session, register: Register, ids: Sequence[str], values: Mapping[str, Value]) -> frozenset[str]:
    """Households or members that have a record that says all the same."""
    table: Any = register.record.__table__
    about = table.c[f"{register.subject}_id"]
    said = [table.c[name] == value for name, value in values.items() if value is not None]
    kept = select(about).where(about.in_(id_values(ids)), ~table.c.withdrawn, *said)
    return frozenset(session.scalars(kept)) if said else frozenset()


def _new_record(session: Session, draft: Draft, title: str) -> NewRecord | None:
    """The record of a draft, None where there is one with its key; its id follows from the key, so that two laptops
    that add the same meet."""
    cells = {**draft.values, "id": draft.id, "village": draft.village}
    columns = relations.key_columns(draft.table)
    if columns and relations.key_values(draft.table, cells):
        record = records()[draft.table]
        id = record.id_of(*(draft.values.get(name) for name in columns))
        if relations.rows_with_same_key(session, draft.table, cells):
            return None
        if session.get(record, id) is None:
            return NewRecord(draft.table, id, draft.village, title, _filled(draft.values))
    return NewRecord(draft.table, draft.id, draft.village, title, _filled(draft.values))


def _filled(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def apply_addition(workbook: Workbook, plan: AdditionPlan) -> int:
    """Write what a preview showed, as one operation; returns how many records were named in it.

    Raises:
        StalePreview: one of the records came in meanwhile
    """
    by_columns: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
    for one in plan.records:
        row = {**one.values, "id": one.id, "village": one.village, "withdrawn": False}
        by_columns[one.table, tuple(sorted(row))].append(row)
    with workbook.operation(f"{plan.verb}，{plan.count} 条") as session:
        for (table_name, _), rows in by_columns.items():
            table: Any = records()[table_name].__table__
            if session.scalar(
                select(table.c.id).where(table.c.id.in_(id_values([row["id"] for row in rows]))).limit(1)
            ):
                raise StalePreview(_STALE)
            session.execute(insert(table), rows)
    return plan.count
