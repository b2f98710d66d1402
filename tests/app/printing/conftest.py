"""What several tests of printing start with."""

import pytest
from sqlalchemy import select

from app.workbook.workbook import Workbook
from db.schema.household import Household


@pytest.fixture
def household_ids(book: Workbook) -> list[str]:
    """The households of the module's workbook, in the order of their numbers."""
    with book.reading() as session:
        return list(session.scalars(select(Household.id).order_by(Household.household_no)))
