"""夜校参学率统计表: each evening with how many households came, and each household with how often it came."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from app.figures.definition import year_period
from app.figures.surveys import EveningSchool, evening_school, percent
from app.pdf.flowables import Flowable, Heading, Title
from app.pdf.page_style import CELL, LABEL
from app.reports import formatting
from app.reports.household_selection import HouseholdSelection, group_or_hamlet, select_households
from app.reports.ledger import LedgerColumn, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from resources.limits import Limit

TITLE = "夜校参学率统计表"
GROUP = "其他"
ORDER = 9
SUBJECT = "village"
PARAMETERS = ("year",)
_LEAST = Limit("village_work")["evening_share"]


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Of the year that is chosen, or of that of printing."""
    year, selection = parameters.year or parameters.today.year, select_households(session, parameters)
    school = evening_school(session, year_period(year))
    return [
        Title(f"{selection.village}{TITLE}", f"{year}年"),
        selection.header_line(f"办了 {len(school.evenings)} 期，参学户率 {_percent(school.share)}"),
        _evenings(school, selection),
        Heading("各户参学情况"),
        _households(school, selection),
        signature_row("填表人", "审核人"),
    ]


def _evenings(school: EveningSchool, selection: HouseholdSelection) -> Flowable:
    columns = [
        LedgerColumn("日期", 34),
        LedgerColumn("主题", 84, "left"),
        LedgerColumn("参学户", 22, "right"),
        LedgerColumn("参学率", 24, "right"),
    ]
    rows = []
    for evening_id, (day, title) in school.evenings.items():
        came = sum(evening_id in school.attended.get(household.id, ()) for household in selection.households)
        share = percent(came, len(selection.households))
        rows.append([formatting.day(day), title, str(came), _percent(share)])
    return ledger_table(columns, rows, body_style=CELL, header_style=LABEL)


def _households(school: EveningSchool, selection: HouseholdSelection) -> Flowable:
    """In walking order, with what is below the norm of the county said."""
    columns = [
        LedgerColumn("村民组", 34),
        LedgerColumn("户主", 28),
        LedgerColumn("参学期数", 26, "right"),
        LedgerColumn("参学率", 26, "right"),
        LedgerColumn("说明", 50, "left"),
    ]
    rows = []
    for household in selection.households:
        share, came = school.share_of(household.id), len(school.attended.get(household.id, ()))
        is_low = share is not None and share < int(_LEAST)
        told = "没有参加过" if is_low and not came else f"低于 {int(_LEAST)}%" if is_low else " "
        rows.append([group_or_hamlet(household) or " ", household.head, str(came), _percent(share), told])
    return ledger_table(columns, rows, body_style=CELL, header_style=LABEL)


def _percent(share: Decimal | None) -> str:
    return formatting.EMPTY if share is None else f"{share}%"
