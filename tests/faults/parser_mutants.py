"""Documents as an attacker may write them: valid ones in which a few values are of another kind, size or place."""

import hashlib
import json
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from uuid import uuid4

import msgspec
import pyrage
from hypothesis import strategies as st
from sqlalchemy import delete

from app.dashboard.summary import visit_days
from app.errors import UserError
from app.progress import run_to_completion
from app.sync import identity_card, package, package_export, package_import, peers, receipts
from app.workbook import access, preferences
from app.workbook.keyring import RECOVERY_SLOT, TEST_COST, Keyring
from app.workbook.workbook import Workbook
from db.schema.setting import Setting
from tests.app.sync.peers import make_team, send
from tests.builders import PASSPHRASE, household, workbook
from tests.faults.fault_injection import limited_memory

_MAX_PLACES = 10_000  # a larger document would measure the test
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((0, -1, 1, 2**31, 2**32, 2**62, 2**63 - 1, -(2**63))),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(("", "0" * 5000, "\0", "恢复码", "../../x", "1e999", "A" * 64, "0" * 64, "f" * 128)),
)
VALUES = st.one_of(
    st.recursive(
        _SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
        max_leaves=8,
    ),
    st.builds(lambda value, n: [value] * n, _SCALARS, st.sampled_from((100, 3000))),
)


@st.composite
def mutants(draw: st.DrawFn, document: Any, most: int = 3) -> Any:
    """A document of maps and lists with one to `most` things replaced, removed, added, repeated or put elsewhere."""
    mutated = json.loads(json.dumps(document))
    for _ in range(draw(st.integers(1, most))):
        places = list(_places(mutated))
        if not places:
            return draw(VALUES)
        if len(places) > _MAX_PLACES:
            return mutated
        container, key = draw(st.sampled_from(places))
        kind = draw(st.sampled_from(("replace", "remove", "add", "repeat", "swap")))
        if kind == "replace":
            container[key] = draw(VALUES)
        elif kind == "remove":
            del container[key]
        elif kind == "add" and isinstance(container, dict):
            container[draw(st.text(max_size=8))] = draw(VALUES)
        elif kind == "repeat" and isinstance(container, list):
            times = draw(st.sampled_from((1, 70, 2000)))
            container.extend([container[key]] * (times if len(json.dumps(container[key])) < 500 else 1))
        else:
            other, other_key = draw(st.sampled_from(places))
            if other_key in (other if isinstance(other, dict) else range(len(other))):
                container[key] = json.loads(json.dumps(other[other_key]))
    return mutated


def _places(value: Any) -> Any:
    """Every (container, key) of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)


_HEX = "0x"  # before the digits of bytes, which JSON has not


def _readable(value: Any) -> Any:
    """A document with its bytes as text."""
    if isinstance(value, bytes):
        return _HEX + value.hex()
    if isinstance(value, dict):
        return {key: _readable(inner) for key, inner in value.items()}
    return [_readable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _with_bytes(value: Any) -> Any:
    """A document with its bytes again; what is no text of bytes stays text."""
    if isinstance(value, str) and value.startswith(_HEX):
        try:
            return bytes.fromhex(value.removeprefix(_HEX))
        except ValueError:
            return value
    if isinstance(value, dict):
        return {key: _with_bytes(inner) for key, inner in value.items()}
    return [_with_bytes(inner) for inner in value] if isinstance(value, list) else value


def sealed_keyring(document: Any) -> bytes:
    """A keyring with a right checksum, whatever is in it."""
    body = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    body += hashlib.sha256(body).digest()
    return body + struct.pack(">I16s", len(body), b"HUDANG-KEYRING-1")


def _as_it_is(document: Any) -> Any:
    return document


class Target(NamedTuple):
    """One kind of file: mutated documents of it, and how a user has it read. Anything but a `UserError` is a fault.

    `write`: makes of a document what is read, by whoever attacks: what it costs is not the program's.
    """

    documents: st.SearchStrategy[Any]
    read: Callable[[Any], object]
    write: Callable[[Any], Any] = _as_it_is


def keyring_target(folder: Path) -> Target:
    """The keys of a workbook file."""
    path = folder / "石桥村.hdb"
    keys = Keyring("ab" * 16)
    for name in ("王书记", RECOVERY_SLOT):
        keys = keys.with_slot(name, PASSPHRASE, bytes(32), TEST_COST)
    valid = json.loads(keys.to_bytes()[: -32 - 20])

    def read(document: Any) -> None:
        path.write_bytes(bytes(4096) + sealed_keyring(document))
        access.unlock(path, "不是这一句").close()

    return Target(st.one_of(mutants(valid), st.binary(max_size=200)), read)


def card_target(folder: Path) -> Target:
    """A colleague's card."""
    book = workbook(folder)
    path = folder / "名片.hdcard"
    valid = json.loads(json.dumps(_card_document(book, path)))
    book.close()

    def read(document: Any) -> None:
        path.write_bytes(json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        identity_card.read_card(path)

    return Target(mutants(valid), read)


def _card_document(book: Workbook, path: Path) -> Any:
    identity_card.save_card(book, path)
    return json.loads(path.read_text(encoding="utf-8"))


def receipt_target(folder: Path) -> Target:
    """A receipt of a colleague who is trusted and signs what they like."""
    a, b = make_team(folder, "甲", "乙")
    with a.writing() as session:
        household(session)
    path = folder / "回执.hdreceipt"
    n = send(a, b).n
    with b.reading() as session:
        seed = peers.load_identity(session).sign_seed
        log_entry, peer = receipts._find_import(session, n)
        receipt = receipts._receipt_body(session, b, log_entry, peer)
    valid = _readable(msgspec.to_builtins(receipt, builtin_types=(bytes,)))
    recipient = pyrage.x25519.Recipient.from_str(peers.load_own_card(a).age_recipient)

    def write(document: Any) -> None:
        body = msgspec.msgpack.encode(_with_bytes(document))
        signed = msgspec.msgpack.encode([body, receipts._sign(seed, body)])
        path.write_bytes(receipts.MAGIC + bytes((receipts.FORMAT,)) + pyrage.encrypt(signed, [recipient]))

    def read(_: Any) -> None:
        receipts.accept(a, path)

    read(write(valid))
    return Target(mutants(valid), read, write)


class RawManifest(dict[str, Any]):
    """A manifest of any shape, for the package's writer."""

    recipients: ClassVar[list[str]] = []


def manifest_target(folder: Path) -> Target:
    """The manifest of a package of a colleague who is trusted and signs what they like."""
    a, b = make_team(folder, "甲", "乙")
    with a.writing() as session:
        household(session)
    send(a, b), send(b, a)  # nothing is left to send: what is refused is refused for the manifest
    path = folder / "包.hdpack"
    with a.reading() as session:
        seed = peers.load_identity(session).sign_seed
        manifest = package_export._build_manifest(session, a, peers.load_own_card(b).sign_key, False)
    valid = _readable(msgspec.to_builtins(manifest, builtin_types=(bytes,)))

    def write(document: Any) -> None:
        document = _with_bytes(document)
        raw = RawManifest(document if isinstance(document, dict) else {"type": "m", "a": document})
        if raw.get("package") == manifest.package:
            raw["package"] = uuid4().hex  # or all but the first would be known by it
        raw.recipients = manifest.recipients  # type: ignore[misc]
        with path.open("wb") as file:
            package.PackageWriter(file, raw, seed).finish()  # type: ignore[arg-type]

    def read(_: Any) -> None:
        run_to_completion(package_import.import_package(b, path))

    read(write(valid))  # so that mutants are refused for what was changed
    return Target(mutants(valid), read, write)


def setting_target(folder: Path) -> Target:
    """The settings in a workbook that came from anywhere."""
    book = workbook(folder)
    with book.writing() as session:
        household(session)
    valid = {preference.key: preference.default for preference in preferences.PREFERENCES}
    valid["exchange.card"] = {"name": "甲", "role": "village"}

    def read(document: Any) -> None:
        with book.writing() as session:
            session.execute(delete(Setting))
            for key, value in document.items() if isinstance(document, dict) else ():
                session.add(Setting(key=key, value=json.dumps(value)))
        for preference in preferences.PREFERENCES:
            value = preferences.get(book, preference.key)
            assert type(value) is type(preference.default)
        with book.reading() as session:
            visit_days(session)
        identity_card.load_own_card(book)

    return Target(mutants(valid), read)


TARGETS: dict[str, Callable[[Path], Target]] = {
    "keyring": keyring_target,
    "card": card_target,
    "receipt": receipt_target,
    "manifest": manifest_target,
    "settings": setting_target,
}


def check_refusal(target: Target, document: Any) -> bool:
    """Read one document; it is refused with a sentence (True) or accepted, within 2 s and 300 MB."""
    document = target.write(document)
    start = time.process_time()  # the machine may be busy otherwise
    sentence = ""
    try:
        with limited_memory(300 * 2**20):
            target.read(document)
    except UserError as error:
        sentence = str(error)
    assert time.process_time() - start < 2
    assert not sentence or sentence.endswith("。")
    return bool(sentence)
