"""A column is declared once: label, kind, options, unit and rule travel with it to every screen and page."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Boolean, Date, Integer, String
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import TypeEngine

from db.types import ChoiceSet, ScaledDecimal

Kind = Literal[
    "text", "long", "integer", "decimal", "money", "date", "month", "year", "yes_no", "choice", "choices", "reference"
]

SearchKind = Literal["", "number", "name", "text"]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """The declaration of one column, in `Column.info["declared"]`.

    Attributes:
        label: what stands before the control, over the table column, in Excel and in the archive's cell
        kind: how it is typed and shown; "month" is stored as YYYY-MM text, "money" as whole fen
        options: the list in resources/dictionaries its values come from
        unit: shown after the value, e.g. "元", "㎡"
        rule: name of the validator in app/records/validators.py that a value must pass, e.g. "id_number"
        mask: "id", "phone", "bank" or "name": how lists, logs and notices hide it; "" shows it
        sensitive: health, hardship and the like: never in a public notice
        minimum, maximum: limits of a number, both included
        required: a form asks for it; the database does not insist, because packages may come without it
        hint: shown in the empty control
        refers: the table a "reference" points to
        past: a year that has begun already; one that is still to come is refused
        derived: computed by the program; shown, never typed
        internal: a key or a digest that tells people nothing: not in history
        short: it is a name, a title or a code: in the middle of its column on paper
        search: how a household is found by it (db/text_search.py): a "number" whole or by its tail, a "name" by any
            part, pinyin or initials, a "text" by any part; "" not at all
    """

    label: str
    kind: Kind = "text"
    options: str = ""
    unit: str = ""
    rule: str = ""
    mask: str = ""
    sensitive: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    required: bool = False
    hint: str = ""
    refers: str = ""
    past: bool = False
    derived: bool = False
    internal: bool = False
    short: bool = False
    search: SearchKind = ""


def _sql_type(kind: Kind, places: int) -> TypeEngine[Any]:
    if kind in ("integer", "year"):
        return Integer()
    if kind == "money":
        return ScaledDecimal(2)
    if kind == "decimal":
        return ScaledDecimal(places)
    if kind == "date":
        return Date()
    if kind == "yes_no":
        return Boolean()
    if kind == "choices":
        return ChoiceSet()
    return String()


def column(
    label: str,
    kind: Kind = "text",
    *,
    options: str = "",
    unit: str = "",
    rule: str = "",
    mask: str = "",
    sensitive: bool = False,
    minimum: int | str | None = None,
    maximum: int | str | None = None,
    required: bool = False,
    hint: str = "",
    places: int = 2,
    past: bool = False,
    derived: bool = False,
    internal: bool = False,
    short: bool = False,
    search: SearchKind = "",
) -> MappedColumn[Any]:
    """A column that an officer sees; `ColumnSpec` explains the arguments. `places`: digits after a decimal's point."""
    spec = ColumnSpec(
        label=label,
        kind=kind,
        options=options,
        unit=unit or ("元" if kind == "money" else ""),
        rule=rule,
        mask=mask,
        sensitive=sensitive,
        minimum=None if minimum is None else Decimal(minimum),
        maximum=None if maximum is None else Decimal(maximum),
        required=required,
        hint=hint,
        past=past,
        derived=derived,
        internal=internal,
        short=short,
        search=search,
    )
    return mapped_column(_sql_type(kind, places), nullable=True, info={"declared": spec})
