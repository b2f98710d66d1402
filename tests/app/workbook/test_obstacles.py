"""What stands in the way of taking an operation back, and what does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.progress import run_to_completion
from app.records.draft import open_draft, save_draft
from app.workbook.operations import list_operations, take_back
from app.workbook.workbook import Workbook
from db.schema.household import Household
from tests import builders
from tests.refusals import refused

HOUSEHOLD = Household.id_of(f"{builders.VILLAGE.code}001")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    with opened.operation("新建户") as session:
        builders.household(session, members=1)
    yield opened
    opened.close()


def edit(book: Workbook, **values: object) -> int:
    """Save the household with these values; the number of the operation."""
    with book.reading() as session:
        draft = open_draft(session, "household", HOUSEHOLD)
    save_draft(book, draft.with_values(**values))  # type: ignore[arg-type]
    with book.reading() as session:
        return list_operations(session, limit=1)[0].n


def values(book: Workbook) -> tuple[str | None, str | None]:
    with book.reading() as session:
        row = session.get_one(Household, HOUSEHOLD)
        return row.note, row.address


def test_a_later_edit_of_the_same_cell_must_be_taken_back_first(book: Workbook) -> None:
    first, second = edit(book, note="一"), edit(book, note="二")
    sentence = refused(take_back(book, first))
    assert "“备注”后来又改过" in sentence
    assert "请先在“操作记录”里撤销那一项" in sentence
    assert values(book)[0] == "二"
    run_to_completion(take_back(book, second))
    run_to_completion(take_back(book, first))
    assert values(book)[0] is None


def test_a_later_edit_of_another_cell_does_not_matter_and_stays(book: Workbook) -> None:
    first = edit(book, note="一")
    edit(book, address="下屋组3号")
    run_to_completion(take_back(book, first))
    assert values(book) == (None, "下屋组3号")


def test_the_number_of_further_obstacles_is_told(book: Workbook) -> None:
    first = edit(book, note="一", address="甲")
    edit(book, note="二", address="乙")
    assert "，还有 1 处" in refused(take_back(book, first))
