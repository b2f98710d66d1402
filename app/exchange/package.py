"""The package file: encrypted to its recipients, signed by its sender, written and read as a stream.

    "HUDANG PACKAGE" version │ length, age(content key) │ length, frame │ length, frame │ …

A frame is a libsodium secretstream message of zstd(MessagePack): the manifest, blocks of changes, pictures, and last,
marked FINAL, the trailer with the signature over every byte before it. Why so: docs/decisions/0005-package.md.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from app.exchange.blocks import ChangeBlock, PicturePart
from app.exchange.refusals import Altered, NewerPackage, NotAPackage, NotForUs, Truncated
from db.merge import Vector

FORMAT = 1
SUFFIX = ".hdpack"
MOST_PLAIN = 32 * 2**20  # bytes of one frame when unpacked; more is a bomb
MOST_PICTURE_PART = 4 * 2**20
_MAGIC = b"HUDANG PACKAGE"
_LENGTH = struct.Struct(">I")
_MOST_HEADER = 64 * 1024
_SIGNED = b"hudang package 1"  # what else this key signs can never pass for a package
_ZSTD_LEVEL = 9


class Manifest(msgspec.Struct, tag="m", frozen=True):
    """What a package says of itself before anything else.

    Attributes:
        schema: the revision of the sender's tables; newer columns are kept in the journal
        package: random id of this package
        sender_key, sender_age: the sender's Ed25519 key (hex) and age recipient
        replica: the copy of the sender's workbook that wrote it
        recipients: age recipients it is encrypted to
        villages: whose rows it carries
        since: (village, replica, number): the receiver must know these already
        upto: what the sender knows; the receiver knows it too afterwards
        made_at: local time of the sender, ISO
        replicas: names of the workbooks that replicas belong to
        revoked: (sign key, when, name) of cards that the sender has revoked
        lacking: SHA-256 of pictures that the sender's photographs name and that it has not received (not always all)
    """

    schema: str
    package: str
    sender_key: str
    sender_age: str
    sender_name: str
    sender_role: str
    operator: str
    replica: str
    recipients: list[str]
    villages: list[str]
    since: list[tuple[str, str, int]]
    upto: list[tuple[str, str, int]]
    changes: int
    made_at: str
    replicas: dict[str, str] = {}
    revoked: list[tuple[str, str, str]] = []
    lacking: list[bytes] = []


class Trailer(msgspec.Struct, array_like=True, tag="e", frozen=True):
    """How much there was, and the signature over everything before."""

    changes: int
    pictures: int
    signature: bytes


_MIDDLE: msgspec.msgpack.Decoder[ChangeBlock | PicturePart] = msgspec.msgpack.Decoder(ChangeBlock | PicturePart)


def vector_of(triples: Iterable[tuple[str, str, int]]) -> Vector:
    """`since` or `upto` of a manifest."""
    return {(village, replica): number for village, replica, number in triples}


def _signed(digest: bytes, changes: int, pictures: int) -> bytes:
    return _SIGNED + digest + struct.pack(">QQ", changes, pictures)


class PackageWriter:
    """Writes one package into an open binary file; nothing of it ever stands there in plain."""

    def __init__(self, file: IO[bytes], manifest: Manifest, sign_seed: bytes) -> None:
        import pyrage
        import zstandard
        from nacl import bindings

        self._file, self._seed, self._bindings = file, sign_seed, bindings
        self._hash = hashlib.blake2b()
        self._zstd = zstandard.ZstdCompressor(level=_ZSTD_LEVEL)
        self.changes = self.pictures = 0
        self.digest = b""
        key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
        sealed = pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(one) for one in manifest.recipients])
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        self._put(_MAGIC + bytes((FORMAT,)) + _LENGTH.pack(len(sealed)) + sealed + header)
        self._frame(manifest)

    def _put(self, written: bytes) -> None:
        self._hash.update(written)
        self._file.write(written)

    def _frame(self, content: msgspec.Struct, *, final: bool = False) -> None:
        libsodium = self._bindings
        tag = libsodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL if final else 0
        plain = self._zstd.compress(msgspec.msgpack.encode(content))
        sealed = libsodium.crypto_secretstream_xchacha20poly1305_push(self._state, plain, None, tag)
        self._put(_LENGTH.pack(len(sealed)) + sealed)

    def put_changes(self, block: ChangeBlock) -> None:
        self._frame(block)
        self.changes += len(block.value)

    def put_picture(self, sha256: str, jpeg: bytes) -> None:
        """A photograph by its content hash (hex)."""
        for start in range(0, max(len(jpeg), 1), MOST_PICTURE_PART):
            part = jpeg[start : start + MOST_PICTURE_PART]
            self._frame(PicturePart(bytes.fromhex(sha256), start + len(part) >= len(jpeg), part))
        self.pictures += 1

    def finish(self) -> None:
        """Sign; nothing can follow."""
        from nacl.signing import SigningKey

        what = _signed(self._hash.digest(), self.changes, self.pictures)
        signature = SigningKey(self._seed).sign(what).signature
        self._frame(Trailer(self.changes, self.pictures, signature), final=True)
        self.digest = self._hash.digest()


class PackageReader:
    """Reads one package from an open binary file.

    The manifest is there at once, but unproven until `frames` has come to its end, which checks the signature.

    Args:
        name: the file's name, for sentences
        age_secret: the receiver's AGE-SECRET-KEY text

    Raises:
        NotAPackage, NewerPackage, NotForUs, Truncated, Altered: from here and from every step of reading
    """

    def __init__(self, file: IO[bytes], name: str, age_secret: str) -> None:
        from nacl import bindings

        self._file, self._name, self._bindings = file, name, bindings
        self._hash = hashlib.blake2b()
        self.digest = b""
        if self._take(len(_MAGIC), least=0) != _MAGIC:
            raise NotAPackage(name)
        if self._take(1)[0] != FORMAT:
            raise NewerPackage(name)
        key = self._content_key(age_secret)
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = self._take(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, header, key)
        self.manifest = self._decoded(self._pull()[0], msgspec.msgpack.Decoder(Manifest))

    def _content_key(self, age_secret: str) -> bytes:
        import pyrage

        length = _LENGTH.unpack(self._take(_LENGTH.size))[0]
        if length > _MOST_HEADER:
            raise Altered(self._name)
        sealed = self._take(length)
        try:
            key = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(age_secret)])
        except pyrage.DecryptError as error:
            if "No matching keys" in str(error):
                raise NotForUs(self._name) from error
            raise Altered(self._name) from error
        if len(key) != self._bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES:
            raise Altered(self._name)
        return bytes(key)

    def _take(self, length: int, least: int | None = None) -> bytes:
        found = self._file.read(length)
        if len(found) < (length if least is None else least):
            raise Truncated(self._name)
        self._hash.update(found)
        return found

    def _pull(self) -> tuple[bytes, bool]:
        """The next frame's compressed content, and whether it is the last."""
        libsodium = self._bindings
        length = _LENGTH.unpack(self._take(_LENGTH.size))[0]
        if not libsodium.crypto_secretstream_xchacha20poly1305_ABYTES <= length <= MOST_PLAIN:
            raise Altered(self._name)
        try:
            plain, tag = libsodium.crypto_secretstream_xchacha20poly1305_pull(self._state, self._take(length), None)
        except Exception as error:  # PyNaCl raises several kinds for a wrong frame
            if isinstance(error, Truncated):
                raise
            raise Altered(self._name) from error
        return plain, tag == libsodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL

    def _decoded(self, frame: bytes, decoder: "msgspec.msgpack.Decoder[Any]") -> Any:
        import zstandard

        try:
            if not 0 < zstandard.get_frame_parameters(frame).content_size <= MOST_PLAIN:
                raise Altered(self._name)
            plain = zstandard.ZstdDecompressor().decompress(frame, allow_extra_data=False)
            return decoder.decode(plain)
        except (zstandard.ZstdError, msgspec.MsgspecError) as error:
            raise Altered(self._name) from error

    def frames(self) -> Iterator[bytes]:
        """The frames between manifest and trailer, still compressed. At the end the signature has been checked."""
        while True:
            before = self._hash.digest()
            frame, final = self._pull()
            if final:
                break
            yield frame
        trailer: Trailer = self._decoded(frame, msgspec.msgpack.Decoder(Trailer))
        if self._file.read(1):
            raise Altered(self._name)
        self._check_signature(before, trailer)
        self.trailer, self.digest = trailer, self._hash.digest()

    def _check_signature(self, digest: bytes, trailer: Trailer) -> None:
        from nacl.exceptions import BadSignatureError
        from nacl.signing import VerifyKey

        try:
            key = VerifyKey(bytes.fromhex(self.manifest.sender_key))
            key.verify(_signed(digest, trailer.changes, trailer.pictures), trailer.signature)
        except (BadSignatureError, ValueError, TypeError) as error:
            raise Altered(self._name) from error

    def blocks(self) -> Iterator[ChangeBlock | PicturePart]:
        """The content, decoded.

        Raises:
            Altered: at the end too, if there was more or less than the trailer says
        """
        changes = pictures = 0
        for frame in self.frames():
            block: ChangeBlock | PicturePart = self._decoded(frame, _MIDDLE)
            if isinstance(block, ChangeBlock):
                changes += len(block.value)
            else:
                pictures += block.last
            yield block
        if (changes, pictures) != (self.trailer.changes, self.trailer.pictures):
            raise Altered(self._name)


def sync_folder(folder: "os.PathLike[str]") -> None:
    """Make a rename in this folder last; where the system cannot (Windows), it does so by itself."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
