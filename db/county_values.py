"""What SQL that is written down once asks of resources: bound when a statement runs, as the county has it then."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, String, bindparam, func

from resources.limits import Limit
from resources.option_roles import values_with_role


def limit_value(limit: Limit) -> BindParameter[int]:
    """A limit as a number."""
    return bindparam(None, callable_=partial(int, limit), type_=Integer, unique=True)


def options_of_role(dictionary: str, role: str) -> BindParameter[Any]:
    """For `.in_`: the options with a role, those that the county added too."""
    return bindparam(None, callable_=lambda: sorted(values_with_role(dictionary, role)), expanding=True, unique=True)


def looked_up(column: Any, numbers: Callable[[], Mapping[str, int]]) -> ColumnElement[int]:
    """The number of what a column holds, NULL where it has none."""
    table = bindparam(None, callable_=lambda: json.dumps(numbers()), type_=String, unique=True)
    return func.json_extract(table, '$."' + column + '"', type_=Integer)
