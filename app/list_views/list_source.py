"""A list that can be viewed: its fields, as SQL over its rows and over what belongs to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select
from sqlalchemy.orm import Session

from app.list_views.definition import CHOSEN
from app.records.field import Field, fields
from app.records.field import field as record_field
from db.schema.column import ColumnSpec, Kind
from resources.overlay import cached

Expression = SQLColumnExpression[Any]  # a column, or what is worked out from several

_NOTHING_CHOSEN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Related:
    """Rows of another table that belong to a row of the list.

    Attributes:
        anchor: the value in the row of the list
        key: the column of the other table that has the same value
        where: which rows of the other table count
        table: the other table, where it is quicker to read it from end to end than by its indexes
        many: several may belong to one row; a field of theirs is compared with any of them, and is never shown
    """

    anchor: Expression
    key: Expression
    where: tuple[ColumnElement[bool], ...] = ()
    many: bool = False
    table: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class ListField:
    """One field of a list.

    Attributes:
        key: what views call it; never changes
        field: label, kind, options, unit
        expression: its value, in a row of the list or of `related`
        shown: its value in a row of the list, where that is not `expression` of the one related row
        missing: what it is where no row is related, e.g. 0 of what is counted
        summed: whether a sum of it says something; of what is counted per head, or in per cent, only the mean does
        order: what it is sorted by, where that is not its value
        load: prepares the connection for what is worked out in Python, for some rows or all
    """

    key: str
    field: Field
    expression: Expression
    related: Related | None = None
    shown: Expression | None = None
    missing: object = None
    summed: bool = True
    order: Expression | None = None
    load: Callable[[Session, Sequence[str] | None], None] | None = None

    @property
    def label(self) -> str:
        return self.field.label

    @property
    def is_shown(self) -> bool:
        """Whether a row has one value of it, which can be a column and be sorted by."""
        return self.shown is not None or self.related is None or not self.related.many

    @property
    def is_summed(self) -> bool:
        """Whether groups and selections have a sum of it."""
        return self.is_number and self.summed and self.field.unit != "%"

    @property
    def is_number(self) -> bool:
        return self.field.is_number

    def prepare(self, session: Session, ids: Sequence[str] | None = None) -> None:
        """Call this before its expressions are used; with `ids` they hold for these rows only."""
        if self.load is not None:
            self.load(session, ids)

    @property
    def value(self) -> Expression:
        """Its value in a row of the list."""
        if self.shown is not None or self.related is None:
            return self.expression if self.shown is None else self.shown
        rows = select(self.expression).where(self.related.key == self.related.anchor, *self.related.where)
        return rows.limit(1).scalar_subquery()


@dataclass(frozen=True, slots=True, eq=False)
class ListSource:
    """One list.

    Attributes:
        key: what views are kept under: the key of a register, or "household"
        title: of the page
        record: whose rows it shows; `ComputedRows` where no table has them
        columns: fields that are shown where a view names none
        totals: fields that are summed where a view shows them or none
        find: ids of the rows that fit the line above the list, further conditions, in this order (its own if none)
        computed: the same list with its rows, where they are worked out; before that it has none. It is told what is
            chosen beside the list, on which it may depend which rows those are
        about: what the rows are of, where a list is of one thing at a time, e.g. the title of a round
    """

    key: str
    title: str
    record: Any
    fields: tuple[ListField, ...]
    columns: tuple[str, ...]
    totals: tuple[str, ...]
    find: Callable[[Session, Mapping[str, str], Sequence[ColumnElement[bool]], Sequence[Any]], Sequence[str]]
    computed: "Callable[[Session, Mapping[str, str]], ListSource] | None" = None
    about: str = ""

    def opened(self, session: Session, choices: Mapping[str, str] = _NOTHING_CHOSEN) -> "ListSource":
        """The list with its rows; `choices`: what is set above the list and beside it (`ListView.quick`)."""
        return self if self.computed is None else self.computed(session, choices)

    def field(self, key: str) -> ListField | None:
        """A field by its key, None where this program does not know it; `CHOSEN` is one of every list."""
        if key == CHOSEN:
            spec = ColumnSpec("选定的记录", internal=True)
            return ListField(CHOSEN, Field(self.key, CHOSEN, spec, 0), self.record.id)
        return next((one for one in self.fields if one.key == key), None)

    def shown_fields(self, keys: Sequence[str]) -> list[ListField]:
        """Those of these fields that can be columns, in their order; the list's own where none are named."""
        found = (self.field(key) for key in keys or self.columns)
        return [one for one in found if one is not None and one.is_shown]


def made_field(
    table: str, name: str, label: str, kind: Kind = "text", places: int = 0, unit: str = "", *, short: bool = False
) -> Field:
    """A field of a list that is no column of a record."""
    spec = ColumnSpec(label, kind, unit=unit or ("元" if kind == "money" else ""), derived=True, short=short)
    return Field(table, name, spec, places)


def related_fields(record: Any, related: Related, prefix: str) -> list[ListField]:
    """The columns of what belongs to a row; references and what only the program writes are left out.

    Args:
        record: the other table, as an alias of its own
        prefix: before each label
    """
    table = record.__table__.name
    return [
        ListField(f"{table}.{one.name}", one, getattr(record, one.name), related)
        for one in _labelled_fields(table, prefix)
    ]


@cached
def _labelled_fields(table: str, prefix: str) -> tuple[Field, ...]:
    """The same for all lists that have them."""
    return tuple(
        _labelled(one, prefix)
        for one in fields(table)
        if one.kind != "reference" and not one.spec.internal and one.name != "import_extra"
    )


def titled(table: str, name: str, label: str = "") -> Field:
    """A column, compared as text where it is a number of the office, under another label."""
    one = record_field(table, name)
    return replace(one, spec=replace(one.spec, label=label)) if label else one


def _labelled(one: Field, prefix: str) -> Field:
    return replace(one, spec=replace(one.spec, label=f"{prefix}{one.label}"))
