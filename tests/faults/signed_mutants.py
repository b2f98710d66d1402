"""Statements about cards, signed ends of streams and county files, as a hostile colleague who is trusted writes them.

Each is signed, or digested, as its reader expects, so that it is refused for what it says and not for its signature.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from nacl.signing import SigningKey

from app.county import county_file
from app.progress import run_to_completion
from app.sync import package, package_export, package_import, peers
from app.sync.card_statements import TrustStatement
from app.sync.signed_heads import HeadKey
from app.workbook.workbook import Workbook
from tests.app.county.conftest import add, cell, edit
from tests.app.sync.peers import make_team, send
from tests.builders import household, workbook
from tests.faults.parser_mutants import TARGETS as DOCUMENTS
from tests.faults.parser_mutants import RawManifest, Target, mutants


def _signature(seed: bytes, signed_bytes: Callable[[], bytes]) -> bytes:
    """Of what can be signed; what MessagePack cannot write has none that is right."""
    try:
        return bytes(SigningKey(seed).sign(signed_bytes()).signature)
    except (TypeError, ValueError, OverflowError, msgspec.MsgspecError):
        return bytes(64)


def _bytes(value: Any) -> Any:
    """Hexadecimal digits as the bytes that they stand for; anything else as it is."""
    try:
        return bytes.fromhex(value)
    except (TypeError, ValueError):
        return value


def _exchanged(folder: Path) -> tuple[Workbook, Workbook]:
    """甲 and 乙, who know the same; 甲 knows a third, 丙, too."""
    a, b, c = make_team(folder, "甲", "乙", "丙")
    with a.writing() as session:
        household(session)
    send(a, b), send(b, a)
    c.close()
    return a, b


@dataclass(frozen=True, slots=True)
class Sender:
    """甲, who signs what is said in the manifest of a package without news to 乙."""

    seed: bytes
    manifest: dict[str, Any]
    recipients: list[str]
    receiver: Workbook
    path: Path

    def write(self, changed: dict[str, Any]) -> None:
        """A package whose manifest says something else."""
        raw = RawManifest(self.manifest | {"package": uuid4().hex} | changed)
        raw.recipients = self.recipients  # type: ignore[misc]
        with self.path.open("wb") as file:
            package.PackageWriter(file, raw, self.seed).finish()  # type: ignore[arg-type]

    def read(self, _: Any) -> None:
        """乙 takes it in."""
        run_to_completion(package_import.import_package(self.receiver, self.path))


def _sender(a: Workbook, b: Workbook, path: Path) -> Sender:
    with a.reading() as session:
        seed = peers.load_identity(session).sign_seed
        manifest = package_export._build_manifest(session, a, peers.load_own_card(b).sign_key, False)
    return Sender(seed, msgspec.to_builtins(manifest, builtin_types=(bytes,)), manifest.recipients, b, path)


def statement_target(folder: Path) -> Target:
    """What a colleague says of cards, each statement with a signature that is right."""
    a, b = _exchanged(folder)
    own, third = peers.load_own_card(a).sign_key, next(p for p in peers.list_peers(a) if p.name.endswith("丙"))
    sender = _sender(a, b, folder / "包.hdpack")
    seen = [[*mark, "ab" * 16] for mark in sender.manifest["upto"]]
    valid = [
        {"author": own, "subject": third.sign_key, "epoch": 2, "trusted": False, "name": "丙", "seen": seen},
        {"author": own, "subject": third.sign_key, "epoch": 3, "trusted": True, "name": "丙", "seen": []},
    ]

    def write(document: Any) -> None:
        statements = document
        if isinstance(document, list):
            statements = [_signed_statement(sender.seed, one) if isinstance(one, dict) else one for one in document]
        sender.write({"statements": statements})

    sender.read(write(valid[:1]))
    assert [peer.name for peer in peers.list_peers(b) if peer.proposed_by] == [third.name]  # it was signed rightly
    return Target(mutants(valid), sender.read, write)


def _signed_statement(seed: bytes, one: dict[str, Any]) -> list[Any]:
    said = [one.get(name) for name in ("author", "subject", "epoch", "trusted", "name")]
    seen = one.get("seen")
    if isinstance(seen, list):
        seen = [[*mark[:3], _bytes(mark[3])] if isinstance(mark, list) and len(mark) > 3 else mark for mark in seen]
    rows = tuple(tuple(mark) if isinstance(mark, list) else mark for mark in seen) if isinstance(seen, list) else seen
    statement = TrustStatement(*said, rows, b"")  # type: ignore[arg-type]
    return [*said, seen, _signature(seed, statement.signed_bytes)]


def head_target(folder: Path) -> Target:
    """Ends of streams, each with a signature that is right, and whose the streams are."""
    a, b = _exchanged(folder)
    sender = _sender(a, b, folder / "包.hdpack")
    with a.reading() as session:
        full = package_export._build_manifest(session, a, peers.load_own_card(b).sign_key, True)
    valid = {
        "heads": [[*head[:3], head[3].hex()] for head in full.heads],
        "owners": {root: [key, nonce.hex()] for root, (key, nonce) in full.owners.items()},
    }
    assert valid["heads"]

    def write(document: Any) -> None:
        heads, owners = (document.get("heads"), document.get("owners")) if isinstance(document, dict) else (document, 0)
        if isinstance(heads, list):
            heads = [_signed_head(sender.seed, head) if isinstance(head, list) else head for head in heads]
        if isinstance(owners, dict):
            owners = {
                root: [*owner[:-1], _bytes(owner[-1])] if isinstance(owner, list) and owner else owner
                for root, owner in owners.items()
            }
        sender.write({"heads": heads, "owners": owners})

    sender.read(write(valid))
    return Target(mutants(valid), sender.read, write)


def _signed_head(seed: bytes, head: list[Any]) -> list[Any]:
    parts = [*head[:3], *(_bytes(part) for part in head[3:])]
    if len(parts) != 4:
        return parts
    return [*parts, _signature(seed, HeadKey(*parts).signed_bytes)]


def county_target(folder: Path) -> Target:
    """A county's rules from another village, with the digest that says they are as they were written."""
    book = workbook(folder)
    edit(book, "thresholds", "visit", cell("days_without", "amount", "60"))
    edit(book, "dictionaries", "poverty_cause", add(label="因疫", model="因灾"))
    edit(book, "standard", "", cell("2025", "监测范围", "8200"))
    path = folder / "岳西县.hdcounty"
    county_file.export_county(book, path)
    valid = json.loads(path.read_text(encoding="utf-8"))
    del valid["digest"]

    def read(document: Any) -> None:
        if isinstance(document, dict):
            document = document | {"digest": county_file._digest(document)}
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
        county_file.import_county(book, path)

    read(valid)
    return Target(mutants(valid), read)


TARGETS: dict[str, Callable[[Path], Target]] = DOCUMENTS | {
    "statements": statement_target,
    "heads": head_target,
    "county": county_target,
}
