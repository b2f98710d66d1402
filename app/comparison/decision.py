"""What is decided about lines: the workbook takes the list's side, the office is told, or it is right as it is."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.comparison.line import LineChange, state_hash
from app.comparison.stored_lines import changes_of
from app.errors import UserError
from app.progress import Progress, Task
from app.records.draft import Draft, open_draft, validation_errors, write_draft
from app.records.field import field
from app.records.row_views import HEAD_RELATION
from app.records.validators import current_date
from app.workbook.workbook import Workbook
from db.schema.comparison import ComparisonLine, OfficeComparison
from db.schema.household import Member
from db.schema.relations import household_titles
from resources.option_roles import value_of, values_with_role

Decision: TypeAlias = Literal["accept", "report", "verified"]  # roles of comparison_decision.toml
DICTIONARY = "comparison_decision"
_STEP = 200


def decision_label(decision: Decision) -> str:
    """As people read it."""
    return field("comparison_line", "decision").text(value_of(DICTIONARY, decision))


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line as pages, papers and sheets show it.

    Attributes:
        about: household of the member, "" where nobody of ours was found
        list_title: kind and date of the list that it comes from
        list_cells: (heading, text) of the row
        is_decided: a decision holds; where `decision` is filled and it does not, the data changed since
    """

    id: str
    subject: str
    list_title: str
    member_id: str
    household_id: str
    about: str
    name: str
    id_no: str
    result: str
    explanation: str
    list_row: str
    list_cells: tuple[tuple[str, str], ...]
    changes: tuple[LineChange, ...]
    decision: str
    reason: str
    decided_on: date | None
    decided_by: str
    is_decided: bool

    @property
    def difference(self) -> str:
        """Both sides, then what else is said."""
        told = (*(change.describe() for change in self.changes), self.explanation)
        return "；".join(text for text in told if text)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What taking the list's side would write: lines with their changes, and lines that cannot, with the reason."""

    lines: tuple[StoredLine, ...]
    refused: tuple[tuple[StoredLine, str], ...]


def stored_lines(
    session: Session, subject: str = "", *, ids: Sequence[str] | None = None, agreed: bool = False
) -> list[StoredLine]:
    """The lines of a kind of list, or of all, by household.

    Args:
        ids: only these
        agreed: those that agree again too
    """
    query = select(ComparisonLine, OfficeComparison.subject_title, OfficeComparison.list_date, Member.household_id)
    query = query.outerjoin(OfficeComparison, OfficeComparison.id == ComparisonLine.comparison_id)
    query = query.outerjoin(Member, Member.id == ComparisonLine.member_id).where(~ComparisonLine.withdrawn)
    if subject:
        query = query.where(ComparisonLine.subject == subject)
    settled = values_with_role("comparison_result", "settled")
    if not agreed:
        query = query.where(ComparisonLine.result.not_in(settled))
    wanted = None if ids is None else frozenset(ids)
    rows = [row for row in session.execute(query).all() if wanted is None or row[0].id in wanted]
    titles = household_titles(session, {row[3] for row in rows if row[3]})
    found = [_stored_line(line, title, day, household, titles) for line, title, day, household in rows]
    return sorted(found, key=lambda one: (one.list_title, one.about == "", one.about, one.name, one.id))


def _stored_line(
    line: ComparisonLine, title: str | None, day: date | None, household_id: str | None, titles: dict[str, str]
) -> StoredLine:
    is_decided = bool(line.decision) and line.decided_state == state_hash(line.result or "", line.changes or "")
    return StoredLine(
        id=line.id,
        subject=line.subject or "",
        list_title=" ".join(text for text in (title, day.isoformat() if day else "") if text),
        member_id=line.member_id or "",
        household_id=household_id or "",
        about=titles.get(household_id or "", ""),
        name=line.name or "",
        id_no=line.id_no or "",
        result=line.result or "",
        explanation=line.explanation or "",
        list_row=line.list_row or "",
        list_cells=_pairs(line.list_cells),
        changes=changes_of(line.changes),
        decision=line.decision or "",
        reason=line.reason or "",
        decided_on=line.decided_on,
        decided_by=line.decided_by or "",
        is_decided=is_decided,
    )


def _pairs(text: str | None) -> tuple[tuple[str, str], ...]:
    """Stored cells; what a broken cell holds is none."""
    try:
        return tuple((str(title), str(said)) for title, said in json.loads(text or "[]"))
    except (ValueError, TypeError):
        return ()


def preview_acceptance(session: Session, ids: Sequence[str]) -> Acceptance:
    """Which of these lines can be taken over, and why the others cannot."""
    taken, refused = [], []
    for line in stored_lines(session, ids=ids):
        reason = _why_not(session, line)
        if reason:
            refused.append((line, reason))
        else:
            taken.append(line)
    return Acceptance(tuple(taken), tuple(refused))


def _why_not(session: Session, line: StoredLine) -> str:
    if line.is_decided:
        return "已经处理过"
    if not line.changes:
        return "名单没有给出可以直接写入的内容，请在户档里改，或报部门"
    try:
        drafts = list(_drafts(session, line))
    except UserError as error:
        return str(error)
    return next((error for draft in drafts for error in validation_errors(draft).values()), "")


def _drafts(session: Session, line: StoredLine) -> Iterator[Draft]:
    """The records as they will be.

    Raises:
        UserError: one is gone, or a cell was changed since the comparison, or only a person can do it
    """
    for table, record_id in dict.fromkeys((one.table, one.record_id) for one in line.changes):
        draft = open_draft(session, table, record_id)
        changes = [one for one in line.changes if (one.table, one.record_id) == (table, record_id)]
        for change in changes:
            now = change.field.text(draft.values[change.column])
            if now not in (change.ours, change.theirs):
                raise UserError(f"“{change.field.label}”比对之后改过了，请重新比对")
        values = {change.column: change.field.parse(change.theirs) for change in changes}
        if values.get("left"):
            _refuse_leaving(session, draft, values)
        yield draft.with_values(**values)


def _refuse_leaving(session: Session, draft: Draft, values: dict[str, Any]) -> None:
    """Somebody leaves a household with a day, and a head only after another was named."""
    if not values.get("left_on"):
        raise UserError("名单没有写日期，请在户档里办减少")
    others = select(Member.id).where(
        Member.household_id == draft.values["household_id"], Member.id != draft.id, Member.left.is_(None)
    )
    if draft.values["relation"] == HEAD_RELATION and session.scalar(others.where(~Member.withdrawn)):
        raise UserError("是户主，要先指定新户主，请在户档里办减少")


def accept(workbook: Workbook, acceptance: Acceptance) -> Task[int]:
    """Take the list's side in the lines of a preview: one operation. Returns how many lines.

    Raises:
        UserError: a record was changed since the preview was made; nothing is written
    """
    lines = acceptance.lines
    with workbook.operation(f"数据比对：按名单修改工作簿 {len(lines)} 人") as session:
        for n, line in enumerate(lines):
            if n % _STEP == 0:
                yield Progress(n, len(lines), "按名单修改工作簿")
            for draft in _drafts(session, line):
                write_draft(session, draft)
            _decide(session, line.id, "accept", "", workbook.operator)
    return len(lines)


def decide(workbook: Workbook, ids: Sequence[str], decision: Decision, reason: str) -> int:
    """Report lines to the office, or confirm what the workbook says; returns how many.

    Raises:
        UserError: no reason is given
    """
    if not reason.strip():
        raise UserError("请写明怎样核实的，或报给了谁。")
    with workbook.operation(f"数据比对：{decision_label(decision)} {len(ids)} 条") as session:
        for id in ids:
            _decide(session, id, decision, reason.strip(), workbook.operator)
    return len(ids)


def _decide(session: Session, id: str, decision: Decision, reason: str, operator: str) -> None:
    line = open_draft(session, "comparison_line", id)
    state = state_hash(str(line.values["result"] or ""), str(line.values["changes"] or ""))
    decided: dict[str, Any] = {
        "decision": value_of(DICTIONARY, decision),
        "reason": reason or None,
        "decided_on": current_date(),
        "decided_by": operator,
        "decided_state": state,
    }
    write_draft(session, line.with_values(**decided))


def reopen(workbook: Workbook, ids: Sequence[str]) -> int:
    """Take decisions back; what was written by taking the list's side stays, 撤销 takes that back. Returns how many."""
    empty: dict[str, Any] = dict.fromkeys(("decision", "reason", "decided_on", "decided_by", "decided_state"))
    with workbook.operation(f"数据比对：撤销处理 {len(ids)} 条") as session:
        for id in ids:
            write_draft(session, open_draft(session, "comparison_line", id).with_values(**empty))
    return len(ids)
