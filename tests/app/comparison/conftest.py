from collections.abc import Iterator
from pathlib import Path

import pytest

from app.workbook.workbook import Workbook
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    yield opened
    opened.close()
