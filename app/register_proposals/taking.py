"""Taking over what somebody chose of the proposals: one operation, and only what is still as it was shown."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import is_taken, new_draft, open_draft, write_draft
from app.records.income_entry import make_income_year, write_entry
from app.register_proposals.income_proposals import income_proposals
from app.register_proposals.member_proposals import member_proposals
from app.register_proposals.proposal import AccountCell, AccountLine, CardProposal, MemberCell
from app.workbook.workbook import Workbook, running_operation
from db.journal.changes import write_cell
from db.schema.household import Member
from db.schema.income import IncomeOrigin


@dataclass(frozen=True, slots=True)
class Taken:
    """How many were written, and how many had changed since they were shown and were left."""

    written: int
    changed_since: int


def proposals(session: Session, year: int, today: date, households: Sequence[str] | None = None) -> list[CardProposal]:
    """All that the registers have otherwise: the accounts of a year first, then the members.

    Args:
        households: ids of those to look at, None for all
    """
    return [
        *income_proposals(session, year, today, households),
        *member_proposals(session, year, today, households),
    ]


def take(workbook: Workbook, chosen: Sequence[CardProposal], year: int, today: date) -> Taken:
    """Write the chosen proposals, in one operation that is undone as one.

    Raises:
        UserError: none is chosen, or none is as it was shown any more
    """
    if not chosen:
        raise UserError("没有打勾的。请按空格在要带入的行上打勾。")
    with workbook.operation("从台账带入") as session:
        households = list(dict.fromkeys(one.household_id for one in chosen))
        current = {one.key: one for one in proposals(session, year, today, households)}
        valid = [one for one in chosen if _is_same(one, current.get(one.key))]
        if not valid:
            raise UserError("选中的在列出以后都有改动，请按 F5 刷新后再带入。")
        for one in valid:
            _write(session, one, today)
        running_operation(session).title = f"从台账带入：{len({one.household_id for one in valid})} 户 {len(valid)} 项"
    return Taken(len(valid), len(chosen) - len(valid))


def _is_same(shown: CardProposal, current: CardProposal | None) -> bool:
    return current is not None and (shown.now, shown.proposed) == (current.now, current.proposed)


def _write(session: Session, proposal: CardProposal, today: date) -> None:
    match proposal.target:
        case MemberCell(member_id, column):
            write_draft(session, open_draft(session, "member", member_id).with_values(**{column: proposal.proposed}))
        case AccountCell(year, column):
            year_id = make_income_year(session, proposal.household_id, year, _people(session, proposal.household_id))
            draft = open_draft(session, "income_year", year_id).with_values(**{column: proposal.proposed})
            write_draft(session, draft)
            _keep_origin(session, proposal, year_id, column, "", today)
        case AccountLine(year, item, what, line_id):
            year_id = make_income_year(session, proposal.household_id, year, _people(session, proposal.household_id))
            if proposal.proposed is not None:
                write_entry(session, year_id, item, what, {"amount": proposal.proposed})
            elif line_id:
                write_cell(session, "income_line", line_id, "withdrawn", 1)
            _keep_origin(session, proposal, year_id, item, what, today)


def _people(session: Session, household_id: str) -> int | None:
    """How many live in a household, for an account that is begun."""
    present = (Member.household_id == household_id, ~Member.withdrawn, Member.left.is_(None))
    return session.scalar(select(func.count()).select_from(Member).where(*present)) or None


def _keep_origin(session: Session, proposal: CardProposal, year_id: str, target: str, what: str, today: date) -> None:
    """Write down that this figure is the registers', and which of their rows it is."""
    rows = json.dumps([[row.register, row.table, row.record_id] for row in proposal.sources])
    amount = proposal.proposed if isinstance(proposal.proposed, Decimal) else None
    values = {"amount": amount, "taken_on": today, "rows": rows}
    id = IncomeOrigin.id_of(year_id, target, what)
    if is_taken(session, "income_origin", id):
        draft = open_draft(session, "income_origin", id).with_values(**values)
    else:
        place = {"income_year_id": year_id, "target": target, "what": what or None}
        draft = new_draft("income_origin", proposal.village, id, **place, **values)
    write_draft(session, draft)
