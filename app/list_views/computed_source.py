"""Lists whose rows no table has: they are worked out in Python and handed to SQL as one value, so that their fields
are filtered, sorted, grouped and summed like those of any other list."""

import json
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from app.list_views.list_source import Expression, ListField
from app.records.field import Field
from db.types import ScaledDecimal

_SQL_TYPES: Mapping[str, Any] = {
    "date": Date(), "integer": Integer(), "year": Integer(), "money": ScaledDecimal(2),
}  # fmt: skip


class ComputedRows:
    """The rows of such a list, in place of a table: what `ListSource.record` is elsewhere."""

    def __init__(self, rows: Callable[[], Iterable[tuple[str, Sequence[object]]]]) -> None:
        """`rows`: gives id and cells of each, in the list's own order; asked when a statement first needs them."""
        self._rows = rows
        # the statement must not hold the rows: SQLAlchemy keeps it with what it was compiled to, long after the list
        own = weakref.ref(self)
        listed = bindparam(None, callable_=lambda: _text_of(own()), type_=String())
        self.__table__ = func.json_each(listed).table_valued("key", "value")
        self.place: ColumnElement[Any] = self.__table__.c.key
        self.id = self.cell(-1, String())

    @cached_property
    def text(self) -> str:
        """All rows as JSON: what SQL reads them from."""
        return json.dumps([[id, *map(_plain, cells)] for id, cells in self._rows()], ensure_ascii=False)

    def cell(self, place: int, sql_type: Any) -> ColumnElement[Any]:
        """The cell at this place of a row, from 0."""
        return type_coerce(func.json_extract(self.__table__.c.value, f"$[{place + 1}]"), sql_type)


def _text_of(rows: ComputedRows | None) -> str:
    assert rows is not None, "the source of a list outlives its statements"
    return rows.text


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def computed_fields(
    rows: ComputedRows, fields: Sequence[Field], orders: Mapping[str, Callable[[Expression], Expression]]
) -> list[ListField]:
    """The fields of the cells, in their order.

    Args:
        orders: name of a field → what it is sorted by, made of its value, where that is not the value
    """
    found = []
    for place, one in enumerate(fields):
        cell = rows.cell(place, _sql_type(one))
        found.append(ListField(one.name, one, cell, order=orders[one.name](cell) if one.name in orders else None))
    return found


def _sql_type(one: Field) -> Any:
    """A decimal is handed over as a whole number of its smallest unit, as columns hold it."""
    return ScaledDecimal(one.places) if one.kind == "decimal" else _SQL_TYPES.get(one.kind, String())


def find_computed(
    rows: ComputedRows, passes: Callable[[str, Mapping[str, str]], bool]
) -> Callable[[Session, Mapping[str, str], Sequence[ColumnElement[bool]], Sequence[Any]], Sequence[str]]:
    """`ListSource.find` of a computed list; `passes`: whether a row, by its id, fits the line above the list."""

    def find(
        session: Session, quick: Mapping[str, str], conditions: Sequence[ColumnElement[bool]], order: Sequence[Any]
    ) -> list[str]:
        statement = select(rows.id).where(*conditions).order_by(*order, rows.place)
        return [id for id in session.scalars(statement) if passes(id, quick)]

    return find
