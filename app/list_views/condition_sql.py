"""Conditions and orders of a view as SQL."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import Session

from app.checklists.households import group_number
from app.errors import ValidationError
from app.list_views.comparisons import COMPARISONS, condition_values
from app.list_views.definition import Condition, ConditionGroup, ListView, SortKey
from app.list_views.list_source import Expression, ListField, ListSource, Related
from app.records.field import Field, options
from app.registers.engine.rows import id_values

_TEXT_KINDS = ("text", "long", "choice")
_BY_SPELLING = ("text", "long")
_SPELLINGS = 20_000  # texts that are remembered: names of groups and banks come again and again
_FEW = 500  # values that one statement names one by one
_DESCENDING_GROUPS = ("date", "month", "year")  # the newest first


def view_conditions(session: Session, source: ListSource, group: ConditionGroup) -> list[ColumnElement[bool]]:
    """What a row must fulfil; conditions that this program does not know are left out (`ignored_conditions`)."""
    condition = _group_sql(session, source, group)
    return [] if condition is None else [condition]


def ignored_conditions(source: ListSource, group: ConditionGroup) -> list[Condition]:
    """The conditions that are left out: of a newer program, or of a field that is compared differently by now."""
    return [one for one in group.conditions() if not _is_known(source.field(one.field), one)]


def view_order(session: Session, source: ListSource, view: ListView) -> list[Any]:
    """What rows are sorted by: group by group, then by the keys; nothing where a view says nothing."""
    register_spelling_order(session)
    terms: list[Any] = []
    for key in view.groups:
        if (one := source.field(key)) is not None and one.is_shown:
            one.prepare(session)
            terms += group_order(one)
    for sort in view.sort:
        if (one := source.field(sort.field)) is not None and one.is_shown:
            one.prepare(session)
            terms.append(_sort_term(one, sort))
    return terms


def group_value(one: ListField) -> Expression:
    """What rows of a group have in common: the value, of dates and months the year; all that is empty is one group."""
    if one.field.kind in ("date", "month"):
        return func.substr(one.value, 1, 4)
    return func.nullif(one.value, "") if one.field.kind in _TEXT_KINDS else one.value


def group_order(one: ListField) -> list[Any]:
    """How groups of a field follow each other; two groups never have the same place."""
    value = group_value(one)
    key = one.order if one.order is not None else _order_key(one.field, value)
    terms = [_empty_last(one, key, descending=one.field.kind in _DESCENDING_GROUPS)]
    return terms if one.order is None and one.field.kind != "choice" else [*terms, value]


def _sort_term(one: ListField, sort: SortKey) -> Any:
    key = one.order if one.order is not None else _order_key(one.field, one.value)
    return _empty_last(one, key, descending=sort.descending)


def _empty_last(one: ListField, key: Any, *, descending: bool) -> Any:
    """What is empty stands last either way. One term, because a value may be looked up in another table each time."""
    if one.order is not None:
        key = case((_filled(one.field, one.value, ()), key))
    return (key.desc() if descending else key).nulls_last()


def _order_key(field: Field, value: Expression) -> Any:
    """What a value is sorted by, NULL where it is empty."""
    if field.kind == "choice":
        places = {option.value: n for n, option in enumerate(options(field.spec.options))}
        return case(places, value=value, else_=case((_filled(field, value, ()), len(places))))
    return func.spelling_order(value) if field.kind in _BY_SPELLING else value


def _is_empty(field: Field, value: Expression) -> ColumnElement[bool]:
    return or_(value.is_(None), value == "") if field.kind in _TEXT_KINDS else value.is_(None)


def register_spelling_order(session: Session) -> None:
    """Let the connection know the order of texts, which orders of rows and of groups use."""
    raw: Any = session.connection().connection.driver_connection
    raw.create_function("spelling_order", 1, _spelling_order, deterministic=True)


@lru_cache(maxsize=_SPELLINGS)
def _spelling_order(text: object) -> bytes | None:
    """二组 before 十组, then as GB 18030 has it, which is by pinyin for usual characters."""
    if not isinstance(text, str) or not text:
        return None
    number = group_number(text)
    return (b"" if number is None else b"%09d" % number) + text.encode("gb18030", "replace")


def _group_sql(session: Session, source: ListSource, group: ConditionGroup) -> ColumnElement[bool] | None:
    parts = [
        _condition_sql(session, source, part) if isinstance(part, Condition) else _group_sql(session, source, part)
        for part in group.parts
    ]
    known = [part for part in parts if part is not None]
    if not known:
        return None
    return or_(*known) if group.any_of else and_(*known)


def _is_known(one: ListField | None, condition: Condition) -> bool:
    try:
        return one is not None and bool(condition_values(one.field, condition) or True)
    except ValidationError:
        return False


def _condition_sql(session: Session, source: ListSource, condition: Condition) -> ColumnElement[bool] | None:
    one = source.field(condition.field)
    if one is None or not _is_known(one, condition):
        return None
    one.prepare(session)
    comparison = COMPARISONS[condition.comparison]
    values = condition_values(one.field, condition)
    positive_sql = _POSITIVE[comparison.denies or comparison.name]

    def fits(column: Expression) -> ColumnElement[bool]:
        return positive_sql(one.field, column, values)

    positive = fits(one.expression) if one.related is None else _related_sql(session, one, one.related, fits)
    # what is empty fits no comparison, and so every one that denies
    return ~func.coalesce(positive, false()) if comparison.denies else positive


def _related_sql(
    session: Session, one: ListField, related: Related, fits: Callable[[Expression], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Whether a related row fits; of what is counted also whether no row at all does."""
    without_rows = one.missing is not None and bool(session.scalar(select(fits(literal(one.missing)))))
    condition = fits(one.expression)
    rows = select(related.key).where(
        *related.where, related.key.is_not(None), ~func.coalesce(condition, false()) if without_rows else condition
    )
    if related.table is not None:  # by index every row would be a jump in the encrypted file
        rows = rows.with_hint(related.table, "NOT INDEXED", "sqlite")
    return related.anchor.not_in(rows) if without_rows else related.anchor.in_(rows)


def _is_one_of(field: Field, column: Expression, values: Sequence[Any]) -> ColumnElement[bool]:
    if field.kind == "choices":
        return or_(*(_has_option(column, option) for value in values for option in value))
    return column.in_(values if len(values) <= _FEW else id_values([str(value) for value in values]))


def _contains(field: Field, column: Expression, values: Sequence[Any]) -> ColumnElement[bool]:
    if field.kind == "choices":
        return and_(*(_has_option(column, option) for option in values[0]))
    return column.contains(values[0], autoescape=True)


def _has_option(column: Expression, option: str) -> ColumnElement[bool]:
    return func.concat(",", column, ",").contains(f",{option},", autoescape=True)


def _filled(field: Field, column: Expression, values: Sequence[Any]) -> ColumnElement[bool]:
    return ~_is_empty(field, column)


_POSITIVE: dict[str, Callable[[Field, Expression, Sequence[Any]], ColumnElement[bool]]] = {
    "is": lambda _, column, values: column == values[0],
    "contains": _contains,
    "one_of": _is_one_of,
    "greater": lambda _, column, values: column > values[0],
    "less": lambda _, column, values: column < values[0],
    "at_least": lambda _, column, values: column >= values[0],
    "at_most": lambda _, column, values: column <= values[0],
    "between": lambda _, column, values: column.between(*values),
    "filled": _filled,
}
