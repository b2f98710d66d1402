"""What a volume says has one hash on every laptop, and another as soon as a printed value changes."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.checklists import template
from app.reports import render
from app.reports.content_hash import ContentHash
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.household import Household, Member
from db.schema.income import IncomeLine
from db.schema.inspection import Answer
from db.schema.photo import Photo, Picture
from tests import builders, full_household
from tests.replicas import make_replicas, sync


@pytest.fixture
def book(tmp_path: Path) -> Any:
    new_workbook = builders.workbook(tmp_path)
    with new_workbook.writing() as session:
        full_household.add_full_household(session, photos=2)
    yield new_workbook
    new_workbook.close()


def _content_hashes(book: Workbook) -> ContentHash:
    with book.reading() as session:
        return render.content_now(session, session.scalars(select(Household.id)).one(), None)


def test_it_is_the_same_each_time_and_over_all_parts(book: Workbook) -> None:
    observed = _content_hashes(book)
    assert observed == _content_hashes(book)
    assert len(observed.overall) == 32
    assert {"overview", "members", "income", "photographs"} <= set(observed.parts)
    assert "changes" not in observed.parts


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
    before = _content_hashes(book)
    with book.writing() as session:
        observed = session.scalars(select(table).order_by(table.id)).all()
        # who left is printed elsewhere, and so are the answers of other checklists
        checks = {check.code for check in template.checklist("four_clean_two_norms").checks()}
        row = next(
            one
            for one in observed
            if getattr(one, "left", None) is None
            and (table is not Answer or (one.check in checks and getattr(one, name) != value))
        )
        setattr(row, name, value)
    after = _content_hashes(book)
    assert after.overall != before.overall
    changed = {part for part in after.parts if after.parts[part] != before.parts.get(part)}
    assert parts <= changed
    assert len(changed) <= len(parts) + 2


def test_neither_the_day_nor_a_picture_that_has_not_arrived_counts(
    book: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _content_hashes(book)
    with book.writing() as session:
        session.execute(delete(Picture))

    class Later(date):
        @classmethod
        def today(cls) -> "Later":
            return cls(2031, 7, 1)

    monkeypatch.setattr("app.reports.household_context.date", Later)
    monkeypatch.setattr("app.records.row_views.date", Later)
    assert _content_hashes(book) == before


def test_two_laptops_agree(book: Workbook, tmp_path: Path) -> None:
    book.close()
    folder = tmp_path / "两台"
    folder.mkdir()
    one, other = make_replicas(book.path, folder, ["甲", "乙"])
    with one.writing() as session:
        session.scalars(select(Member).order_by(Member.id)).first().name = "陈新名"
    assert _content_hashes(one).overall != _content_hashes(other).overall
    sync(one, other)
    assert _content_hashes(one) == _content_hashes(other)
    one.close()
    other.close()
