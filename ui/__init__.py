"""Qt widgets: they show, and ask app/; they decide nothing about the domain."""

import builtins
import ctypes
import sys

import PySide6.QtCore  # noqa: F401 - what is undone at the end is done by its first import

if sys.version_info < (3, 12):
    # PySide6 6.12 takes references away that it does not own (measured): one of None with every Qt method that returns
    # nothing, one of True with every emit(). From Python 3.12 on both are immortal; before, the program would abort
    # with "deallocating None" or "deallocating True or False" within minutes. So they get more references than can
    # ever be taken away.
    for _single in (None, True, False):
        ctypes.c_ssize_t.from_address(id(_single)).value += 1 << 40

# From its first import on, PySide6 replaces Python's import by its own, which reads the source of each module imported
# since and keeps its lines (linecache: 24 MB here), to know whether "from __feature__ import …" may concern it. Nothing
# here asks for these features, so import is put back as it was; PySide6 keeps the original under this name.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
