"""What a volume says has one hash on every laptop, and another as soon as a printed value changes."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.archive import drawing
from app.archive.fingerprint import Fingerprint
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.household import Household, Member
from db.schema.income import IncomeLine
from db.schema.inspection import Answer
from db.schema.photo import Photo, Picture
from tests import builders
from tests.app.archive import filled
from tests.laptops import laptops, pull


@pytest.fixture
def book(tmp_path: Path) -> Any:
    made = builders.workbook(tmp_path)
    with made.writing() as session:
        filled.full(session, photos=2)
    yield made
    made.close()


def _said(book: Workbook) -> Fingerprint:
    with book.reading() as session:
        return drawing.said(session, session.scalars(select(Household.id)).one(), None)


def test_it_is_the_same_each_time_and_over_all_parts(book: Workbook) -> None:
    found = _said(book)
    assert found == _said(book)
    assert len(found.whole) == 32
    assert {"overview", "members", "income", "photographs"} <= set(found.parts)
    assert "changes" not in found.parts


@pytest.mark.parametrize(
    ("table", "name", "value", "parts"),
    [
        (Household, "phone", "13900000000", {"overview", "information"}),
        (Household, "situation", "情况有变", {"overview"}),
        (Household, "is_two_girls", True, {"information"}),
        (IncomeLine, "amount", Decimal("1.00"), {"income"}),
        (Visit, "found", "换了说法", {"visits"}),
        (Answer, "value", "不达标", {"inspections"}),
        (Photo, "caption", "另一句话", {"photographs"}),
        (Photo, "content", "f" * 64, {"photographs"}),
        (Member, "health", ("患有大病",), {"overview", "members"}),
    ],
)
def test_a_printed_value_changes_the_parts_that_print_it(
    book: Workbook, table: Any, name: str, value: object, parts: set[str]
) -> None:
    before = _said(book)
    with book.writing() as session:
        found = session.scalars(select(table).order_by(table.id)).all()
        row = next(one for one in found if getattr(one, "left", None) is None)  # who left is printed elsewhere
        setattr(row, name, value)
    after = _said(book)
    assert after.whole != before.whole
    changed = {part for part in after.parts if after.parts[part] != before.parts.get(part)}
    assert parts <= changed
    assert len(changed) <= len(parts) + 2


def test_neither_the_day_nor_a_picture_that_has_not_arrived_counts(
    book: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _said(book)
    with book.writing() as session:
        session.execute(delete(Picture))

    class Later(date):
        @classmethod
        def today(cls) -> "Later":
            return cls(2031, 7, 1)

    monkeypatch.setattr("app.archive.sections.cover.date", Later)
    monkeypatch.setattr("app.records.lists.date", Later)
    assert _said(book) == before


def test_two_laptops_agree(book: Workbook, tmp_path: Path) -> None:
    book.close()
    folder = tmp_path / "两台"
    folder.mkdir()
    one, other = laptops(book.path, folder, ["甲", "乙"])
    with one.writing() as session:
        session.scalars(select(Member).order_by(Member.id)).first().name = "陈新名"
    assert _said(one).whole != _said(other).whole
    pull(one, other)
    assert _said(one) == _said(other)
    one.close()
    other.close()
