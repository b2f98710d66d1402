"""How far somebody knows each stream, with the chain values there: in manifests, receipts, and in the workbook.

A colleague names streams as far as it knows of their branches (db/journal/branches.py); `known_here` says which changes
of this workbook it has.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.sync.package import StreamTriple
from db.journal.branches import StreamTree
from db.journal.incoming_streams import Mark, Marks, known_marks
from db.journal.merge import VersionVector, version_vector


def from_triples(triples: Iterable[StreamTriple], chains: Sequence[bytes], roots: Mapping[str, str]) -> Marks:
    """Marks as a manifest or a receipt states them; earlier versions of the program state no chain values."""
    return {
        (village, name): Mark(number, chains[n] if n < len(chains) else b"", roots.get(name, name))
        for n, (village, name, number) in enumerate(triples)
    }


def to_triples(marks: Marks) -> tuple[list[StreamTriple], list[bytes]]:
    """The same as two lists, without streams of which nothing is known."""
    stated = sorted((stream, mark) for stream, mark in marks.items() if mark.number)
    return [(*stream, mark.number) for stream, mark in stated], [mark.chain for _, mark in stated]


def roots(marks: Marks) -> dict[str, str]:
    """The replicas that branches descend from."""
    return {name: mark.root for (_, name), mark in marks.items() if mark.root != name}


def dump(marks: Marks) -> str:
    """For `Peer.vector` and `PackageLog.upto`."""
    nested: dict[str, dict[str, int | list[int | str]]] = {}
    for (village, name), mark in sorted(marks.items()):
        stated: list[int | str] = [mark.number, mark.chain.hex(), *([mark.root] if mark.root != name else [])]
        nested.setdefault(village, {})[name] = stated if mark.chain else mark.number
    return json.dumps(nested)


def parse(encoded: str) -> Marks:
    """The opposite; what an earlier version of the program stored are numbers alone."""
    return {
        (village, name): _parse_mark(name, stated)
        for village, streams in json.loads(encoded).items()
        for name, stated in streams.items()
    }


def _parse_mark(name: str, stated: Any) -> Mark:
    if isinstance(stated, int):
        return Mark(stated, b"", name)
    return Mark(int(stated[0]), bytes.fromhex(stated[1]), stated[2] if len(stated) > 2 else name)


def known_here(session: Session, encoded: str) -> VersionVector:
    """What somebody who stated these marks knows of the streams of this workbook, as it names them."""
    return known_marks(StreamTree(session), version_vector(session), parse(encoded))
