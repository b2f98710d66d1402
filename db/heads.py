"""The heads of a cell, from all its changes at once: the definition that docs/decisions/0004-journal.md gives.

db/merge.py keeps heads up to date change by change, which a package of a million cells needs; where changes leave the
journal again (db/retraction.py) and where a workbook is proved (app/workbook/soundness.py) they are worked out anew.
Tests hold the two against each other.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from db.merge import Dot, Raw


def dots(replaces: str) -> tuple[Dot, ...]:
    """`Change.replaces` taken apart."""
    pairs = (dot.split(":") for dot in replaces.split())
    return tuple((int(stream), int(number)) for stream, number in pairs)


def standing(births: Mapping[Dot, Raw], edits: Mapping[Dot, Iterable[Dot]]) -> list[Dot]:
    """The heads of one cell that stand in table `head`: none where it has its row's births as heads, all alike.

    Args:
        births: of the row, each with what it says of this cell
        edits: of the cell, each with the dots it replaces
    """
    if not edits and len(set(births.values())) < 2:
        return []
    gone = {dot for replaced in edits.values() for dot in replaced}
    agreed = {value for birth, value in births.items() if birth in gone}
    return [dot for dot in edits if dot not in gone] + [
        birth for birth, value in births.items() if birth not in gone and value not in agreed
    ]


@dataclass(slots=True)
class RowHistory:
    """The known changes of one row.

    Attributes:
        births: each with its cells
        edits: column → each change with what it replaces
        values, stamps: of every change that is here
    """

    births: dict[Dot, dict[str, Raw]] = field(default_factory=dict)
    edits: dict[str, dict[Dot, tuple[Dot, ...]]] = field(default_factory=lambda: defaultdict(dict))
    values: dict[Dot, Raw] = field(default_factory=dict)
    stamps: dict[Dot, int] = field(default_factory=dict)

    def add(self, dot: Dot, column: str, value: Any, stamp: int, replaces: str) -> None:
        self.stamps[dot] = stamp
        if column:
            self.values[dot] = value
            self.edits[column][dot] = dots(replaces)
        else:
            self.births[dot] = json.loads(value)

    def columns(self) -> set[str]:
        """The cells that some change speaks of."""
        return set(self.edits).union(*self.births.values())

    def heads(self, column: str) -> list[Dot]:
        """Those that stand in table `head`."""
        births = {birth: cells.get(column) for birth, cells in self.births.items()}
        return standing(births, self.edits.get(column, {}))

    def shown(self, column: str, replica: Mapping[int, str]) -> Raw:
        """What the table shows: the head with the highest (stamp, replica). `replica`: stream → its name."""
        heads = self.heads(column) or list(self.births)
        winner = max(heads, key=lambda dot: (self.stamps[dot], replica[dot[0]], dot[1]))
        return self.births[winner].get(column) if winner in self.births else self.values[winner]
