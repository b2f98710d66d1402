"""调度报告: 月报, 双月调度, 半年盘点, 年终自评; its figures are frozen on a day (app/figures/frozen_report.py)."""

from datetime import date

from sqlalchemy import func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Step
from app.registers.engine.topic import Topic
from db.schema.period_report import PeriodReport, ReportFigure

_figures = (
    select(func.count())
    .select_from(ReportFigure)
    .where(ReportFigure.report_id == PeriodReport.id, ~ReportFigure.withdrawn)
    .correlate(PeriodReport)
    .scalar_subquery()
)

REGISTER = Register(
    record=PeriodReport,
    topic=Topic.REPORTS,
    subject="village",
    order=93,
    columns=(
        "kind", "first_on", "last_on", "made_on", "made_by", "frozen_on", "figures", "progress", "problems", "plans",
        "advice", "recipient", "sent_on", "note",
    ),
    groups=(
        ("报告", ("kind", "first_on", "last_on", "made_on", "made_by", "frozen_on", "figures")),
        ("文字", ("progress", "problems", "plans", "advice")),
        ("报送", ("recipient", "sent_on", "note")),
    ),
    form_excludes=("frozen_on",),
    starts={"made_on": date.today},
    author="made_by",
    filters=("kind",),
    sort="-last_on,-made_on",
    dated="last_on",
    in_archive=False,
    computed=(Computed("figures", "数据项数", _figures, kind="integer", places=0),),
    children=(
        Children(
            ReportFigure, ("place", "section", "label", "value", "unit", "missing"),
            widths={"label": 60, "missing": 60},
        ),
    ),
    steps=(Step("报送", "sent_on", needs=("frozen_on", "recipient")),),
    sheet=Layout({"kind": ("报告类别",), "first_on": ("起始日期",), "last_on": ("截止日期",)}),
    ledger=Ledger(
        "调度报告台账",
        columns=("kind", "first_on", "last_on", "frozen_on", "figures", "made_by", "recipient", "sent_on"),
        signatures=("填表人", "驻村工作队队长"),
    ),
    figures=(
        Count("报告份数"),
        Count("还没有统计", where=PeriodReport.frozen_on.is_(None)),
        Count("还没有报送", where=PeriodReport.sent_on.is_(None)),
    ),
)  # fmt: skip
