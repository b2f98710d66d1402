"""应享未享 and 享受而不符合条件: whose records say that a policy is for them, and who has a record of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.checklists.households import closed_registration_states
from app.list_views.comparisons import condition_text
from app.list_views.condition_sql import view_conditions
from app.list_views.list_source import ListField
from app.list_views.rows import view_texts
from app.policies.policy import PolicyTerms, load_policies, proof_source
from app.records.field import field
from app.registers.engine.rows import RowQuery, household_column, id_values, row_ids, year_of
from db.schema.household import Household, Member
from db.schema.record import derived_id

State = Literal["unclaimed", "unentitled", "received"]
UNCLAIMED: State = "unclaimed"  # 应享未享
UNENTITLED: State = "unentitled"  # 享受而不符合条件
RECEIVED: State = "received"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One policy and one household or person.

    Attributes:
        member_id, member: "" where the policy is for households
        reasons: what the judgement rests on, as people read it
        values: the same, to notice a change
        record_id: of the record that proves it, "" where there is none
    """

    policy: PolicyTerms
    state: State
    household_id: str
    member_id: str
    member: str
    reasons: str
    values: tuple[str, ...]
    record_id: str = ""

    @property
    def key(self) -> str:
        """The same for this policy and this household or person on every laptop."""
        return derived_id("entitlement", self.policy.id, self.member_id or self.household_id)


def entitlements(
    session: Session, today: date, household_id: str = "", *, states: Sequence[State] = (UNCLAIMED, UNENTITLED)
) -> list[Entitlement]:
    """All of them by policy; of one household, or of all that are not closed. A policy that cannot be judged has none.

    Args:
        states: which are wanted; `RECEIVED` are those who may have a policy and have it
    """
    found: list[Entitlement] = []
    for terms in load_policies(session, today):
        if not terms.fault:
            found += _of_policy(session, terms, today, household_id, states)
    return found


@dataclass(frozen=True, slots=True)
class _Subject:
    household_id: str
    member_id: str
    name: str
    left: str


def _of_policy(
    session: Session, terms: PolicyTerms, today: date, household_id: str, states: Sequence[State]
) -> Iterator[Entitlement]:
    entitled = _entitled(session, terms, household_id)
    members, households = _proofs(session, terms, today, household_id)
    proofs = members if terms.is_for_people else households
    state_of: dict[str, State] = {}
    for id, whom in entitled.items():
        # a row about the whole household proves it for each of its people
        has_it = id in proofs or (terms.is_for_people and households.get(whom.household_id) == "")
        state_of[id] = RECEIVED if has_it else UNCLAIMED
    if UNENTITLED in states:
        state_of |= {id: UNENTITLED for id in proofs if id not in entitled}
    wanted = [id for id, state in state_of.items() if state in states]
    subjects = entitled | _subjects(session, terms, [id for id in wanted if id not in entitled])
    reasons = _reasons(session, terms, wanted)
    for id in wanted:
        if subject := subjects.get(id):
            values = (*reasons.get(id, ()), *((f"已减少：{subject.left}",) if subject.left else ()))
            yield Entitlement(
                policy=terms,
                state=state_of[id],
                household_id=subject.household_id,
                member_id=subject.member_id,
                member=subject.name,
                reasons="，".join(values),
                values=(state_of[id], *values),
                record_id=proofs.get(id, ""),
            )


def _entitled(session: Session, terms: PolicyTerms, household_id: str) -> dict[str, _Subject]:
    """Id → whom the conditions fit."""
    conditions = view_conditions(session, terms.source, terms.where)
    if terms.is_for_people:
        conditions.append(Member.left.is_(None))
    return _read_subjects(session, terms, [*conditions, *_only(household_id)])


def _subjects(session: Session, terms: PolicyTerms, ids: Sequence[str]) -> dict[str, _Subject]:
    """Those who have a record and whom the conditions do not fit."""
    return _read_subjects(session, terms, [terms.source.record.id.in_(id_values(ids))]) if ids else {}


def _only(household_id: str) -> list[Any]:
    return [Household.id == household_id] if household_id else []


def _read_subjects(session: Session, terms: PolicyTerms, conditions: Sequence[Any]) -> dict[str, _Subject]:
    closed = closed_registration_states()
    kept = (Household.village == terms.village, ~Household.withdrawn, Household.merged_into.is_(None))
    query: Any = select(Household.id, Household.registration_state)
    if terms.is_for_people:
        query = query.add_columns(Member.id, Member.name, Member.left)
        query = query.join(Member, Member.household_id == Household.id)
        query = query.where(~Member.withdrawn, Member.merged_into.is_(None)).order_by(Member.person_no, Member.id)
    rows: Sequence[Any] = session.execute(query.where(*kept, *conditions)).all()
    subjects: dict[str, _Subject] = {}
    for household, state, *person in rows:
        if state not in closed:
            id, name, left = person or ("", "", None)
            subjects[id or household] = _Subject(household, id, name or "", left or "")
    return subjects


def _proofs(
    session: Session, terms: PolicyTerms, today: date, household_id: str
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Member → a row about this member; household → a row about it, "" where that names nobody in it."""
    register: Any = terms.proof
    record = register.record
    conditions = [record.village == terms.village, *view_conditions(session, proof_source(register), terms.proof_where)]
    if terms.yearly and register.dated:
        conditions.append(or_(year_of(register).is_(None), year_of(register) == today.year))
    ids = row_ids(session, register, RowQuery(household_id=household_id), conditions)
    member = record.member_id if hasattr(record, "member_id") else None
    columns = [record.id, household_column(register), *((member,) if member is not None else ())]
    members: dict[str, str] = {}
    households: dict[str, str] = {}
    for id, household, *named in session.execute(select(*columns).where(record.id.in_(id_values(ids)))):
        if named and named[0]:
            members[named[0]] = id
            households.setdefault(household or "", id)
        elif household:
            households[household] = id if not terms.is_for_people else ""
    return members, households


def _reasons(session: Session, terms: PolicyTerms, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Id → the fields of the conditions with what stands in them; of what has no one value, the condition itself."""
    keys = dict.fromkeys(one.field for one in terms.where.conditions())
    known = [one for one in map(terms.source.field, keys) if one is not None]
    shown = [one for one in known if _is_told(one)]
    others = [
        condition_text(one.field, part)
        for part in terms.where.conditions()
        if (one := terms.source.field(part.field)) is not None and not _is_told(one)
    ]
    texts = view_texts(session, terms.source, ids, shown) if ids else {}
    return {id: (*(_told(one, row[one.key]) for one in shown), *others) for id, row in texts.items()}


def _is_told(one: ListField) -> bool:
    """Whether its value is a reason by itself: one value, and no number of a person."""
    return one.is_shown and not one.field.spec.mask


def _told(one: ListField, text: str) -> str:
    return f"{one.label} {text}{one.field.unit}" if text else f"{one.label} 未填"


def state_counts(session: Session, policy_id: str, today: date) -> dict[State, int]:
    """How many households or people are in each state of one policy, whenever it is in force."""
    counts: dict[State, int] = dict.fromkeys((RECEIVED, UNCLAIMED, UNENTITLED), 0)
    for terms in load_policies(session, today, policy_id):
        for one in _of_policy(session, terms, today, "", tuple(counts)) if not terms.fault else ():
            counts[one.state] += 1
    return counts


def state_label(state: State) -> str:
    """What an officer calls it."""
    return {UNCLAIMED: "应享未享", UNENTITLED: "享受而不符合条件", RECEIVED: "已享受"}[state]


def subject_label(one: Entitlement) -> str:
    """Whom it is about beside the household: the person, or 全户."""
    return one.member or "全户"


def proof_label(terms: PolicyTerms) -> str:
    """The register and what a row of it must say."""
    return terms.proof.title if terms.proof else field("policy", "proof").label
