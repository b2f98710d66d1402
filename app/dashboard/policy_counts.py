"""How many policies wait for somebody who may have them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.issues.policy_lines import policy_lines
from app.policies.entitlement import UNCLAIMED, UNENTITLED


@dataclass(frozen=True, slots=True)
class PolicyCounts:
    """Lines that nobody has looked into; `households` have one of 应享未享."""

    unclaimed: int
    households: int
    unentitled: int


def policy_counts(session: Session) -> PolicyCounts:
    """Over the policies that are in force today."""
    lines = [line.entitlement for line in policy_lines(session) if line.is_open]
    unclaimed = [one for one in lines if one.state == UNCLAIMED]
    return PolicyCounts(
        unclaimed=len(unclaimed),
        households=len({one.household_id for one in unclaimed}),
        unentitled=sum(one.state == UNENTITLED for one in lines),
    )
