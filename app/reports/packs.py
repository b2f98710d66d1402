"""成套材料: papers that are handed in together, in their order; each is a file of resources/packs.

A paper about the village is printed once; one about a row of a register, a round, a month of attendance or a form of
the village once for each of the year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

import resources
from app.checklists.rounds import list_rounds
from app.forms.entries import village_entries
from app.registers import get_register
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.reports.parameters import ReportParameters
from app.reports.village import Report, get_report
from app.work_team.month_sheet import attended_months
from resources.option_roles import values_with_role

_SUBJECTS = ("village", "row", "round", "month", "entry")


@dataclass(frozen=True, slots=True)
class PackPaper:
    """One paper of a pack.

    Attributes:
        column, role: of a row: only where its column has an option with this role
        form: of a form of the village: only entries of this form
    """

    report: Report
    column: str = ""
    role: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """Papers that are handed in together. `name`: of its file, which commands and the print page know it by."""

    name: str
    title: str
    papers: tuple[PackPaper, ...]


def all_packs() -> tuple[Pack, ...]:
    """Every pack, by its name."""
    return tuple(get_pack(name) for name in resources.names("packs"))


@cache
def get_pack(name: str) -> Pack:
    """One pack.

    Raises:
        KeyError: there is none, or it names a paper that does not exist
        ValueError: it names a paper that is printed for each household
    """
    if name not in resources.names("packs"):
        raise KeyError(name)
    raw = resources.read("packs", name)
    return Pack(name, raw["title"], tuple(_paper(name, **one) for one in raw["papers"]))


def _paper(pack: str, paper: str, **options: Any) -> PackPaper:
    report = get_report(paper)
    if report.subject not in _SUBJECTS:
        raise ValueError(f"resources/packs/{pack}.toml: “{paper}” is printed for each {report.subject}")
    return PackPaper(report, **options)


def printings(session: Session, paper: PackPaper, year: int) -> Iterator[tuple[str, ReportParameters]]:
    """What distinguishes each printing of a paper ("" where there is only one), and its parameters."""
    report, of_year = paper.report, year if "year" in paper.report.parameters else 0
    match report.subject:
        case "village":
            yield "", ReportParameters(year=of_year)
        case "row":
            yield from _rows(session, paper, year)
        case "round":
            for one in list_rounds(session):
                if one.started_on and one.started_on.year == year:
                    yield one.title, ReportParameters(round=one.id)
        case "month":
            for first, _ in reversed(attended_months(session)):
                if first.year == year:
                    yield f"{first.month}月", ReportParameters(month=f"{first:%Y-%m}")
        case _:
            for entry in village_entries(session, paper.form):
                if year in (entry.year, entry.filled_on.year if entry.filled_on else None):
                    yield entry.title, ReportParameters(entry=entry.id)


def _rows(session: Session, paper: PackPaper, year: int) -> Iterator[tuple[str, ReportParameters]]:
    register = get_register(paper.report.register)
    query = RowQuery(year=year if register.dated else 0)
    wanted = values_with_role(register.field(paper.column).spec.options, paper.role) if paper.column else None
    for row in load_rows(session, register, row_ids(session, register, query), date(year, 12, 31)):
        if wanted is None or row.values[paper.column] in wanted:
            yield row.title, ReportParameters(record=row.id)
