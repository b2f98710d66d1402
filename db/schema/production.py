"""What a household grows and raises, and what it is given for it."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class ProductionSubsidy(Record):
    """生产奖补: what a household grew or raised in a year, from its declaration until the subsidy is paid."""

    __tablename__ = "production_subsidy"
    LABEL = "生产奖补"
    TITLE = ("year", "item")
    PARENT = "household_id"
    KEY = ("household_id", "year", "item")
    PRINTED = (
        "production_subsidy", "production_subsidy_ledger", "production_subsidy_roll", "production_subsidy_acceptance",
    )  # fmt: skip

    household_id: Mapped[str | None] = reference("户", "household")
    year: Mapped[int | None] = column("年度", "year", required=True)
    item: Mapped[str | None] = column("奖补项目", "choice", options="production_item", required=True)
    declared_on: Mapped[date | None] = column("申报日期", "date")
    declared: Mapped[Decimal | None] = column("申报数量", "decimal", minimum=0)
    verified_on: Mapped[date | None] = column("核验日期", "date")
    verified: Mapped[Decimal | None] = column("核验数量", "decimal", minimum=0)
    verified_by: Mapped[str | None] = column("核验人", short=True)
    photo_id: Mapped[str | None] = reference("核验照片", "photo", required=False)
    published_on: Mapped[date | None] = column("公示日期", "date")
    paid: Mapped[Decimal | None] = column("实发金额", "money", minimum=0)
    paid_on: Mapped[date | None] = column("发放日期", "date")
    rejected_on: Mapped[date | None] = column("不予奖补日期", "date")
    reject_reason: Mapped[str | None] = column("不予奖补原因")
    note: Mapped[str | None] = column("备注", "long")


class FarmBusiness(Record):
    """特色产业: what a household grew or raised in a year, how much came of it, and to whom it was sold.

    docs/coverage.md 1.1-2.
    """

    __tablename__ = "farm_business"
    LABEL = "特色产业"
    TITLE = ("year", "kind")
    PARENT = "household_id"
    KEY = ("household_id", "year", "kind", "variety")
    BLANK_IN_KEY = ("variety",)
    PRINTED = ("farm_business", "farm_business_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    year: Mapped[int | None] = column("年度", "year", required=True)
    kind: Mapped[str | None] = column("产业类别", "choice", options="industry_kind", required=True)
    variety: Mapped[str | None] = column("品种")
    scale: Mapped[Decimal | None] = column("规模", "decimal", minimum=0, required=True)
    output: Mapped[Decimal | None] = column("产量", "decimal", minimum=0)
    sold: Mapped[Decimal | None] = column("销量", "decimal", minimum=0)
    price: Mapped[Decimal | None] = column("销售单价", "money", minimum=0)
    sales: Mapped[Decimal | None] = column("销售收入", "money", minimum=0)
    cost: Mapped[Decimal | None] = column("生产成本", "money", minimum=0)
    channel: Mapped[str | None] = column("销售渠道", "choice", options="sale_channel")
    buyer: Mapped[str | None] = column("收购人")
    unsold: Mapped[str | None] = column("滞销情况和需求", "long")
    note: Mapped[str | None] = column("备注", "long")
