"""Files under their temporary names, noted on this machine while they are written.

A kill or a power failure leaves them where they are, on a stick or among an officer's documents. The next start removes
what is noted and whose writer is gone. A note is locked by its writer, so that what another window is writing stays.
"""

import contextlib
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from app.workbook.replicas import state_dir

log = logging.getLogger(__name__)
_SUFFIXES = (".part", ".new", ".restoring")  # every temporary name that this program gives
_SIDECARS = ("", "-wal", "-shm", "-journal", "-keys", "-keys.part")


def _notes_folder() -> Path:
    return state_dir() / "temporary"


@contextmanager
def noted(path: Path) -> Iterator[None]:
    """Note a temporary file or folder for as long as the block runs; who opened the block removes it as ever.

    A folder of notes that cannot be written is no error: the file is only not removed after a kill.
    """
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            _notes_folder().mkdir(parents=True, exist_ok=True)
            note = _notes_folder() / f"{uuid4().hex}.note"
            note.write_text(str(path.absolute()), encoding="utf-8")
            held.callback(note.unlink, missing_ok=True)
            held.enter_context(FileLock(note, timeout=0, thread_local=False, fallback_to_soft=False))
        yield


def remove_leftovers() -> list[Path]:
    """Remove what killed processes have left under temporary names; returns what was removed."""
    removed = []
    for note in _notes_folder().glob("*.note"):
        with contextlib.suppress(OSError, UnicodeDecodeError, Timeout):
            with FileLock(note, timeout=0, thread_local=False, fallback_to_soft=False):
                path = Path(note.read_text(encoding="utf-8"))
                if not path.parent.is_dir():
                    continue  # on a stick that is not plugged in
                if _remove(path):
                    removed.append(path)
            note.unlink(missing_ok=True)
    if removed:
        log.info("removed %d temporary files of a process that was ended", len(removed))
    return removed


def _remove(path: Path) -> bool:
    """Remove a temporary file with what SQLite leaves beside it, or a folder; nothing of any other name."""
    if not path.name.endswith(_SUFFIXES):
        return False
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return True
    leftovers = [leftover for suffix in _SIDECARS if (leftover := path.with_name(path.name + suffix)).is_file()]
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    return bool(leftovers)
