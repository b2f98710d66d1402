"""What the columns declare of themselves: what forms insist on, what only the program writes, what is never posted."""

import pytest

from app.records.field import Field, fields
from db.schema import records
from db.types import ScaledDecimal
from tests.db.declared_columns import (
    LIMITS,
    MASKED,
    NAMES_AND_CODES,
    NEVER_NEGATIVE,
    NEVER_POSTED,
    NEVER_TO_COME,
    NOT_IN_HISTORY,
    OTHER_THAN_HUNDREDTHS,
    REQUIRED,
    WRITTEN_BY_THE_PROGRAM,
)


def columns_with(table: str, mark: str) -> set[str]:
    return {one.name for one in fields(table) if getattr(one.spec, mark)}


@pytest.mark.parametrize(
    ("mark", "declared"),
    [
        ("required", REQUIRED),
        ("derived", WRITTEN_BY_THE_PROGRAM),
        ("sensitive", NEVER_POSTED),
        ("internal", NOT_IN_HISTORY),
        ("short", NAMES_AND_CODES),
        ("past", NEVER_TO_COME),
    ],
)
def test_columns_are_marked_as_the_domain_says(mark: str, declared: dict[str, str]) -> None:
    assert {table: marked for table in records() if (marked := columns_with(table, mark))} == {
        table: set(names.split()) for table, names in declared.items()
    }


def test_numbers_of_people_and_accounts_are_masked() -> None:
    masked = {table: {one.name: one.spec.mask for one in fields(table) if one.spec.mask} for table in records()}
    assert {table: columns for table, columns in masked.items() if columns} == MASKED


def test_limits_let_both_ends_pass_and_nothing_beyond() -> None:
    never_negative = {table: dict.fromkeys(names.split(), (0, None)) for table, names in NEVER_NEGATIVE.items()}
    declared = {table: never_negative.get(table, {}) | LIMITS.get(table, {}) for table in never_negative | LIMITS}
    limits = {
        table: {one.name: (one.spec.minimum, one.spec.maximum) for one in fields(table) if _is_limited(one)}
        for table in records()
    }
    assert {table: columns for table, columns in limits.items() if columns} == declared


def _is_limited(field: Field) -> bool:
    return field.spec.minimum is not None or field.spec.maximum is not None


def test_decimals_have_as_many_places_as_are_written() -> None:
    places = {
        table: {
            column.name: column.type.places
            for column in record.__table__.columns
            if isinstance(column.type, ScaledDecimal) and column.type.places != 2
        }
        for table, record in records().items()
    }
    assert {table: columns for table, columns in places.items() if columns} == OTHER_THAN_HUNDREDTHS
