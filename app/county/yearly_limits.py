"""分年标准: limits that change with the years (resources/yearly), a line for each year from which they count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

import resources
from app.county.amounts import parse_amount
from app.county.sheet import CountySheet, EntryColumn, EntryRow, plain_number
from app.county.storage import AmendmentCells, stored_cells
from app.errors import UserError
from app.records.field import field, options
from resources.overlay import PROGRAM, cached, used_overlay
from resources.yearly_limits import yearly_lines

KIND, TITLE, TITLE_COLUMN = "yearly", "分年标准", "title"
_FIRST_YEAR = 2014
_MOST = 100000
Numbers = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class _Table:
    """What a file says of its lines: `options` is the list that they are about, "" where there is one line a year."""

    title: str
    source: str
    options: str
    columns: tuple[Mapping[str, Any], ...]

    @classmethod
    def read(cls, name: str) -> "_Table":
        raw = resources.program_data(KIND, name)
        return cls(raw["title"], raw["source"], raw.get("options", ""), tuple(raw["columns"]))


@cached
def names() -> list[tuple[str, str]]:
    """All tables."""
    return [(name, _Table.read(name).title) for name in resources.program_names(KIND)]


def load(session: Session, name: str) -> CountySheet:
    """The lines, the latest first; what the program brings along stands there too."""
    table, own, program = _Table.read(name), stored_cells(session, KIND, name), _program_lines(name)
    labels = {one.value: one.label for one in options(table.options)} if table.options else {"": ""}
    rows = []
    for line in yearly_lines(name):
        if line.item not in labels:
            continue  # an option that this county had once
        key, kept = _key(line.year, line.item), program.get((line.year, line.item))
        rows.append(
            EntryRow(
                key,
                {
                    "title": f"{line.year} 年起{labels[line.item]}",
                    "year": str(line.year),
                    "item": line.item,
                    **{one["key"]: plain_number(line.numbers.get(one["key"])) for one in table.columns},
                },
                own=any(path.startswith(f"{key}/") for path in own),
                removable=kept is None,
                defaults=frozenset(
                    one["key"] for one in table.columns if kept and f"{key}/{one['key']}" not in own
                ),
            )
        )  # fmt: skip
    note = f"依据：{table.source}。一行从这一年起用，到后面一行的前一年为止；没有规定的不填。灰字是程序默认值"
    return CountySheet(
        KIND, name, table.title, note, _columns(table), tuple(rows), levels=("年度",), changed=bool(own)
    )  # fmt: skip


def amend(session: Session, edited: CountySheet) -> dict[str, AmendmentCells | None]:
    """What differs from the program.

    Raises:
        UserError: a line without its year or option, two of the same, a number that is none, a line of the program
            that was taken out
    """
    table, program = _Table.read(edited.name), _program_lines(edited.name)
    cells: dict[str, AmendmentCells | None] = {}
    seen: set[tuple[int, str]] = set()
    for row in edited.rows:
        year, item = _year(row), row.cells.get("item", "")
        if table.options and not item:
            raise UserError(f"{year} 年的一行没有选{_about(table)}。请选好，或删除这一行。")
        if (year, item) in seen:
            raise UserError(f"{year} 年{item}有两行。请合并成一行，再删除另一行。")
        seen.add((year, item))
        typed = dict(_numbers(table, row))
        if not typed and (year, item) not in program:
            raise UserError(f"{year} 年{item}的一行没有填写数值。请填写，或删除这一行。")
        for path, one in _line_cells(edited, table, (year, item), typed, program.get((year, item))):
            cells[path] = one
    missing = sorted(program.keys() - seen)
    if missing:
        year, item = missing[0]
        raise UserError(f"{year} 年{item}的一行是程序自带的，不能删除。没有规定的，请把数值清空。")
    own = stored_cells(session, KIND, edited.name)
    written = {path: one for path, one in cells.items() if one is not None or path in own}
    return {**dict.fromkeys(path for path in own if path not in cells), **written}


def check(session: Session, name: str) -> None:
    """Each line is of a year that has come, each number within its bounds.

    Raises:
        UserError: the first that is not
    """
    table = _Table.read(name)
    for line in yearly_lines(name):
        if not _FIRST_YEAR <= line.year <= date.today().year:
            raise UserError(f"“{table.title}”里 {line.year} 年还没有到或太早，不能填。请核对年度。")
        for column in table.columns:
            number, most = line.numbers.get(column["key"]), column.get("most", _MOST)
            if number is not None and not 0 <= number <= most:
                raise UserError(
                    f"{line.year} 年{line.item}的“{column['label']}”应在 0 到 {most} {column['unit']}之间，"
                    f"现在是 {plain_number(number)}。"
                )


def knows(name: str, item: str) -> bool:
    """Whether this program has such a table and column; years and options may be new."""
    year, _, place = item.partition("/")
    key = place.rpartition("/")[2]
    return name in dict(names()) and year.isdigit() and key in {one["key"] for one in _Table.read(name).columns}


def _columns(table: _Table) -> tuple[EntryColumn, ...]:
    found = [EntryColumn("year", "起始年度", "number", only_new=True, width=6)]
    if table.options:
        choices = tuple((one.value, one.label) for one in options(table.options))
        found.append(EntryColumn("item", _about(table), "choice", choices, only_new=True, width=12))
    return (
        *found,
        *(EntryColumn(one["key"], f"{one['label']}（{one['unit']}）", "number", width=8) for one in table.columns),
    )


def _about(table: _Table) -> str:
    title: str = resources.read("dictionaries", table.options)["title"]
    return title


def _year(row: EntryRow) -> int:
    year = field("standard", "year").parse_and_validate(row.cells.get("year", ""))
    assert isinstance(year, int), "the year of a line is required"
    return year


def _numbers(table: _Table, row: EntryRow) -> Iterator[tuple[str, Decimal]]:
    for column in table.columns:
        whole = not column.get("places")
        amount = parse_amount(column["label"], row.cells.get(column["key"], ""), whole=whole)
        if amount is not None:
            yield column["key"], round(amount, column.get("places", 0))


def _line_cells(
    edited: CountySheet, table: _Table, of: tuple[int, str], typed: Numbers, kept: Numbers | None
) -> Iterator[tuple[str, AmendmentCells | None]]:
    """Path and what is kept of each number of a line; None where it is as the program has it."""
    year, item = of
    for column in table.columns:
        key = column["key"]
        now, was = typed.get(key), (kept or {}).get(key)
        entry = " ".join(part for part in (f"{year} 年起", item, column["label"]) if part)
        cells = AmendmentCells(edited.title, entry, amount=now, hidden=True if now is None else None)
        yield f"{_key(year, item)}/{key}", None if now == was else cells


def _key(year: int, item: str) -> str:
    return f"{year}/{item}" if item else str(year)


def _program_lines(name: str) -> dict[tuple[int, str], Numbers]:
    with used_overlay(PROGRAM):
        return {(line.year, line.item): line.numbers for line in yearly_lines(name)}
