"""What a paper can be about, beside households: rounds, helpers, exchanges, as one chooses them from a list."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.papers import Subject
from app.checklists.rounds import rounds
from app.records.lists import helper_rows
from db.schema.exchange import PackageLog, Peer

_LATEST = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """One line: `id` for `About`, what it is called, and what tells it from others."""

    id: str
    name: str
    more: str


def offered(session: Session, about: Subject) -> tuple[Offered, ...]:
    """All that a paper of this kind may be about, the likeliest first; none for papers about households."""
    if about == "round":
        return tuple(
            Offered(one.id, one.title, f"{wording.day(one.started_on)}，已评 {one.seen} 户") for one in rounds(session)
        )
    if about == "helper":
        return tuple(
            Offered(one.id, one.name, "，".join(text for text in (one.unit, f"{one.households} 户") if text))
            for one in helper_rows(session)
        )
    return _exchanges(session) if about == "package" else ()


def _exchanges(session: Session) -> tuple[Offered, ...]:
    names = {peer.sign_key: peer.name for peer in session.scalars(select(Peer))}
    rows = session.scalars(select(PackageLog).order_by(PackageLog.n.desc()).limit(_LATEST))
    ways = {"out": "交给", "in": "收自"}
    return tuple(
        Offered(str(one.n), one.file_name, f"{one.at[:16]}，{ways.get(one.way, '')}{names.get(one.peer, '对方')}")
        for one in rows
    )
