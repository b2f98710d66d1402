"""A sheet as an officer is asked about it: what its columns become, and what is doubtful about it as a whole."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.sheets.header_matching import HeaderRow
from app.sheets.import_choices import SheetChoices
from app.sheets.mapped_column import MappedColumn
from app.sheets.roster_aliases import RosterKind

QuestionKind: TypeAlias = Literal["office", "hidden", "struck"]


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """Something about a whole sheet that an officer decides; `proposed` is what happens without an answer."""

    kind: QuestionKind
    text: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class ImportedSheet:
    """A sheet that was recognised.

    Attributes:
        samples: for each column, what stands in it first
        questions: about the sheet as a whole; those about a column are the column's `doubt`
        is_taken: whether its rows are read at all
    """

    name: str
    rows: int
    heading: HeaderRow
    samples: tuple[tuple[str, ...], ...]
    questions: tuple[SheetQuestion, ...]
    choices: SheetChoices
    is_taken: bool

    @property
    def kind(self) -> RosterKind:
        return self.heading.kind

    @property
    def columns(self) -> tuple[MappedColumn, ...]:
        return self.heading.columns

    @property
    def unrecognized(self) -> tuple[str, ...]:
        """Headings of the columns that are kept as named notes."""
        return tuple(column.header for column in self.columns if not column.target)

    def count_doubts(self) -> int:
        """How many questions are open; a column in which nothing stands asks none."""
        columns = sum(
            bool(column.doubt and samples) for column, samples in zip(self.columns, self.samples, strict=True)
        )
        return columns + len(self.questions)
