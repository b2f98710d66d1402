"""What the village owns from projects, what it earns, to whom that is given, and who takes households along."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class Asset(Record):
    """帮扶资产: something that a project left to the village. docs/coverage.md 1.1-8, 1.1-10."""

    __tablename__ = "asset"
    LABEL = "帮扶资产"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("village", "name", "acquired_on")
    BLANK_IN_KEY = ("acquired_on",)
    PRINTED = ("asset_ledger", "asset_card")

    project_id: Mapped[str | None] = reference("来源项目", "village_project", required=False)
    name: Mapped[str | None] = column("资产名称", required=True)
    kind: Mapped[str | None] = column("资产类别", "choice", options="asset_kind", required=True)
    place: Mapped[str | None] = column("所在地点")
    scale: Mapped[str | None] = column("规格")
    capacity: Mapped[Decimal | None] = column("装机容量", "decimal", unit="千瓦", minimum=0)
    value: Mapped[Decimal | None] = column("资产原值", "money", minimum=0)
    owner: Mapped[str | None] = column("产权人")
    operator: Mapped[str | None] = column("经营主体")
    keeper: Mapped[str | None] = column("管护责任人", short=True)
    contract_no: Mapped[str | None] = column("经营合同编号", short=True)
    acquired_on: Mapped[date | None] = column("移交日期", "date")
    registered_on: Mapped[date | None] = column("确权登记日期", "date")
    contract_until: Mapped[date | None] = column("合同到期日", "date")
    condition: Mapped[str | None] = column("资产状况", "choice", options="asset_condition")
    disposed_on: Mapped[date | None] = column("处置日期", "date")
    disposal: Mapped[str | None] = column("处置方式")
    note: Mapped[str | None] = column("备注", "long")


class AssetYear(Record):
    """资产收益和管护: what an asset earned in a year, and what its upkeep cost."""

    __tablename__ = "asset_year"
    LABEL = "资产收益和管护"
    TITLE = ("year",)
    PARENT = "asset_id"
    KEY = ("asset_id", "year")
    PRINTED = ("asset_ledger", "asset_card")

    asset_id: Mapped[str | None] = reference("帮扶资产", "asset")
    year: Mapped[int | None] = column("年度", "year", required=True)
    income: Mapped[Decimal | None] = column("收益", "money", minimum=0)
    upkeep: Mapped[Decimal | None] = column("管护支出", "money", minimum=0)
    work: Mapped[str | None] = column("管护内容")


class AssetMonth(Record):
    """资产月收益: what a solar station made in a month, and what was paid for it. docs/coverage.md 1.1-10."""

    __tablename__ = "asset_month"
    LABEL = "月发电和收益"
    TITLE = ("month",)
    PARENT = "asset_id"
    KEY = ("asset_id", "month")
    PRINTED = ("asset_ledger", "asset_card")

    asset_id: Mapped[str | None] = reference("帮扶资产", "asset")
    month: Mapped[str | None] = column("月份", "month", required=True)
    power: Mapped[Decimal | None] = column("发电量", "decimal", unit="度", minimum=0)
    income: Mapped[Decimal | None] = column("结算收益", "money", minimum=0)
    received_on: Mapped[date | None] = column("到账日期", "date")
    fault: Mapped[str | None] = column("停机和故障")


class Distribution(Record):
    """收益分配: money that is given to people, from the plan until it is paid."""

    __tablename__ = "distribution"
    LABEL = "收益分配"
    TITLE = ("name", "year")
    PARENT = ""
    KEY = ("village", "name", "year")
    PRINTED = ("distribution", "distribution_ledger", "distribution_roll", "distribution_notice")

    asset_id: Mapped[str | None] = reference("来源资产", "asset", required=False)
    name: Mapped[str | None] = column("分配名称", required=True)
    year: Mapped[int | None] = column("所属年度", "year", required=True)
    reason: Mapped[str | None] = column("分配事由", "choice", options="distribution_reason", required=True)
    total: Mapped[Decimal | None] = column("分配总额", "money", minimum=0)
    rule: Mapped[str | None] = column("分配办法", "long")
    drafted_on: Mapped[date | None] = column("方案日期", "date")
    meeting_on: Mapped[date | None] = column("村民代表会日期", "date")
    published_on: Mapped[date | None] = column("公示日期", "date")
    approved_on: Mapped[date | None] = column("乡镇批复日期", "date")
    paid_on: Mapped[date | None] = column("发放日期", "date")
    stopped_on: Mapped[date | None] = column("终止日期", "date")
    stop_reason: Mapped[str | None] = column("终止原因")
    note: Mapped[str | None] = column("备注", "long")


class DistributionLine(Record):
    """发放明细: what one person is given."""

    __tablename__ = "distribution_line"
    LABEL = "发放明细"
    TITLE = ("member_id",)
    PARENT = "distribution_id"
    KEY = ("distribution_id", "member_id")
    PRINTED = ("distribution", "distribution_ledger", "distribution_roll", "distribution_notice")

    distribution_id: Mapped[str | None] = reference("收益分配", "distribution")
    member_id: Mapped[str | None] = reference("领取人", "member")
    amount: Mapped[Decimal | None] = column("发放金额", "money", minimum=0)
    account: Mapped[str | None] = column("收款账号", mask="bank")
    paid_on: Mapped[date | None] = column("到账日期", "date")
    signed: Mapped[bool | None] = column("是否签领", "yes_no")
    note: Mapped[str | None] = column("备注")


class IndustryLink(Record):
    """产业带动: who takes a household along in its trade, by which contract. docs/coverage.md 1.1-6, 1.1-7."""

    __tablename__ = "industry_link"
    LABEL = "产业带动"
    TITLE = ("mode", "leader")
    PARENT = "household_id"
    KEY = ("household_id", "leader", "signed_on")
    BLANK_IN_KEY = ("leader", "signed_on")
    PRINTED = ("industry_link", "industry_link_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    mode: Mapped[str | None] = column("带动方式", "choice", options="industry_mode", required=True)
    leader: Mapped[str | None] = column("带动主体")
    produce: Mapped[str | None] = column("产业内容")
    contract_no: Mapped[str | None] = column("协议编号", short=True)
    signed_on: Mapped[date | None] = column("签订日期", "date")
    valid_until: Mapped[date | None] = column("协议到期日", "date")
    share: Mapped[str | None] = column("利益联结约定", "long")
    ended_on: Mapped[date | None] = column("终止日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class IndustryYield(Record):
    """带动收益: what a household was paid under a contract in a year."""

    __tablename__ = "industry_yield"
    LABEL = "带动收益"
    TITLE = ("year",)
    PARENT = "link_id"
    KEY = ("link_id", "year")
    PRINTED = ("industry_link", "industry_link_ledger")

    link_id: Mapped[str | None] = reference("产业带动", "industry_link")
    year: Mapped[int | None] = column("年度", "year", required=True)
    amount: Mapped[Decimal | None] = column("兑现金额", "money", minimum=0)
    paid_on: Mapped[date | None] = column("兑现日期", "date")
