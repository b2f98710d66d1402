"""限额和时限: the numbers of resources/thresholds that a county may set, within resources/county/limits.toml."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

import resources
from app.county.amounts import parse_amount
from app.county.sheet import CountySheet, EntryColumn, EntryRow
from app.county.storage import AmendmentCells, stored_cells
from app.errors import UserError
from resources.overlay import cached, number_at

KIND, TITLE, TITLE_COLUMN = "thresholds", "限额和时限", "label"
_MOST = 100000
_COLUMNS = (
    EntryColumn("label", "内容", read_only=True, width=26),
    EntryColumn("amount", "数值", "number", width=8),
    EntryColumn("unit", "单位", read_only=True, width=5),
    EntryColumn("program", "程序默认", read_only=True, width=8),
)


@cached
def names() -> list[tuple[str, str]]:
    """The files that have something to set."""
    known = resources.program_names(KIND)
    return [(name, resources.program_data(KIND, name)["title"]) for name in _numbers() if name in known]


def load(session: Session, name: str) -> CountySheet:
    """Each number with what the program has."""
    raw, program, own = (
        resources.read(KIND, name),
        resources.program_data(KIND, name),
        stored_cells(session, KIND, name),
    )
    rows = [
        EntryRow(
            path,
            {
                "label": about["label"],
                "amount": _text(number_at(raw, path)),
                "unit": about["unit"],
                "program": _text(number_at(program, path)),
            },
            own=path in own,
        )
        for path, about in _numbers()[name].items()
        if number_at(program, path) is not None
    ]
    return CountySheet(
        KIND, name, program["title"], f"依据：{program['source']}", _COLUMNS, tuple(rows), changed=bool(own)
    )


def amend(session: Session, edited: CountySheet) -> dict[str, AmendmentCells | None]:
    """What differs from the program.

    Raises:
        UserError: a cell is no number
    """
    program = resources.program_data(KIND, edited.name)
    cells: dict[str, AmendmentCells | None] = {}
    for row in edited.rows:
        label, number = row.cells["label"], number_at(program, row.key)
        amount = parse_amount(label, row.cells["amount"], whole=isinstance(number, int))
        same = amount is None or amount == Decimal(str(number))
        cells[row.key] = None if same else AmendmentCells(edited.title, label, amount=amount)
    kept = stored_cells(session, KIND, edited.name)
    return {path: one for path, one in cells.items() if one is not None or path in kept}


def check(session: Session, name: str) -> None:
    """Each number is within its bounds, a whole one where the program counts in whole ones; those of a list rise.

    Raises:
        UserError: the first that is not
    """
    raw = resources.read(KIND, name)
    for path, about in _numbers().get(name, {}).items():
        number = number_at(raw, path)
        if number is None:
            continue
        least, most = about.get("least", 0), about.get("most", _MOST)
        if not least <= number <= most:
            raise UserError(f"“{about['label']}”应在 {least} 到 {most} {about['unit']}之间，现在是 {_text(number)}。")
        if isinstance(number, float) and "places" not in about:
            raise UserError(f"“{about['label']}”应填写整数，现在是 {_text(number)}。")
        listed, _, place = path.rpartition(".")
        before = number_at(raw, f"{listed}.{int(place) - 1}") if place.isdigit() else None
        if before is not None and number <= before:
            raise UserError(f"“{about['label']}”应大于前一段的 {_text(before)}，现在是 {_text(number)}。")


def knows(name: str, item: str) -> bool:
    """Whether this program has such a number."""
    return item in _numbers().get(name, {})


@cache
def _numbers() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    raw = resources.program_data("county", "limits")
    return {name: numbers for name, numbers in raw.items() if name != "title"}


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:g}" if isinstance(number, float) else str(number)
