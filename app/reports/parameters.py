"""The parameters of a report: what an officer chooses and types before printing."""

import re
from dataclasses import dataclass, field
from datetime import date

from app.errors import UserError

_MONTH = re.compile(r"(\d{4})-(0?[1-9]|1[0-2])")


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
    def first_of_month(self) -> date | None:
        """The first day of `month`, None where none is chosen.

        Raises:
            UserError: it is not written as 2018-12
        """
        if not self.month:
            return None
        found = _MONTH.fullmatch(self.month)
        if not found:
            raise UserError(f"“{self.month[:10]}”不是月份，请写成 2018-12 这样。")
        return date(int(found[1]), int(found[2]), 1)

    @property
    def day(self) -> date:
        """The day whose words the paper uses: the last of a year that is over, else that of printing."""
        return min(self.today, date(self.year, 12, 31)) if self.year else self.today
