"""The list 应享未享: what policies say of households and people, with whether somebody has looked into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.issues.issues import Issue, issue_of, stored_dismissals
from app.issues.rules import rules
from app.issues.rules.policies import entitlement_finding, policy_unclaimed, policy_unentitled
from app.policies.entitlement import (
    RECEIVED,
    UNCLAIMED,
    UNENTITLED,
    Entitlement,
    State,
    entitlements,
    state_label,
    subject_label,
)
from app.records.row_views import household_rows
from app.records.validators import current_date

_RULES = {UNCLAIMED: policy_unclaimed.key, UNENTITLED: policy_unentitled.key}
POLICY_RULES = frozenset(_RULES.values())  # the doubts that are lines of this list
DISMISSED_LABELS = {UNCLAIMED: "已核实不享受", UNENTITLED: "已核实仍享受"}


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy and one household or person, as lists and papers tell it.

    Attributes:
        issue: what is wrong; None of those who may have the policy and have it
    """

    entitlement: Entitlement
    household: str
    group: str
    issue: Issue | None

    @property
    def key(self) -> str:
        return self.entitlement.key

    @property
    def is_open(self) -> bool:
        """Whether nobody has looked into it."""
        return self.issue is not None and self.issue.dismissal is None

    @property
    def state(self) -> str:
        """What an officer calls it, with what somebody decided about it."""
        state = self.entitlement.state
        return state_label(state) if self.issue is None or self.is_open else DISMISSED_LABELS[state]

    @property
    def whom(self) -> str:
        return subject_label(self.entitlement)

    @property
    def note(self) -> str:
        """Why it was dismissed, "" while it is open."""
        dismissal = self.issue.dismissal if self.issue else None
        return f"{dismissal.reason}（{dismissal.dismissed_by} {dismissal.dismissed_on or ''}）" if dismissal else ""


def policy_lines(
    session: Session,
    household_id: str = "",
    *,
    states: Sequence[State] = (UNCLAIMED, UNENTITLED),
    today: date | None = None,
) -> list[PolicyLine]:
    """By state and policy; of one household, or of all that are not closed. What was dismissed is among them."""
    found = entitlements(session, today or current_date(), household_id, states=states)
    found.sort(key=lambda one: states.index(one.state))
    ids = list(dict.fromkeys(one.household_id for one in found))
    households = {row.id: row for row in household_rows(session, ids)} if ids else {}
    dismissals, by_key = stored_dismissals(session, household_id), {one.key: one for one in rules()}
    shared: dict[str, str] = {}
    lines = []
    for one in found:
        row = households[one.household_id]
        name, group = row.head or row.household_no or "（户主未填）", row.group or row.hamlet
        issue = None
        if one.state != RECEIVED:
            broken = by_key[_RULES[one.state]]
            issue = issue_of(one.household_id, name, group, broken, entitlement_finding(one), dismissals, shared)
        lines.append(PolicyLine(one, name, group, issue))
    return lines
