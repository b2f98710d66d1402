"""Finding a household by anything an officer types: name, pinyin, initials, group, number or the tail of one."""

from dataclasses import dataclass

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from db.text_search import hits


@dataclass(frozen=True, slots=True)
class Found:
    """A household that fits. `member_id` is the person who was found, "" where it is the household itself.

    `why` is what to show beside it: that person's name, or the group or number of the household.
    """

    household_id: str
    member_id: str
    why: str


def find(session: Session, typed: str, limit: int = 200) -> list[Found]:
    """Households that fit all words typed, each once; nothing for an empty text."""
    pairs = hits(session, typed, limit)
    if not pairs:
        return []
    people = _said(session, _NAMES, [row for household, row in pairs if row != household])
    places = _said(session, _PLACES, [row for household, row in pairs if row == household])
    return [
        Found(household, "", places.get(row, "")) if row == household else Found(household, row, people.get(row, ""))
        for household, row in pairs
    ]


def _said(session: Session, query: TextClause, ids: list[str]) -> dict[str, str]:
    return {id: said or "" for id, said in session.execute(query, {"ids": ids})} if ids else {}


_NAMES = text("SELECT id, name FROM member WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
_PLACES = text("SELECT id, coalesce(group_name, household_no) FROM household WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
