"""How dear the derivation of a new passphrase's key is: about a second of this machine, within what others can open."""

import os
import time
from collections.abc import Callable

from app.workbook.keyring import MAX_COST, STANDARD_COST, KdfCost, Keyring, derive_key

TARGET_SECONDS = 1.0
_MEMORY_STEP = 2**20
_PROBES = 2  # the quicker one counts: the first may have waited for memory


def measured_cost(clock: Callable[[], float] = time.thread_time) -> KdfCost:
    """The cost of about a second here, at least the standard one and at most what every keyring may ask.

    Memory comes before passes: it is what the machine of somebody who guesses has least of.

    Args:
        clock: seconds of this thread's own work; a machine that is busy with other things is not a slow one
    """
    seconds = min(_seconds(clock) for _ in range(_PROBES))
    work = int(STANDARD_COST.work * TARGET_SECONDS / max(seconds, 1e-3))
    memory = work // STANDARD_COST.passes // _MEMORY_STEP * _MEMORY_STEP
    memory = min(max(memory, STANDARD_COST.memory), MAX_COST.memory)
    return KdfCost(min(max(round(work / memory), STANDARD_COST.passes), MAX_COST.passes), memory)


def _seconds(clock: Callable[[], float]) -> float:
    start = clock()
    derive_key("", os.urandom(16), STANDARD_COST)
    return clock() - start


def cost_beside(keyring: Keyring) -> KdfCost:
    """The cost of one more slot of a keyring: that of its dear slots, with whose salt it costs nothing more to try;
    measured where it has none."""
    dear = max((slot.cost for slot in keyring.slots), key=lambda cost: cost.work, default=STANDARD_COST)
    return dear if dear.work > STANDARD_COST.work else measured_cost()
