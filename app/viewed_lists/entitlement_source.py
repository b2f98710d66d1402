"""应享未享 as a list that can be viewed: one policy and one household or person a row."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import case
from sqlalchemy.orm import Session

from app.issues.policy_lines import DISMISSED_LABELS, PolicyLine, policy_lines
from app.list_views.catalogue import ENTITLEMENTS
from app.list_views.list_source import Expression, ListSource, made_field
from app.policies.entitlement import UNCLAIMED, UNENTITLED, state_label
from app.records.field import field_label
from app.viewed_lists.household_rows import household_row_source

STATES = (state_label(UNCLAIMED), state_label(UNENTITLED), *DISMISSED_LABELS.values())
_FIELDS = (
    made_field(ENTITLEMENTS, "state", "结果"),
    made_field(ENTITLEMENTS, "policy", field_label("policy", "name")),
    made_field(ENTITLEMENTS, "home", "户主", short=True),
    made_field(ENTITLEMENTS, "group", field_label("household", "group_name")),
    made_field(ENTITLEMENTS, "whom", "享受人"),
    made_field(ENTITLEMENTS, "reasons", "依据", "long"),
    made_field(ENTITLEMENTS, "proof", field_label("policy", "proof")),
    made_field(ENTITLEMENTS, "note", "核实情况", "long"),
    made_field(ENTITLEMENTS, "level", field_label("policy", "level")),
    made_field(ENTITLEMENTS, "document_no", field_label("policy", "document_no")),
    made_field(ENTITLEMENTS, "standard", field_label("policy", "standard")),
)
_SHOWN = ("state", "policy", "home", "group", "whom", "reasons", "proof")


def entitlement_source(lines: Sequence[PolicyLine]) -> ListSource:
    """The list with these rows, in their order."""
    by_key = {line.key: line for line in lines}
    return household_row_source(
        ENTITLEMENTS,
        "应享未享",
        _FIELDS,
        lambda: ((key, _cells(line)) for key, line in by_key.items()),
        columns=_SHOWN,
        orders={"state": _state_order},
        passes=lambda key, quick: _fits(by_key[key], quick),
        computed=_loaded,
        about_members=True,
    )


@cache
def entitlement_list() -> ListSource:
    """The list without rows: its fields."""
    return entitlement_source(())


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    return entitlement_source(policy_lines(session))


def search_text(line: PolicyLine) -> str:
    """The words by which a line is found, in small letters."""
    told = line.entitlement
    return f"{line.household} {line.group} {line.whom} {told.policy.name} {told.reasons}".casefold()


def passes(line: PolicyLine, words: str, quick: Mapping[str, str]) -> bool:
    """Whether a line fits what is set in the line above the list.

    Args:
        words: its `search_text`
    """
    return (
        quick.get("state", "") in ("", line.state)
        and quick.get("policy", "") in ("", line.entitlement.policy.id)
        and all(term in words for term in quick.get("text", "").casefold().split())
    )


def _fits(line: PolicyLine, quick: Mapping[str, str]) -> bool:
    return passes(line, search_text(line) if quick.get("text") else "", quick)


def _cells(line: PolicyLine) -> tuple[object, ...]:
    terms = line.entitlement.policy
    return (
        line.state,
        terms.name,
        line.household,
        line.group,
        line.whom,
        line.entitlement.reasons,
        terms.proof.title if terms.proof else None,
        line.note or None,
        terms.texts["level"] or None,
        terms.texts["document_no"] or None,
        terms.texts["standard"] or None,
        line.entitlement.household_id,
        line.entitlement.member_id or None,
    )


def _state_order(value: Expression) -> Expression:
    return case({state: place for place, state in enumerate(STATES)}, value=value)
