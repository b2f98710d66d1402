"""The sample village, made once in a run of the tests: whoever wants it opens a copy."""

import shutil
from pathlib import Path

import pytest

from app import sample
from app.progress import run_to_completion
from app.workbook.access import unlock
from app.workbook.keyring import TEST_COST
from app.workbook.workbook import Workbook
from tests.builders import copied_tables
from tests.made_once import made_once

_NAME = "示例村.hdb"


def sample_copy(folder: Path) -> Workbook:
    """The sample in a file of this folder, open."""
    return unlock(Path(shutil.copy(closed_sample(), folder)), sample.PASSPHRASE)


def closed_sample() -> Path:
    """The file, closed; to be copied and not to be opened."""
    return made_once("sample", _make) / _NAME


def _make(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, copied_tables():
        patch.setenv("HUDANG_STATE", str(folder / "state"))
        run_to_completion(sample.make(folder / _NAME, sample.PASSPHRASE, cost=TEST_COST)).close()
