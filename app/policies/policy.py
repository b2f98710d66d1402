"""A policy as the judgement needs it: whose list, which conditions, which record proves that somebody has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import UserError, ValidationError
from app.list_views.catalogue import list_source
from app.list_views.comparisons import condition_text
from app.list_views.condition_sql import ignored_conditions
from app.list_views.definition import ConditionGroup, ListView, alternatives
from app.list_views.list_source import ListSource
from app.list_views.stored_form import decode, encode
from app.records.draft import open_draft, write_draft
from app.records.field import field, options
from app.registers import get_register
from app.registers.engine.register import Register
from app.workbook.workbook import Workbook
from db.schema.policy import Policy
from resources.option_roles import value_of
from resources.overlay import cached

_TABLE = Policy.__tablename__
NO_CONDITION = "还没有设置适用条件"
NO_PROOF = "还没有选享受记录"
_UNKNOWN = "有这个版本的程序不认识的条件，请更新程序或重新设置"


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """One policy.

    Attributes:
        source: the list of households or of people that `where` is about
        proof: the register that a row of, with `proof_where`, proves that somebody has it; None where none was chosen
        fault: why it cannot be judged, ""
    """

    id: str
    village: str
    name: str
    texts: Mapping[str, str]
    source: ListSource
    where: ConditionGroup
    proof: Register | None
    proof_where: ConditionGroup
    yearly: bool
    fault: str

    @property
    def is_for_people(self) -> bool:
        return self.source.key == _list_key(value_of("policy_subject", "member"))

    @property
    def unit(self) -> str:
        """Whether it is for households or for people, as an officer says it."""
        return value_of("policy_subject", "member" if self.is_for_people else "household")


def load_policies(session: Session, today: date, policy_id: str = "") -> list[PolicyTerms]:
    """The policies in force on a day by name; with an id that one, whenever it is in force."""
    query = select(Policy).where(~Policy.withdrawn, Policy.merged_into.is_(None)).order_by(Policy.name, Policy.id)
    if policy_id:
        query = query.where(Policy.id == policy_id)
    else:
        query = query.where(
            or_(Policy.valid_from.is_(None), Policy.valid_from <= today),
            or_(Policy.valid_until.is_(None), Policy.valid_until >= today),
        )
    return [_terms(row) for row in session.scalars(query)]


def set_condition(workbook: Workbook, policy_id: str, column: str, where: ConditionGroup) -> None:
    """Keep a condition of a policy; what stands in 适用对象 follows while nobody wrote something else there.

    Args:
        column: "condition" or "proof_condition"

    Raises:
        UserError: the policy is gone
    """
    with workbook.operation("设置政策条件") as session:
        draft = open_draft(session, _TABLE, policy_id)
        terms = next(iter(load_policies(session, date.today(), policy_id)), None)
        if terms is None:
            raise UserError("这项政策已经不在了。请按 F5 刷新。")
        values: dict[str, str | None] = {column: encode(ListView(where=where)) if where.parts else None}
        if column == "condition" and draft.values["whom"] in (None, condition_sentence(terms.source, terms.where)):
            values["whom"] = condition_sentence(terms.source, where) or None
        write_draft(session, draft.with_values(**values))


def condition_sentence(source: ListSource, where: ConditionGroup) -> str:
    """Conditions as people read them, "" where there are none."""
    rows = []
    for row in alternatives(where):
        texts = [condition_text(one.field, part) if (one := source.field(part.field)) else _UNKNOWN for part in row]
        rows.append("，且 ".join(texts))
    return "；或 ".join(rows)


def proof_source(register: Register) -> ListSource:
    """The list that `proof_condition` is about."""
    return list_source(register.key)


def start_values(terms: PolicyTerms) -> dict[str, str]:
    """What a row must say to prove the policy, as far as its conditions name one value: column → value."""
    rows = alternatives(terms.proof_where)
    own = {one.name for one in terms.proof.fields() if terms.proof.is_kept(one)} if terms.proof else set()
    first = rows[0] if rows else []
    return {
        one.field: one.values[0]
        for one in first
        if one.field in own and one.comparison in ("is", "one_of", "contains") and one.values
    }


@cached
def _list_key(subject: str) -> str:
    return next(str(one.extra["list"]) for one in options("policy_subject") if one.value == subject)


@cached
def _proof_register(proof: str) -> Register | None:
    found = (one for one in options("policy_proof") if one.value == proof)
    return next((get_register(str(one.extra["register"])) for one in found), None)


def _terms(row: Policy) -> PolicyTerms:
    known = {one.value for one in options("policy_subject")}
    given_to = row.given_to if row.given_to in known else value_of("policy_subject", "household")
    source, proof = list_source(_list_key(given_to)), _proof_register(row.proof or "")
    where, fault = _conditions(row.condition, source)
    proof_where, proof_fault = _conditions(row.proof_condition, proof_source(proof)) if proof else (_NONE, NO_PROOF)
    if not fault and not where.parts:
        fault = NO_CONDITION
    texts = {name: field(_TABLE, name).text(getattr(row, name)) for name in _TOLD}
    return PolicyTerms(
        id=row.id,
        village=row.village,
        name=row.name or "",
        texts=texts,
        source=source,
        where=where,
        proof=proof,
        proof_where=proof_where,
        yearly=bool(row.yearly),
        fault=fault or proof_fault,
    )


_TOLD = ("level", "document_no", "whom", "standard", "content")
_NONE = ConditionGroup()


def _conditions(stored: str | None, source: ListSource) -> tuple[ConditionGroup, str]:
    """The conditions and why they cannot be used. What is unknown here would be left out, and let everybody in."""
    if not stored:
        return _NONE, ""
    try:
        where = decode(stored).where
    except (UserError, ValidationError) as error:
        return _NONE, str(error)
    return where, _UNKNOWN if ignored_conditions(source, where) else ""
