"""旅游和消费帮扶: what households earned by guests, sold online or to units that buy in order to help."""

from datetime import date

from app.registers.engine.register import Count, Layout, Ledger, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.economy import MarketHelp

REGISTER = Register(
    record=MarketHelp,
    topic=Topic.INDUSTRY,
    subject="household",
    order=57,
    columns=("kind", "sold_on", "goods", "quantity", "buyer", "amount", "paid_on", "note"),
    starts={"sold_on": date.today},
    totals=("amount",),
    filters=("kind",),
    sort="-sold_on",
    dated="sold_on",
    steps=(Step("登记", "sold_on", needs=("kind",)), Step("到账", "paid_on", needs=("amount",), optional=True)),
    sheet=Layout({
        "kind": ("销售方式", "帮扶方式"),
        "sold_on": ("销售日期", "采购日期", "接待日期"),
        "goods": ("产品名称", "农产品"),
        "buyer": ("采购单位", "销售平台"),
        "amount": ("销售金额", "采购金额", "收入"),
    }),
    ledger=Ledger(
        "旅游和消费帮扶台账",
        columns=("kind", "sold_on", "goods", "quantity", "buyer", "amount", "paid_on"),
        widths={"goods": 34, "buyer": 40},
        progress=False,
    ),
    figures=(Count("笔数"), Count("受益户数", distinct="household_id"), Sum("金额", "amount")),
)  # fmt: skip
