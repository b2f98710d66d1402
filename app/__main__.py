"""`python -m app` (installed as `hudang`): with a command the command line, without one the window."""

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
        from app.commands import run

        return run(argv)
    # app never imports ui: the window is found by name, at the last moment
    status: int = import_module("ui.shell.application").main(argv)
    return status


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
