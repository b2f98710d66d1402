"""Finding a household by anything an officer types: name, pinyin, initials, group, number or the tail of one."""

from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from db.text_search import search


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A household that fits. `member_id` and `why` are who was found, "" where it is the household itself."""

    household_id: str
    member_id: str
    matched_name: str


def search_households(session: Session, typed: str, limit: int = 200) -> list[SearchHit]:
    """Households that fit all words typed, each once; nothing for an empty text."""
    hits = search(session, typed, limit)
    member_ids = [row for household, row in hits if row != household]
    names = {id: name or "" for id, name in session.execute(_NAMES, {"ids": member_ids}).all()} if member_ids else {}
    # a row that is nobody's is the household itself, or one that was joined to it
    return [
        SearchHit(household, row, names[row]) if row in names else SearchHit(household, "", "")
        for household, row in hits
    ]


_NAMES = text("SELECT id, name FROM member WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
