"""Column types that SQLite lacks: exact decimals and lists of options."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Dialect, Integer, String
from sqlalchemy.types import TypeDecorator, UserDefinedType


class ScaledDecimal(TypeDecorator[Decimal]):
    """An exact decimal stored as a whole number of its smallest unit: 12.34 元 is 1234."""

    impl = Integer
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return int(Decimal(value).scaleb(self.places).quantize(Decimal(1), ROUND_HALF_UP))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


class ChoiceSet(TypeDecorator[tuple[str, ...]]):
    """Several options of one list, stored as text with "," between them, in the order of the list.

    An empty choice is stored as NULL, so that "nothing chosen" has one form only.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return ",".join(value) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:
        return tuple(value.split(",")) if value else None


class Untyped(UserDefinedType[Any]):
    """Whatever SQLite holds, unconverted: a column without affinity, so that 5 stays a number and "5" a text."""

    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "BLOB"
