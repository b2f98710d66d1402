"""`python -m app` (installed as `hudang`): with a command the command line, without one the window."""

import gc
import multiprocessing
import os
import sys
from importlib import import_module

from app.desktop.file_kinds import kind_of


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, 1 (refused, one Chinese sentence on stderr) or 2 (usage)."""
    argv = sys.argv[1:] if arguments is None else arguments
    os.umask(0o077)  # whatever is written holds people's data: its owner's alone
    if argv and kind_of(argv[0]) is None:
        from app.commands import parser, run

        parser()
        _collect_again()
        return run(argv)
    # app never imports ui: the window is found by name, at the last moment
    window = import_module("ui.shell.application")
    _collect_again()
    status: int = window.main(argv)
    return status


def _collect_again() -> None:
    """All that was imported stays for as long as the program runs: the collector need not look through it."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    gc.disable()  # until all is imported: to look through it again and again takes a sixth of the start
    sys.exit(main())
