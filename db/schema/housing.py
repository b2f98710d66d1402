"""Houses that are made safe with public money."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class HousingRenovation(Record):
    """农村危房改造: the house of a household from the application until the subsidy is paid."""

    __tablename__ = "housing_renovation"
    LABEL = "危房改造"
    TITLE = ("year", "way")
    PARENT = "household_id"
    KEY = ("household_id", "year")
    PRINTED = ("housing_renovation", "housing_renovation_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    year: Mapped[int | None] = column("改造年度", "year", required=True)
    target: Mapped[str | None] = column("对象类别", "choice", options="house_target", required=True)
    level: Mapped[str | None] = column("鉴定等级", "choice", options="danger_level", required=True)
    certified_on: Mapped[date | None] = column("鉴定日期", "date")
    certified_by: Mapped[str | None] = column("鉴定单位")
    way: Mapped[str | None] = column("改造方式", "choice", options="house_work")
    area: Mapped[Decimal | None] = column("改造面积", "decimal", unit="㎡", minimum=0, maximum=2000)
    cost: Mapped[Decimal | None] = column("改造总投资", "money", minimum=0)
    subsidy: Mapped[Decimal | None] = column("补助金额", "money", minimum=0)
    applied_on: Mapped[date | None] = column("申请日期", "date")
    appraised_on: Mapped[date | None] = column("评议日期", "date")
    published_on: Mapped[date | None] = column("公示日期", "date")
    approved_on: Mapped[date | None] = column("审批日期", "date")
    started_on: Mapped[date | None] = column("开工日期", "date")
    completed_on: Mapped[date | None] = column("竣工日期", "date")
    accepted_on: Mapped[date | None] = column("验收日期", "date")
    acceptance: Mapped[str | None] = column("验收意见")
    accepted_by: Mapped[str | None] = column("验收人", short=True)
    paid_on: Mapped[date | None] = column("补助发放日期", "date")
    dropped_on: Mapped[date | None] = column("取消日期", "date")
    drop_reason: Mapped[str | None] = column("取消原因")
    note: Mapped[str | None] = column("备注", "long")
