"""A report beside another one, and beside what its figures come to today."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import UserError
from app.figures.catalogue import find_figure
from app.figures.definition import Period, Reading
from app.figures.frozen_report import FrozenFigure, frozen_figures, report_title
from db.schema.period_report import PeriodReport


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """One figure of a report.

    Attributes:
        other: the same in the other report, None where there is none or it has no such figure
        now: the same over the same period today; None where the figure is unknown to this program
    """

    frozen: FrozenFigure
    other: FrozenFigure | None
    now: Reading | None

    @property
    def change(self) -> Decimal | None:
        """How much more than in the other report."""
        return _difference(self.frozen.value, self.other.value if self.other else None)

    @property
    def drift(self) -> Decimal | None:
        """How much more it is today than on the day on which it was frozen."""
        return _difference(self.now.value if self.now else None, self.frozen.value)

    @property
    def has_drifted(self) -> bool:
        """Whether today's records give something else; the report itself stays."""
        return self.now is not None and (
            self.now.value != self.frozen.value or set(self.now.ids) != set(self.frozen.ids)
        )


@dataclass(frozen=True, slots=True)
class ReportComparison:
    """A report with its figures; `other_title` is "" where it is compared with none."""

    report_id: str
    title: str
    frozen_on: date
    period: Period
    other_title: str
    figures: tuple[FigureComparison, ...]

    @property
    def drifted(self) -> int:
        """How many figures are different today."""
        return sum(one.has_drifted for one in self.figures)


def compare_report(session: Session, report_id: str, other_id: str = "", today: date | None = None) -> ReportComparison:
    """Args:
        other_id: another report; "" for none

    Raises:
        UserError: there is no such report, or one of them has not been frozen
    """
    report = _frozen_report(session, report_id)
    other = _frozen_report(session, other_id) if other_id else None
    others = {one.name: one for one in frozen_figures(session, other_id)} if other else {}
    assert report.first_on is not None
    assert report.last_on is not None
    assert report.frozen_on is not None
    period = Period(report.first_on, report.last_on)
    return ReportComparison(
        report_id=report.id,
        title=report_title(report),
        frozen_on=report.frozen_on,
        period=period,
        other_title=report_title(other) if other else "",
        figures=tuple(
            FigureComparison(one, others.get(one.name), _read_again(session, one, period.until(today or date.today())))
            for one in frozen_figures(session, report_id)
        ),
    )


def missing_line_year(session: Session, report_id: str, today: date | None = None) -> int:
    """The year of the line of the county that a figure of the report still lacks; 0 where none does.

    Raises:
        UserError: as `compare_report`
    """
    compared = compare_report(session, report_id, today=today)
    years = (one.now.line_year for one in compared.figures if one.now and one.frozen.value is None)
    return next(filter(None, years), 0)


def _read_again(session: Session, frozen: FrozenFigure, period: Period) -> Reading | None:
    figure = find_figure(frozen.name)
    return figure.read(session, period) if figure else None


def _frozen_report(session: Session, report_id: str) -> PeriodReport:
    report = session.get(PeriodReport, report_id)
    if report is None or report.withdrawn:
        raise UserError("没有这份报告，可能已经撤回。")
    if report.frozen_on is None:
        raise UserError(f"“{report_title(report)}”还没有统计，不能比较。请先按 Ctrl+M 统计。")
    return report


def _difference(value: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if value is None or other is None else value - other
