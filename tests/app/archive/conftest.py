"""A workbook with an empty, a full and a very large household."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.workbook.workbook import Workbook
from tests import builders
from tests.app.archive import filled


@dataclass(frozen=True)
class Homes:
    """Ids of the households by what they are like."""

    workbook: Workbook
    empty: str
    full: str
    monster: str

    def all(self) -> list[str]:
        return [self.empty, self.full, self.monster]


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(tmp_path_factory.mktemp("state")))
        book = builders.workbook(tmp_path_factory.mktemp("book"))
        with book.writing() as session:
            made = Homes(
                book,
                builders.household(session, 0, number=3).id,
                filled.full(session, 1).id,
                filled.monster(session, 2).id,
            )
        yield made
        book.close()
