"""What a sheet that goes out and comes back needs of the list that it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from app.records.field import Field


class SheetLayout(Protocol):
    """The columns of one sheet, each called by its target."""

    @property
    def table(self) -> str:
        """What the rows are of, as the hidden sheet calls it."""

    @property
    def title(self) -> str:
        """Of the sheet."""

    @property
    def targets(self) -> tuple[str, ...]:
        """What stands in each column of a written sheet, the hidden ones last."""

    @property
    def subject_targets(self) -> tuple[str, ...]:
        """Those that tell whom a row is about."""

    @property
    def hidden_targets(self) -> tuple[str, ...]:
        """Those that hold ids."""

    def field(self, target: str) -> Field:
        """The Field of a column that is not hidden."""

    def header(self, target: str) -> str:
        """What a written sheet calls a column."""

    def is_read(self, target: str) -> bool:
        """Whether a sheet may change the column."""


@dataclass(frozen=True, slots=True)
class SheetHeading:
    """A recognised heading.

    Attributes:
        row: of its last line, counted from 0
        targets: what each column becomes, "" for one that is unknown, `SKIPPED_COLUMN` for one that is passed over
        factors: column → what its numbers are multiplied by (万元 in a column of 元)
    """

    row: int
    headers: tuple[str, ...]
    targets: tuple[str, ...]
    factors: Mapping[int, Decimal]
