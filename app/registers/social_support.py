"""帮扶需求: registered, published, matched with somebody who gives, received, and asked about again."""

from datetime import date

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.community import Need
from resources.limits import Limit

REGISTER = Register(
    record=Need,
    topic=Topic.SOCIETY,
    subject="household",
    order=72,
    columns=(
        "kind", "content", "amount", "registered_on", "published_on", "donor", "matched_on", "received_on",
        "received", "followup_on", "cancelled_on", "cancel_reason", "note",
    ),
    starts={"registered_on": date.today},
    totals=("amount",),
    public=("kind", "content", "amount"),
    filters=("kind",),
    sort="step,due",
    dated="registered_on",
    steps=(
        Step("登记", "registered_on", needs=("kind", "content")),
        Step("发布", "published_on"),
        Step(
            "对接", "matched_on", needs=("donor",),
            within_days=Limit("village_work")["days"]["need_match"],
        ),
        Step("兑现", "received_on", needs=("received",)),
        Step("回访", "followup_on"),
    ),
    abandoned=Step("撤销", "cancelled_on", needs=("cancel_reason",)),
    sheet=Layout({
        "kind": ("需求类型",),
        "content": ("需求描述", "具体需求"),
        "amount": ("需求金额", "金额"),
        "donor": ("爱心人士", "捐赠人", "对接单位"),
    }),
    ledger=Ledger(
        "帮扶需求清单",
        columns=("kind", "content", "amount", "registered_on", "published_on", "donor", "received_on"),
        widths={"content": 44, "donor": 30},
    ),
    slips=(
        Slip(
            "record", "帮扶需求登记和兑现单",
            ("kind", "content", "amount", "registered_on", "published_on", "donor", "matched_on", "received",
             "received_on", "followup_on"),
            ("申请人", "对接方", "经办人"),
        ),
        Slip("notice", "帮扶需求发布单", ("kind", "content", "amount"), ("村民委员会盖章",), public=True),
    ),
    figures=(
        Count("需求件数"),
        Sum("所需金额", "amount"),
        Count("已兑现", where=Need.received_on.is_not(None)),
        Overdue("超期未对接"),
    ),
)  # fmt: skip
