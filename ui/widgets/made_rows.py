"""Rows of a list that was worked out as a whole, made of their lines when they are looked at.

A window shows forty of tens of thousands, and a row's cells take more memory than the line that they are made of.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from ui.widgets.row_table import Row

Line = TypeVar("Line")


class Cells(Mapping[str, Any], Generic[Line]):
    """The cells of a row by column key, each read from the line when it is asked for."""

    __slots__ = ("_line", "_readers")

    def __init__(self, line: Line, readers: Mapping[str, Callable[[Line], Any]]) -> None:
        self._line, self._readers = line, readers

    def __getitem__(self, key: str) -> Any:
        return self._readers[key](self._line)

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def __len__(self) -> int:
        return len(self._readers)


class MadeRows(Mapping[str, Row], Generic[Line]):
    """Rows by id in the order of their lines; `make` is given the id and the line, and called anew each time."""

    def __init__(self, lines: Mapping[str, Line], make: Callable[[str, Line], Row]) -> None:
        self._lines, self._make = lines, make

    def __getitem__(self, id: str) -> Row:
        return self._make(id, self._lines[id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, id: object) -> bool:
        return id in self._lines
