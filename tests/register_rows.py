"""A row of any register, each of its columns holding something that it can hold."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.records.field import Field, fields
from app.registers import all_registers
from db.schema.record import Record
from tests import builders

DAY = date(2018, 6, 1)


def add_rows(session: Session, people: Mapping[str, str], each: int, numbers: Mapping[str, str] | None = None) -> None:
    """So many rows in each register, with one below each.

    Args:
        people: of "household", "member", "helper": the id that rows refer to
        numbers: what stands in columns with this mask; under "long", in remarks
    """
    for register in all_registers():
        for n in range(each):
            parent = _add_row(session, register.record, people, n, numbers or {})
            for children in register.children:
                _add_row(session, children.record, {**people, register.key: parent}, n, numbers or {})


def _add_row(
    session: Session, model: type[Record], people: Mapping[str, str], n: int, numbers: Mapping[str, str]
) -> str:
    values = {
        one.name: _value(one, n, people, numbers)
        for one in fields(model.__tablename__)
        if not one.spec.internal and (one.spec.rule in ("", "phone") or one.spec.mask in numbers)
    }
    row = model(village=builders.VILLAGE.code, **values)
    session.add(row)
    session.flush()
    return str(row.id)


def _value(one: Field, n: int, people: Mapping[str, str], numbers: Mapping[str, str]) -> Any:
    low = one.spec.minimum or Decimal(0)
    match one.kind:
        case "money" | "decimal" | "integer":
            return int(low) + 1 + n
        case "date":
            return DAY + timedelta(days=n)
        case "month":
            return f"2018-{n % 9 + 1:02}"
        case "year":
            return 2018
        case "yes_no":
            return True
        case "choice":
            return one.options[n % len(one.options)].value
        case "choices":
            return (one.options[0].value,)
        case "reference":
            return people.get(one.spec.refers)
        case kind:
            usual = "13856430011" if one.spec.rule == "phone" else f"{one.label}{n}"
            return numbers.get(one.spec.mask or kind, usual)
