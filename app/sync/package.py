"""The package file: encrypted to its recipients, signed by its sender, written and read as a stream.

    "HUDANG PACKAGE" version │ length, age(content key) │ length, frame │ length, frame │ …

A frame is a libsodium secretstream message of zstd(MessagePack): the manifest, blocks of changes, pictures, and last,
marked FINAL, the trailer with the signature over every byte before it. Why so: docs/decisions/0005-package.md.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator
from typing import IO, Annotated, Any

import msgspec

from app.sync.change_encoding import ChangeBlock, CompactedBlock, PhotoChunk
from app.sync.errors import NewerPackage, NotAPackage, Tampered, Truncated, WrongRecipient
from db.journal.merge import VersionVector

FORMAT = 3
_FORMAT_WITHOUT_CHAINS = 2  # streams have no chain values
_FORMAT_WITHOUT_COMPACTION = 1  # nor compacted ranges
PACKAGE_SUFFIX = ".hdpack"
MAX_FRAME_BYTES = 32 * 2**20  # bytes of one frame when unpacked; more is a bomb
MAX_PHOTO_CHUNK_BYTES = 4 * 2**20
_MAGIC = b"HUDANG PACKAGE"
_LENGTH = struct.Struct(">I")
_MAX_HEADER_BYTES = 64 * 1024
_SIGNATURE_CONTEXT = b"hudang package 1"  # nothing else that this key signs can pass for a package
_ZSTD_LEVEL = 9


# bounds of what a manifest and a receipt may hold, far above what any workbook needs
ShortText = Annotated[str, msgspec.Meta(max_length=1000)]
StreamTriple = tuple[ShortText, ShortText, int]  # village, replica or branch, number
VectorTriples = Annotated[list[StreamTriple], msgspec.Meta(max_length=200_000)]
ShortBytes = Annotated[bytes, msgspec.Meta(max_length=100)]
ChainValues = Annotated[list[ShortBytes], msgspec.Meta(max_length=200_000)]
Owner = tuple[ShortText, ShortBytes]  # sign key, nonce
SignedHeadRow = tuple[ShortText, ShortText, int, ShortBytes, ShortBytes]  # village, root, number, chain, signature
StreamRoots = Annotated[dict[ShortText, ShortText], msgspec.Meta(max_length=100_000)]
PhotoHashes = Annotated[list[Annotated[bytes, msgspec.Meta(max_length=1000)]], msgspec.Meta(max_length=100_000)]


SignKey = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Epoch = Annotated[int, msgspec.Meta(ge=1, le=2**40)]
SeenRow = tuple[ShortText, ShortText, Annotated[int, msgspec.Meta(ge=1, le=2**62)], ShortBytes]


class CardStatementRow(msgspec.Struct, array_like=True, frozen=True):
    """What a card's owner says of another card, signed by the author (app/sync/card_statements.py)."""

    author: SignKey
    subject: SignKey
    epoch: Epoch
    trusted: bool
    name: ShortText
    seen: Annotated[list[SeenRow], msgspec.Meta(max_length=20_000)]
    signature: ShortBytes


class Manifest(msgspec.Struct, tag="m", frozen=True):
    """The first frame of a package.

    Attributes:
        schema: the revision of the sender's tables; newer columns are kept in the journal
        package: random id of this package
        sender_key, sender_age: the sender's Ed25519 key (hex) and age recipient
        replica: the copy of the sender's workbook that wrote it
        recipients: age recipients it is encrypted to
        villages: whose rows it carries
        since: (village, replica, number) that the receiver must know already
        upto: what the sender knows; the receiver knows it too afterwards
        made_at: local time of the sender, ISO
        replicas: names of the workbooks that replicas belong to
        revoked: (sign key, when, name) of cards that are revoked at the sender, for programs that know no statements
        lacking: SHA-256 of pictures that the sender's photographs name and that it has not received (not always all)
        since_chains, upto_chains: the chain values at the numbers of `since` and `upto`, empty where a stream has none
        roots: of branches of streams, the replica that they descend from
        heads: what the owners of streams have signed, of those that the package continues (app/sync/signed_heads.py)
        owners: root of a stream → whose it is
        statements: who is trusted and who is not any more, by whomever; None from a program that does not know them
    """

    schema: ShortText
    package: ShortText
    sender_key: ShortText
    sender_age: ShortText
    sender_name: ShortText
    sender_role: ShortText
    operator: ShortText
    replica: ShortText
    recipients: Annotated[list[ShortText], msgspec.Meta(max_length=10_000)]
    villages: Annotated[list[ShortText], msgspec.Meta(max_length=10_000)]
    since: VectorTriples
    upto: VectorTriples
    changes: Annotated[int, msgspec.Meta(ge=0)]
    made_at: ShortText
    replicas: Annotated[dict[ShortText, ShortText], msgspec.Meta(max_length=100_000)] = {}
    revoked: Annotated[list[tuple[ShortText, ShortText, ShortText]], msgspec.Meta(max_length=10_000)] = []
    lacking: PhotoHashes = []
    since_chains: ChainValues = []
    upto_chains: ChainValues = []
    roots: StreamRoots = {}
    heads: Annotated[list[SignedHeadRow], msgspec.Meta(max_length=200_000)] = []
    owners: Annotated[dict[ShortText, Owner], msgspec.Meta(max_length=100_000)] = {}
    statements: Annotated[list[CardStatementRow], msgspec.Meta(max_length=10_000)] | None = None


class Trailer(msgspec.Struct, array_like=True, tag="e", frozen=True):
    """The counts, and the signature over everything before."""

    changes: int
    pictures: int
    signature: bytes


Block = ChangeBlock | PhotoChunk | CompactedBlock
_BLOCK_DECODERS: dict[int, "msgspec.msgpack.Decoder[Block]"] = {
    _FORMAT_WITHOUT_COMPACTION: msgspec.msgpack.Decoder(ChangeBlock | PhotoChunk),
    _FORMAT_WITHOUT_CHAINS: msgspec.msgpack.Decoder(ChangeBlock | PhotoChunk | CompactedBlock),
    FORMAT: msgspec.msgpack.Decoder(ChangeBlock | PhotoChunk | CompactedBlock),
}


def vector_from_triples(triples: Iterable[tuple[str, str, int]]) -> VersionVector:
    """`since` or `upto` of a manifest."""
    return {(village, replica): number for village, replica, number in triples}


def _signed_bytes(digest: bytes, changes: int, pictures: int) -> bytes:
    return _SIGNATURE_CONTEXT + digest + struct.pack(">QQ", changes, pictures)


class PackageWriter:
    """Writes one package into an open binary file; no plaintext ever reaches it."""

    def __init__(self, file: IO[bytes], manifest: Manifest, sign_seed: bytes) -> None:
        import pyrage
        import zstandard
        from nacl import bindings

        self._file, self._sign_seed, self._bindings = file, sign_seed, bindings
        self._hasher = hashlib.blake2b()
        self._compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL)
        self.changes = self.pictures = 0
        self.digest = b""
        key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
        encrypted_key = pyrage.encrypt(
            key, [pyrage.x25519.Recipient.from_str(recipient) for recipient in manifest.recipients]
        )
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        self._write(_MAGIC + bytes((FORMAT,)) + _LENGTH.pack(len(encrypted_key)) + encrypted_key + header)
        self._write_frame(manifest)

    def _write(self, data: bytes) -> None:
        self._hasher.update(data)
        self._file.write(data)

    def _write_frame(self, content: msgspec.Struct, *, final: bool = False) -> None:
        libsodium = self._bindings
        tag = libsodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL if final else 0
        plain = self._compressor.compress(msgspec.msgpack.encode(content))
        ciphertext = libsodium.crypto_secretstream_xchacha20poly1305_push(self._state, plain, None, tag)
        self._write(_LENGTH.pack(len(ciphertext)) + ciphertext)

    def put_changes(self, block: ChangeBlock) -> None:
        self._write_frame(block)
        self.changes += len(block.value)

    def put_compacted(self, block: CompactedBlock) -> None:
        """Write compacted ranges, before all changes."""
        self._write_frame(block)

    def put_photo(self, sha256: str, jpeg: bytes) -> None:
        """Write a photograph under its content hash (hex)."""
        for start in range(0, max(len(jpeg), 1), MAX_PHOTO_CHUNK_BYTES):
            chunk = jpeg[start : start + MAX_PHOTO_CHUNK_BYTES]
            self._write_frame(PhotoChunk(bytes.fromhex(sha256), start + len(chunk) >= len(jpeg), chunk))
        self.pictures += 1

    def finish(self) -> None:
        """Sign; nothing may follow."""
        from nacl.signing import SigningKey

        signed = _signed_bytes(self._hasher.digest(), self.changes, self.pictures)
        signature = SigningKey(self._sign_seed).sign(signed).signature
        self._write_frame(Trailer(self.changes, self.pictures, signature), final=True)
        self.digest = self._hasher.digest()


class PackageReader:
    """Reads one package from an open binary file.

    The manifest is available at once, but unverified until `frames` is exhausted, which checks the signature.

    Args:
        name: the file's name, for messages
        age_secret: the receiver's AGE-SECRET-KEY text

    Raises:
        NotAPackage, NewerPackage, WrongRecipient, Truncated, Tampered: from here and from every step of reading
    """

    def __init__(self, file: IO[bytes], name: str, age_secret: str) -> None:
        from nacl import bindings

        self._file, self._name, self._bindings = file, name, bindings
        self._hasher = hashlib.blake2b()
        self.digest = b""
        if self._read(len(_MAGIC), minimum=0) != _MAGIC:
            raise NotAPackage(name)
        self._format = self._read(1)[0]
        if self._format not in _BLOCK_DECODERS:
            raise NewerPackage(name)
        key = self._content_key(age_secret)
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = self._read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, header, key)
        self.manifest = self._decode(self._read_frame()[0], msgspec.msgpack.Decoder(Manifest))

    def _content_key(self, age_secret: str) -> bytes:
        import pyrage

        length = _LENGTH.unpack(self._read(_LENGTH.size))[0]
        if length > _MAX_HEADER_BYTES:
            raise Tampered(self._name)
        encrypted_key = self._read(length)
        try:
            key = pyrage.decrypt(encrypted_key, [pyrage.x25519.Identity.from_str(age_secret)])
        except pyrage.DecryptError as error:
            if "No matching keys" in str(error):
                raise WrongRecipient(self._name) from error
            raise Tampered(self._name) from error
        if len(key) != self._bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES:
            raise Tampered(self._name)
        return bytes(key)

    def _read(self, length: int, minimum: int | None = None) -> bytes:
        data = self._file.read(length)
        if len(data) < (length if minimum is None else minimum):
            raise Truncated(self._name)
        self._hasher.update(data)
        return data

    def _read_frame(self) -> tuple[bytes, bool]:
        """The next frame's compressed content, and whether it is the last."""
        libsodium = self._bindings
        length = _LENGTH.unpack(self._read(_LENGTH.size))[0]
        if not libsodium.crypto_secretstream_xchacha20poly1305_ABYTES <= length <= MAX_FRAME_BYTES:
            raise Tampered(self._name)
        try:
            plain, tag = libsodium.crypto_secretstream_xchacha20poly1305_pull(self._state, self._read(length), None)
        except Exception as error:  # PyNaCl raises several kinds for a wrong frame
            if isinstance(error, Truncated):
                raise
            raise Tampered(self._name) from error
        return plain, tag == libsodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL

    def _decode(self, frame: bytes, decoder: "msgspec.msgpack.Decoder[Any]") -> Any:
        import zstandard

        try:
            if not 0 < zstandard.get_frame_parameters(frame).content_size <= MAX_FRAME_BYTES:
                raise Tampered(self._name)
            plain = zstandard.ZstdDecompressor().decompress(frame, allow_extra_data=False)
            return decoder.decode(plain)
        except (zstandard.ZstdError, msgspec.MsgspecError, RecursionError) as error:
            raise Tampered(self._name) from error

    def frames(self) -> Iterator[bytes]:
        """The frames between manifest and trailer, still compressed. At the end the signature has been checked."""
        while True:
            digest = self._hasher.digest()
            frame, is_final = self._read_frame()
            if is_final:
                break
            yield frame
        trailer: Trailer = self._decode(frame, msgspec.msgpack.Decoder(Trailer))
        if self._file.read(1):
            raise Tampered(self._name)
        self._check_signature(digest, trailer)
        self.trailer, self.digest = trailer, self._hasher.digest()

    def _check_signature(self, digest: bytes, trailer: Trailer) -> None:
        from nacl.exceptions import BadSignatureError
        from nacl.signing import VerifyKey

        try:
            key = VerifyKey(bytes.fromhex(self.manifest.sender_key))
            key.verify(_signed_bytes(digest, trailer.changes, trailer.pictures), trailer.signature)
        except (BadSignatureError, ValueError, TypeError) as error:
            raise Tampered(self._name) from error

    def blocks(self) -> Iterator[Block]:
        """The content, decoded.

        Raises:
            Tampered: at the end too, if there was more or less than the trailer says
        """
        changes = pictures = 0
        for frame in self.frames():
            block: Block = self._decode(frame, _BLOCK_DECODERS[self._format])
            if isinstance(block, ChangeBlock):
                changes += len(block.value)
            elif isinstance(block, PhotoChunk):
                pictures += block.last
            yield block
        if (changes, pictures) != (self.trailer.changes, self.trailer.pictures):
            raise Tampered(self._name)


def sync_folder(folder: "os.PathLike[str]") -> None:
    """Make a rename in this folder durable; Windows, where this is impossible, does so by itself."""
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
