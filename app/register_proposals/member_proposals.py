"""Marks of the members that the registers have otherwise: 低保, 参保, 在校, 公益性岗位, 务工."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import Field, Value
from app.records.field import field as record_field
from app.register_proposals.proposal import CardProposal, MemberCell, SourceRow
from app.registers import all_registers
from app.registers.engine.proposals import MemberMark
from app.registers.engine.register import Register
from app.registers.engine.rows import id_values
from app.registers.engine.titles import household_titles
from db.schema import relations
from db.schema.household import Household, Member
from db.schema.record import Record

_NO_ROW = "台账里没有这个人，请先核实"


def member_proposals(
    session: Session, year: int, today: date, households: Sequence[str] | None = None
) -> list[CardProposal]:
    """Members whose mark says otherwise than the registers. `year`: of what holds for a year (参保, 在校)."""
    members = _present_members(session, households)
    found = [
        proposal
        for register in all_registers()
        for mark in register.marks
        if not mark.year or year == today.year  # a member is marked as he is now
        for proposal in _of_mark(session, register, mark, year, members)
    ]
    titles = household_titles(session, {member.household_id for member, *_ in found if member.household_id})
    places = {id: n for n, id in enumerate(members)}
    found.sort(key=lambda one: places[one[0].id])
    return [
        CardProposal(
            member.village,
            member.household_id or "",
            titles[member.household_id or ""].group,
            titles[member.household_id or ""].head or titles[member.household_id or ""].number,
            f"{member.name}：{column.label}",
            MemberCell(member.id, column.name),
            getattr(member, column.name),
            proposed,
            column.text(getattr(member, column.name)),
            column.text(proposed),
            doubt,
            sources,
        )
        for member, column, proposed, doubt, sources in found
    ]


_Found = tuple[Member, Field, Value, str, tuple[SourceRow, ...]]


def _present_members(session: Session, households: Sequence[str] | None) -> dict[str, Member]:
    """Id → member, in walking order."""
    kept = (
        select(Member)
        .join(Household, Household.id == Member.household_id)
        .where(~Member.withdrawn, Member.merged_into.is_(None), Member.left.is_(None), ~Household.withdrawn)
    )
    if households is not None:
        kept = kept.where(Member.household_id.in_(id_values(households)))
    order = (Household.village, Household.group_name, Household.household_no, Household.id, Member.person_no, Member.id)
    return {member.id: member for member in session.scalars(kept.order_by(*order))}


def _of_mark(
    session: Session, register: Register, mark: MemberMark, year: int, members: dict[str, Member]
) -> Iterator[_Found]:
    column = record_field("member", mark.column)
    in_year = (getattr(register.record, mark.year) == year,) if mark.year else ()
    current = _rows(session, register.record, (mark.where, *in_year))
    told_of = _rows(session, register.record, (mark.of, *in_year))
    ever = _rows(session, register.record, (mark.of,)) if mark.year else told_of
    row_ids = {row.id for row in (*current.values(), *told_of.values())}
    titles = relations.record_titles(session, register.key, row_ids)
    for member in members.values():
        now = getattr(member, mark.column)
        row = current.get(member.id)
        told = row or told_of.get(member.id)
        sources = (SourceRow(register.key, register.key, told.id, register.title, titles[told.id]),) if told else ()
        if row is not None:
            proposed = getattr(row, mark.value) if mark.value else True
            if proposed is not None and proposed != now:
                yield member, column, proposed, "", sources
        elif now and mark.is_complete and told_of:
            nothing = None if mark.value else False
            doubt = "" if told and not mark.year else _NO_ROW if member.id not in ever else "本年度没有，请先核实"
            yield member, column, nothing, doubt, sources


def _rows(session: Session, record: type[Record], conditions: Sequence[Any]) -> dict[str, Any]:
    """Member → the last row about him that fits."""
    kept: Any = record
    rows = session.scalars(
        select(kept).where(*conditions, ~kept.withdrawn, kept.merged_into.is_(None)).order_by(kept.id)
    )
    return {row.member_id: row for row in rows}
