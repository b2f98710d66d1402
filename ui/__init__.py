"""Qt widgets: they show, and ask app/; they decide nothing about the domain."""

import ctypes
import sys

if sys.version_info < (3, 12):
    # PySide6 6.12 takes one reference of None away with every Qt method that returns nothing (measured: exactly one a
    # call). From Python 3.12 on None is immortal; before, the program would abort with "deallocating None" after some
    # ten thousand calls, that is within minutes. So None gets more references than can ever be taken away.
    ctypes.c_ssize_t.from_address(id(None)).value += 1 << 40
