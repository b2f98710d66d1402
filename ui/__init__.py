"""Qt widgets: they show, and ask app/; they decide nothing about the domain."""

import ctypes
import sys

if sys.version_info < (3, 12):
    # PySide6 6.12 takes references away that it does not own (measured): one of None with every Qt method that returns
    # nothing, one of True with every emit(). From Python 3.12 on both are immortal; before, the program would abort
    # with "deallocating None" or "deallocating True or False" within minutes. So they get more references than can
    # ever be taken away.
    for _single in (None, True, False):
        ctypes.c_ssize_t.from_address(id(_single)).value += 1 << 40
