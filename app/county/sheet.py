"""One entry of the county's data as a table that is typed into: one shape for options, limits, checklists, forms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from resources.option_roles import yes_no

TICKED = "1"  # what a cell of kind "tick" holds; "" where it is not ticked
NEW_KEY = "+"  # a row that is not kept yet begins with it

CellKind = Literal["text", "number", "tick", "choice"]


@dataclass(frozen=True, slots=True)
class EntryColumn:
    """One column, or one field above the table.

    Attributes:
        choices: of kind "choice": value and label
        read_only: it tells something and is not typed
        only_new: typed only in a row that is not kept yet
        only_level: typed only in rows whose `level` is this
        width: in characters
    """

    key: str
    label: str
    kind: CellKind = "text"
    choices: tuple[tuple[str, str], ...] = ()
    read_only: bool = False
    only_new: bool = False
    only_level: str = ""
    width: int = 12


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One row.

    Attributes:
        level: what kind of line it is where there are several, e.g. 项目 and 要点
        own: it is not as the program has it
        removable: it can be taken out of the sheet; a program's option can only be hidden
        defaults: columns in which the program's value stands, where that has to be told from the county's
    """

    key: str
    cells: Mapping[str, str]
    level: str = ""
    own: bool = False
    removable: bool = False
    defaults: frozenset[str] = frozenset()

    @property
    def is_new(self) -> bool:
        return self.key.startswith(NEW_KEY)


@dataclass(frozen=True, slots=True)
class CountySheet:
    """One entry: fields above, rows below.

    Attributes:
        kind, name: folder and file of resources
        note: where it comes from, and what can be changed
        levels: of rows that can be added, the usual last; none where nothing can be added
        changed: it is not as the program brings it along
        ordered: whether rows can be moved up and down
        new_last: a new row comes to the end, not below the one that is pointed at
        whole: it is replaced as a whole, and can be copied under another name
        only_here: the program brings no such file along
    """

    kind: str
    name: str
    title: str
    note: str
    columns: tuple[EntryColumn, ...]
    rows: tuple[EntryRow, ...]
    head: tuple[EntryColumn, ...] = ()
    head_cells: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[str, ...] = ()
    changed: bool = False
    ordered: bool = False
    new_last: bool = False
    whole: bool = False
    only_here: bool = False

    def row(self, key: str) -> EntryRow | None:
        """One row, None where there is none."""
        return next((row for row in self.rows if row.key == key), None)

    def with_rows(self, *rows: EntryRow) -> "CountySheet":
        """The sheet with other rows."""
        return replace(self, rows=rows)

    def is_typed(self, column: EntryColumn, row: EntryRow) -> bool:
        """Whether a cell can be typed into."""
        return (
            not column.read_only
            and (not column.only_new or row.is_new)
            and (not column.only_level or column.only_level == row.level)
        )


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of the preview: what, what it said, what it will say ("" for nothing)."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryRef:
    """One line of the list of what can be edited."""

    kind: str
    name: str
    title: str
    changed: bool


def plain_number(number: Decimal | None) -> str:
    """8200.00 as 8200, "" for none."""
    return "" if number is None else f"{number:f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"


def compare(before: CountySheet, after: CountySheet, title_column: str) -> Iterator[ChangeLine]:
    """What editing has changed, cell by cell; a new or removed row is one line."""
    for one in before.head:
        was, now = before.head_cells.get(one.key, ""), after.head_cells.get(one.key, "").strip()
        if was != now:
            yield ChangeLine(one.label, _shown(one, was), _shown(one, now))
    for row in after.rows:
        former = before.row(row.key)
        title = _title(former or row, title_column)
        if former is None:
            yield ChangeLine(title, "", "新增")
            continue
        for column in before.columns:
            was, now = former.cells.get(column.key, ""), row.cells.get(column.key, "").strip()
            if was != now and before.is_typed(column, former):
                yield ChangeLine(f"{title}：{column.label}", _shown(column, was), _shown(column, now))
    left = [row.key for row in after.rows]
    for row in before.rows:
        if row.key not in left:
            yield ChangeLine(_title(row, title_column), "有", "删除")
    kept = [row.key for row in before.rows if row.key in left]
    if before.ordered and kept != [key for key in left if before.row(key)]:
        yield ChangeLine("顺序", "", "已调整")


def _title(row: EntryRow, title_column: str) -> str:
    """What a row is called; a new one of years and options by both."""
    told = (row.cells.get("year", ""), row.cells.get("item", ""))
    return row.cells.get(title_column, "") or " ".join(part for part in told if part) or row.key


def _shown(column: EntryColumn, value: str) -> str:
    if column.kind == "tick":
        return yes_no(value == TICKED)
    return next((label for choice, label in column.choices if choice == value), value)
