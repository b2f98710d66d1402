"""Commands make and open a workbook each time they run."""

from collections.abc import Iterator

import pytest

from app.workbook import access
from app.workbook.keyring import TEST_COST
from tests.builders import copied_tables


@pytest.fixture(autouse=True)
def cheap_workbooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workbooks made here derive their keys cheaply and copy their tables; those of a process of its own do not."""
    assert access.create.__kwdefaults__
    monkeypatch.setitem(access.create.__kwdefaults__, "cost", TEST_COST)
    with copied_tables():
        yield
