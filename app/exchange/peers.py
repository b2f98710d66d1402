"""Who we exchange with: trust and its end, which villages a peer may see, what it has, and the log of packages."""

import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.exchange import photographs
from app.exchange.card_signs import card_from_picture, card_from_text, card_sign, card_text
from app.exchange.cards import (
    ROLES,
    SUFFIX,
    Card,
    fingerprint,
    identity,
    keep_setting,
    my_card,
    name_my_card,
    own_card,
    read_card,
    save_card,
    setting,
)
from app.exchange.entries import PackageEntry, PeerDetail, PeerEntry, VillageShare
from app.exchange.refusals import UnknownPeer
from app.workbook.workbook import Workbook
from db import merge
from db.schema.exchange import PackageLog, Peer
from db.schema.village import Village

__all__ = [  # cards are the other half of knowing a peer: whoever shows peers finds them here too
    "ROLES",
    "SUFFIX",
    "Card",
    "PackageEntry",
    "PeerDetail",
    "PeerEntry",
    "VillageShare",
    "card_from_picture",
    "card_from_text",
    "card_sign",
    "card_text",
    "fingerprint",
    "identity",
    "my_card",
    "name_my_card",
    "own_card",
    "read_card",
    "save_card",
]
_REPLICAS = "exchange.replicas"
_REVOKED = "exchange.revoked"  # sign key → what its last package said
_MOST_REVOKED = 200


def now() -> str:
    """Local time as logs keep it."""
    return datetime.now().isoformat(" ", "seconds")


def _instant() -> str:
    """Finer: whether trust or its end came last decides."""
    return datetime.now().isoformat(" ", "milliseconds")


def trust(workbook: Workbook, card: Card, villages: tuple[str, ...] | None = None) -> PeerEntry:
    """Exchange with this card's workbook from now on. The officer has compared the fingerprint.

    Trusting again after a revocation, or with a newer card, is how a found laptop comes back.

    Args:
        villages: codes it may see and write; by default the card's own for a village, and for whoever works at a lower
            level than we do, because they bring villages that are not here yet; else whichever this workbook has

    Raises:
        OfficeError: it is our own card, a code is no village code, or a village's card names no village
    """
    with workbook.writing() as session:
        own = own_card(session, workbook.operator)
        theirs = tuple(code for code, _ in card.villages if card.role == "village" or _rank(card) < _rank(own))
        allowed = theirs if villages is None else villages
        _check_villages(card.role, allowed)
        if card.sign_key == own.sign_key:
            raise OfficeError("这是本机自己的名片。请选择同事电脑上保存的名片。")
        peer = session.get(Peer, card.sign_key) or Peer(sign_key=card.sign_key, vector="{}")
        peer.name, peer.role, peer.age_recipient = card.name, card.role, card.age_recipient
        peer.villages, peer.trusted_at, peer.revoked_at = ",".join(allowed), _instant(), None
        session.add(peer)
        session.flush()
        return entry_of(session, peer)


def _rank(card: Card) -> int:
    return tuple(ROLES).index(card.role)


def _check_villages(role: str, villages: tuple[str, ...]) -> None:
    if not all(re.fullmatch(r"\d{12}", code) for code in villages):
        raise OfficeError("村代码应是 12 位数字。")
    if role == "village" and not villages:  # none would mean all of ours
        raise OfficeError("这是村一级的名片，却没有写明是哪个村。请选定他能看的村，或请对方重新保存名片。")


def set_villages(workbook: Workbook, sign_key: str, villages: tuple[str, ...]) -> PeerEntry:
    """Decide which villages a peer may see and write from now on; for a township or county, none means all of ours.

    What was sent already cannot be called back.

    Raises:
        UnknownPeer
        OfficeError: a code is no village code, or a village would be left with none
    """
    with workbook.writing() as session:
        peer = session.get(Peer, sign_key)
        if peer is None:
            raise UnknownPeer(sign_key[:16])
        _check_villages(peer.role, villages)
        peer.villages = ",".join(sorted(set(villages)))
        session.flush()
        return entry_of(session, peer)


def revoke(workbook: Workbook, sign_key: str) -> PeerEntry:
    """Exchange with this peer no more (lost laptop, person gone); others learn it with the next package from here.

    Raises:
        UnknownPeer
    """
    with workbook.writing() as session:
        peer = session.get(Peer, sign_key)
        if peer is None:
            raise UnknownPeer(sign_key[:16])
        peer.revoked_at = _instant()
        session.flush()
        return entry_of(session, peer)


def listed(workbook: Workbook) -> tuple[PeerEntry, ...]:
    """All peers, the trusted ones first, by name."""
    with workbook.reading() as session:
        known = merge.vector(session)
        entries = [_entry(session, peer, known) for peer in session.scalars(select(Peer))]
    return tuple(sorted(entries, key=lambda entry: (bool(entry.revoked_at), entry.name, entry.sign_key)))


def find(workbook: Workbook, who: str) -> PeerEntry:
    """The one trusted peer of this name, part of a name, sign key, or card file.

    Raises:
        UnknownPeer, NotACard
        OfficeError: several peers are called so, or it was revoked
    """
    entries = listed(workbook)
    if who.endswith(SUFFIX) or Path(who).is_file():
        card = read_card(Path(who))
        found = [entry for entry in entries if entry.sign_key == card.sign_key]
        who = card.name
    else:
        found = [entry for entry in entries if who in (entry.sign_key, entry.name)]
        found = found or [entry for entry in entries if who and who in entry.name and not entry.revoked_at]
    if not found:
        raise UnknownPeer(who)
    if len(found) > 1:
        raise OfficeError(f"有 {len(found)} 位同事叫“{who}”。请改用名片文件来指定。")
    if found[0].revoked_at:
        raise OfficeError(f"“{found[0].name}”的名片已经停用，不能再给他导出。")
    return found[0]


def detail(workbook: Workbook, sign_key: str) -> PeerDetail:
    """All there is to know of one peer.

    Raises:
        UnknownPeer
    """
    with workbook.reading() as session:
        peer = session.get(Peer, sign_key)
        if peer is None:
            raise UnknownPeer(sign_key[:16])
        known, names = (
            merge.vector(session),
            {code: name for code, name in session.execute(select(Village.village, Village.name)) if name},
        )
        log = select(PackageLog).filter_by(peer=sign_key).order_by(PackageLog.n.desc()).limit(1)
        sent, received, acknowledged = (
            session.scalars(one).first()
            for one in (
                log.filter_by(way="out"),
                log.filter_by(way="in"),
                log.filter_by(way="out").where(PackageLog.acknowledged_at.is_not(None)),
            )
        )
        entry = _entry(session, peer, known)
        return PeerDetail(
            entry=entry,
            sees=tuple((code, names.get(code, code)) for code in entry.villages),
            villages=_shares(session, peer, known, names),
            last_sent=_line(sent, peer.name) if sent else None,
            last_received=_line(received, peer.name) if received else None,
            last_acknowledged=_line(acknowledged, peer.name) if acknowledged else None,
            revoked=tuple((name, at[:19]) for _, at, name in setting(session, _REVOKED).get(sign_key, [])),
        )


def _shares(session: Session, peer: Peer, known: merge.Vector, names: dict[str, str]) -> tuple[VillageShare, ...]:
    theirs, villages = vector_of(peer), scope(peer, known)
    owed = Counter(photographs.owed(session, peer.sign_key, villages).values())
    here: Counter[str] = Counter()
    has: Counter[str] = Counter()
    for (village, replica), number in known.items():
        here[village] += number
        has[village] += min(number, theirs.get((village, replica), 0))
    return tuple(
        VillageShare(code, names.get(code, code), has[code], here[code], owed[code]) for code in sorted(villages)
    )


def packages(workbook: Workbook, most: int = 200) -> tuple[PackageEntry, ...]:
    """The log of packages, newest first."""
    with workbook.reading() as session:
        names = {peer.sign_key: peer.name for peer in session.scalars(select(Peer))}
        return tuple(
            _line(line, names.get(line.peer, line.peer[:16]))
            for line in session.scalars(select(PackageLog).order_by(PackageLog.n.desc()).limit(most))
        )


def _line(line: PackageLog, name: str) -> PackageEntry:
    result = json.loads(line.result or "{}")
    return PackageEntry(
        n=line.n,
        way=line.way,
        at=line.at,
        package=line.package,
        peer=name,
        file_name=line.file_name,
        changes=line.changes,
        pictures=line.pictures,
        operator=line.operator,
        result=line.result,
        sign_key=line.peer,
        digest=line.digest,
        villages=tuple(sorted(json.loads(line.upto))),
        left_out=int(result.get("left_out", 0)),
        acknowledged_at=line.acknowledged_at or "",
        undone_at=line.undone_at or "",
    )


def vector_of(peer: Peer) -> merge.Vector:
    """What the peer told us last that it knows."""
    return vector_from(peer.vector)


def vector_from(kept: str) -> merge.Vector:
    """Of `Peer.vector` or `PackageLog.upto`."""
    return {(village, replica): n for village, of in json.loads(kept).items() for replica, n in of.items()}


def keep_vector(peer: Peer, vector: merge.Vector) -> None:
    """Remember what the peer says it knows. It may be less than before: a restored backup starts again from there."""
    peer.vector = vector_text(vector)


def vector_text(vector: merge.Vector) -> str:
    """As `Peer.vector` and `PackageLog.upto` keep it."""
    kept: dict[str, dict[str, int]] = {}
    for (village, replica), number in sorted(vector.items()):
        kept.setdefault(village, {})[replica] = number
    return json.dumps(kept)


def scope(peer: Peer, known: merge.Vector) -> set[str]:
    """The villages that travel between us and this peer, out of those of `known`."""
    allowed = set(filter(None, peer.villages.split(",")))
    return {village for village, _ in known if not allowed or village in allowed}


def replica_names(session: Session) -> dict[str, str]:
    """Which workbook a replica belongs to, as far as packages have told."""
    return {str(replica): str(name) for replica, name in setting(session, _REPLICAS).items()}


def learn_replicas(session: Session, names: dict[str, str]) -> None:
    """Add what a package says of replicas."""
    known = replica_names(session)
    if any(known.get(replica) != name for replica, name in names.items()):
        keep_setting(session, _REPLICAS, known | names)


def learn_revoked(session: Session, sign_key: str, revoked: list[tuple[str, str, str]]) -> None:
    """Keep whom a peer says that it does not trust any more."""
    told, said = (
        setting(session, _REVOKED),
        [[key[:64], at[:32], name[:40]] for key, at, name in revoked[:_MOST_REVOKED]],
    )
    if told.get(sign_key, []) != said:
        keep_setting(session, _REVOKED, told | {sign_key: said})


def entry_of(session: Session, peer: Peer) -> PeerEntry:
    """A peer as lists show it."""
    return _entry(session, peer, merge.vector(session))


def _entry(session: Session, peer: Peer, known: merge.Vector) -> PeerEntry:
    theirs, villages = vector_of(peer), scope(peer, known)
    waiting = sum(max(0, number - theirs.get(stream, 0)) for stream, number in known.items() if stream[0] in villages)
    return PeerEntry(
        sign_key=peer.sign_key,
        name=peer.name,
        role=peer.role,
        fingerprint=fingerprint(peer.sign_key, peer.age_recipient),
        age_recipient=peer.age_recipient,
        villages=tuple(filter(None, peer.villages.split(","))),
        trusted_at=peer.trusted_at,
        revoked_at=peer.revoked_at or "",
        last_heard=peer.last_heard or "",
        waiting=waiting,
        photographs=len(photographs.owed(session, peer.sign_key, villages)),
    )
