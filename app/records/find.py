"""Finding a household by anything an officer types: name, pinyin, initials, group, number or the tail of one."""

from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from db.text_search import hits


@dataclass(frozen=True, slots=True)
class Found:
    """A household that fits. `member_id` and `why` are who was found, "" where it is the household itself."""

    household_id: str
    member_id: str
    why: str


def find(session: Session, typed: str, limit: int = 200) -> list[Found]:
    """Households that fit all words typed, each once; nothing for an empty text."""
    pairs = hits(session, typed, limit)
    people = [row for household, row in pairs if row != household]
    names = {id: name or "" for id, name in session.execute(_NAMES, {"ids": people}).all()} if people else {}
    # a row that is nobody's is the household itself, or one that was joined to it
    return [Found(household, row, names[row]) if row in names else Found(household, "", "") for household, row in pairs]


_NAMES = text("SELECT id, name FROM member WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
