"""社会捐赠: who gave what, with which receipt, and what it was used for."""

from datetime import date

from app.registers.engine.register import Count, Layout, Ledger, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.community import Donation

REGISTER = Register(
    record=Donation,
    topic=Topic.SOCIETY,
    subject="village",
    order=73,
    columns=(
        "donor", "donor_kind", "kind", "goods", "amount", "agreement_no", "received_on", "received_by", "receipt_no",
        "use", "used_on", "published_on", "note",
    ),
    starts={"received_on": date.today},
    author="received_by",
    totals=("amount",),
    public=("donor", "kind", "goods", "amount", "received_on", "use"),
    filters=("donor_kind", "kind"),
    sort="-received_on",
    dated="received_on",
    steps=(
        Step("接收", "received_on", needs=("donor", "kind")),
        Step("使用", "used_on", needs=("use",)),
        Step("公示", "published_on"),
    ),
    sheet=Layout({
        "donor": ("捐赠单位", "捐赠人", "捐赠单位（人）"),
        "donor_kind": ("捐赠方类型",),
        "goods": ("物资名称", "捐赠物资"),
        "amount": ("捐赠金额", "金额", "折价"),
        "received_on": ("捐赠日期", "捐赠时间"),
        "use": ("使用去向", "用途"),
    }),
    ledger=Ledger(
        "捐赠台账",
        columns=("donor", "donor_kind", "kind", "goods", "amount", "received_on", "receipt_no", "use"),
        widths={"donor": 42, "donor_kind": 28, "goods": 30, "use": 40},
        signatures=("经手人", "证明人", "村负责人"),
    ),
    slips=(
        Slip(
            "receipt", "捐赠接收单",
            ("donor", "donor_kind", "kind", "goods", "amount", "agreement_no", "received_on", "received_by",
             "receipt_no", "use"),
            ("捐赠方", "接收人", "村民委员会盖章"),
        ),
    ),
    figures=(
        Count("捐赠笔数"),
        Count("捐赠方", distinct="donor"),
        Sum("金额和折价", "amount"),
        Count("没有收据", where=Donation.receipt_no.is_(None)),
    ),
)  # fmt: skip
