"""Where drinking water comes from, whether it is clean, and when it runs short."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class WaterSource(Record):
    """饮水水源: one source with the households that drink of it. docs/coverage.md 2.1-3."""

    __tablename__ = "water_source"
    LABEL = "饮水水源"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("village", "name")
    PRINTED = ("water_source_ledger", "water_source_card")

    name: Mapped[str | None] = column("水源名称", required=True)
    kind: Mapped[str | None] = column("供水方式", "choice", options="water_supply_kind", required=True)
    place: Mapped[str | None] = column("水源地点")
    built_on: Mapped[date | None] = column("建成通水日期", "date")
    capacity: Mapped[Decimal | None] = column("日供水能力", "decimal", unit="吨", minimum=0)
    keeper: Mapped[str | None] = column("管护人", short=True)
    protected: Mapped[bool | None] = column("有无水源保护", "yes_no")
    disinfected: Mapped[bool | None] = column("有无净化消毒", "yes_no")
    short_months: Mapped[str | None] = column("季节性缺水月份", hint="没有缺水的不填")
    short_measure: Mapped[str | None] = column("缺水时的办法")
    closed_on: Mapped[date | None] = column("停用日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class WaterHousehold(Record):
    """供水户: a household that drinks of a source."""

    __tablename__ = "water_household"
    LABEL = "供水户"
    TITLE = ("household_id",)
    PARENT = "source_id"
    KEY = ("source_id", "household_id")
    PRINTED = ("water_source_ledger", "water_source_card")

    source_id: Mapped[str | None] = reference("饮水水源", "water_source")
    household_id: Mapped[str | None] = reference("户", "household")
    note: Mapped[str | None] = column("备注")


class WaterTest(Record):
    """水质检测: what a test of a source showed."""

    __tablename__ = "water_test"
    LABEL = "水质检测"
    TITLE = ("tested_on",)
    PARENT = "source_id"
    KEY = ("source_id", "tested_on")
    PRINTED = ("water_source_ledger", "water_source_card")

    source_id: Mapped[str | None] = reference("饮水水源", "water_source")
    tested_on: Mapped[date | None] = column("检测日期", "date", required=True)
    unit: Mapped[str | None] = column("检测单位")
    report_no: Mapped[str | None] = column("检测报告编号", short=True)
    result: Mapped[str | None] = column("检测结论", "choice", options="water_result", required=True)
    exceeded: Mapped[str | None] = column("超标项目")
