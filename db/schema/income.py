"""Income of a household, year by year. Items and arithmetic: resources/dictionaries/income_item.toml."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, NotPrinted, Record, reference


class IncomeYear(Record):
    """The account of one year: how many people share it, and what the national system says the result is."""

    __tablename__ = "income_year"
    LABEL = "年度收入"
    TITLE = ("year",)
    PARENT = "household_id"
    KEY = ("household_id", "year")
    PRINTED = ("income",)
    EVENTS = (Event("核算收入", ("year",)),)

    household_id: Mapped[str | None] = reference("户", "household")
    year: Mapped[int | None] = column("年度", "year", required=True)
    people: Mapped[int | None] = column("核算人口", "integer", unit="人", minimum=1, maximum=30)
    period_start: Mapped[date | None] = column("核算期起", "date")
    period_end: Mapped[date | None] = column("核算期止", "date")
    reported_net: Mapped[Decimal | None] = column("系统纯收入", "money")
    reported_per_head: Mapped[Decimal | None] = column("人均纯收入", "money")
    medical_self_paid: Mapped[Decimal | None] = column("合规自付支出", "money", minimum=0, sensitive=True)
    claim_income: Mapped[Decimal | None] = column("理赔收入", "money", minimum=0, sensitive=True)
    calculated_by: Mapped[str | None] = column("核算人", short=True)
    calculated_on: Mapped[date | None] = column("核算日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class IncomeLine(Record):
    """One line of the account: an item of the tree, how much of it, and what proves it."""

    __tablename__ = "income_line"
    LABEL = "收入明细"
    TITLE = ("item", "what")
    PARENT = "income_year_id"
    KEY = ("income_year_id", "item", "what")
    BLANK_IN_KEY = ("what",)
    PRINTED = ("income",)

    income_year_id: Mapped[str | None] = reference("年度收入", "income_year")
    item: Mapped[str | None] = column("收支项目", "choice", options="income_item", required=True)
    what: Mapped[str | None] = column("品种名称")
    quantity: Mapped[Decimal | None] = column("数量", "decimal", minimum=0)
    unit_price: Mapped[Decimal | None] = column("单价", "money", minimum=0)
    amount: Mapped[Decimal | None] = column("金额", "money", minimum=0, required=True)
    evidence: Mapped[str | None] = column("佐证材料")
    note: Mapped[str | None] = column("备注")


class IncomeOrigin(Record):
    """What the registers said of one figure of the account when it was taken over, and in which of their rows.

    A figure that is still this amount was not typed; docs/decisions/0037-what-registers-propose.md.
    """

    __tablename__ = "income_origin"
    LABEL = "收入来源"
    TITLE = ("target", "what")
    PARENT = "income_year_id"
    KEY = ("income_year_id", "target", "what")
    BLANK_IN_KEY = ("what",)
    PRINTED = NotPrinted.ORIGIN
    EVENTS = ()

    income_year_id: Mapped[str | None] = reference("年度收入", "income_year")
    target: Mapped[str | None] = column("收支项目", derived=True)
    what: Mapped[str | None] = column("品种名称", derived=True)
    amount: Mapped[Decimal | None] = column("带入金额", "money", derived=True)
    taken_on: Mapped[date | None] = column("带入日期", "date", derived=True)
    rows: Mapped[str | None] = column("来自哪些记录", "long", derived=True, internal=True)
