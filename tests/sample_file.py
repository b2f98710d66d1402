"""The sample village, made once by each process of the tests: whoever wants it opens a copy."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from app import sample
from app.progress import run_to_completion
from app.workbook.access import unlock
from app.workbook.keyring import TEST_COST
from app.workbook.workbook import Workbook
from tests.builders import copied_tables


def sample_copy(folder: Path) -> Workbook:
    """The sample in a file of this folder, open."""
    return unlock(Path(shutil.copy(closed_sample(), folder)), sample.PASSPHRASE)


@cache
def closed_sample() -> Path:
    """The file, closed; to be copied and not to be opened."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "示例村.hdb"
    with pytest.MonkeyPatch.context() as patch, copied_tables():
        patch.setenv("HUDANG_STATE", str(folder / "state"))
        run_to_completion(sample.make(path, sample.PASSPHRASE, cost=TEST_COST)).close()
    return path
