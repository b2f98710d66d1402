"""走访: who came on which day, what was seen, explained, asked for, promised and kept, and what was done together."""

from datetime import date

from app.registers.engine.register import Children, Count, Layout, Ledger, Overdue, Register, Step
from app.registers.engine.topic import Topic
from db.schema.aid import Visit
from db.schema.visit import VisitParticipant, VisitPolicy

REGISTER = Register(
    record=Visit,
    topic=Topic.SUPPORT,
    subject="household",
    order=10,
    columns=(
        "visited_on", "visitors", "visitor_unit", "way", "purpose", "found", "explained", "asked_for", "solution",
        "promised", "promised_by", "carried_out", "started_at", "ended_at", "together", "meals", "nights",
        "labour_hours", "labour", "countersigned", "uploaded_on", "upload_no", "note",
    ),
    groups=(
        ("走访", ("visited_on", "visitors", "visitor_unit", "way", "purpose", "found", "explained")),
        ("诉求与承诺", ("asked_for", "solution", "promised", "promised_by", "carried_out", "note")),
        ("三同", ("together", "meals", "nights", "labour_hours", "labour")),
        ("签字与上传", ("started_at", "ended_at", "countersigned", "uploaded_on", "upload_no")),
    ),
    children=(
        Children(VisitParticipant, ("helper_id", "note")),
        Children(VisitPolicy, ("policy_id", "note"), widths={"policy_id": 50}),
    ),
    starts={"visited_on": date.today},
    author="visitors",
    totals=("meals", "nights", "labour_hours"),
    filters=("way", "purpose", "together", "countersigned"),
    sort="-visited_on",
    dated="visited_on",
    steps=(
        Step("走访", "visited_on"),
        Step("兑现", outcome="carried_out", if_filled="promised", due=("promised_by",), responsible="visitors"),
    ),
    reminds=False,  # 今日 has a line for each promise, also for those without a day
    section="visits",
    sheet=Layout({
        "visited_on": ("走访时间", "入户日期", "入户时间"),
        "visitors": ("走访人员", "走访干部", "入户干部", "帮扶干部"),
        "visitor_unit": ("走访单位", "帮扶单位"),
        "found": ("走访内容", "走访情况", "了解到的情况"),
        "asked_for": ("反映问题", "群众诉求", "存在问题"),
        "solution": ("解决措施", "处理意见"),
        "carried_out": ("办理情况", "落实结果"),
        "together": ("三同情况", "同吃同住同劳动"),
        "meals": ("同吃次数", "就餐次数"),
        "nights": ("同住天数", "住宿天数"),
        "labour_hours": ("劳动时长", "同劳动小时"),
        "countersigned": ("户主签字", "是否签字"),
        "uploaded_on": ("APP打卡日期", "上传日期", "打卡时间"),
        "upload_no": ("APP编号", "打卡编号"),
    }),
    ledger=Ledger(
        "走访台账",
        columns=("visited_on", "visitors", "found", "asked_for", "promised", "carried_out"),
        widths={
            "visited_on": 26, "visitors": 22, "found": 52, "asked_for": 38, "promised": 34, "carried_out": 24,
        },
        below=False,
    ),
    more_ledgers=(
        Ledger(
            "三同记录",
            columns=(
                "visited_on", "visitors", "together", "meals", "nights", "labour_hours", "labour", "found",
            ),
            widths={
                "visitors": 24, "together": 26, "meals": 16, "nights": 16, "labour_hours": 20, "labour": 40,
                "found": 40,
            },
            signatures=("填表人", "农户代表", "审核人"),
            sort="visited_on",
            progress=False,
            name="together",
            only=("together", ""),
            below=False,
        ),
    ),
    figures=(
        Count("走访次数"),
        Count("走访户数", distinct="household_id"),
        Count("有诉求", where=Visit.asked_for.is_not(None)),
        Count("三同次数", where=Visit.together.is_not(None)),
        Count("未签字", where=Visit.countersigned.is_not(True)),
        Count("未传APP", where=Visit.uploaded_on.is_(None)),
        Overdue("承诺超期"),
    ),
)  # fmt: skip
