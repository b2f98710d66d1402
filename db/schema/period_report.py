"""Reports over a period, with the figures as they stood on the day; and which reports are due when."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class PeriodReport(Record):
    """调度报告: 月报, 双月调度, 半年盘点, 年终自评 (docs/coverage.md 4.3-2, 4.3-3, 4.3-4)."""

    __tablename__ = "period_report"
    LABEL = "调度报告"
    TITLE = ("kind", "first_on", "last_on")
    PARENT = ""
    KEY = ("village", "kind", "first_on", "last_on", "made_on")
    PRINTED = ("period_report_ledger", "period_report_paper")

    kind: Mapped[str | None] = column("报告种类", "choice", options="report_kind", required=True)
    first_on: Mapped[date | None] = column("期间开始", "date", required=True)
    last_on: Mapped[date | None] = column("期间结束", "date", required=True)
    made_on: Mapped[date | None] = column("编制日期", "date", required=True)
    made_by: Mapped[str | None] = column("编制人", short=True)
    frozen_on: Mapped[date | None] = column("统计日期", "date", derived=True)
    progress: Mapped[str | None] = column("主要工作", "long")
    problems: Mapped[str | None] = column("存在问题", "long")
    plans: Mapped[str | None] = column("下步打算", "long")
    advice: Mapped[str | None] = column("意见建议", "long")
    recipient: Mapped[str | None] = column("报送单位")
    sent_on: Mapped[date | None] = column("报送日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class ReportFigure(Record):
    """报告数据: one figure of a report as it stood on the day, and the records that it counted."""

    __tablename__ = "report_figure"
    LABEL = "报告数据"
    TITLE = ("label",)
    PARENT = "report_id"
    KEY = ("report_id", "name")
    PRINTED = ("period_report_paper",)

    report_id: Mapped[str | None] = reference("调度报告", "period_report")
    name: Mapped[str | None] = column("代号", derived=True, internal=True)
    place: Mapped[int | None] = column("序号", "integer", derived=True, short=True)
    section: Mapped[str | None] = column("类别", derived=True)
    label: Mapped[str | None] = column("指标", derived=True)
    value: Mapped[Decimal | None] = column("统计数", "decimal", derived=True)
    unit: Mapped[str | None] = column("单位", derived=True)
    missing: Mapped[str | None] = column("缺少的依据", derived=True)
    counted_table: Mapped[str | None] = column("记录种类", derived=True, internal=True)
    counted_ids: Mapped[str | None] = column("统计的记录", "long", derived=True, internal=True)


class ReportDuty(Record):
    """材料报送: which report or paper is due to whom and when (docs/coverage.md 4.5-6)."""

    __tablename__ = "report_duty"
    LABEL = "材料报送"
    TITLE = ("title", "due_on")
    PARENT = ""
    KEY = ("village", "title", "due_on")
    PRINTED = ("report_duty_ledger",)

    title: Mapped[str | None] = column("材料名称", required=True)
    period: Mapped[str | None] = column("报送频次", "choice", options="task_period")
    recipient: Mapped[str | None] = column("报送单位", required=True)
    responsible: Mapped[str | None] = column("责任人", short=True)
    report_id: Mapped[str | None] = reference("对应的报告", "period_report", required=False)
    due_on: Mapped[date | None] = column("报送时限", "date", required=True)
    sent_on: Mapped[date | None] = column("报送日期", "date")
    sent_way: Mapped[str | None] = column("报送方式")
    receipt: Mapped[str | None] = column("签收情况")
    note: Mapped[str | None] = column("备注", "long")
