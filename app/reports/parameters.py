"""What a paper is to be about: what an officer chooses and types before it is printed."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class ReportParameters:
    """What one printing of a paper is about. A paper reads what it needs, and leaves the rest alone.

    Attributes:
        households: ids, in the order in which they are printed; all that are in force where there are none
        round, helper: id of a round of inspections, of a helper
        package: number of a line of the log of exchanges
        title: what the officer typed over it, "" for the usual title
        phone: the number for objections below a public notice
        days: how long a public notice hangs
        year: only the records of this year, 0 for all
        full: numbers of persons in full, not masked
        blank: to be filled in by hand
        today: the day of printing
    """

    households: tuple[str, ...] = ()
    round: str = ""
    helper: str = ""
    package: int = 0
    title: str = ""
    phone: str = ""
    days: int = 7
    year: int = 0
    full: bool = False
    blank: bool = False
    today: date = field(default_factory=date.today)
