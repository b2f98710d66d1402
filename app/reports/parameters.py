"""The parameters of a report: what an officer chooses and types before printing."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class ReportParameters:
    """The parameters of one printing. A report reads those it needs and ignores the rest.

    Attributes:
        households: ids, in the order in which they are printed; all in force if there are none
        round, helper: id of a round of inspections, of a helper
        package: number of an entry of the exchange log
        entry: id of a filled-in form of the village
        month: "2018-12"; if "", the newest of attendance, and each of the year of other lists
        view: a view with its list, as `encode_for_printing` (app/list_views/stored_form.py) writes it
        record: id of the row of a register, of an attachment
        title: typed by the officer, "" for the usual title
        phone: the number for objections below a public notice
        days: how long a public notice is posted
        year: only the records of this year, 0 for all
        full: ID and phone numbers in full, not masked
        blank: to be filled in by hand
        today: the day of printing
    """

    households: tuple[str, ...] = ()
    round: str = ""
    helper: str = ""
    package: int = 0
    entry: str = ""
    month: str = ""
    view: str = ""
    record: str = ""
    title: str = ""
    phone: str = ""
    days: int = 7
    year: int = 0
    full: bool = False
    blank: bool = False
    today: date = field(default_factory=date.today)

    @property
    def day(self) -> date:
        """The day whose words the paper uses: the last of a year that is over, else that of printing."""
        return min(self.today, date(self.year, 12, 31)) if self.year else self.today
