"""How values are kept in the file, and that they come back as what they were."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.workbook.workbook import Workbook
from db.schema.aid import Measure
from db.schema.household import Household, Member
from tests import builders

HOUSEHOLD = Household.id_of(f"{builders.VILLAGE.code}001")
PERSON = Member.id_of(f"{builders.VILLAGE.code}00101")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        builders.household(session, members=1)
        session.add(Measure(id="m" * 32, village=builders.VILLAGE.code, household_id=HOUSEHOLD))
    yield opened
    opened.close()


def stored(book: Workbook, model: Any, id: str, name: str, value: object) -> tuple[object, object]:
    """What stands in the file after a value was written, and what is read of it."""
    with book.writing() as session:
        setattr(session.get_one(model, id), name, value)
    with book.reading() as session:
        raw = session.execute(text(f"SELECT {name} FROM {model.__tablename__} WHERE id = :id"), {"id": id}).scalar()
        return raw, getattr(session.get_one(model, id, populate_existing=True), name)


@pytest.mark.parametrize(
    ("choices", "raw", "read"),
    [
        (("残疾", "患有大病"), "残疾,患有大病", ("残疾", "患有大病")),
        (("健康",), "健康", ("健康",)),
        ((), None, None),
        (None, None, None),
    ],
)
def test_choices_are_one_text_and_none_chosen_has_one_form(
    book: Workbook, choices: tuple[str, ...] | None, raw: str | None, read: tuple[str, ...] | None
) -> None:
    assert stored(book, Member, PERSON, "health", choices) == (raw, read)


@pytest.mark.parametrize(
    ("amount", "fen", "read"),
    [
        (Decimal("12.34"), 1234, Decimal("12.34")),
        (Decimal("0.005"), 1, Decimal("0.01")),
        (Decimal("0.0049"), 0, Decimal("0.00")),
        (Decimal(7), 700, Decimal("7.00")),
        (0, 0, Decimal("0.00")),
        (None, None, None),
    ],
)
def test_money_is_whole_fen_with_halves_rounded_up(
    book: Workbook, amount: object, fen: int | None, read: Decimal | None
) -> None:
    assert stored(book, Measure, "m" * 32, "amount", amount) == (fen, read)
