"""A workbook for tests that damage, kill or fill up: made once in a process, and copied for each."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.app.sync.peers import bring_memories
from tests.builders import household, workbook
from tests.machine_memory import remembering_in


def closed_workbook(folder: Path, households: int = 20) -> Path:
    """A closed workbook of so many households in a folder, where it goes on as the replica that it was."""
    made = _made(households)
    bring_memories(made, folder)
    return Path(shutil.copy(made / "石桥村.hdb", folder))


@cache
def _made(households: int) -> Path:
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with remembering_in(folder):
        book = workbook(folder)
        with book.writing() as session:
            for number in range(1, households + 1):
                household(session, number=number)
        book.close()
    return folder
