"""What a register proposes to other cards: lines of a household's yearly account, and marks of its members. Data only.

app/register_proposals reads and writes them; nothing is written that nobody has looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from db.schema.record import Record


@dataclass(frozen=True, slots=True, eq=False)
class IncomeSource:
    """Money in the rows of a register, as one line of the account of a household's year.

    Attributes:
        amount: the money column of a row; a month's where there is an `until`
        dated: the date, month or year column that says which year it belongs to, or since when it comes every month
        role: of the item in the dictionary income_item
        cell: the money column of income_year, where it is no item of the account
        what: the wording of the line, or the column that words it; "" for the line of the item itself
        by_person: the line is worded by the name of the member, as wages are
        record: the rows below the register's that hold the money; None where its own do
        until: the date or month column with the last month, for money that comes every month
        months: the column that says how many months, where somebody counted them
        where: which rows count; of the first and the last month of the account, YYYY-MM, where that depends on them
    """

    amount: ColumnElement[Any] | Any
    dated: str
    role: str = ""
    cell: str = ""
    what: str | Any = ""
    by_person: bool = False
    record: type[Record] | None = None
    until: str = ""
    months: str = ""
    where: ColumnElement[bool] | Callable[[str, str], ColumnElement[bool]] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MemberMark:
    """A column of a member that a register about members knows better.

    Attributes:
        column: of the member
        where: rows that hold now
        of: rows that tell of this mark at all; a member with none that holds, but one that did, has it no longer
        value: the column of the row whose value the member's is to be; 是 where it is ""
        year: the column with the year that a row holds for, "" where it holds until something ends it
        is_complete: whether who has no row at all does not have it either; else nothing is said of him
    """

    column: str
    where: ColumnElement[bool]
    of: ColumnElement[bool]
    value: str = ""
    year: str = ""
    is_complete: bool = True
