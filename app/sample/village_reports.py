"""The reports of the sample village: their figures are frozen from what the sample holds."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.figures.frozen_report import freeze
from db.schema.period_report import PeriodReport


def freeze_reports(session: Session) -> None:
    """Write the figures of each report down, as of the day on which it was made."""
    reports = session.execute(select(PeriodReport.id, PeriodReport.made_on).order_by(PeriodReport.first_on)).all()
    for report_id, made_on in reports:
        if made_on is not None:
            freeze(session, report_id, made_on)
