"""What a year of the village is measured by: its indicators, what it set out to reach, and whether it has risen."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class VillageIndicator(Record):
    """村情指标: one figure of the village in one year, against its standard (docs/coverage.md 2.2-1)."""

    __tablename__ = "village_indicator"
    LABEL = "村情指标"
    TITLE = ("year", "indicator")
    PARENT = ""
    KEY = ("village", "year", "indicator")
    PRINTED = ("village_indicator_ledger",)

    year: Mapped[int | None] = column("年度", "year", required=True, past=True)
    indicator: Mapped[str | None] = column("指标", "choice", options="village_indicator", required=True)
    value: Mapped[Decimal | None] = column("数值", "decimal", minimum=0)
    answer: Mapped[bool | None] = column("是否", "yes_no", hint="只有“是”和“否”的指标填这里")
    standard: Mapped[Decimal | None] = column("标准", "decimal", minimum=0)
    source: Mapped[str | None] = column("数据来源")
    from_records: Mapped[bool | None] = column("由户档核算", "yes_no")
    note: Mapped[str | None] = column("备注", "long")


class AnnualTarget(Record):
    """年度任务: what is to be reached in a year, and how far it has come (docs/coverage.md 0-1)."""

    __tablename__ = "annual_target"
    LABEL = "年度任务"
    TITLE = ("year", "title")
    PARENT = ""
    KEY = ("village", "year", "title")
    PRINTED = ("annual_target_ledger",)

    year: Mapped[int | None] = column("年度", "year", required=True)
    title: Mapped[str | None] = column("任务名称", required=True)
    measured_by: Mapped[str | None] = column("统计指标", hint="指标名称，如：走访次数；不填就手工填完成数")
    unit: Mapped[str | None] = column("计量单位")
    planned: Mapped[Decimal | None] = column("计划数", "decimal", minimum=0, required=True)
    reached: Mapped[Decimal | None] = column("完成数", "decimal", minimum=0)
    reached_on: Mapped[date | None] = column("统计到", "date")
    responsible: Mapped[str | None] = column("责任人", short=True)
    due_on: Mapped[date | None] = column("完成时限", "date")
    completed_on: Mapped[date | None] = column("完成日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class VillageExit(Record):
    """村出列: the village's way out of the list of poor villages (docs/coverage.md 0-3)."""

    __tablename__ = "village_exit"
    LABEL = "村出列验收"
    TITLE = ("year",)
    PARENT = ""
    KEY = ("village", "year")
    PRINTED = ("village_exit_ledger", "village_exit_acceptance")

    year: Mapped[int | None] = column("出列年度", "year", required=True)
    proposed_on: Mapped[date | None] = column("村级申请日期", "date")
    town_on: Mapped[date | None] = column("乡镇核查日期", "date")
    town_opinion: Mapped[str | None] = column("乡镇核查意见", "long")
    county_on: Mapped[date | None] = column("县级验收日期", "date")
    county_opinion: Mapped[str | None] = column("县级验收意见", "long")
    published_on: Mapped[date | None] = column("公示日期", "date")
    approved_on: Mapped[date | None] = column("批准出列日期", "date")
    approval_no: Mapped[str | None] = column("批准文号", short=True)
    refused_on: Mapped[date | None] = column("不予出列日期", "date")
    refusal: Mapped[str | None] = column("不予出列原因", "long")
    note: Mapped[str | None] = column("备注", "long")


class ExitCriterion(Record):
    """出列指标: what was asked, what was found."""

    __tablename__ = "exit_criterion"
    LABEL = "出列指标"
    TITLE = ("criterion",)
    PARENT = "exit_id"
    KEY = ("exit_id", "criterion")
    PRINTED = ("village_exit_acceptance",)

    exit_id: Mapped[str | None] = reference("村出列验收", "village_exit")
    criterion: Mapped[str | None] = column("验收指标", required=True)
    standard: Mapped[str | None] = column("标准要求")
    actual: Mapped[str | None] = column("实际情况")
    met: Mapped[bool | None] = column("是否达标", "yes_no")
    evidence: Mapped[str | None] = column("佐证材料")
