"""What is built and grown in the village with whose money, and whom it helps."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, reference


class VillageProject(Record):
    """村级项目: from the day it is proposed until its acceptance is posted."""

    __tablename__ = "village_project"
    LABEL = "村级项目"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("village", "name", "year")
    BLANK_IN_KEY = ("year",)
    PRINTED = ("village_project", "village_project_ledger")

    code: Mapped[str | None] = column("项目编号", short=True)
    name: Mapped[str | None] = column("项目名称", required=True)
    year: Mapped[int | None] = column("年度", "year")
    kind: Mapped[str | None] = column("项目类别", "choice", options="project_kind", required=True)
    place: Mapped[str | None] = column("建设地点")
    scale: Mapped[str | None] = column("建设内容和规模", "long")
    budget: Mapped[Decimal | None] = column("概算投资", "money", minimum=0)
    owner: Mapped[str | None] = column("责任单位")
    responsible: Mapped[str | None] = column("责任人", short=True)
    builder: Mapped[str | None] = column("施工单位")
    goal: Mapped[str | None] = column("绩效目标", "long")
    proposed_on: Mapped[date | None] = column("提出日期", "date")
    meeting_on: Mapped[date | None] = column("村民代表会日期", "date")
    meeting_result: Mapped[str | None] = column("村民代表会意见")
    first_notice_on: Mapped[date | None] = column("立项前公示日期", "date")
    applied_on: Mapped[date | None] = column("申报日期", "date")
    reviewed_on: Mapped[date | None] = column("评审日期", "date")
    listed_on: Mapped[date | None] = column("入库日期", "date")
    approved_on: Mapped[date | None] = column("立项日期", "date")
    approval_no: Mapped[str | None] = column("立项文号", short=True)
    started_on: Mapped[date | None] = column("开工日期", "date")
    planned_end_on: Mapped[date | None] = column("计划完工日期", "date")
    accepted_on: Mapped[date | None] = column("验收日期", "date")
    acceptance: Mapped[str | None] = column("验收意见")
    last_notice_on: Mapped[date | None] = column("完工公示日期", "date")
    removed_on: Mapped[date | None] = column("退库日期", "date")
    removed_reason: Mapped[str | None] = column("退库原因")
    note: Mapped[str | None] = column("备注", "long")


class ProjectMoney(Record):
    """What one source gives to a project in one year."""

    __tablename__ = "project_money"
    LABEL = "项目资金"
    TITLE = ("source", "year")
    PARENT = "project_id"
    KEY = ("project_id", "source", "year")
    BLANK_IN_KEY = ("year",)
    PRINTED = ("village_project_ledger",)

    project_id: Mapped[str | None] = reference("村级项目", "village_project")
    source: Mapped[str | None] = column("资金来源", "choice", options="fund_source", required=True)
    year: Mapped[int | None] = column("年度", "year")
    planned: Mapped[Decimal | None] = column("计划金额", "money", minimum=0)
    arrived: Mapped[Decimal | None] = column("到位金额", "money", minimum=0)
    paid: Mapped[Decimal | None] = column("支出金额", "money", minimum=0)
    document_no: Mapped[str | None] = column("下达文号", short=True)


class ProjectBenefit(Record):
    """受益户: a household that a project helps, and by what."""

    __tablename__ = "project_benefit"
    LABEL = "受益户"
    TITLE = ("household_id",)
    PARENT = "project_id"
    KEY = ("project_id", "household_id")
    PRINTED = ("village_project", "village_project_ledger")
    EVENTS = (Event("签字受益", ("signed_on",), ("way", "amount")),)

    project_id: Mapped[str | None] = reference("村级项目", "village_project")
    household_id: Mapped[str | None] = reference("受益户", "household")
    way: Mapped[str | None] = column("受益方式", "choice", options="benefit_way")
    amount: Mapped[Decimal | None] = column("受益金额", "money", minimum=0)
    signed_on: Mapped[date | None] = column("签字日期", "date")
    note: Mapped[str | None] = column("备注")
