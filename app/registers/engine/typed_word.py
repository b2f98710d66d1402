"""Whether a row of a register has a word that an officer typed: in its texts, or in the name of whom it is about.

A word of two letters or more is also taken for pinyin, in full or by initials, of the name and of what a row is
called.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.records.row_views import HEAD_RELATION
from app.registers.engine.register import Register
from db.schema.aid import Helper
from db.schema.household import Member
from db.text_search import rows_with_word


def has_word(register: Register, household: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """In SQL: a row has the word.

    Args:
        household: the household of a row
    """
    texts = [one.name for one in register.fields() if one.kind in ("text", "long", "choice")]
    found = [register.expression(name).contains(word, autoescape=True) for name in texts]
    found += _names(register, household, Member.name.contains(word, autoescape=True), Helper.name.contains(word))
    if word.isascii() and word.isalpha() and len(word) > 1:
        spelled = word.lower()
        called = [one for one in register.fields(register.record.TITLE) if one.kind in ("text", "choice")]
        found += [_is_spelling(spelled, register.expression(one.name)) for one in called]
        found += _names(register, household, Member.id.in_(rows_with_word(spelled)), _is_spelling(spelled, Helper.name))
    return or_(*found)


def _names(
    register: Register, household: ColumnElement[Any], member: ColumnElement[bool], helper: ColumnElement[bool]
) -> list[ColumnElement[bool]]:
    """In SQL: a row is about one of these members, a household whose head is one, or one of these helpers."""
    record: Any = register.record
    found: list[ColumnElement[bool]] = []
    if register.subject in ("household", "member"):
        heads = (member, Member.relation == HEAD_RELATION, ~Member.withdrawn)
        found.append(household.in_(select(Member.household_id).where(*heads)))
    if register.subject == "member":
        found.append(record.member_id.in_(select(Member.id).where(member)))
    if register.subject == "helper":
        found.append(record.helper_id.in_(select(Helper.id).where(helper)))
    return found


def _is_spelling(word: str, name: ColumnElement[Any] | Any) -> ColumnElement[bool]:
    return func.is_spelling(word, func.coalesce(name, "")) == 1
