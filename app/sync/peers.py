"""Peers: trust and revocation, which villages a peer may see, what it has, and the log of packages."""

import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.sync import photo_transfer, signed_heads, stream_marks
from app.sync.card_qr import card_from_image, card_from_text, card_qr_matrix, card_text
from app.sync.card_statements import CardStatements
from app.sync.errors import UnknownPeer
from app.sync.identity_card import (
    ROLES,
    SUFFIX,
    Card,
    build_own_card,
    fingerprint,
    load_identity,
    load_own_card,
    load_own_keys,
    load_setting,
    rank,
    read_card,
    save_card,
    save_setting,
    update_own_card,
)
from app.sync.views import PackageView, PeerDetailView, PeerView, PeerVillageView
from app.workbook.roles import REVIEW
from app.workbook.workbook import Workbook
from db.journal import merge
from db.schema.exchange import PackageLog, Peer
from db.schema.village import Village

__all__ = [  # cards belong to peers: pages that show peers import them from here
    "ROLES",
    "SUFFIX",
    "Card",
    "PackageView",
    "PeerDetailView",
    "PeerView",
    "PeerVillageView",
    "build_own_card",
    "card_from_image",
    "card_from_text",
    "card_qr_matrix",
    "card_text",
    "fingerprint",
    "load_identity",
    "load_own_card",
    "load_own_keys",
    "read_card",
    "save_card",
    "update_own_card",
]
_REPLICAS_KEY = "exchange.replicas"


def local_time() -> str:
    """Local time as logs store it."""
    return datetime.now().isoformat(" ", "seconds")


def trust(workbook: Workbook, card: Card, villages: tuple[str, ...] | None = None) -> PeerView:
    """Trust this card's workbook. The officer has compared the fingerprint.

    Trusting again after a revocation, or with a newer card, is how a found laptop comes back.

    Args:
        villages: codes it may see and write; by default the card's own for a village, and for whoever works at a lower
            level than we do, because they bring villages that are not here yet; else whichever this workbook has

    Raises:
        UserError: it is our own card, a code is no village code, or a village's card names no village
    """
    workbook.require(REVIEW, "信任同事的名片")
    with workbook.writing() as session:
        own_identity = build_own_card(session, workbook.operator)
        card_villages = tuple(
            code for code, _ in card.villages if card.role == "village" or rank(card.role) < rank(own_identity.role)
        )
        village_codes = card_villages if villages is None else villages
        _validate_villages(card.role, village_codes)
        if card.sign_key == own_identity.sign_key:
            raise UserError("这是本机自己的名片。请选择同事电脑上保存的名片。")
        statements = CardStatements(session)
        statements.decide(card.sign_key, trusted=True, name=card.name)
        peer = session.get(Peer, card.sign_key) or Peer(sign_key=card.sign_key, vector="{}")
        peer.name, peer.role, peer.age_recipient = card.name, card.role, card.age_recipient
        peer.villages, peer.trusted_at, peer.revoked_at = ",".join(village_codes), local_time(), None
        session.add(peer)
        session.flush()
        statements.store(local_time())
        return peer_view(session, peer)


def objections(workbook: Workbook, sign_key: str) -> tuple[str, ...]:
    """Names of trusted colleagues who have revoked a card, for whoever is about to trust it."""
    with workbook.reading() as session:
        return tuple(CardStatements(session).objections(sign_key))


def _validate_villages(role: str, villages: tuple[str, ...]) -> None:
    if not all(re.fullmatch(r"\d{12}", code) for code in villages):
        raise UserError("村代码应是 12 位数字。")
    if role == "village" and not villages:  # none would mean all of ours
        raise UserError("这是村一级的名片，却没有写明是哪个村。请选定他能看的村，或请对方重新保存名片。")


def set_villages(workbook: Workbook, sign_key: str, villages: tuple[str, ...]) -> PeerView:
    """Decide which villages a peer may see and write from now on; for a township or county, none means all of ours.

    What was sent already cannot be called back.

    Raises:
        UnknownPeer
        UserError: a code is no village code, or a village would be left with none
    """
    workbook.require(REVIEW, "更改同事能看的村")
    with workbook.writing() as session:
        peer = session.get(Peer, sign_key)
        if peer is None:
            raise UnknownPeer(sign_key[:16])
        _validate_villages(peer.role, villages)
        peer.villages = ",".join(sorted(set(villages)))
        return peer_view(session, peer)


def revoke(workbook: Workbook, sign_key: str) -> PeerView:
    """Revoke a peer (lost laptop, person gone); others learn of it with the next package from here.

    Raises:
        UnknownPeer
    """
    workbook.require(REVIEW, "撤销对同事的信任")
    with workbook.writing() as session:
        peer = session.get(Peer, sign_key)
        if peer is None:
            raise UnknownPeer(sign_key[:16])
        statements = CardStatements(session)
        statements.decide(sign_key, trusted=False, name=peer.name)
        statements.store(local_time())
        return peer_view(session, peer)


def keep(workbook: Workbook, sign_key: str) -> PeerView:
    """Decline what colleagues propose: this card stays trusted here.

    Raises:
        UnknownPeer
    """
    workbook.require(REVIEW, "决定是否信任同事的名片")
    with workbook.writing() as session:
        peer = session.get(Peer, sign_key)
        if peer is None:
            raise UnknownPeer(sign_key[:16])
        statements = CardStatements(session)
        statements.decline(sign_key)
        statements.store(local_time())
        return peer_view(session, peer)


def list_peers(workbook: Workbook) -> tuple[PeerView, ...]:
    """All peers, the trusted ones first, by name."""
    with workbook.reading() as session:
        vector, statements = merge.version_vector(session), CardStatements(session)
        views = [_peer_view(session, peer, vector, statements) for peer in session.scalars(select(Peer))]
    return tuple(sorted(views, key=lambda view: (bool(view.revoked_at), view.name, view.sign_key)))


def find_peer(workbook: Workbook, query: str) -> PeerView:
    """The one trusted peer of this name, part of a name, sign key, or card file.

    Raises:
        UnknownPeer, NotACard
        UserError: several peers have this name, or it was revoked
    """
    views = list_peers(workbook)
    if query.endswith(SUFFIX) or Path(query).is_file():
        card = read_card(Path(query))
        matches = [view for view in views if view.sign_key == card.sign_key]
        query = card.name
    else:
        matches = [view for view in views if query in (view.sign_key, view.name)]
        matches = matches or [view for view in views if query and query in view.name and not view.revoked_at]
    if not matches:
        raise UnknownPeer(query)
    if len(matches) > 1:
        raise UserError(f"有 {len(matches)} 位同事叫“{query}”。请改用名片文件来指定。")
    if matches[0].revoked_at:
        raise UserError(f"“{matches[0].name}”的名片已经停用，不能再给他导出。")
    return matches[0]


def peer_detail(workbook: Workbook, sign_key: str) -> PeerDetailView:
    """All details of one peer.

    Raises:
        UnknownPeer
    """
    with workbook.reading() as session:
        peer = session.get(Peer, sign_key)
        if peer is None:
            raise UnknownPeer(sign_key[:16])
        vector, names = (
            merge.version_vector(session),
            {code: name for code, name in session.execute(select(Village.village, Village.name)) if name},
        )
        log_query = select(PackageLog).filter_by(peer=sign_key).order_by(PackageLog.n.desc()).limit(1)
        sent, received, acknowledged = (
            session.scalars(query).first()
            for query in (
                log_query.filter_by(way="out"),
                log_query.filter_by(way="in"),
                log_query.filter_by(way="out").where(PackageLog.acknowledged_at.is_not(None)),
            )
        )
        statements = CardStatements(session)
        view = _peer_view(session, peer, vector, statements)
        return PeerDetailView(
            entry=view,
            sees=tuple((code, names.get(code, code)) for code in view.villages),
            villages=_village_views(session, peer, vector, names),
            last_sent=_package_view(sent, peer.name) if sent else None,
            last_received=_package_view(received, peer.name) if received else None,
            last_acknowledged=_package_view(acknowledged, peer.name) if acknowledged else None,
            revoked=tuple(statements.revoked_by(sign_key)),
        )


def _village_views(
    session: Session, peer: Peer, vector: merge.VersionVector, names: dict[str, str]
) -> tuple[PeerVillageView, ...]:
    remote_vector, villages = peer_vector(session, peer), shared_villages(peer, vector)
    pending_photos = Counter(photo_transfer.pending(session, peer.sign_key, villages).values())
    totals: Counter[str] = Counter()
    has: Counter[str] = Counter()
    for (village, replica), number in vector.items():
        totals[village] += number
        has[village] += min(number, remote_vector.get((village, replica), 0))
    return tuple(
        PeerVillageView(code, names.get(code, code), has[code], totals[code], pending_photos[code])
        for code in sorted(villages)
    )


def list_packages(workbook: Workbook, limit: int = 200) -> tuple[PackageView, ...]:
    """The log of packages, newest first."""
    with workbook.reading() as session:
        return logged_packages(session, limit)


def logged_packages(session: Session, limit: int | None = None) -> tuple[PackageView, ...]:
    """The log of packages, newest first; all of it without a limit."""
    names = {peer.sign_key: peer.name for peer in session.scalars(select(Peer))}
    return tuple(
        _package_view(log_entry, names.get(log_entry.peer, log_entry.peer[:16]))
        for log_entry in session.scalars(select(PackageLog).order_by(PackageLog.n.desc()).limit(limit))
    )


def _package_view(log_entry: PackageLog, name: str) -> PackageView:
    result = json.loads(log_entry.result or "{}")
    return PackageView(
        n=log_entry.n,
        way=log_entry.way,
        at=log_entry.at,
        package=log_entry.package,
        peer=name,
        file_name=log_entry.file_name,
        changes=log_entry.changes,
        pictures=log_entry.pictures,
        operator=log_entry.operator,
        result=log_entry.result,
        sign_key=log_entry.peer,
        digest=log_entry.digest,
        villages=tuple(sorted(json.loads(log_entry.upto))),
        left_out=int(result.get("left_out", 0)),
        acknowledged_at=log_entry.acknowledged_at or "",
        undone_at=log_entry.undone_at or "",
    )


def peer_vector(session: Session, peer: Peer) -> merge.VersionVector:
    """What the peer is known to have, as it last reported, by the names that streams have here."""
    return stream_marks.known_here(session, peer.vector)


def shared_villages(peer: Peer, vector: merge.VersionVector) -> set[str]:
    """The villages that travel between us and this peer, out of those of `known`."""
    permitted = set(filter(None, peer.villages.split(",")))
    return {village for village, _ in vector if not permitted or village in permitted}


def unproven_message(workbook: Workbook) -> str:
    """Whose changes of an earlier version of the program nobody has signed yet, "" for nobody's."""
    with workbook.reading() as session:
        counts, names = signed_heads.unsigned_changes(session), replica_names(session)
    by_name: Counter[str] = Counter()
    for replica, count in counts.items():
        by_name[f"“{names[replica]}”" if replica in names else f"电脑 {replica[:8]}"] += count
    if not by_name:
        return ""
    listed = "、".join(f"{name} {count} 条" for name, count in sorted(by_name.items()))
    return f"旧版本写的、还没有本人签名的修改：{listed}。请本人升级后导出一个包，各处导入后就核实了。"


def replica_names(session: Session) -> dict[str, str]:
    """Replica → name of its workbook, as far as packages have named it."""
    return {str(replica): str(name) for replica, name in load_setting(session, _REPLICAS_KEY).items()}


def store_replica_names(session: Session, names: dict[str, str]) -> None:
    """Add a package's names of replicas."""
    stored = replica_names(session)
    if any(stored.get(replica) != name for replica, name in names.items()):
        save_setting(session, _REPLICAS_KEY, stored | names)


def peer_view(session: Session, peer: Peer) -> PeerView:
    """A peer as lists show it."""
    return _peer_view(session, peer, merge.version_vector(session), CardStatements(session))


def _peer_view(session: Session, peer: Peer, vector: merge.VersionVector, statements: CardStatements) -> PeerView:
    remote_vector, villages = peer_vector(session, peer), shared_villages(peer, vector)
    waiting = sum(
        max(0, number - remote_vector.get(stream, 0)) for stream, number in vector.items() if stream[0] in villages
    )
    return PeerView(
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
        photographs=len(photo_transfer.pending(session, peer.sign_key, villages)),
        proposed_by=() if peer.revoked_at else tuple(statements.proposals(peer.sign_key)),
    )
