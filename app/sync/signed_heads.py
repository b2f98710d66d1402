"""What the owner of a stream signs: how far it had written, by the chain value there. Colleagues pass it on.

Whoever receives changes of a stream asks for such a signature at its end, so that nobody can write in another's name.
The key is that of the owner's card; a replica's id is derived from it (app/workbook/replicas.py). Replicas of earlier
versions have random ids: the first key that signs for one is taken for its owner's. docs/decisions/0022-chains.md.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sync.identity_card import load_identity
from app.sync.package import Owner, SignedHeadRow
from app.workbook.identity import sign_key
from app.workbook.replicas import derived_replica
from db.journal.chains import is_chained
from db.journal.incoming_streams import Marks, StreamKey
from db.journal.merge import version_vector
from db.schema.exchange import ReplicaOwner, SignedHead

_SIGNATURE_CONTEXT = b"hudang stream head 1"  # nothing else that this key signs can pass for a head


class HeadKey(NamedTuple):
    """A number of a stream with its chain value, empty in streams that have none."""

    village: str
    root: str
    number: int
    chain: bytes

    def signed_bytes(self) -> bytes:
        return _SIGNATURE_CONTEXT + msgspec.msgpack.encode(tuple(self))


def heads_to_send(session: Session, since: Marks, upto: Marks) -> tuple[list[SignedHeadRow], dict[str, Owner]]:
    """Signatures for the streams that a package continues, and whose these are: own ones are signed anew."""
    from nacl.signing import SigningKey

    owners = {owner.replica: owner for owner in session.scalars(select(ReplicaOwner))}
    seed = load_identity(session).sign_seed
    own_key, signer = sign_key(seed), SigningKey(seed)
    rows: list[SignedHeadRow] = []
    roots = set()
    for stream, mark in upto.items():
        owner, key = owners.get(mark.root), HeadKey(stream[0], mark.root, mark.number, mark.chain)
        if owner is None or (is_chained(mark.root) and mark == since.get(stream)):
            continue  # where a stream of an earlier version ended goes with every package
        if owner.sign_key == own_key:
            signature: bytes | None = bytes(signer.sign(key.signed_bytes()).signature)
        else:
            signature = session.scalars(select(SignedHead.signature).filter_by(**_columns(key))).first()
        if signature:
            rows.append((*key, signature))
            roots.add(mark.root)
    return rows, {root: (owners[root].sign_key, owners[root].nonce) for root in roots}


def _columns(key: HeadKey) -> dict[str, str | int | bytes]:
    return {"village": key.village, "replica": key.root, "number": key.number, "chain": key.chain}


@dataclass(frozen=True, slots=True)
class VerifiedHeads:
    """The heads of a package whose signatures are right, and the owners of their streams: (sign key, nonce)."""

    heads: Mapping[HeadKey, bytes] = field(default_factory=dict)
    owners: Mapping[str, Owner] = field(default_factory=dict)

    def store(self, session: Session) -> None:
        """Keep them, to be passed on."""
        for replica, (key, nonce) in self.owners.items():
            if session.get(ReplicaOwner, replica) is None:
                session.add(ReplicaOwner(replica=replica, sign_key=key, nonce=nonce))
        for head, signature in self.heads.items():
            session.merge(SignedHead(**_columns(head), signature=signature))


def verify(session: Session, rows: Iterable[SignedHeadRow], owners: Mapping[str, Owner]) -> VerifiedHeads:
    """Those of a package's heads that their owners signed; others count for nothing."""
    proven = {replica: owner for replica, owner in owners.items() if _is_owner(replica, *owner)}
    known = {owner.replica: (owner.sign_key, owner.nonce) for owner in session.scalars(select(ReplicaOwner))}
    proven |= {replica: owner for replica, owner in known.items() if replica in owners or replica in proven}
    heads = {
        HeadKey(*row[:4]): row[4]
        for row in rows
        if row[1] in proven and _is_signed(proven[row[1]][0], HeadKey(*row[:4]), row[4])
    }
    return VerifiedHeads(heads, {root: proven[root] for root in {head.root for head in heads}})


def _is_owner(replica: str, key: str, nonce: bytes) -> bool:
    return derived_replica(key, nonce) == replica if is_chained(replica) else not nonce


def _is_signed(key: str, head: HeadKey, signature: bytes) -> bool:
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(bytes.fromhex(key)).verify(head.signed_bytes(), signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def unproven_streams(
    session: Session, since: Marks, upto: Marks, verified: VerifiedHeads, held: Collection[StreamKey]
) -> list[StreamKey]:
    """Streams of a package with changes that their owner has not signed, though it signs.

    Args:
        held: streams that are known here as far as the package has them
    """
    proven = {
        stream
        for stream, mark in upto.items()
        if stream in held
        or HeadKey(stream[0], mark.root, mark.number, mark.chain) in verified.heads
        or (not is_chained(mark.root) and _is_within(session, stream, mark.number, verified))
    }
    while stems := {
        stream
        for stream, mark in upto.items()
        if stream not in proven and any(other[0] == stream[0] and since[other] == mark for other in proven)
    }:
        proven |= stems  # a branch that is proven proves what it leaves
    return sorted(upto.keys() - proven)


def unsigned_changes(session: Session) -> dict[str, int]:
    """Replica of an earlier version of the program → how many of its changes here nobody has signed."""
    signed: dict[StreamKey, int] = {}
    for head in session.scalars(select(SignedHead)):
        stream = (head.village, head.replica)
        signed[stream] = max(signed.get(stream, 0), head.number)
    own = sign_key(load_identity(session).sign_seed)
    owned = set(session.scalars(select(ReplicaOwner.replica).filter_by(sign_key=own)))
    counts: Counter[str] = Counter()
    for stream, number in version_vector(session).items():
        if not is_chained(stream[1]) and stream[1] not in owned:
            counts[stream[1]] += max(0, number - signed.get(stream, 0))
    return {replica: count for replica, count in counts.items() if count}


def _is_within(session: Session, stream: StreamKey, number: int, verified: VerifiedHeads) -> bool:
    """Whether a stream without chain values goes no further than its owner has signed, or its owner never has."""
    village, replica = stream
    query = select(SignedHead.number).filter_by(village=village, replica=replica)
    signed = [*session.scalars(query), *(h.number for h in verified.heads if (h.village, h.root) == stream)]
    return not signed or number <= max(signed)
