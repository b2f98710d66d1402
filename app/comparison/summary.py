"""Lists that were compared, with how many of their lines are open or decided."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.comparison.decision import DICTIONARY, Decision
from app.comparison.line import RESULTS, Result, state_hash
from db.schema.comparison import ComparisonLine, OfficeComparison
from resources.option_roles import value_of, values_with_role

DECISIONS: tuple[Decision, ...] = ("accept", "report", "verified")


@dataclass(frozen=True, slots=True)
class ListSummary:
    """One list.

    Attributes:
        counts: result → rows that came to it when the list was compared
        decided: decision → lines that stand by this list and were decided so
        open: lines that stand by this list and wait for a decision
    """

    id: str
    subject: str
    title: str
    office: str
    list_date: date | None
    file: str
    rows: int
    counts: Mapping[Result, int]
    decided: Mapping[Decision, int]
    open: int


def list_summaries(session: Session) -> list[ListSummary]:
    """Every list that was compared; of a kind the newest first."""
    query = select(OfficeComparison).where(~OfficeComparison.withdrawn)
    lists = session.scalars(query.order_by(OfficeComparison.subject)).all()
    lists = sorted(lists, key=lambda one: one.list_date or one.compared_on or date.min, reverse=True)
    lists = sorted(lists, key=lambda one: one.subject_title or "")
    decided, waiting = _line_counts(session)
    return [
        ListSummary(
            id=one.id,
            subject=one.subject or "",
            title=one.subject_title or "",
            office=one.office or "",
            list_date=one.list_date,
            file=one.file_name or "",
            rows=one.rows or 0,
            counts={result: getattr(one, result) or 0 for result in RESULTS},
            decided=decided[one.id],
            open=waiting[one.id],
        )
        for one in lists
    ]


def _line_counts(session: Session) -> tuple[dict[str, Counter[Decision]], Counter[str]]:
    """List → decision → lines; list → lines that are open."""
    roles: dict[str, Decision] = {value_of(DICTIONARY, role): role for role in DECISIONS}
    decided: dict[str, Counter[Decision]] = defaultdict(Counter)
    waiting: Counter[str] = Counter()
    query = select(
        ComparisonLine.comparison_id, ComparisonLine.result, ComparisonLine.changes,
        ComparisonLine.decision, ComparisonLine.decided_state,
    ).where(~ComparisonLine.withdrawn, ComparisonLine.comparison_id.is_not(None))  # fmt: skip
    settled = values_with_role("comparison_result", "settled")
    for list_id, result, changes, decision, state in session.execute(query):
        if decision in roles and state == state_hash(result or "", changes or ""):
            decided[list_id or ""][roles[decision]] += 1
        elif result not in settled:
            waiting[list_id or ""] += 1
    return decided, waiting
