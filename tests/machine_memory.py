"""What a machine remembers of workbooks beside them, kept apart for a workbook that several tests share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MEMORY = "state"  # the folder of a machine's memory


@contextmanager
def remembering_in(folder: Path) -> Iterator[None]:
    """What is opened meanwhile is remembered there: each test has a machine of its own (`isolated_state`), to which a
    workbook that was made before is a copy that somebody brought."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(folder / MEMORY))
        yield
