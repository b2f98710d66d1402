"""Altered packages by the hundred thousand: none is accepted, none makes the program stumble.

What keeps an altered package out is reading it (app/sync/package.py), so mutants are read in memory, to the end of
the signature; tests/faults/test_package_faults.py imports a sample of them as files. HUDANG_MUTANTS says how many.
"""

import io
import os
import random
import struct

from app.errors import CorruptFile, NewerVersion, UnrecognizedFile
from app.sync import peers
from app.sync.errors import WrongRecipient
from app.sync.package import PackageReader
from tests.app.sync.peers import edit_record, make_team, send, write_package
from tests.builders import household

MUTANTS = int(os.environ.get("HUDANG_MUTANTS", "100000"))
SEED = int(os.environ.get("HUDANG_SEED", "1"))
KINDS = (CorruptFile, NewerVersion, UnrecognizedFile, WrongRecipient)


def mutant(raw: bytes, other: bytes, chance: random.Random) -> bytes:
    """One to three things done to a file that a bad stick, a bad copy or a bad person might do."""
    mutated = bytearray(raw)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(mutated)) if chance.random() < 0.5 else min(chance.randrange(400), len(mutated) - 1)
        to = min(len(mutated), at + chance.randrange(1, 64))
        match chance.randrange(8):
            case 0 | 1:
                mutated[at] ^= 1 << chance.randrange(8)
            case 2:
                mutated[at:to] = bytes(to - at)
            case 3:
                mutated[at:to] = chance.randbytes(to - at)
            case 4:
                del mutated[at:to]
            case 5:
                mutated[at:at] = chance.randbytes(to - at)
            case 6:
                mutated[at:to] = other[at : at + to - at]
            case 7:
                mutated[at : at + 4] = struct.pack(">I", chance.choice((0, 1, 17, 2**16, 2**25, 2**31, 2**32 - 1)))
        if len(mutated) < 2:
            break
    return bytes(mutated)


def read(raw: bytes, secret: str) -> None:
    reader = PackageReader(io.BytesIO(raw), "m.hdpack", secret)
    for _ in reader.frames():
        pass


def test_no_mutant_is_accepted(tmp_path, record_property):
    a, b = make_team(tmp_path, "甲", "乙")
    with a.writing() as session:
        household_id = household(session).id
    send(a, b), send(b, a)
    edit_record(a, household_id, phone="13800000001", note="新")
    raw = write_package(a, b).read_bytes()
    edit_record(a, household_id, note="又")
    other = write_package(a, b).read_bytes()
    with b.reading() as session:
        secret = peers.load_identity(session).age_secret
    read(raw, secret)
    chance, refusals = random.Random(SEED), {}
    count = 0
    while count < MUTANTS:
        changed = mutant(raw, other, chance)
        if changed in (raw, other):
            continue
        count += 1
        try:
            read(changed, secret)
        except KINDS as refusal:  # anything else is a crash
            refusals[type(refusal).__name__] = refusals.get(type(refusal).__name__, 0) + 1
        else:
            raise AssertionError(f"a mutant was accepted: seed {SEED}, number {count}")
    print(f"\n{count} mutants of {len(raw)} bytes refused: {refusals}")
    record_property("mutants", count)
    assert sum(refusals.values()) == count
    assert {"Tampered", "Truncated", "NotAPackage", "NewerPackage"} <= refusals.keys()
