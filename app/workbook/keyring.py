"""The keys of a workbook file: one random file key, wrapped by each operator's passphrase and by the recovery code.

The wrapped keys are at the end of the file itself, so that the one file that an officer copies is all that is needed.
While a workbook is open SQLite may write there, so they are in a small file beside it (`…-keys`), like SQLite's own
`-wal`; whichever is there after a crash opens the workbook. docs/decisions/0006-keys.md.
"""

import hashlib
import json
import os
import re
import struct
from base64 import b32encode, b64encode
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import msgspec

from app.errors import CorruptFile, UnrecognizedFile, UserError, WrongPassphrase
from app.workbook import files
from app.workbook.file_guard import PAGE_SIZE

_MAGIC = b"HUDANG-KEYRING-1"
_FOOTER = struct.Struct(">I16s")
_MAX_TAIL_BYTES = 65536  # a keyring and its footer are shorter
RECOVERY_SLOT = "恢复码"
_RECOVERY_LENGTH = 32  # letters and digits of a recovery code without its dashes


@dataclass(frozen=True, slots=True)
class KdfCost:
    """The cost of argon2id: passes and bytes."""

    passes: int
    memory: int

    @property
    def work(self) -> int:
        """What the time is proportional to."""
        return self.passes * self.memory


STANDARD_COST = KdfCost(3, 64 * 2**20)  # no workbook is made with less; what all had before costs were measured
MAX_COST = KdfCost(10, 192 * 2**20)  # what a keyring may ask of this machine, whoever wrote it
TEST_COST = KdfCost(1, 8192)


@dataclass(frozen=True, slots=True)
class KeySlot:
    """The file key wrapped once. `name`: the operator, or `RECOVERY`."""

    name: str
    salt: bytes
    nonce: bytes
    wrapped_key: bytes
    cost: KdfCost


_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Count = Annotated[int, msgspec.Meta(ge=1, le=2**40)]


class _StoredSlot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A slot as JSON; bytes are base64 there."""

    name: _Text
    salt: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
    nonce: Annotated[bytes, msgspec.Meta(min_length=24, max_length=24)]
    key: Annotated[bytes, msgspec.Meta(min_length=48, max_length=48)]
    passes: _Count
    memory: _Count


class _StoredKeyring(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON of a keyring; a keyring without slots opens nothing and is none."""

    workbook: _Text
    slots: Annotated[list[_StoredSlot], msgspec.Meta(min_length=1, max_length=64)]


_DECODER: msgspec.json.Decoder[_StoredKeyring] = msgspec.json.Decoder(_StoredKeyring)


@dataclass(frozen=True, slots=True)
class Keyring:
    """All slots of one workbook."""

    workbook: str
    slots: tuple[KeySlot, ...] = field(default=())

    @property
    def operators(self) -> list[str]:
        return [slot.name for slot in self.slots if slot.name != RECOVERY_SLOT]

    def unwrap(self, secret: str, name: str = "", *, likely: str = "") -> tuple[bytes, str]:
        """The file key, and whose passphrase this was. Slots with one salt cost one derivation for all of them; with
        salts of their own, as earlier versions made them, as many are tried as cost what one dear derivation does.

        Args:
            name: try only this operator's slot; all are tried if ""
            likely: whose slot is tried before the others

        Raises:
            WrongPassphrase: it opens no slot, or none of those that were tried
            CorruptFile: a slot asks for more memory or time than this program ever does
        """
        from nacl import exceptions
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt

        _check_costs(self.slots)
        derived: dict[tuple[str, bytes, KdfCost], bytes] = {}
        slots = self._promising_slots(secret, name, likely)
        affordable = _affordable(slots)
        for slot in affordable:
            normalized = normalize_recovery_code(secret) if slot.name == RECOVERY_SLOT else secret
            origin = (normalized, slot.salt, slot.cost)
            if origin not in derived:
                derived[origin] = derive_key(*origin)
            try:
                key = decrypt(slot.wrapped_key, self._associated_data(slot.name), slot.nonce, derived[origin])
            except exceptions.CryptoError:
                continue
            return key, slot.name
        if len(affordable) < len(slots):
            raise WrongPassphrase(
                f"口令不对。这份工作簿有 {len(slots)} 个口令是旧版本设的，一次只试前 {len(affordable)} 个。"
                "请由其中一位打开，或用恢复码打开，再到“设置”里给其他人重新设口令。"
            )
        raise WrongPassphrase("口令不对。请检查大小写和输入法，或用恢复单上的恢复码打开。")

    def _promising_slots(self, secret: str, name: str, likely: str) -> list[KeySlot]:
        """The slots that this may open: that of the recovery code first where it has its form, else not at all; then
        the likely one."""
        is_code = len(normalize_recovery_code(secret)) == _RECOVERY_LENGTH
        slots = [slot for slot in self.slots if slot.name == (name or slot.name)]
        recovery = [slot for slot in slots if slot.name == RECOVERY_SLOT and is_code]
        others = [slot for slot in slots if slot.name != RECOVERY_SLOT]
        return recovery + sorted(others, key=lambda slot: slot.name != likely)

    def with_slot(self, name: str, secret: str, key: bytes, cost: KdfCost) -> "Keyring":
        """This keyring with one slot set again; slots of one cost have one salt."""
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt
        from nacl.utils import random

        normalized = normalize_recovery_code(secret) if name == RECOVERY_SLOT else secret
        salt = next((slot.salt for slot in self.slots if slot.cost == cost), random(16))
        nonce = random(24)
        wrapped = encrypt(key, self._associated_data(name), nonce, derive_key(normalized, salt, cost))
        other_slots = tuple(slot for slot in self.slots if slot.name != name)
        return replace(self, slots=(*other_slots, KeySlot(name, salt, nonce, wrapped, cost)))

    def without_slot(self, name: str) -> "Keyring":
        return replace(self, slots=tuple(slot for slot in self.slots if slot.name != name))

    def _associated_data(self, name: str) -> bytes:
        return f"{self.workbook}\x1f{name}".encode()

    def to_bytes(self) -> bytes:
        """As bytes, followed by length, checksum and mark."""
        slots = [
            {
                "name": s.name,
                "salt": _b64(s.salt),
                "nonce": _b64(s.nonce),
                "key": _b64(s.wrapped_key),
                "passes": s.cost.passes,
                "memory": s.cost.memory,
            }
            for s in self.slots
        ]
        body = json.dumps({"workbook": self.workbook, "slots": slots}, ensure_ascii=False).encode()
        body += hashlib.sha256(body).digest()
        return body + _FOOTER.pack(len(body), _MAGIC)


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode()


def _check_costs(slots: tuple[KeySlot, ...]) -> None:
    """Refuse what no version of this program writes: above the standard there is one salt and one cost for all."""
    costs = {slot.cost for slot in slots}
    dear = {(slot.salt, slot.cost) for slot in slots if slot.cost.work > STANDARD_COST.work}
    within = all(
        cost.passes <= MAX_COST.passes and TEST_COST.memory <= cost.memory <= MAX_COST.memory for cost in costs
    )
    if not within or len(dear) > 1:
        raise CorruptFile("工作簿的密钥参数超出本程序允许的范围，可能被改动过，没有打开。请换一份副本，或用备份恢复。")


def _affordable(slots: list[KeySlot]) -> list[KeySlot]:
    """The first of these slots whose derivations, one for each salt and cost, take no longer than the dearest one."""
    origins: set[tuple[bytes, KdfCost]] = set()
    for n, slot in enumerate(slots):
        origins.add((slot.salt, slot.cost))
        if sum(cost.work for _, cost in origins) > MAX_COST.work:
            return slots[:n]
    return slots


def derive_key(secret: str, salt: bytes, cost: KdfCost) -> bytes:
    """The key that a secret stands for: argon2id, as slow as `cost` makes it."""
    from nacl.pwhash import argon2id

    return argon2id.kdf(32, secret.encode(), salt, opslimit=cost.passes, memlimit=cost.memory)


def new_file_key() -> bytes:
    """256 random bits, with which every page of one workbook is encrypted."""
    return os.urandom(32)


def new_recovery_code() -> str:
    """160 random bits as eight groups of four letters and digits; what is easily mistaken for another is not used."""
    from nacl.utils import random

    letters = b32encode(random(20)).decode().translate(str.maketrans("OIB", "098"))
    return "-".join(letters[n : n + 4] for n in range(0, _RECOVERY_LENGTH, 4))


def normalize_recovery_code(typed: str) -> str:
    """A recovery code as typed from paper, in its one form: capitals, no blanks or dashes, O as 0, I as 9, B as 8."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper()).translate(str.maketrans("OIB", "098"))


def _parse_trailer(tail: bytes) -> tuple[Keyring, int] | None:
    """The keyring at the end of these bytes and its length, None where there is no valid one."""
    if len(tail) < _FOOTER.size:
        return None
    length, magic = _FOOTER.unpack(tail[-_FOOTER.size :])
    if magic != _MAGIC or length > len(tail) - _FOOTER.size:
        return None
    body = tail[-_FOOTER.size - length : -_FOOTER.size]
    if hashlib.sha256(body[:-32]).digest() != body[-32:]:
        return None
    try:
        stored = _DECODER.decode(body[:-32])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    slots = tuple(KeySlot(s.name, s.salt, s.nonce, s.key, KdfCost(s.passes, s.memory)) for s in stored.slots)
    return Keyring(stored.workbook, slots), length + _FOOTER.size


def sidecar_path(path: Path) -> Path:
    """Where the keys are while the workbook is open."""
    return path.with_name(path.name + "-keys")


def read_keyring(path: Path) -> Keyring:
    """The keyring of a workbook file, open, closed, or left by a crash.

    Keys at the end of the file take precedence: they are there only while nobody has it open, so that others beside it
        were left
    by a crash before this file was put in the place of another.

    Raises:
        UnrecognizedFile: this is no workbook
        CorruptFile: it was one, but its keys are gone
        UserError: the file cannot be read
    """
    require_file(path)
    try:
        keyring = read_trailer(path) or read_sidecar(path)
        whole_pages = path.stat().st_size % PAGE_SIZE == 0
    except OSError as error:
        raise UserError(f"读不了“{path.name}”：没有权限，或 U 盘接触不良。请复制到电脑硬盘上再打开。") from error
    if keyring:
        return keyring
    if sidecar_path(path).is_file() or not whole_pages:
        raise CorruptFile(f"“{path.name}”不是工作簿，或者文件不完整(没有复制完、已损坏)。请换一份副本或用备份恢复。")
    raise UnrecognizedFile(
        f"“{path.name}”不是驻村户档的工作簿(.hdb)，或者是在打开时复制的。请选择正确的文件，或先关闭工作簿再复制。"
    )


def require_file(path: Path) -> None:
    """A workbook must be there.

    Raises:
        UnrecognizedFile: there is no file
    """
    if not path.is_file():
        raise UnrecognizedFile(f"找不到文件“{path.name}”。请检查 U 盘是否插好、文件是否改了名。")


def read_open_keyring(path: Path) -> Keyring:
    """The keyring of a workbook that is open here. The file itself is not touched: on POSIX, closing it again would
    drop the locks that SQLite holds on it.

    Raises:
        CorruptFile: somebody has removed the file with the keys
    """
    keyring = read_sidecar(path)
    if keyring is None:
        raise CorruptFile(f"“{sidecar_path(path).name}”被移走或损坏。请关闭工作簿（会自动补上）再打开。")
    return keyring


def read_trailer(path: Path) -> Keyring | None:
    """The keyring at the end of a file, None where there is no valid one."""
    parsed = _parse_trailer(_read_end(path))
    return parsed[0] if parsed else None


def read_sidecar(path: Path) -> Keyring | None:
    """The keyring beside a file, None where there is no valid one."""
    return read_trailer(sidecar_path(path)) if sidecar_path(path).is_file() else None


def _read_end(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _MAX_TAIL_BYTES))
        return file.read()


def write_sidecar(path: Path, keyring: Keyring) -> None:
    """Write the keys beside the file, whole or not at all."""
    with files.atomic_write(sidecar_path(path)) as temporary:
        temporary.write_bytes(keyring.to_bytes())


def detach_trailer(path: Path, keyring: Keyring) -> None:
    """Before SQLite opens the file: move its keys from its end to the file beside it."""
    trailer = read_trailer(path)
    sidecar = read_sidecar(path)
    if trailer and (files.wal_path(path).exists() or sidecar not in (None, keyring)):
        files.quarantine_leftovers(path)  # a file with keys at its end was closed whole: these are not its own
        sidecar = None
    files.break_hardlink(path)
    if sidecar != keyring:
        write_sidecar(path, keyring)
    _cut_trailer(path)


def _cut_trailer(path: Path) -> None:
    """Cut off the keys, and what an interrupted writing of keys left, where they are seen to begin: on the handle that
    has seen them, to a length counted from the beginning, never more than what is no page."""
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - _MAX_TAIL_BYTES))
        trailer = _parse_trailer(file.read())
        kept = end - (trailer[1] if trailer else 0)
        kept -= kept % PAGE_SIZE
        if kept < end:
            os.ftruncate(file.fileno(), kept)


def attach_trailer(path: Path) -> None:
    """After SQLite has closed the file: move the keys to its end and remove the file beside it.

    Not while there is a `-wal`: somebody else has the file open, or the disk was too full to empty it into the file.
    The next opening continues from there, as after a crash.
    """
    sidecar = sidecar_path(path)
    if not sidecar.is_file() or not path.is_file() or files.wal_path(path).exists():
        return
    if read_trailer(path) is None:
        _cut_trailer(path)
        with path.open("ab") as file:
            file.write(sidecar.read_bytes())
            file.flush()
            os.fsync(file.fileno())
    sidecar.unlink()
