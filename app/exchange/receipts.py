"""Receipts: the receiver of a package tells its sender that it is in, by a small file or by a code over the telephone.

    "HUDANG RECEIPT" version │ age(MessagePack of (what is said, Ed25519 signature))

Without one the sender learns it from the next package of the receiver, and sends everything again until then. Why so,
and why a code cannot be guessed: docs/decisions/0005-package.md.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.exchange import peers, photographs
from app.exchange.package import vector_of
from app.exchange.refusals import (
    AcknowledgedBefore,
    CodeOfAnother,
    ForeignReceipt,
    MistypedCode,
    NewerPackage,
    NotAReceipt,
    RevokedSender,
    UnknownPeer,
)
from app.progress import Progress, Work
from app.workbook import files
from app.workbook.workbook import Workbook
from db import merge
from db.schema.exchange import Deed, PackageLog, Peer

SUFFIX = ".hdreceipt"
FORMAT = 1
MAGIC = b"HUDANG RECEIPT"
_SIGNED = b"hudang receipt 1"  # what else this key signs can never pass for a receipt
_MOST_BYTES = 4 * 2**20
_DIGITS = 11  # and a check digit
_MOST_PACKAGES = 500  # newest ones out that a code is compared with


class _Said(msgspec.Struct, frozen=True):
    """What a receipt says: a map, so that later versions may add to it.

    Attributes:
        writer, reader: sign keys of who received the package and of who sent it
        package, digest: which file it was; vector: what the writer knows of the villages that travel between the two
        changes: that were new; conflicts: cells that held several values then
        lacking: as in a manifest
    """

    writer: str
    reader: str
    package: str
    digest: str
    vector: list[tuple[str, str, int]]
    changes: int
    pictures: int
    conflicts: int
    made_at: str
    lacking: list[bytes] = []


class _Sealed(msgspec.Struct, array_like=True, frozen=True):
    said: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A package that is known to have arrived.

    Attributes:
        n: its line in the log of packages; `at`: when it was written here
        waiting: changes that the peer still lacks afterwards; `photographs`: pictures that are owed to it
        conflicts: cells that hold several values there; -1 where a code was taken, which does not say
    """

    n: int
    peer: str
    at: str
    waiting: int
    photographs: int
    conflicts: int = -1

    @property
    def sentence(self) -> str:
        told = f"“{self.peer}”已收到 {self.at[:16]} 导出的包。"
        if self.conflicts > 0:
            told += f"导入时有 {self.conflicts} 处两边写得不同，等人决定。"
        rest = [f"{self.waiting} 条修改"] * bool(self.waiting) + [f"{self.photographs} 张照片"] * bool(self.photographs)
        return told + (f"还有{'、'.join(rest)}待发。" if rest else "本机的修改他都有了。")


def write(workbook: Workbook, n: int, path: Path) -> Work[Path]:
    """Write the receipt for an import.

    Args:
        n: its line in the log of packages

    Raises:
        OfficeError: no such import, it was undone, its sender is not trusted any more, or the file cannot be written
    """
    import pyrage

    yield Progress(0, 2, "写回执")
    with workbook.reading() as session:
        line, peer = _imported(session, n)
        said = msgspec.msgpack.encode(_what_is_said(session, workbook, line, peer))
        seed = peers.identity(session).sign_seed
        recipient = pyrage.x25519.Recipient.from_str(peer.age_recipient)
    sealed = pyrage.encrypt(msgspec.msgpack.encode(_Sealed(said, _signature(seed, said))), [recipient])
    yield Progress(1, 2, "写回执")
    try:
        with files.whole(path) as part:
            part.write_bytes(MAGIC + bytes((FORMAT,)) + sealed)
    except OSError as error:
        raise OfficeError(f"回执没有存成：“{path.parent}”不存在、已满或不能写入。") from error
    return path


def _imported(session: Session, n: int) -> tuple[PackageLog, Peer]:
    line = session.get(PackageLog, n)
    if line is None or line.way != "in":
        raise OfficeError("没有这一次导入，写不了回执。请在“往来记录”里选一个导入的包。")
    if line.undone_at:
        raise OfficeError("这一次导入已经撤销，不能再写回执。请重新导入这个包，再写。")
    peer = session.get(Peer, line.peer)
    if peer is None:
        raise UnknownPeer(line.peer[:16])
    if peer.revoked_at:
        raise RevokedSender(peer.name)
    return line, peer


def _what_is_said(session: Session, workbook: Workbook, line: PackageLog, peer: Peer) -> _Said:
    known = merge.vector(session)
    villages = peers.scope(peer, known)
    return _Said(
        writer=peers.own_card(session, workbook.operator).sign_key,
        reader=peer.sign_key,
        package=line.package,
        digest=line.digest,
        vector=[(*stream, number) for stream, number in sorted(known.items()) if stream[0] in villages],
        changes=line.changes,
        pictures=line.pictures,
        conflicts=int(json.loads(line.result or "{}").get("conflicts", 0)),
        made_at=peers.now(),
        lacking=[bytes.fromhex(one) for one in photographs.lacking(session, villages, photographs.MOST_NAMED)],
    )


def _signature(seed: bytes, said: bytes) -> bytes:
    from nacl.signing import SigningKey

    return bytes(SigningKey(seed).sign(_SIGNED + said).signature)


def read(workbook: Workbook, path: Path) -> Work[Acknowledged]:
    """Take a receipt file in: its package has arrived, and its writer knows what it says.

    A receipt only adds to what a peer is known to have: it may come after a newer package of its writer.

    Raises:
        NotAReceipt: no receipt, or altered; NewerPackage: of a newer version
        ForeignReceipt: for somebody else, of nobody we trust, or for no package of ours to its writer
        RevokedSender, AcknowledgedBefore
    """
    yield Progress(0, 2, "核对回执")
    with workbook.reading() as session:
        secret = peers.identity(session).age_secret
    said = _opened(path, secret)
    yield Progress(1, 2, "核对回执")
    with workbook.writing() as session:
        line, peer = _package_of(session, workbook.operator, said, path.name)
        villages = peers.scope(peer, merge.vector(session))
        told = {stream: number for stream, number in vector_of(said.vector).items() if stream[0] in villages}
        peer.last_heard = peers.now()
        photographs.owe(session, peer.sign_key, (one.hex() for one in said.lacking[: photographs.MOST_NAMED]), villages)
        return _acknowledged(session, workbook, peer, line, told, said.conflicts)


def about(session: Session, operator: str, path: Path) -> tuple[PackageLog, Peer]:
    """Which of our packages a receipt is for, and whose it is; nothing is taken in.

    Raises:
        those of `read`, but for AcknowledgedBefore
    """
    return _package_of(session, operator, _opened(path, peers.identity(session).age_secret), path.name)


def _package_of(session: Session, operator: str, said: _Said, name: str) -> tuple[PackageLog, Peer]:
    peer = session.get(Peer, said.writer)
    if said.reader != peers.own_card(session, operator).sign_key or peer is None:
        raise ForeignReceipt(name)
    if peer.revoked_at:
        raise RevokedSender(peer.name)
    line = session.scalars(select(PackageLog).filter_by(package=said.package, peer=peer.sign_key, way="out")).first()
    if line is None or line.digest not in ("", said.digest):
        raise ForeignReceipt(name)
    return line, peer


def _opened(path: Path, secret: str) -> _Said:
    """What a receipt says, its signature proven."""
    import pyrage
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        if path.stat().st_size > _MOST_BYTES:
            raise NotAReceipt(path.name)
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise OfficeError(f"找不到回执“{path.name}”。请检查U盘是否插好。") from error
    except OSError as error:
        raise NotAReceipt(path.name) from error
    if not raw.startswith(MAGIC) or len(raw) <= len(MAGIC):
        raise NotAReceipt(path.name)
    if raw[len(MAGIC)] != FORMAT:
        raise NewerPackage(path.name)
    try:
        plain = pyrage.decrypt(raw[len(MAGIC) + 1 :], [pyrage.x25519.Identity.from_str(secret)])
        sealed = msgspec.msgpack.decode(plain, type=_Sealed)
        said = msgspec.msgpack.decode(sealed.said, type=_Said)
        VerifyKey(bytes.fromhex(said.writer)).verify(_SIGNED + sealed.said, sealed.signature)
        if min((0, *(number for _, _, number in said.vector))) < 0:
            raise NotAReceipt(path.name)
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise ForeignReceipt(path.name) from error
        raise NotAReceipt(path.name) from error
    except (msgspec.MsgspecError, BadSignatureError, ValueError, TypeError) as error:
        raise NotAReceipt(path.name) from error
    return said


def code(workbook: Workbook, n: int) -> str:
    """The code for an import that the receiver reads to the sender over the telephone, e.g. "4821 0937 5516".

    Args:
        n: its line in the log of packages

    Raises:
        OfficeError: no such import, it was undone, it was made by the first version, or its sender is not trusted
    """
    with workbook.reading() as session:
        return code_of(session, n)


def code_of(session: Session, n: int) -> str:
    """As `code`, within a reading."""
    line, _ = _imported(session, n)
    if not line.digest:
        raise OfficeError("这个包是旧版本程序导入的，没有回执码。请给对方导出一个包，他就知道您收到了。")
    return _code(line, peers.own_card(session, line.operator).sign_key)


def _code(line: PackageLog, receiver: str) -> str:
    """The package's id is known to those who could open the file, so it is the key."""
    from stdnum import damm

    about = f"hudang receipt {line.digest} {receiver}".encode()
    hashed = hashlib.blake2b(about, key=line.package.encode()[:64], digest_size=16).digest()
    digits = f"{int.from_bytes(hashed) % 10**_DIGITS:0{_DIGITS}}"
    digits += damm.calc_check_digit(digits)
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def take_code(workbook: Workbook, sign_key: str, code: str) -> Work[Acknowledged]:
    """Take in a code that a peer reads out: the package that it belongs to has arrived.

    Args:
        sign_key: whose
        code: as it was typed; spaces, hyphens and full-width digits are as good

    Raises:
        UnknownPeer
        MistypedCode: a digit was misheard or left out
        CodeOfAnother: it belongs to no package that was written for this peer
        AcknowledgedBefore
    """
    from stdnum import damm

    digits = "".join(str(int(letter)) for letter in code if letter.isdecimal())
    if len(digits) != _DIGITS + 1 or not damm.is_valid(digits):
        raise MistypedCode()
    spoken = " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
    yield Progress(0, 1, "核对回执码")
    with workbook.writing() as session:
        peer = session.get(Peer, sign_key)
        if peer is None:
            raise UnknownPeer(sign_key[:16])
        if peer.revoked_at:
            raise RevokedSender(peer.name)
        line = next((one for one in _sent(session) if _code(one, one.peer) == spoken), None)
        if line is None or line.peer != sign_key:
            other = session.get(Peer, line.peer) if line is not None else None
            raise CodeOfAnother(peer.name, other.name if other is not None else "")
        return _acknowledged(session, workbook, peer, line, peers.vector_from(line.upto), -1)


def _sent(session: Session) -> list[PackageLog]:
    """The newest packages out, to whomever."""
    out = select(PackageLog).where(PackageLog.way == "out", PackageLog.digest != "")
    return list(session.scalars(out.order_by(PackageLog.n.desc()).limit(_MOST_PACKAGES)))


def _acknowledged(
    session: Session, workbook: Workbook, peer: Peer, line: PackageLog, told: merge.Vector, conflicts: int
) -> Acknowledged:
    if line.acknowledged_at:
        raise AcknowledgedBefore(peer.name, line.acknowledged_at)
    theirs = peers.vector_of(peer)
    peers.keep_vector(peer, theirs | {stream: max(n, theirs.get(stream, 0)) for stream, n in told.items()})
    line.acknowledged_at = peers.now()
    session.add(Deed(at=line.acknowledged_at, operator=workbook.operator, what="收到回执", how_many=line.changes))
    session.flush()
    entry = peers.entry_of(session, peer)
    return Acknowledged(line.n, peer.name, line.at, entry.waiting, entry.photographs, conflicts)
