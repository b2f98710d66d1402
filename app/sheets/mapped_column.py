"""What one column of a list becomes."""

from dataclasses import dataclass

from app.sheets.roster_aliases import RosterKind

YEARLY_TABLES = frozenset({"living_condition", "income_year", "income_line", "measure"})
ADDED_UP = ("income_line.", "income_year.reported_")  # what the quarters of a year add up to
UNKNOWN = "无对应栏目，存到“其他列”"


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One column of a list.

    Attributes:
        group: the heading above its own, "" where there is none
        kind: the kind of list that it would stand in: a helper's column may stand in a list of households
        target: "table.column"; "" is kept as a named note, `SKIPPED_COLUMN` put aside
        unit: that its numbers are written in, "" is the field's own
        year: whose year it is, 0 is that of the row or of the file
        person: which of the people across the row, 0 is whom the row itself is about
        period: the quarter, half or month whose part of the year's number it is, "" for the whole year
        doubt: what an officer should look at, with what is proposed; "" where nothing is doubtful
    """

    index: int
    header: str
    kind: RosterKind
    target: str
    group: str = ""
    unit: str = ""
    year: int = 0
    person: int = 0
    period: str = ""
    doubt: str = ""

    @property
    def key(self) -> tuple[str, int, int, str]:
        """What no two columns should be; a note is told from others by its name."""
        return self.target or f"note {self.title}", self.year, self.person, self.period

    @property
    def is_understood(self) -> bool:
        """Whether it is known what the column says, though there may be no field for it."""
        return bool(self.target) or self.doubt != UNKNOWN

    @property
    def is_part_of_year(self) -> bool:
        """Whether its number is added to others of the same year."""
        return bool(self.period) and self.target.startswith(ADDED_UP)

    @property
    def title(self) -> str:
        """The heading with its group, as people name it."""
        return f"{self.group}·{self.header}" if self.group else self.header
