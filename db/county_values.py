"""What SQL that is written down once asks of resources: bound when a statement runs, as the county has it then."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Numeric, String, bindparam, func, select, type_coerce

from resources.limits import Limit
from resources.option_roles import flag_values, values_with_role
from resources.yearly_limits import yearly_lines


def limit_value(limit: Limit) -> BindParameter[int]:
    """A limit as a number."""
    return bindparam(None, callable_=partial(int, limit), type_=Integer, unique=True)


def options_of_role(dictionary: str, role: str) -> BindParameter[Any]:
    """For `.in_`: the options with a role, those that the county added too."""
    return bindparam(None, callable_=lambda: sorted(values_with_role(dictionary, role)), expanding=True, unique=True)


def options_with(dictionary: str, key: str, *wanted: object) -> BindParameter[Any]:
    """For `.in_`: the options of which `key` says one of these."""
    return bindparam(
        None,
        callable_=lambda: [value for value, found in flag_values(dictionary, key).items() if found in wanted],
        expanding=True,
        unique=True,
    )


def looked_up(column: Any, found: Callable[[], Mapping[str, Any]], type_: Any = Integer) -> ColumnElement[Any]:
    """The number (or text, by `type_`) of what a column holds, NULL where it has none."""
    table = bindparam(None, callable_=lambda: json.dumps(found()), type_=String, unique=True)
    entry = func.json_each(table).table_valued("key", "value", name=None)
    value = select(entry.c.value).where(entry.c.key == column)  # not by a JSON path: an option may have quotes
    return type_coerce(value.correlate(column.class_.__table__).scalar_subquery(), type_)


def number_of_year(name: str, key: str, year: Any, item: Any) -> ColumnElement[Any]:
    """A number of a yearly table (resources/yearly) for the year and the option that two columns hold, NULL where the
    line has none."""
    lines = bindparam(None, callable_=lambda: _lines_as_json(name), type_=String, unique=True)
    line = func.json_each(lines).table_valued("value", name=None)
    found = func.json_extract
    return (
        select(found(line.c.value, f'$."{key}"', type_=Numeric(asdecimal=False)))
        .where(found(line.c.value, "$.item") == item, found(line.c.value, "$.year") <= year)
        .order_by(found(line.c.value, "$.year").desc())
        .limit(1)
        .correlate(year.class_.__table__)
        .scalar_subquery()
    )


def _lines_as_json(name: str) -> str:
    return json.dumps(
        [
            {"year": line.year, "item": line.item} | {key: float(number) for key, number in line.numbers.items()}
            for line in yearly_lines(name)
        ]
    )
