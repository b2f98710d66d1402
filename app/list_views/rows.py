"""The rows of a list as a view shows them: which, in which order and groups, their texts, and what they come to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.list_views.condition_sql import group_order, group_value, register_spelling_order, view_conditions, view_order
from app.list_views.definition import ListView
from app.list_views.list_source import ListField, ListSource
from app.registers.engine.rows import id_values
from app.registers.engine.titles import batches

BLANK_GROUP = "（未填）"
_MANY = 5000  # rows: to read a table from end to end is quicker than so many jumps in the encrypted file


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that stand together.

    Attributes:
        level: 0 for the widest
        title: of the field and its value, e.g. “村民组：二组”
        start: position of its first row
        count: of its rows
        sums: key of a field → its sum
    """

    level: int
    title: str
    start: int
    count: int
    sums: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class FieldTotal:
    """What the numbers of a field come to; `known`: in how many rows it is filled."""

    field: ListField
    known: int
    total: Decimal
    mean: Decimal


def view_ids(session: Session, source: ListSource, view: ListView) -> Sequence[str]:
    """Ids of the rows of a view, in its order."""
    conditions = view_conditions(session, source, view.where)
    return source.find(session, view.quick, conditions, view_order(session, source, view))


def view_texts(
    session: Session, source: ListSource, ids: Sequence[str], shown: Sequence[ListField], *, hide: bool = True
) -> dict[str, dict[str, str]]:
    """Id → key of a field → its text, personal numbers masked."""
    return {
        id: {one.key: one.field.text(value, hide=hide) for one, value in zip(shown, values, strict=True)}
        for id, values in view_values(session, source, ids, shown)
    }


def first_with_text(
    session: Session, source: ListSource, ids: Sequence[str], field: ListField, fits: Callable[[str], bool]
) -> str:
    """The first of these rows whose text of a field fits, "" for none; no more of them are read than must be."""
    for part in batches(ids):
        texts = view_texts(session, source, part, [field])
        for id in part:
            if id in texts and fits(texts[id][field.key]):
                return id
    return ""


def view_values(
    session: Session, source: ListSource, ids: Sequence[str], shown: Sequence[ListField]
) -> Iterator[tuple[str, Sequence[Any]]]:
    """Id and values of these fields, row by row in any order."""
    for part in batches(ids):
        for one in shown:
            one.prepare(session, part)
        statement = select(source.record.id, *(one.value for one in shown)).where(source.record.id.in_(part))
        for id, *values in session.execute(statement):
            yield id, values


def field_totals(
    session: Session, source: ListSource, ids: Sequence[str], shown: Sequence[ListField]
) -> list[FieldTotal]:
    """Sum and mean of the fields that are numbers, over these rows; a mean of money to fen, of others to one place
    more than the field has."""
    numbers = [one for one in shown if one.is_number]
    if not numbers:
        return []
    for one in numbers:
        one.prepare(session, ids)
    columns = [column for one in numbers for column in (func.count(one.value), func.sum(one.value))]
    cells = session.execute(select(*columns).where(source.record.id.in_(id_values(ids)))).one()
    totals = []
    for one, known, total in zip(numbers, cells[::2], cells[1::2], strict=True):
        places = one.field.places if one.field.kind == "money" else one.field.places + 1
        mean = Decimal(total or 0) / (known or 1)
        rounded = mean.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        totals.append(FieldTotal(one, known, Decimal(total or 0), rounded))
    return totals


def row_groups(
    session: Session, source: ListSource, view: ListView, ids: Sequence[str], summed: Sequence[ListField]
) -> list[RowGroup]:
    """The groups of a view whose rows are `ids` in its order: each before the narrower ones in it."""
    by = [one for key in view.groups if (one := source.field(key)) is not None and one.is_shown]
    if not by or not ids:
        return []
    register_spelling_order(session)
    for one in (*by, *summed):
        one.prepare(session, ids)
    values = [group_value(one) for one in by]
    # the same values in the same order as the rows: each group is so many of them, one after the other
    statement = select(*values, func.count(), *(func.sum(one.value) for one in summed))
    statement = statement.where(source.record.id.in_(id_values(ids))).group_by(*values)
    if len(ids) > _MANY and source.computed is None:
        statement = statement.with_hint(source.record.__table__, "NOT INDEXED", "sqlite")
    cells = session.execute(statement.order_by(*(term for one in by for term in group_order(one)))).all()
    return _nested(by, summed, cells)


def _nested(by: Sequence[ListField], summed: Sequence[ListField], cells: Sequence[Any]) -> list[RowGroup]:
    groups: list[RowGroup] = []
    start = 0
    opened: list[tuple[int, Any]] = []  # places of the groups in `groups` that the last row is in, with their value
    for row in cells:
        values, count, sums = row[: len(by)], row[len(by)], row[len(by) + 1 :]
        level = next((n for n, (_, value) in enumerate(opened) if value != values[n]), len(opened))
        del opened[level:]
        for n in range(level, len(by)):
            opened.append((len(groups), values[n]))
            groups.append(RowGroup(n, _group_title(by[n], values[n]), start, 0, {one.key: Decimal() for one in summed}))
        for place, _ in opened:
            groups[place] = _with_rows(groups[place], count, summed, sums)
        start += count
    return groups


def _with_rows(group: RowGroup, count: int, summed: Sequence[ListField], sums: Sequence[Any]) -> RowGroup:
    more = {one.key: group.sums[one.key] + Decimal(value or 0) for one, value in zip(summed, sums, strict=True)}
    return RowGroup(group.level, group.title, group.start, group.count + count, more)


def _group_title(one: ListField, value: Any) -> str:
    if one.field.kind in ("date", "month"):
        text = f"{value}年" if value else ""
    else:
        text = one.field.text(value, hide=True)
        text = f"{text}年" if text and one.field.kind == "year" else text
    return f"{one.label}：{text or BLANK_GROUP}"


def distinct_texts(session: Session, one: ListField, source: ListSource, limit: int) -> list[str]:
    """What stands in a text field of the rows, the most frequent first, to be chosen from."""
    if one.field.kind != "text" or one.field.spec.mask:
        return []
    column = one.expression
    rows = select(column).where(column.is_not(None), column != "").group_by(column).order_by(func.count().desc())
    return [str(value) for value in session.scalars(rows.limit(limit))]
