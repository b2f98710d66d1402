"""What is made once in a run of the tests, by whichever of its workers needs it first, and copied by all."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

_folders: list[Path] = []


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """A folder of this name, filled by `make`; to be copied from and not to be written to."""
    folder = _folders[-1] / name
    complete = folder.with_name(f"{name}.complete")  # a worker may be killed while it makes
    with FileLock(folder.with_name(f"{name}.lock")):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            complete.touch()
    return folder


def share_folders(factory: pytest.TempPathFactory) -> None:
    """The workers of a run have folders of their own side by side; where there are none, the process has one."""
    folder = factory.getbasetemp()
    _folders.append(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)
