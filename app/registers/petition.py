"""信访事项: received, accepted, answered and closed within the days that are laid down; the petitioner is masked."""

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Slip, Step
from app.registers.engine.topic import Topic
from db.schema.supervision import Petition
from resources.limits import Limit

_DAYS = Limit("village_work")["days"]

REGISTER = Register(
    record=Petition,
    topic=Topic.SUPERVISION,
    subject="village",
    order=18,
    columns=(
        "number", "received_on", "channel", "petitioner", "phone", "matter", "task_force", "responsible",
        "accepted_on", "replied_on", "reply", "satisfaction", "closed_on", "declined_on", "decline_reason", "note",
    ),
    filters=("channel", "task_force"),
    sort="step,due",
    dated="received_on",
    steps=(
        Step("登记", "received_on", needs=("number", "channel", "matter")),
        Step("受理", "accepted_on", needs=("responsible",), within_days=_DAYS["petition_accept"],
             responsible="responsible"),
        Step("答复", "replied_on", needs=("reply",), within_days=_DAYS["petition_reply"], warn_days=10,
             responsible="responsible"),
        Step("办结", "closed_on", responsible="responsible"),
    ),
    abandoned=Step("不予受理", "declined_on", needs=("decline_reason",)),
    sheet=Layout({
        "number": ("信访件编号", "编号"),
        "received_on": ("收件日期", "来信日期", "登记时间"),
        "channel": ("信访形式", "来源渠道"),
        "petitioner": ("信访人姓名", "反映人"),
        "matter": ("信访事由", "反映内容", "诉求内容"),
        "closed_on": ("办结时间",),
    }),
    ledger=Ledger(
        "信访事项办理台账",
        columns=("number", "received_on", "channel", "petitioner", "matter", "responsible", "replied_on", "closed_on"),
        widths={"number": 28, "petitioner": 18, "matter": 60},
    ),
    slips=(
        Slip(
            "form", "信访事项办理单",
            ("number", "received_on", "channel", "petitioner", "phone", "matter", "task_force", "responsible",
             "accepted_on", "replied_on", "reply", "satisfaction", "closed_on"),
            ("承办人", "信访人", "村党组织书记"),
        ),
    ),
    figures=(
        Count("信访件数"),
        Count("已办结", where=Petition.closed_on.is_not(None)),
        Overdue("超期未办"),
    ),
)  # fmt: skip
