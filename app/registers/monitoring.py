"""防返贫监测: from a lead to the county's decision, then watched and helped until the risk is gone."""

from functools import partial

from app.records.monitoring import open_condition
from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from app.registers.engine.topic import Topic
from db.schema.monitoring import Monitoring
from resources.limits import Limit

_before_decision = partial(
    Step,
    within_days=Limit("monitoring")["decision_days"],
    counted_from="lead_on",
    responsible="contact_id",
)

REGISTER = Register(
    record=Monitoring,
    topic=Topic.SUPPORT,
    subject="household",
    order=20,
    columns=(
        "kind", "source", "lead_on", "lead_text", "checked_on", "checked_by", "excluded_on", "excluded_reason", "risks",
        "disasters", "risk_note", "income_range", "authorised_on", "appraised_on", "notice_on", "notice_until",
        "town_on", "county_on", "identified", "contact_id", "removal_way", "removal_checked_on", "removal_notice_on",
        "removal_notice_until", "removed", "return_of_id", "note",
    ),
    filters=("kind", "source", "risks", "removal_way"),
    sort="due",
    dated="identified",
    follows="return_of_id",
    steps=(
        Step("发现线索", "lead_on"),
        _before_decision("核查", "checked_on", needs=("source",)),
        _before_decision("评议", "appraised_on", needs=("kind", "risks")),
        _before_decision("公示", "notice_on"),
        _before_decision("乡镇审核", "town_on", needs=("notice_until",)),
        _before_decision("县级确定", "identified", needs=("kind", "risks"), settles_earlier=True),
        Step("风险消除核查", "removal_checked_on", waiting="监测中", responsible="contact_id"),
        Step("风险消除公示", "removal_notice_on", needs=("removal_way",), responsible="contact_id"),
        Step("消除", "removed", needs=("removal_way",), settles_earlier=True, waiting="待县级消除"),
    ),
    abandoned=Step("不纳入", "excluded_on", needs=("excluded_reason",)),
    sheet=Layout({
        "kind": ("监测对象类型", "监测类别", "易返贫致贫户(监测对象)类型"),
        "source": ("识别途径", "线索来源渠道"),
        "risks": ("致贫/返贫风险", "返贫致贫风险", "风险类型"),
        "identified": ("风险识别时间", "识别时间", "监测对象识别时间"),
        "removed": ("风险消除时间", "消除时间"),
        "removal_way": ("消除方式",),
        "contact_id": ("监测责任人", "监测帮扶联系人"),
    }),
    ledger=Ledger(
        "防返贫监测对象台账",
        columns=(
            "kind", "source", "risks", "risk_note", "identified", "contact_id", "removal_way", "removed", "note",
        ),
        widths={"kind": 24, "source": 20, "risks": 26, "risk_note": 28, "removal_way": 18, "note": 18},
    ),
    figures=(
        Count("监测户数", distinct="household_id", where=open_condition()),
        Count("累计纳入户次", where=Monitoring.identified.is_not(None)),
        Count("已消除户次", where=Monitoring.removed.is_not(None)),
        Count("反弹户次", where=Monitoring.return_of_id.is_not(None)),
        Overdue("核查认定超期"),
    ),
)  # fmt: skip
