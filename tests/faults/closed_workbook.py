"""A workbook for tests that damage, kill or fill up: made once, and copied for each."""

import shutil
from functools import partial
from pathlib import Path

from tests.app.sync.peers import bring_memories
from tests.builders import household, workbook
from tests.machine_memory import remembering_in
from tests.made_once import made_once


def closed_workbook(folder: Path, households: int = 20) -> Path:
    """A closed workbook of so many households in a folder, where it goes on as the replica that it was."""
    made = made_once(f"{households} households", partial(_make, households=households))
    bring_memories(made, folder)
    return Path(shutil.copy(made / "石桥村.hdb", folder))


def _make(folder: Path, households: int) -> None:
    with remembering_in(folder):
        book = workbook(folder)
        with book.writing() as session:
            for number in range(1, households + 1):
                household(session, number=number)
        book.close()
