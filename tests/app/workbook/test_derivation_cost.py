"""How dear a guess is: measured where a passphrase is set, the same for all slots, and old keyrings open as before."""

import time
from contextlib import closing
from dataclasses import replace
from itertools import cycle

import pytest

from app.errors import WrongPassphrase
from app.workbook import access, keyring
from app.workbook.derivation_cost import measured_cost
from app.workbook.keyring import MAX_COST, RECOVERY_SLOT, STANDARD_COST, TEST_COST, KdfCost, Keyring
from tests.builders import PASSPHRASE, workbook

_NEW, _OTHER = "梨花开在村口 2031", "另外一句口令 2018"


@pytest.mark.parametrize(
    ("seconds", "cost"),
    [
        (0.12, KdfCost(8, 192 * 2**20)),
        (0.5, KdfCost(3, 128 * 2**20)),
        (3.0, STANDARD_COST),
        (0.001, MAX_COST),
        (0.0, MAX_COST),
    ],
)
def test_a_second_of_a_machine_within_what_every_keyring_may_ask(seconds, cost):
    """`seconds`: what the standard cost takes there."""
    assert measured_cost(clock_of(seconds)) == cost


def clock_of(seconds):
    times = cycle((0.0, seconds))
    return lambda: next(times)


def test_a_passphrase_that_is_set_costs_about_a_second_to_guess_and_as_much_for_all(tmp_path):
    with closing(workbook(tmp_path)) as book:
        access.add_operator(book, "李队员", _OTHER, proof=PASSPHRASE)
        access.change_passphrase(book, "王书记", PASSPHRASE, _NEW)
        slots = {slot.name: slot for slot in keyring.read_open_keyring(book.path).slots}
        own = slots["王书记"]
        assert STANDARD_COST.work <= own.cost.work <= MAX_COST.work
        assert (slots["李队员"].salt, slots["李队员"].cost) == (own.salt, own.cost)
    before = time.process_time()
    with pytest.raises(WrongPassphrase):
        access.unlock(book.path, "不是这一句")
    assert own.cost in (STANDARD_COST, MAX_COST) or 0.4 < time.process_time() - before < 2


def test_a_keyring_of_before_whose_slots_have_their_own_salts_opens(tmp_path):
    with closing(workbook(tmp_path)) as book:
        code = access.renew_recovery_code(book, PASSPHRASE, cost=TEST_COST)
        stored = keyring.read_open_keyring(book.path)
        key, _ = stored.unwrap(PASSPHRASE)
        secrets = {"王书记": PASSPHRASE, "李队员": _OTHER, RECOVERY_SLOT: code}
        alone = [Keyring(stored.workbook).with_slot(name, secrets[name], key, TEST_COST) for name in secrets]
        of_before = replace(stored, slots=tuple(slot for single in alone for slot in single.slots))
        assert len({slot.salt for slot in of_before.slots}) == 3
        keyring.write_sidecar(book.path, of_before)
    for secret in (PASSPHRASE, _OTHER, code, code.lower().replace("-", " ")):
        access.unlock(book.path, secret).close()
