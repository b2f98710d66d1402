"""What lives as long as the window is not looked through by Python's collector again and again.

A full collection looks at every object there is: 400,000 once the window stands, half a million with every page open.
That takes 200 ms and comes at any time, in the middle of a key. Nearly all of it is modules, mappings and pages, which
stay. So what was found alive at a price is set aside (`gc.freeze`), and the next collection looks at what is newer.
"""

import gc
from time import thread_time

PRICE_MS = 20  # of a full collection, from which on what has survived it is set aside


def _set_survivors_aside(phase: str, info: dict[str, int]) -> None:
    if info["generation"] < 2:
        return
    if phase == "start":
        _began[0] = thread_time()
    elif 1000 * (thread_time() - _began[0]) > PRICE_MS:
        gc.freeze()


_began = [0.0]  # CPU seconds of the thread, at the beginning of the collection


def watch_collections() -> None:
    """From now on, in this process."""
    gc.callbacks.append(_set_survivors_aside)


def set_aside() -> None:
    """All that is there now."""
    gc.freeze()


def look_again() -> None:
    """The window has gone: what was set aside is looked through once more, when Python next collects all."""
    gc.unfreeze()
