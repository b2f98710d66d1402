"""A workbook with an empty, a full and a very large household."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.workbook.workbook import Workbook
from tests import builders, full_household
from tests.machine_memory import remembering_in


@dataclass(frozen=True)
class SampleHouseholds:
    """Ids of the households by what they are like."""

    workbook: Workbook
    empty: str
    full: str
    monster: str

    def all_ids(self) -> list[str]:
        return [self.empty, self.full, self.monster]


@pytest.fixture(scope="module")
def sample_households(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleHouseholds]:
    with remembering_in(tmp_path_factory.mktemp("state")):
        book = builders.workbook(tmp_path_factory.mktemp("book"))
        with book.writing() as session:
            ids = SampleHouseholds(
                book,
                builders.household(session, 0, number=3).id,
                full_household.add_full_household(session, 1).id,
                full_household.add_large_household(session, 2).id,
            )
        yield ids
        book.close()
