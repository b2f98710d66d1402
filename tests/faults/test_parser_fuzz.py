"""Keyring, card, receipt, manifest and settings as an attacker writes them; 10,000 of each: tests/benchmarks."""

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.errors import CorruptFile, WrongPassphrase
from app.progress import run_to_completion
from app.sync import package_import
from app.sync.change_encoding import PhotoChunk
from app.sync.errors import InvalidContent
from app.workbook import access
from app.workbook.keyring import MAX_COST, RECOVERY_SLOT, STANDARD_COST, Keyring
from tests.app.sync.peers import make_team
from tests.builders import PASSPHRASE
from tests.faults.parser_mutants import check_refusal, keyring_target, sealed_keyring
from tests.faults.signed_mutants import TARGETS
from tests.faults.test_package_faults import forge


@pytest.mark.parametrize("kind", TARGETS)
def test_no_mutant_is_a_fault_of_the_program(tmp_path, kind):
    target = TARGETS[kind](tmp_path)
    refused = []

    @settings(
        max_examples=60, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.data())
    def read(data):
        refused.append(check_refusal(target, data.draw(target.documents)))

    read()
    assert kind == "settings" or any(refused)


def keyring_document(**slot):
    return {
        "workbook": "ab" * 16,
        "slots": [
            {"name": "王书记", "salt": "A" * 22 + "==", "nonce": "A" * 32, "key": "A" * 64, "passes": 1, "memory": 8192}
            | slot
        ],
    }


@pytest.mark.parametrize(
    "slot",
    [
        {"memory": 4 * 2**30},
        {"memory": 2**40},
        {"passes": 2**31},
        {"passes": 11, "memory": 2**27},
        {"memory": 2**28},
        {"memory": 1},
    ],
)
def test_a_keyring_that_asks_for_too_much_is_refused_at_once(tmp_path, slot):
    """The attack: 4 GiB and 24 s for one guess."""
    target = keyring_target(tmp_path)
    with pytest.raises(CorruptFile, match=r"密钥参数超出.*没有打开"):
        target.read(keyring_document(**slot))
    assert check_refusal(target, keyring_document(**slot))


def dear_document(salts):
    """As many slots, and as dear, as a keyring may have."""
    slots = keyring_document(passes=MAX_COST.passes, memory=MAX_COST.memory)["slots"]
    return keyring_document() | {"slots": [slots[0] | {"salt": salt, "name": f"{n}"} for n, salt in enumerate(salts)]}


def test_the_dearest_keyring_costs_a_wrong_guess_one_derivation(tmp_path):
    target = keyring_target(tmp_path)
    assert check_refusal(target, dear_document(["A" * 22 + "=="] * 64))


def test_dear_slots_with_salts_of_their_own_are_refused_at_once(tmp_path):
    target = keyring_target(tmp_path)
    with pytest.raises(CorruptFile, match=r"密钥参数超出.*没有打开"):
        target.read(dear_document(["A" * 22 + "==", "B" * 21 + "A=="]))


def test_many_slots_of_before_with_salts_of_their_own_cost_a_wrong_guess_no_more(tmp_path):
    """What an earlier version may have written, with as many operators as fit: no more than one dear derivation."""
    keys = Keyring("ab" * 16).with_slot(RECOVERY_SLOT, "A" * 32, bytes(32), STANDARD_COST)
    [slot] = keys.slots
    others = tuple(replace(slot, name=f"{n}", salt=bytes((n,)) * 16) for n in range(63))
    keyring = replace(keys, slots=(*others, slot))
    start = time.process_time()
    with pytest.raises(WrongPassphrase, match=r"有 63 个口令.*只试前 10 个.*恢复码打开"):
        keyring.unwrap("不是这一句")
    assert time.process_time() - start < 2
    assert keyring.unwrap("A" * 32) == (bytes(32), RECOVERY_SLOT)  # the code is tried first, wherever it stands
    [last] = Keyring(keys.workbook).with_slot("末一位", PASSPHRASE, bytes(32), STANDARD_COST).slots
    among = replace(keyring, slots=(*keyring.slots, last))
    assert among.unwrap(PASSPHRASE, likely="末一位") == (bytes(32), "末一位")  # as whoever changes a passphrase is


@pytest.mark.parametrize(
    "document",
    [
        {"workbook": "ab" * 16},
        {"workbook": "ab" * 16, "slots": []},
        keyring_document(passes=0),
        keyring_document(salt="AA=="),
        keyring_document() | {"also": 1},
        [],
        b"[" * 50_000,
    ],
)
def test_a_keyring_of_another_shape_is_no_keyring(tmp_path, document):
    path = tmp_path / "石桥村.hdb"
    path.write_bytes(bytes(4096) + sealed_keyring(document))
    with pytest.raises(CorruptFile, match="不完整"):
        access.unlock(path, PASSPHRASE)
    assert [entry.name for entry in tmp_path.iterdir()] == ["石桥村.hdb"]


def test_twenty_thousand_empty_parts_of_a_picture(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    parts = [PhotoChunk(b"\1" * 32, False, b"")] * 20_000 + [PhotoChunk(b"\1" * 32, True, b"")]
    path = forge(a, b, tmp_path / "f.hdpack", [], parts)
    with pytest.raises(InvalidContent, match="空的一段"):
        run_to_completion(package_import.import_package(b, path))


def test_a_picture_in_very_many_small_parts_takes_time_in_proportion(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    parts = [PhotoChunk(b"\1" * 32, False, b"x")] * 20_000 + [PhotoChunk(b"\1" * 32, True, b"")]
    path = forge(a, b, tmp_path / "f.hdpack", [], parts)
    with pytest.raises(InvalidContent, match="照片与它的编号不符"):
        run_to_completion(package_import.import_package(b, path))
