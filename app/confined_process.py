"""What a process that reads files of strangers does first: no word, no core file, and a limit to its memory.

It is started by multiprocessing's "spawn" for one file or folder, and may be killed at any moment: what is lost is the
file that it was reading (app/sheets/reader_process.py, app/pdf_process.py, app/certificate_intake).
"""

import os
import sys


def confine_process(most_memory: int) -> None:
    """Take from this process the terminal, core files and dialogues, and all memory beyond `most_memory` bytes.

    What it then asks for more is refused: Python raises MemoryError, a library written in C may end the process. On
    Windows memory is not limited: a process cannot set itself a limit there.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0003)
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (most_memory, most_memory))  # what it writes to, not what it maps
