"""Receipts: the receiver confirms to the sender that a package arrived, by a small file or a code over the telephone.

    "HUDANG RECEIPT" version │ age(MessagePack of (contents, Ed25519 signature))

Without one the sender learns it from the next package of the receiver, and sends everything again until then. Why,
and why a code cannot be guessed: docs/decisions/0005-package.md.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.sync import peers, photo_transfer, stream_marks
from app.sync.errors import (
    AlreadyAcknowledged,
    CodeForOtherPackage,
    ForeignReceipt,
    MistypedCode,
    NewerPackage,
    NotAReceipt,
    RevokedSender,
    UnknownPeer,
)
from app.sync.package import ChainValues, PhotoHashes, ShortText, StreamRoots, VectorTriples
from app.workbook import files
from app.workbook.workbook import Workbook
from db.journal import merge
from db.journal.branches import StreamTree
from db.journal.incoming_streams import Marks, own_marks
from db.schema.exchange import AuditEntry, PackageLog, Peer

RECEIPT_SUFFIX = ".hdreceipt"
FORMAT = 1
MAGIC = b"HUDANG RECEIPT"
_SIGNATURE_CONTEXT = b"hudang receipt 1"  # nothing else that this key signs can pass for a receipt
_MAX_BYTES = 4 * 2**20
_CODE_DIGITS = 11  # and a check digit
_MAX_PACKAGES_COMPARED = 500  # newest ones out that a code is compared with


_Count = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class _ReceiptBody(msgspec.Struct, frozen=True):
    """The contents of a receipt: a map, so that later versions may add to it.

    Attributes:
        writer, reader: sign keys of who received the package and of who sent it
        package, digest: which file it was; vector: what the writer knows of the villages that travel between the two
        changes: that were new; conflicts: cells that held several values then
        lacking: as in a manifest
        vector_chains: the chain values at the numbers of `vector`; roots: as in a manifest
    """

    writer: ShortText
    reader: ShortText
    package: ShortText
    digest: ShortText
    vector: VectorTriples
    changes: _Count
    pictures: _Count
    conflicts: _Count
    made_at: ShortText
    lacking: PhotoHashes = []
    vector_chains: ChainValues = []
    roots: StreamRoots = {}


class _SignedReceipt(msgspec.Struct, array_like=True, frozen=True):
    body: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A package that is known to have arrived.

    Attributes:
        n: its line in the log of packages; `at`: when it was written here
        waiting: changes that the peer still lacks afterwards; `photographs`: pictures that are pending for it
        conflicts: cells that hold several values there; -1 for a code, which does not say
    """

    n: int
    peer: str
    at: str
    waiting: int
    photographs: int
    conflicts: int = -1

    @property
    def message(self) -> str:
        message = f"“{self.peer}”已收到 {self.at[:16]} 导出的包。"
        if self.conflicts > 0:
            message += f"导入时有 {self.conflicts} 处内容两边不一致，待确认。"
        pending = [f"{self.waiting} 条修改"] * bool(self.waiting) + [f"{self.photographs} 张照片"] * bool(
            self.photographs
        )
        return message + (f"还有{'、'.join(pending)}待发。" if pending else "本机的修改他都有了。")


def write(workbook: Workbook, n: int, path: Path) -> Path:
    """Write the receipt for an import.

    Args:
        n: its line in the log of packages

    Raises:
        UserError: no such import, it was undone, its sender is not trusted any more, or the file cannot be written
    """
    import pyrage

    with workbook.reading() as session:
        log_entry, peer = _find_import(session, n)
        body = msgspec.msgpack.encode(_receipt_body(session, workbook, log_entry, peer))
        seed = peers.load_identity(session).sign_seed
        recipient = pyrage.x25519.Recipient.from_str(peer.age_recipient)
    encrypted = pyrage.encrypt(msgspec.msgpack.encode(_SignedReceipt(body, _sign(seed, body))), [recipient])
    try:
        with files.atomic_write(path) as temporary:
            temporary.write_bytes(MAGIC + bytes((FORMAT,)) + encrypted)
    except OSError as error:
        raise UserError(f"回执没有存成：“{path.parent}”不存在、已满或不能写入。") from error
    return path


def _find_import(session: Session, n: int) -> tuple[PackageLog, Peer]:
    log_entry = session.get(PackageLog, n)
    if log_entry is None or log_entry.way != "in":
        raise UserError("没有这一次导入，写不了回执。请在“往来记录”里选一个导入的包。")
    if log_entry.undone_at:
        raise UserError("这一次导入已经撤销，不能再写回执。请重新导入这个包，再写。")
    peer = session.get(Peer, log_entry.peer)
    if peer is None:
        raise UnknownPeer(log_entry.peer[:16])
    if peer.revoked_at:
        raise RevokedSender(peer.name)
    return log_entry, peer


def _receipt_body(session: Session, workbook: Workbook, log_entry: PackageLog, peer: Peer) -> _ReceiptBody:
    vector = merge.version_vector(session)
    villages = peers.shared_villages(peer, vector)
    marks = own_marks(
        StreamTree(session), {stream: number for stream, number in vector.items() if stream[0] in villages}
    )
    triples, chains = stream_marks.to_triples(marks)
    return _ReceiptBody(
        writer=peers.build_own_card(session, workbook.operator).sign_key,
        reader=peer.sign_key,
        package=log_entry.package,
        digest=log_entry.digest,
        vector=triples,
        vector_chains=chains,
        roots=stream_marks.roots(marks),
        changes=log_entry.changes,
        pictures=log_entry.pictures,
        conflicts=int(json.loads(log_entry.result or "{}").get("conflicts", 0)),
        made_at=peers.local_time(),
        lacking=[
            bytes.fromhex(sha256)
            for sha256 in photo_transfer.missing(session, villages, photo_transfer.MAX_MISSING_LISTED)
        ],
    )


def _sign(seed: bytes, body: bytes) -> bytes:
    from nacl.signing import SigningKey

    return bytes(SigningKey(seed).sign(_SIGNATURE_CONTEXT + body).signature)


def accept(workbook: Workbook, path: Path) -> Acknowledgement:
    """Accept a receipt file: its package has arrived, and its writer knows the vector in it.

    A receipt only adds to what a peer is known to have: it may come after a newer package of its writer.

    Raises:
        NotAReceipt: no receipt, or altered; NewerPackage: of a newer version
        ForeignReceipt: for somebody else, of nobody we trust, or for no package of ours to its writer
        RevokedSender, AlreadyAcknowledged
    """
    with workbook.reading() as session:
        secret = peers.load_identity(session).age_secret
    body = _decrypt(path, secret)
    with workbook.writing() as session:
        log_entry, peer = _find_package(session, workbook.operator, body, path.name)
        villages = peers.shared_villages(peer, merge.version_vector(session))
        reported = stream_marks.from_triples(body.vector, body.vector_chains, body.roots)
        acknowledged = {stream: mark for stream, mark in reported.items() if stream[0] in villages}
        peer.last_heard = peers.local_time()
        photo_transfer.mark_pending(
            session,
            peer.sign_key,
            (sha256.hex() for sha256 in body.lacking[: photo_transfer.MAX_MISSING_LISTED]),
            villages,
        )
        return _acknowledge(session, workbook, peer, log_entry, acknowledged, body.conflicts)


def match_package(session: Session, operator: str, path: Path) -> tuple[PackageLog, Peer]:
    """Which of our packages a receipt is for, and whose it is; nothing is stored.

    Raises:
        those of `accept`, except AlreadyAcknowledged
    """
    return _find_package(session, operator, _decrypt(path, peers.load_identity(session).age_secret), path.name)


def _find_package(session: Session, operator: str, body: _ReceiptBody, name: str) -> tuple[PackageLog, Peer]:
    peer = session.get(Peer, body.writer)
    if body.reader != peers.build_own_card(session, operator).sign_key or peer is None:
        raise ForeignReceipt(name)
    if peer.revoked_at:
        raise RevokedSender(peer.name)
    log_entry = session.scalars(
        select(PackageLog).filter_by(package=body.package, peer=peer.sign_key, way="out")
    ).first()
    if log_entry is None or log_entry.digest not in ("", body.digest):
        raise ForeignReceipt(name)
    return log_entry, peer


def _decrypt(path: Path, secret: str) -> _ReceiptBody:
    """The contents of a receipt, its signature verified."""
    import pyrage
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        if path.stat().st_size > _MAX_BYTES:
            raise NotAReceipt(path.name)
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(f"找不到回执“{path.name}”。请检查 U 盘是否插好。") from error
    except OSError as error:
        raise NotAReceipt(path.name) from error
    if not raw.startswith(MAGIC) or len(raw) <= len(MAGIC):
        raise NotAReceipt(path.name)
    if raw[len(MAGIC)] != FORMAT:
        raise NewerPackage(path.name)
    try:
        decrypted = pyrage.decrypt(raw[len(MAGIC) + 1 :], [pyrage.x25519.Identity.from_str(secret)])
        signed = msgspec.msgpack.decode(decrypted, type=_SignedReceipt)
        body = msgspec.msgpack.decode(signed.body, type=_ReceiptBody)
        VerifyKey(bytes.fromhex(body.writer)).verify(_SIGNATURE_CONTEXT + signed.body, signed.signature)
        if min((0, *(number for _, _, number in body.vector))) < 0:
            raise NotAReceipt(path.name)
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise ForeignReceipt(path.name) from error
        raise NotAReceipt(path.name) from error
    except (msgspec.MsgspecError, BadSignatureError, ValueError, TypeError, RecursionError) as error:
        raise NotAReceipt(path.name) from error
    return body


def code_for_import(workbook: Workbook, n: int) -> str:
    """The code for an import that the receiver reads to the sender over the telephone, e.g. "4821 0937 5516".

    Args:
        n: its line in the log of packages

    Raises:
        UserError: no such import, it was undone, it was made by the first version, or its sender is not trusted
    """
    with workbook.reading() as session:
        return compute_code(session, n)


def compute_code(session: Session, n: int) -> str:
    """As `code_for_import`, within a session."""
    log_entry, _ = _find_import(session, n)
    if not log_entry.digest:
        raise UserError("这个包是旧版本程序导入的，没有回执码。请给对方导出一个包，他就知道您收到了。")
    return _receipt_code(log_entry, peers.build_own_card(session, log_entry.operator).sign_key)


def _receipt_code(log_entry: PackageLog, receiver: str) -> str:
    """The package's id is known to those who could open the file, so it is the key."""
    from stdnum import damm

    message = f"hudang receipt {log_entry.digest} {receiver}".encode()
    digest = hashlib.blake2b(message, key=log_entry.package.encode()[:64], digest_size=16).digest()
    digits = f"{int.from_bytes(digest) % 10**_CODE_DIGITS:0{_CODE_DIGITS}}"
    digits += damm.calc_check_digit(digits)
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def accept_code(workbook: Workbook, sign_key: str, code: str) -> Acknowledgement:
    """Accept a code that a peer dictates: the package that it belongs to has arrived.

    Args:
        sign_key: whose
        code: as it was typed; spaces, hyphens and full-width digits are accepted

    Raises:
        UnknownPeer
        MistypedCode: a digit was misheard or left out
        CodeForOtherPackage: it belongs to no package that was written for this peer
        AlreadyAcknowledged
    """
    from stdnum import damm

    digits = "".join(str(int(character)) for character in code if character.isdecimal())
    if len(digits) != _CODE_DIGITS + 1 or not damm.is_valid(digits):
        raise MistypedCode()
    normalized = " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
    with workbook.writing() as session:
        peer = session.get(Peer, sign_key)
        if peer is None:
            raise UnknownPeer(sign_key[:16])
        if peer.revoked_at:
            raise RevokedSender(peer.name)
        log_entry = next(
            (entry for entry in _recent_exports(session) if _receipt_code(entry, entry.peer) == normalized), None
        )
        if log_entry is None or log_entry.peer != sign_key:
            other_peer = session.get(Peer, log_entry.peer) if log_entry is not None else None
            raise CodeForOtherPackage(peer.name, other_peer.name if other_peer is not None else "")
        return _acknowledge(session, workbook, peer, log_entry, stream_marks.parse(log_entry.upto), -1)


def _recent_exports(session: Session) -> list[PackageLog]:
    """The newest packages out, to whomever."""
    query = select(PackageLog).where(PackageLog.way == "out", PackageLog.digest != "")
    return list(session.scalars(query.order_by(PackageLog.n.desc()).limit(_MAX_PACKAGES_COMPARED)))


def _acknowledge(
    session: Session,
    workbook: Workbook,
    peer: Peer,
    log_entry: PackageLog,
    acknowledged: Marks,
    conflicts: int,
) -> Acknowledgement:
    if log_entry.acknowledged_at:
        raise AlreadyAcknowledged(peer.name, log_entry.acknowledged_at)
    known = stream_marks.parse(peer.vector)
    further = {
        stream: mark
        for stream, mark in acknowledged.items()
        if stream not in known or mark.number > known[stream].number
    }
    peer.vector = stream_marks.dump(known | further)
    log_entry.acknowledged_at = peers.local_time()
    session.add(
        AuditEntry(
            at=log_entry.acknowledged_at, operator=workbook.operator, what="收到回执", how_many=log_entry.changes
        )
    )
    session.flush()
    view = peers.peer_view(session, peer)
    return Acknowledgement(log_entry.n, peer.name, log_entry.at, view.waiting, view.photographs, conflicts)
