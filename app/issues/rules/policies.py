"""应享未享 and 享受而不符合条件: what the village's own policies (app/policies) say of a household and its people."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import WARNING, CellRef, Finding, rule
from app.policies.entitlement import UNCLAIMED, UNENTITLED, Entitlement, subject_label


@rule("policy_unclaimed", WARNING, "应享未享", "§6-44")
def policy_unclaimed(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever meets the condition of a policy has a record of it."""
    yield from (entitlement_finding(one) for one in household.entitlements if one.state == UNCLAIMED)


@rule("policy_unentitled", WARNING, "享受而不符合条件", "§6-44")
def policy_unentitled(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever has a record of a policy meets its condition."""
    yield from (entitlement_finding(one) for one in household.entitlements if one.state == UNENTITLED)


def entitlement_finding(one: Entitlement) -> Finding:
    """What is wrong, and the register in which it is put right."""
    policy, proof, whom = one.policy.name, one.policy.proof, subject_label(one)
    if one.state == UNCLAIMED:
        message = f"{whom}符合“{policy}”的条件（{one.reasons}），{proof.title if proof else ''}里没有记录。"
    else:
        message = f"{whom}有“{policy}”的记录，但不符合条件：{one.reasons}。"
    cells = (CellRef(proof.key, one.record_id, proof.fields()[0].name),) if proof else ()
    return Finding(one.key, f"政策 {policy} {one.member}".strip(), message, cells, one.values)
