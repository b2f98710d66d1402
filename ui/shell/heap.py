"""One heap for all threads.

glibc gives each thread a heap of its own, and what a reader of a large list let go of stays there for that thread
alone: 15 MB with every page opened. Our threads hold the interpreter's lock while they allocate; one heap is enough.
"""

import ctypes
import sys

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def share_one_heap() -> None:
    """Before the first thread begins. Where the C library knows no such setting, nothing changes."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_ARENA_MAX, 1)
