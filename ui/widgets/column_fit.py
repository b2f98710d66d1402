"""How wide the columns of a list are: by their kind and by what the first rows show, within the room there is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from PySide6.QtWidgets import QHeaderView, QTableView

_WIDEST = 12  # characters to which a column grows by itself
_LEAST_STRETCH, _WIDEST_STRETCH = 8, 24  # characters that are kept for a column that takes what is left
_MOST_TIGHTENED = 0.85  # of the width of its kind has a column whose texts are short, where room is wanting
_MEASURED_ROWS = 30
_MARGIN = 24  # pixels beside the text of a cell

Line = TypeVar("Line")


class SizedColumn(Protocol):
    """What is asked of a column: its width in half characters, 0 for what takes what is left."""

    @property
    def width(self) -> int: ...


@dataclass(slots=True)
class _Width:
    """Of one section, in pixels.

    Attributes:
        kind: as its kind and its head need
        needed: as the measured texts and its head need
        given: as it was set here last
        takes_rest: whether it takes what the others leave
    """

    kind: int
    needed: int
    given: int
    takes_rest: bool

    @property
    def tight(self) -> int:
        return self.kind if self.needed >= self.kind else max(self.needed, int(self.kind * _MOST_TIGHTENED))


class ColumnFit:
    """The widths of one table. What an officer drags stays as he left it until the list has other columns."""

    def __init__(self, table: QTableView) -> None:
        self._table = table
        self._widths: list[_Width] = []
        self._is_measured = False

    def begin(self, columns: Sequence[SizedColumn]) -> None:
        """Other columns: as wide as their kind needs until rows come."""
        header = self._table.horizontalHeader()
        header.setStretchLastSection(False)
        self._is_measured = False
        self._widths = []
        for n, column in enumerate(columns):
            mode = QHeaderView.ResizeMode.Interactive if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(n, mode)
            heading = header.sectionSizeFromContents(n).width()  # never cut
            kind = max(self._characters(column.width) // 2 + _MARGIN, heading)
            self._widths.append(_Width(kind, kind, kind, not column.width))
            if column.width:
                self._table.setColumnWidth(n, kind)

    def measure(self, rows: Iterable[Line], text: Callable[[Line, int], str]) -> None:
        """The first rows that come say what their columns need; later ones move nothing below a reader's eyes.

        Args:
            text: what a row shows in a section
        """
        first_rows = [] if self._is_measured else list(islice(rows, _MEASURED_ROWS))
        if not first_rows:
            return
        self._is_measured = True
        header, metrics = self._table.horizontalHeader(), self._table.fontMetrics()
        for n in self._visible():
            longest = max(metrics.horizontalAdvance(text(row, n)) for row in first_rows)
            widest = self._characters(_WIDEST_STRETCH if self._widths[n].takes_rest else _WIDEST)
            heading = header.sectionSizeFromContents(n).width()
            self._widths[n].needed = max(heading, min(longest, widest) + _MARGIN)
        self.fit()

    def fit(self) -> None:
        """Share out the room there is. The list rolls sideways only where its columns need more at their tightest."""
        header = self._table.horizontalHeader()
        header.setStretchLastSection(False)  # gives the last column back the width that it had
        visible = self._visible()
        resting = [n for n in visible if self._widths[n].takes_rest]
        sized = [n for n in visible if not self._widths[n].takes_rest]
        room, least = self._table.viewport().width(), len(resting) * self._characters(_LEAST_STRETCH)
        self._give(sized, room, least, max(least, sum(self._widths[n].needed for n in resting)))
        left = room - sum(self._table.columnWidth(n) for n in sized)
        for n in resting:
            if left >= least:
                header.setSectionResizeMode(n, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(n, QHeaderView.ResizeMode.Interactive)
                self._table.setColumnWidth(n, self._rest_where_it_rolls(n))
        if not resting and left > 0:
            header.setStretchLastSection(True)

    def _give(self, sections: Sequence[int], room: int, least_rest: int, wanted_rest: int) -> None:
        """Widths for those that nobody has dragged: first what their texts need, then what is usual for their kind."""
        ours = [n for n in sections if self._table.columnWidth(n) == self._widths[n].given]
        room -= sum(self._table.columnWidth(n) for n in sections if n not in ours)
        tight = sum(self._widths[n].tight for n in ours)
        rolls = tight > room - least_rest  # then nothing is cut, and nothing is wider than it needs
        spare = sum(self._widths[n].needed for n in ours) if rolls else max(0, room - wanted_rest - tight)
        given = {n: self._widths[n].tight for n in ours}
        wishes = [{n: self._widths[n].needed for n in ours}]
        wishes += [] if rolls else [{n: self._widths[n].kind for n in ours}]
        for wanted in wishes:
            for n in ours:
                more = max(0, min(wanted[n] - given[n], spare))
                given[n] += more
                spare -= more
        for n, width in given.items():
            self._widths[n].given = width
            self._table.setColumnWidth(n, width)

    def _rest_where_it_rolls(self, section: int) -> int:
        needed = self._widths[section].needed if self._is_measured else 0
        return max(self._characters(_LEAST_STRETCH), min(needed, self._characters(_WIDEST)))

    def _visible(self) -> list[int]:
        return [n for n in range(len(self._widths)) if not self._table.isColumnHidden(n)]

    def _characters(self, number: int) -> int:
        return number * self._table.fontMetrics().horizontalAdvance("字")
