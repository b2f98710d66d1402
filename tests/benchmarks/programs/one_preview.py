"""Preview a roster (second argument) for a workbook (first) and print as JSON how many people, the seconds, and
the peak of memory in MB: of this process and the one that reads, together."""

import json
import sys
import time
from pathlib import Path
from threading import Event, Thread

from app.progress import run_to_completion
from app.sheets.roster_import import preview
from app.workbook.access import unlock
from tests.builders import PASSPHRASE

PAUSE = 0.02  # seconds between two looks


def resident(process: str) -> int:
    """Pages in memory; 0 of a process that is gone."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0


def watch(peak: list[int], ended: Event) -> None:
    """Keep the most that this process and its children have held together."""
    while not ended.wait(PAUSE):
        children = " ".join(path.read_text() for path in Path("/proc/self/task").glob("*/children")).split()
        peak[0] = max(peak[0], sum(map(resident, ("self", *children))))


if __name__ == "__main__":
    book = unlock(Path(sys.argv[1]), PASSPHRASE)
    most, done = [0], Event()
    watcher = Thread(target=watch, args=(most, done), daemon=True)
    watcher.start()
    start = time.perf_counter()
    shown = run_to_completion(preview(book, Path(sys.argv[2])))
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    people = shown.counts()["members"]["new"]
    book.close()
    print(json.dumps({"people": people, "seconds": seconds, "MB": most[0] * 4096 / 2**20}))
