"""What a process that reads files of strangers does first: no word, no core file, and a limit to its memory.

It is started by multiprocessing's "spawn" for one file or folder, and may be killed at any moment: what is lost is the
file that it was reading (app/sheets/reader_process.py, app/pdf_process.py, app/certificate_intake).
"""

import os
import sys
import threading
import time

COMPUTED_TOO_LONG = 75  # what a process ends with whose `ComputingTime` is over
_LOOK = 0.5  # seconds between two looks at the processor's clock


def confine_process(most_memory: int) -> None:
    """Take from this process the terminal, core files and dialogues, and all memory beyond `most_memory` bytes.

    What it then asks for more is refused: Python raises MemoryError, a library written in C may end the process. On
    Windows memory is not limited: a process cannot set itself a limit there, but for a job object, which nothing that
    the program brings along can make.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0003)
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (most_memory, most_memory))  # what it writes to, not what it maps


class ComputingTime:
    """Ends this process once it has computed too long for one file or page.

    It is the processor's time that counts and not the clock on the wall: where other programs take the processor, or
    the laptop slept, a file that can be read is read, only later. Whoever waits for the answer learns it from the pipe,
    which ends, and from the exit code `COMPUTED_TOO_LONG`.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.begin()
        threading.Thread(target=self._watch, name="computing-time", daemon=True).start()

    def begin(self) -> None:
        """The next file or page has all the time again."""
        self._end = time.process_time() + self._seconds

    def _watch(self) -> None:
        while time.process_time() < self._end:
            time.sleep(_LOOK)
        os._exit(COMPUTED_TOO_LONG)
