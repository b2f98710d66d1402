"""Beginning the records of a policy for those who may have it: one operation for all of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.policies.entitlement import UNCLAIMED, Entitlement
from app.policies.policy import start_values
from app.records.draft import Draft, is_taken, write_draft
from app.records.row_views import HEAD_RELATION
from app.registers.engine.new_row import start_row_of_household, start_row_of_member
from app.registers.engine.register import Register
from app.workbook.workbook import Workbook, running_operation
from db.schema.household import Household, Member
from db.schema.record import derived_id


def begin_records(workbook: Workbook, lines: Sequence[Entitlement]) -> list[tuple[str, str]]:
    """A row in the register of its policy for each of these who has none, with what the policy's record must say.

    Returns:
        register and id of each row

    Raises:
        UserError: none of them can be begun; the sentence says why
    """
    waiting = [(line, line.policy.proof) for line in lines if line.state == UNCLAIMED and line.policy.proof]
    if not waiting:
        raise UserError("选中的都不是应享未享，没有要登记的。")
    with workbook.operation("登记政策享受") as session:
        found = [(register.key, _begin(session, register, line, workbook.operator)) for line, register in waiting]
        begun = [(key, id) for key, id in found if id]
        if not begun:
            raise UserError("这些户没有户主，不能登记到按人的台账。请先在户档里登记户主。")
        names = list(dict.fromkeys(line.policy.name for line, _ in waiting))
        more = f"等 {len(names)} 项政策" if len(names) > 1 else ""
        running_operation(session).title = f"登记享受：{names[0]}{more}，{len(begun)} 条"
    return begun


def _begin(session: Session, register: Register, line: Entitlement, operator: str) -> str:
    """The id of the new row, "" where the register is about people and nobody stands for the household."""
    member = line.member_id or _head(session, line.household_id)
    if register.subject == "member":
        if not member:
            return ""
        draft = start_row_of_member(session, register, member, operator)
    else:
        village = session.get_one(Household, line.household_id).village
        draft = start_row_of_household(session, register, village, line.household_id, operator)
        if line.member_id and "member_id" in draft.values:
            draft = draft.with_values(member_id=line.member_id)
    draft = _with_cells(register, line, draft)
    id = derived_id("policy_record", line.key, date.today().year)  # two laptops that do this begin one row
    return write_draft(session, draft if is_taken(session, register.key, id) else replace(draft, id=id)).draft.id


def _with_cells(register: Register, line: Entitlement, draft: Draft) -> Draft:
    """With what proves the policy, its name where a row has a title, its year where rows are told by year."""
    cells = {name: register.field(name).parse(text) for name, text in start_values(line.policy).items()}
    for name, value in (("title", line.policy.name), ("year", date.today().year)):
        if name in draft.values and draft.values[name] is None:
            cells.setdefault(name, value)
    if "note" in draft.values:
        cells.setdefault("note", f"按“{line.policy.name}”登记，待补充")
    return draft.with_values(**cells)


def _head(session: Session, household_id: str) -> str:
    """The head stands for a household where the register is about people."""
    heads = select(Member.id).where(
        Member.household_id == household_id, Member.relation == HEAD_RELATION, Member.left.is_(None), ~Member.withdrawn
    )
    return session.scalar(heads.limit(1)) or ""
