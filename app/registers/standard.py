"""年度标准: the lines that the county sets for each year."""

from app.registers.engine.register import Count, Layout, Ledger, Register
from app.registers.engine.topic import Topic
from db.schema.standard import Standard

REGISTER = Register(
    record=Standard,
    topic=Topic.REPORTS,
    subject="village",
    order=90,
    columns=("year", "kind", "amount", "source", "confirmed", "note"),
    sort="-year",
    dated="year",
    sheet=Layout({
        "kind": ("标准种类", "标准名称"),
        "amount": ("标准", "标准金额", "金额(元)"),
        "source": ("文号", "文件依据", "依据"),
    }),
    ledger=Ledger("年度标准一览表", widths={"kind": 44, "source": 80, "note": 50}),
    figures=(Count("已录入标准"), Count("待核对", where=Standard.confirmed.is_not(True))),
)  # fmt: skip
