"""What the village lives by: cooperatives and bases, its plan, those who go ahead, tourism and sales, bad loans."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class EconomicBody(Record):
    """合作社和基地: a cooperative, firm, family farm or base of the village. docs/coverage.md 1.1-3, 1.1-5."""

    __tablename__ = "economic_body"
    LABEL = "合作社和基地"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("village", "name")
    PRINTED = ("economic_body_ledger", "economic_body_roll")

    name: Mapped[str | None] = column("名称", required=True)
    kind: Mapped[str | None] = column("类别", "choice", options="economic_body_kind", required=True)
    credit_code: Mapped[str | None] = column("统一社会信用代码")
    leader: Mapped[str | None] = column("负责人", required=True, short=True)
    product: Mapped[str | None] = column("主导产品")
    is_main_product: Mapped[bool | None] = column("是否一村一品", "yes_no")
    place: Mapped[str | None] = column("地点")
    area: Mapped[Decimal | None] = column("规模面积", "decimal", unit="亩", minimum=0)
    yearly_output: Mapped[Decimal | None] = column("年产值", "money", minimum=0)
    founded_on: Mapped[date | None] = column("成立日期", "date")
    closed_on: Mapped[date | None] = column("停办日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class BodyHousehold(Record):
    """入社和带动户: a household that is a member of a cooperative, or that a base takes along."""

    __tablename__ = "body_household"
    LABEL = "入社和带动户"
    TITLE = ("household_id",)
    PARENT = "body_id"
    KEY = ("body_id", "household_id")
    PRINTED = ("economic_body_ledger", "economic_body_roll")

    body_id: Mapped[str | None] = reference("合作社和基地", "economic_body")
    household_id: Mapped[str | None] = reference("农户", "household")
    way: Mapped[str | None] = column("参与方式")
    joined_on: Mapped[date | None] = column("参与日期", "date")
    share: Mapped[Decimal | None] = column("入股或投入", "money", minimum=0)
    note: Mapped[str | None] = column("备注")


class IndustryPlan(Record):
    """产业规划: an entry of the village's plan of its trades, planned and reached. docs/coverage.md 1.1-4."""

    __tablename__ = "industry_plan"
    LABEL = "产业规划"
    TITLE = ("title", "year")
    PARENT = ""
    KEY = ("village", "title", "year")
    PRINTED = ("industry_plan_ledger",)

    title: Mapped[str | None] = column("规划项目", required=True)
    year: Mapped[int | None] = column("年度", "year", required=True)
    document: Mapped[str | None] = column("规划文件")
    place: Mapped[str | None] = column("实施地点")
    unit: Mapped[str | None] = column("计量单位")
    planned: Mapped[Decimal | None] = column("计划规模", "decimal", minimum=0)
    reached: Mapped[Decimal | None] = column("完成规模", "decimal", minimum=0)
    investment: Mapped[Decimal | None] = column("计划投资", "money", minimum=0)
    planned_households: Mapped[int | None] = column("计划带动户数", "integer", unit="户", minimum=0)
    responsible: Mapped[str | None] = column("责任人", short=True)
    due_on: Mapped[date | None] = column("完成期限", "date")
    completed_on: Mapped[date | None] = column("完成日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class Pacesetter(Record):
    """致富带头人: somebody who goes ahead in a trade and takes others along. docs/coverage.md 2.4-3, 1.2-5."""

    __tablename__ = "pacesetter"
    LABEL = "致富带头人"
    TITLE = ("name", "trade")
    PARENT = ""
    KEY = ("village", "name", "trade")
    PRINTED = ("pacesetter_ledger", "pacesetter_roll")

    name: Mapped[str | None] = column("带头人姓名", required=True, short=True)
    trade: Mapped[str | None] = column("从事产业", required=True)
    scale: Mapped[str | None] = column("产业规模")
    phone: Mapped[str | None] = column("联系电话", rule="phone", mask="phone")
    recognised_on: Mapped[date | None] = column("认定日期", "date")
    recognised_by: Mapped[str | None] = column("认定单位")
    trained_on: Mapped[date | None] = column("培训日期", "date")
    loan: Mapped[Decimal | None] = column("创业贷款", "money", minimum=0)
    subsidy: Mapped[Decimal | None] = column("创业补助", "money", minimum=0)
    ended_on: Mapped[date | None] = column("退出日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class PacesetterHousehold(Record):
    """带动农户: a household that somebody takes along."""

    __tablename__ = "pacesetter_household"
    LABEL = "带动农户"
    TITLE = ("household_id",)
    PARENT = "pacesetter_id"
    KEY = ("pacesetter_id", "household_id")
    PRINTED = ("pacesetter_ledger", "pacesetter_roll")

    pacesetter_id: Mapped[str | None] = reference("致富带头人", "pacesetter")
    household_id: Mapped[str | None] = reference("农户", "household")
    way: Mapped[str | None] = column("带动方式")
    yearly_gain: Mapped[Decimal | None] = column("年增收", "money", minimum=0)
    note: Mapped[str | None] = column("备注")


class MarketHelp(Record):
    """旅游和消费帮扶: what a household earns by guests, or sold with help. docs/coverage.md 1.1-9, 1.1-11."""

    __tablename__ = "market_help"
    LABEL = "旅游和消费帮扶"
    TITLE = ("kind", "sold_on")
    PARENT = "household_id"
    KEY = ("household_id", "kind", "goods", "sold_on")
    BLANK_IN_KEY = ("goods",)
    PRINTED = ("market_help", "market_help_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    kind: Mapped[str | None] = column("帮扶类别", "choice", options="market_help_kind", required=True)
    sold_on: Mapped[date | None] = column("日期", "date", required=True)
    goods: Mapped[str | None] = column("产品或服务")
    quantity: Mapped[str | None] = column("数量")
    buyer: Mapped[str | None] = column("购买方或平台")
    amount: Mapped[Decimal | None] = column("金额", "money", minimum=0)
    paid_on: Mapped[date | None] = column("到账日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class RiskCompensation(Record):
    """贷款风险补偿: a loan that was not repaid, what the fund paid for it, what came back. docs/coverage.md 1.3-2."""

    __tablename__ = "risk_compensation"
    LABEL = "贷款风险补偿"
    TITLE = ("bank", "overdue_on")
    PARENT = "household_id"
    KEY = ("household_id", "bank", "overdue_on")
    PRINTED = ("risk_compensation", "risk_compensation_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    bank: Mapped[str | None] = column("贷款银行", required=True)
    contract_no: Mapped[str | None] = column("借款合同号", short=True)
    overdue_on: Mapped[date | None] = column("逾期日期", "date", required=True)
    overdue_amount: Mapped[Decimal | None] = column("逾期本息", "money", minimum=0, required=True)
    cause: Mapped[str | None] = column("逾期原因")
    called_on: Mapped[date | None] = column("催收日期", "date")
    called_by: Mapped[str | None] = column("催收人", short=True)
    applied_on: Mapped[date | None] = column("申请补偿日期", "date")
    compensated_on: Mapped[date | None] = column("补偿日期", "date")
    compensated: Mapped[Decimal | None] = column("补偿金额", "money", minimum=0)
    recovered_on: Mapped[date | None] = column("追回日期", "date")
    recovered: Mapped[Decimal | None] = column("追回金额", "money", minimum=0)
    note: Mapped[str | None] = column("备注", "long")
