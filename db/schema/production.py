"""What a household is given for what it grows and raises."""

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
    PRINTED = ("production_subsidy", "production_subsidy_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    year: Mapped[int | None] = column("年度", "year", required=True)
    item: Mapped[str | None] = column("奖补项目", "choice", options="production_item", required=True)
    declared_on: Mapped[date | None] = column("申报日期", "date")
    declared: Mapped[Decimal | None] = column("申报数量", "decimal", minimum=0)
    verified_on: Mapped[date | None] = column("核验日期", "date")
    verified: Mapped[Decimal | None] = column("核验数量", "decimal", minimum=0)
    verified_by: Mapped[str | None] = column("核验人")
    published_on: Mapped[date | None] = column("公示日期", "date")
    paid: Mapped[Decimal | None] = column("实发金额", "money", minimum=0)
    paid_on: Mapped[date | None] = column("发放日期", "date")
    rejected_on: Mapped[date | None] = column("不予奖补日期", "date")
    reject_reason: Mapped[str | None] = column("不予奖补原因")
    note: Mapped[str | None] = column("备注", "long")
