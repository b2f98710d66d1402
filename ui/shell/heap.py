"""One heap for all threads, and large blocks outside of it.

glibc gives each thread a heap of its own, and what a reader of a large list let go of stays there for that thread
alone: 15 MB with every page opened. Our threads hold the interpreter's lock while they allocate; one heap is enough.

A block of some size is mapped by itself and goes back to the system when it is let go. Unless this size is set, glibc
raises it with each such block, up to 32 MB: what was read once then stays as holes in the heap.
"""

import ctypes
import sys

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # M_… of glibc's malloc.h
_LARGE_BLOCK = 128 * 1024  # bytes; where glibc begins


def share_one_heap() -> None:
    """Before the first thread begins. Where the C library knows no such setting, nothing changes."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_ARENA_MAX, 1)
            mallopt(_MMAP_THRESHOLD, _LARGE_BLOCK)
