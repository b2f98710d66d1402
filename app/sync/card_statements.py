"""What card owners say of each other's cards: trusted, or not any more. Counted by epochs, never by clocks.

Each decision about a card takes the highest epoch that counts here, plus one, and is signed by who decides. A
revocation holds against any trust of an epoch up to its own. Statements travel in manifests, through whomever. A
revocation by somebody of a higher level is obeyed, any other is proposed to a person: docs/decisions/0031-epochs.md.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sync.identity_card import load_identity, load_own_role, rank
from app.sync.package import CardStatementRow, Manifest
from app.workbook.identity import sign_key
from db.journal.branches import StreamTree
from db.journal.incoming_streams import Marks, own_marks
from db.journal.merge import version_vector
from db.schema.exchange import CardStatement, Peer, ReplicaOwner

_SIGNATURE_CONTEXT = b"hudang card statement 1"  # nothing else that this key signs can pass for a statement
_MAX_JUMP = 1000  # epochs; nobody decides as often about one card, and no number of them uses all epochs up
_MAX_SUBJECTS = 2000  # cards unknown here of which one author may say something
_MAX_SENT = 5000
_MAX_NAME = 40
_IN_FORCE, _PROPOSED, _DECLINED = "in_force", "proposed", "declined"

SeenMark = tuple[str, str, int, bytes]  # village, replica, number, chain value


class TrustStatement(NamedTuple):
    """What the owner of one card (`author`) says of another (`subject`); both are sign keys.

    `seen`: what the author had of the subject's streams when it was revoked. `standing`: what it means here.
    """

    author: str
    subject: str
    epoch: int
    trusted: bool
    name: str
    seen: tuple[SeenMark, ...]
    signature: bytes
    standing: str = _IN_FORCE

    def signed_bytes(self) -> bytes:
        return _SIGNATURE_CONTEXT + msgspec.msgpack.encode(tuple(self[:6]))

    def is_newer_than(self, other: "TrustStatement | None") -> bool:
        """Of two copies of one workbook that say different things at one epoch, the one that revokes counts."""
        return other is None or (self.epoch, not self.trusted) > (other.epoch, not other.trusted)


@dataclass(slots=True)
class _KnownCard:
    """A colleague's card. `revoked_at`: since when it counts as revoked here, "" if it does not."""

    name: str
    rank: int
    revoked_at: str


@dataclass(frozen=True, slots=True)
class Reception:
    """What the statements of a package did here: names of cards that are revoked and trusted again.

    `proposed`: (who proposes it, whose card) to a person.
    """

    revoked: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    proposed: tuple[tuple[str, str], ...] = ()


class CardStatements:
    """All statements that are known here. `store` writes what changed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seed = load_identity(session).sign_seed
        self._own_key = sign_key(self._seed)
        self._own_rank = rank(load_own_role(session))
        self._cards = {
            peer.sign_key: _KnownCard(peer.name, rank(peer.role), peer.revoked_at or "")
            for peer in session.scalars(select(Peer))
        }
        self._statements: dict[str, dict[str, TrustStatement]] = defaultdict(dict)  # subject → author → what it says
        self._subjects: Counter[str] = Counter()  # author → of how many cards
        for row in session.scalars(select(CardStatement)):
            columns = (row.author, row.subject, row.epoch, row.trusted, row.name, _parse_seen(row.seen), row.signature)
            self._statements[row.subject][row.author] = TrustStatement(*columns, row.standing)
            self._subjects[row.author] += 1
        self._changed: set[tuple[str, str]] = set()
        for key, card in self._cards.items():
            if self._own_key not in self._statements[key]:  # decided by an earlier version of the program
                self._say(key, 1, trusted=not card.revoked_at, name=card.name)

    # what they mean

    def about(self, subject: str) -> list[TrustStatement]:
        """The last word of everybody about a card."""
        return list(self._statements.get(subject, {}).values())

    def in_force(self, subject: str) -> list[TrustStatement]:
        """The revocations because of which a card is not trusted here."""
        own = self._statements.get(subject, {}).get(self._own_key)
        trusted_until = own.epoch if own is not None and own.trusted else 0
        return [
            statement
            for statement in self.about(subject)
            if not statement.trusted and statement.standing == _IN_FORCE and statement.epoch >= trusted_until
        ]

    def proposals(self, subject: str) -> list[str]:
        """Names of trusted colleagues who propose to a person here that this card be revoked."""
        return sorted(
            self._cards[statement.author].name
            for statement in self.about(subject)
            if not statement.trusted and statement.standing == _PROPOSED and self._is_trusted(statement.author)
        )

    def objections(self, subject: str) -> list[str]:
        """Names of trusted colleagues who have revoked a card, whatever that means here."""
        authors = [s.author for s in self.about(subject) if not s.trusted and self._is_trusted(s.author)]
        return sorted(self._cards[author].name for author in authors)

    def revoked_by(self, author: str) -> list[str]:
        """Names of the cards that somebody has revoked, as that one calls them."""
        all_said = (said[author] for said in self._statements.values() if author in said)
        return sorted(statement.name for statement in all_said if not statement.trusted)

    def revoked_cards(self) -> list[str]:
        """The cards that are not trusted here any more, though they were."""
        return [key for key in self._cards if self.in_force(key)]

    def digest(self) -> str:
        """Of all revocations in force."""
        digest = hashlib.blake2b(digest_size=16)
        for key in sorted(self._statements):
            for statement in sorted(self.in_force(key)):
                digest.update(f"{statement.author} {key} {statement.epoch}\n".encode())
        return digest.hexdigest()

    def _is_trusted(self, key: str) -> bool:
        return key in self._cards and not self.in_force(key)

    def _highest(self, subject: str) -> int:
        """Of the epochs that count here: one that is far beyond all others does not, or they could be used up."""
        highest = 0
        for epoch in sorted(statement.epoch for statement in self.about(subject)):
            highest = epoch if epoch <= highest + _MAX_JUMP else highest
        return highest

    # what is said here

    def decide(self, subject: str, *, trusted: bool, name: str) -> None:
        """A person here trusts a card, or revokes it; what colleagues propose about it is settled by that."""
        self._say(subject, self._highest(subject) + 1, trusted=trusted, name=name)
        if trusted:
            self.decline(subject)

    def decline(self, subject: str) -> None:
        """A person here has seen what is proposed about a card, and trusts it further."""
        for statement in self.about(subject):
            if statement.standing == _PROPOSED:
                self._put(statement._replace(standing=_DECLINED))

    def _say(self, subject: str, epoch: int, *, trusted: bool, name: str) -> None:
        from nacl.signing import SigningKey

        seen = () if trusted else self._seen(subject)
        statement = TrustStatement(self._own_key, subject, epoch, trusted, name[:_MAX_NAME], seen, b"")
        signature = bytes(SigningKey(self._seed).sign(statement.signed_bytes()).signature)
        self._put(statement._replace(signature=signature))

    def _seen(self, subject: str) -> tuple[SeenMark, ...]:
        vector = version_vector(self._session)
        return _of_owner(self._session, subject, own_marks(StreamTree(self._session), vector))

    def _put(self, statement: TrustStatement) -> None:
        said = self._statements[statement.subject]
        self._subjects[statement.author] += statement.author not in said
        said[statement.author] = statement
        self._changed.add((statement.author, statement.subject))

    # what others say

    def to_send(self) -> list[CardStatementRow]:
        """What a package says to its receiver: all but that a card was trusted for the first time."""
        all_said = (statement for said in self._statements.values() for statement in said.values())
        statements = [s for s in all_said if s.signature and (s.epoch > 1 or not s.trusted)]
        known = [s for s in statements if s.author == self._own_key or self._is_trusted(s.author)]
        known.sort(key=lambda s: (s.author != self._own_key, s.author, s.subject))
        return [CardStatementRow(*s[:5], list(s.seen), s.signature) for s in known[:_MAX_SENT]]

    def receive(self, manifest: Manifest, upto: Marks) -> Reception:
        """What a package says of cards, by whomever; its sender is trusted here.

        Args:
            upto: what the sender has, for a package of a program that counted by clocks
        """
        before = set(self.revoked_cards())
        proposed: list[tuple[str, str]] = []
        for statement in sorted(self._received(manifest, upto), key=lambda s: -self._rank(s.author)):
            if not self._is_acceptable(statement, manifest.sender_key):
                continue
            statement = statement._replace(standing=self._standing(statement))
            self._put(statement)
            if self._is_new_proposal(statement):
                proposed.append((self._cards[statement.author].name, self._cards[statement.subject].name))
        after = set(self.revoked_cards())
        return Reception(
            revoked=tuple(sorted(self._cards[key].name for key in after - before)),
            restored=tuple(sorted(self._cards[key].name for key in before - after)),
            proposed=tuple(proposed),
        )

    def _received(self, manifest: Manifest, upto: Marks) -> Iterator[TrustStatement]:
        if manifest.statements is not None:
            for row in manifest.statements:
                columns = (row.author, row.subject, row.epoch, row.trusted, row.name)
                yield TrustStatement(*columns, tuple(row.seen), row.signature)
            return
        for key, _, name in manifest.revoked:  # an earlier version says it for itself; whose package it is, is signed
            seen = _of_owner(self._session, key, upto)
            yield TrustStatement(manifest.sender_key, key, 1, False, name[:_MAX_NAME], seen, b"")

    def _is_acceptable(self, statement: TrustStatement, sender: str) -> bool:
        author, subject = statement.author, statement.subject
        if subject in (self._own_key, author) or not (author == self._own_key or self._is_trusted(author)):
            return False
        if not statement.is_newer_than(self._statements.get(subject, {}).get(author)):
            return False
        if subject not in self._cards and self._subjects[author] >= _MAX_SUBJECTS:
            return False
        return _is_signed(statement) if statement.signature else author == sender  # who signed the package

    def _standing(self, statement: TrustStatement) -> str:
        """In force: our own of before a backup was restored, and of who ranks above us and above whom it is about."""
        if statement.author == self._own_key:
            return _IN_FORCE
        above = max(self._own_rank, self._rank(statement.subject))
        is_next = statement.epoch <= self._highest(statement.subject) + _MAX_JUMP
        return _IN_FORCE if self._rank(statement.author) > above and is_next else _PROPOSED

    def _rank(self, key: str) -> int:
        return self._own_rank if key == self._own_key else self._cards[key].rank if key in self._cards else 0

    def _is_new_proposal(self, statement: TrustStatement) -> bool:
        return statement.standing == _PROPOSED and not statement.trusted and self._is_trusted(statement.subject)

    def store(self, at: str) -> None:
        """Write what changed; a card counts as revoked since `at` (only shown, never compared)."""
        for author, subject in sorted(self._changed):
            statement = self._statements[subject][author]
            row = CardStatement(**statement._asdict())
            row.seen = json.dumps([[*mark[:3], mark[3].hex()] for mark in statement.seen])
            self._session.merge(row)
        for subject in {subject for _, subject in self._changed} & self._cards.keys():
            peer = self._session.get_one(Peer, subject)
            peer.revoked_at = (peer.revoked_at or at) if self.in_force(subject) else None
        self._changed.clear()


def _parse_seen(encoded: str) -> tuple[SeenMark, ...]:
    return tuple((village, root, number, bytes.fromhex(chain)) for village, root, number, chain in json.loads(encoded))


def _of_owner(session: Session, owner: str, marks: Marks) -> tuple[SeenMark, ...]:
    """How far somebody has the streams of one card's replicas."""
    replicas = set(session.scalars(select(ReplicaOwner.replica).filter_by(sign_key=owner)))
    return tuple(
        (village, mark.root, mark.number, mark.chain)
        for (village, _), mark in sorted(marks.items())
        if mark.root in replicas and mark.number
    )


def _is_signed(statement: TrustStatement) -> bool:
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(bytes.fromhex(statement.author)).verify(statement.signed_bytes(), statement.signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True
