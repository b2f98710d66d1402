"""干部培训学时统计表: how many hours each officer was trained in each year, and who was never trained."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import CELL, LABEL
from app.records.field import field
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, field_column, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.aid import Helper
from db.schema.work_team import OfficerTraining

TITLE = "干部培训学时统计表"
GROUP = "其他"
ORDER = 6
SUBJECT = "village"
_YEARS = 5  # the last ones in which anybody was trained


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A line for each officer of the village; whoever has most hours stands first."""
    selection = select_households(session, parameters)
    officers = session.scalars(select(Helper).where(~Helper.withdrawn).order_by(Helper.name, Helper.id)).all()
    attended: dict[str, list[OfficerTraining]] = {officer.id: [] for officer in officers}
    for course in session.scalars(select(OfficerTraining).where(~OfficerTraining.withdrawn)):
        attended.setdefault(course.helper_id or "", []).append(course)
    years = sorted({one.started_on.year for each in attended.values() for one in each if one.started_on})[-_YEARS:]
    years = years or [parameters.today.year]
    ordered = sorted(officers, key=lambda officer: (-_hours(attended[officer.id]), officer.name or ""))
    columns = [
        LedgerColumn("姓名", 20),
        field_column(field("helper", "unit"), 40),
        *(LedgerColumn(f"{year}年", 16, "right") for year in years),
        LedgerColumn("学时合计", 18, "right"),
        LedgerColumn("培训次数", 18, "right"),
        LedgerColumn("平均成绩", 18, "right"),
    ]
    rows = [[officer.name or "", officer.unit or "", *_figures(attended[officer.id], years)] for officer in ordered]
    untrained = sum(not attended[officer.id] for officer in officers)
    return [
        Title(f"{selection.village}{TITLE}", f"截至 {formatting.day(parameters.today)}"),
        selection.header_line(f"共 {len(officers)} 人，{untrained} 人没有参加过培训"),
        ledger_table(columns, rows, body_style=CELL, header_style=LABEL),
        signature_row("填表人", "工作队队长"),
    ]


def _figures(courses: Sequence[OfficerTraining], years: Sequence[int]) -> list[str]:
    """Hours of each year, of all of them, how many courses, and the mean mark; empty where there is none."""
    by_year = (_hours([one for one in courses if one.started_on and one.started_on.year == year]) for year in years)
    marks = [one.score for one in courses if one.score is not None]
    return [
        *(_text(hours) for hours in by_year),
        _text(_hours(courses)),
        str(len(courses)) if courses else "",
        f"{sum(marks, Decimal()) / len(marks):.1f}" if marks else "",
    ]


def _hours(courses: Sequence[OfficerTraining]) -> Decimal:
    return sum((one.hours or Decimal() for one in courses), Decimal())


def _text(hours: Decimal) -> str:
    return f"{float(hours):g}" if hours else ""
