"""The groups of a view in a written list: a row with title and sums before the rows of each, and the sums of all below.

They carry an id of their own, by which they are known, and passed over, when the list comes back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.sheets.cells import text_of
from app.sheets.register_layout import COMPUTED, RegisterLayout
from app.sheets.roster import Remark
from app.sheets.sheet import Cell
from app.sheets.sheet_rows import SheetRow

GROUP_ID = "group:"  # begins the id of such a row


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """One group.

    Attributes:
        title: with how many rows it has
        start: how many rows of the list stand before it
        sums: column of the layout → its sum
    """

    title: str
    start: int
    sums: Mapping[str, Decimal]


class GroupCells(list[object]):
    """The cells of such a row."""


def with_groups(
    parcels: Iterable[Sequence[Sequence[object]]], layout: RegisterLayout, groups: Sequence[SheetGroup]
) -> Iterator[list[Sequence[object]]]:
    """The rows of a list, some at a time, with those of groups among them."""
    waiting = list(enumerate(groups))
    start = 0
    for rows in parcels:
        parcel: list[Sequence[object]] = []
        for cells in rows:
            while waiting and waiting[0][1].start <= start:
                parcel.append(_cells(*waiting.pop(0), layout))
            parcel.append(cells)
            start += 1
        yield parcel
    if waiting:
        yield [_cells(n, group, layout) for n, group in waiting]


def _cells(n: int, group: SheetGroup, layout: RegisterLayout) -> GroupCells:
    sums = [group.sums.get(target) for target in layout.targets]
    return GroupCells([group.title, *sums[1 : -len(layout.hidden_targets)], f"{GROUP_ID}{n}"])


def group_remarks(layout: RegisterLayout, row: SheetRow, left: Mapping[str, Cell]) -> Iterator[Remark]:
    """What somebody wrote into such a row.

    Args:
        left: what its cells said when it left
    """
    for target in row.columns:
        name = target.removeprefix(COMPUTED)
        if row.text(target) and row.text(target) != text_of(left.get(name, "")):
            yield unwritten_remark(row, layout.header(name), target, "分组和合计的行不是记录，没有取")


def unwritten_remark(row: SheetRow, header: str, target: str, why: str) -> Remark:
    """What somebody typed where a sheet changes nothing."""
    cells = ((row.number, header, row.text(target)),)
    return Remark(row.sheet, row.number, header, f"“{header}”改了，{why}", cells=cells)
