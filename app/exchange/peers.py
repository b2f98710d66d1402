"""Who we exchange with: cards, fingerprints, trust and its end, and which villages a peer may see."""

import hashlib
import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.exchange.refusals import NotACard, UnknownPeer
from app.workbook.workbook import Workbook
from db import merge
from db.schema.exchange import Identity, PackageLog, Peer
from db.schema.setting import Setting
from db.schema.village import Village

Role = Literal["village", "township", "county"]
ROLES: dict[str, str] = {"village": "村", "township": "乡镇", "county": "县"}
SUFFIX = ".hdcard"
_FORMAT = 1
_MOST_CARD = 256 * 1024
_OWN_CARD = "exchange.card"
_REPLICAS = "exchange.replicas"


@dataclass(frozen=True, slots=True)
class Card:
    """What a workbook says of itself to be trusted. `villages`: (code, name); `role`: a key of ROLES."""

    name: str
    role: str
    age_recipient: str
    sign_key: str
    villages: tuple[tuple[str, str], ...]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.sign_key, self.age_recipient)


@dataclass(frozen=True, slots=True)
class PeerEntry:
    """A trusted (or revoked) peer as lists show it.

    Attributes:
        villages: codes it may see and write; empty means the villages of this workbook, whichever they are
        waiting: changes here that it is not known to have
        last_heard: when its last package came in, ISO, "" if never
    """

    sign_key: str
    name: str
    role: str
    fingerprint: str
    age_recipient: str
    villages: tuple[str, ...]
    trusted_at: str
    revoked_at: str
    last_heard: str
    waiting: int


@dataclass(frozen=True, slots=True)
class PackageEntry:
    """A line of the log of packages. `way`: "out" or "in"; `peer`: its name."""

    way: str
    at: str
    package: str
    peer: str
    file_name: str
    changes: int
    pictures: int
    operator: str
    result: str


def now() -> str:
    """Local time as logs keep it."""
    return datetime.now().isoformat(" ", "seconds")


def _instant() -> str:
    """Finer: whether trust or its end came last decides."""
    return datetime.now().isoformat(" ", "milliseconds")


def fingerprint(sign_key: str, age_recipient: str) -> str:
    """Five groups of five digits (83 bits) that two people read to each other; the same on both screens."""
    digest = hashlib.blake2b(f"hudang card {sign_key} {age_recipient}".encode(), digest_size=16).digest()
    digits = f"{int.from_bytes(digest) % 10**25:025}"
    return " ".join(digits[n : n + 5] for n in range(0, 25, 5))


def _setting(session: Session, key: str) -> dict[str, Any]:
    row = session.get(Setting, key)
    found = json.loads(row.value) if row else {}
    return found if isinstance(found, dict) else {}


def _keep_setting(session: Session, key: str, value: dict[str, Any]) -> None:
    session.merge(Setting(key=key, value=json.dumps(value, ensure_ascii=False)))


def identity(session: Session) -> Identity:
    """This workbook's own keys."""
    return session.scalars(select(Identity)).one()


def own_card(session: Session, operator: str) -> Card:
    """What this workbook tells others of itself."""
    from nacl.signing import SigningKey
    from pyrage import x25519

    own, said = identity(session), _setting(session, _OWN_CARD)
    villages = tuple(
        (code or "", name or "")
        for code, name in session.execute(
            select(Village.village, Village.name).where(~Village.withdrawn).order_by(Village.village)
        )
    )
    return Card(
        name=said.get("name") or f"{own.name} {operator}",
        role=said.get("role") or ("village" if len(villages) <= 1 else "township"),
        age_recipient=str(x25519.Identity.from_str(own.age_secret).to_public()),
        sign_key=SigningKey(own.sign_seed).verify_key.encode().hex(),
        villages=villages,
    )


def my_card(workbook: Workbook) -> Card:
    """This workbook's card."""
    with workbook.reading() as session:
        return own_card(session, workbook.operator)


def name_my_card(workbook: Workbook, name: str, role: str) -> Card:
    """Say how colleagues see this workbook, and at which level it works (a key of ROLES)."""
    if not name.strip() or role not in ROLES:
        raise OfficeError("请填写本机在同事名单里的名称，并选择村、乡镇或县。")
    with workbook.writing() as session:
        _keep_setting(session, _OWN_CARD, {"name": name.strip()[:40], "role": role})
    return my_card(workbook)


def _said(card: Card) -> dict[str, Any]:
    return {
        "hudang_card": _FORMAT,
        "name": card.name,
        "role": card.role,
        "age": card.age_recipient,
        "sign": card.sign_key,
        "villages": [list(village) for village in card.villages],
    }


def _bytes_signed(said: dict[str, Any]) -> bytes:
    return b"hudang card 1" + json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def save_card(workbook: Workbook, path: Path) -> Card:
    """Write this workbook's card for a colleague; it holds no secret and no personal data.

    Raises:
        OfficeError: the file cannot be written
    """
    from nacl.signing import SigningKey

    with workbook.reading() as session:
        card, seed = own_card(session, workbook.operator), identity(session).sign_seed
    said = _said(card)
    said["signature"] = SigningKey(seed).sign(_bytes_signed(said)).signature.hex()
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OfficeError(f"名片没有存成：“{path.parent}”不存在、已满或不能写入。") from error
    return card


def read_card(path: Path) -> Card:
    """A colleague's card. Nothing is trusted by reading it.

    Raises:
        NotACard: no card, altered, or of a newer version
    """
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey
    from pyrage import RecipientError, x25519

    try:
        if path.stat().st_size > _MOST_CARD:
            raise NotACard(path.name)
        said = json.loads(path.read_text(encoding="utf-8"))
        signature = bytes.fromhex(said.pop("signature"))
        if said["hudang_card"] != _FORMAT or said["role"] not in ROLES:
            raise NotACard(path.name)
        VerifyKey(bytes.fromhex(said["sign"])).verify(_bytes_signed(said), signature)
        x25519.Recipient.from_str(said["age"])
        villages = tuple((str(code), str(name)) for code, name in said["villages"])
        return Card(str(said["name"]), said["role"], said["age"], said["sign"], villages)
    except FileNotFoundError as error:
        raise OfficeError(f"找不到名片“{path.name}”。请检查U盘是否插好。") from error
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotACard(path.name) from error
    except (BadSignatureError, RecipientError) as error:
        raise NotACard(path.name) from error


def trust(workbook: Workbook, card: Card, villages: tuple[str, ...] | None = None) -> PeerEntry:
    """Exchange with this card's workbook from now on. The officer has compared the fingerprint.

    Trusting again after a revocation, or with a newer card, is how a found laptop comes back.

    Args:
        villages: codes it may see and write; by default the card's own for a village, and for a township or county
            whichever villages this workbook has

    Raises:
        OfficeError: it is our own card, or a code is no village code
    """
    allowed = villages if villages is not None else tuple(code for code, _ in card.villages if card.role == "village")
    if not all(re.fullmatch(r"\d{12}", code) for code in allowed):
        raise OfficeError("村代码应是 12 位数字。")
    with workbook.writing() as session:
        if card.sign_key == own_card(session, workbook.operator).sign_key:
            raise OfficeError("这是本机自己的名片。请选择同事电脑上保存的名片。")
        peer = session.get(Peer, card.sign_key) or Peer(sign_key=card.sign_key, vector="{}")
        peer.name, peer.role, peer.age_recipient = card.name, card.role, card.age_recipient
        peer.villages, peer.trusted_at, peer.revoked_at = ",".join(allowed), _instant(), None
        session.add(peer)
        session.flush()
        return _entry(session, peer, merge.vector(session))


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
        return _entry(session, peer, merge.vector(session))


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


def packages(workbook: Workbook, most: int = 200) -> tuple[PackageEntry, ...]:
    """The log of packages, newest first."""
    with workbook.reading() as session:
        names = {peer.sign_key: peer.name for peer in session.scalars(select(Peer))}
        return tuple(
            PackageEntry(
                p.way,
                p.at,
                p.package,
                names.get(p.peer, p.peer[:16]),
                p.file_name,
                p.changes,
                p.pictures,
                p.operator,
                p.result,
            )
            for p in session.scalars(select(PackageLog).order_by(PackageLog.n.desc()).limit(most))
        )


def vector_of(peer: Peer) -> merge.Vector:
    """What the peer told us last that it knows."""
    return {(village, replica): n for village, of in json.loads(peer.vector).items() for replica, n in of.items()}


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
    return {str(replica): str(name) for replica, name in _setting(session, _REPLICAS).items()}


def learn_replicas(session: Session, names: dict[str, str]) -> None:
    """Add what a package says of replicas."""
    known = replica_names(session)
    if any(known.get(replica) != name for replica, name in names.items()):
        _keep_setting(session, _REPLICAS, known | names)


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
    )
