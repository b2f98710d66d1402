"""People whom a text names, one after another: 汪明远、李敏."""

import re
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, func

_BETWEEN_NAMES = "、,，;；/ \t\n\r\u3000"
_SEPARATOR = re.compile(f"[{_BETWEEN_NAMES}]+")


def names_in(text: str) -> list[str]:
    """The names, each once, in their order."""
    return list(dict.fromkeys(name for name in _SEPARATOR.split(text) if name))


def is_named(text: Any, name: Any) -> ColumnElement[bool]:
    """In SQL: whether a column names this person, and not only somebody whose name begins or ends like it."""
    first = _BETWEEN_NAMES[0]
    parted: Any = reduce(lambda parted, mark: func.replace(parted, mark, first), _BETWEEN_NAMES[1:], text)
    return func.instr(first + parted + first, first + func.nullif(name, "") + first) > 0
