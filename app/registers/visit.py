"""走访: who came on which day, what was seen and asked for, and what was promised and kept."""

from datetime import date

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from db.schema.aid import Visit

REGISTER = Register(
    record=Visit,
    group="帮扶台账",
    subject="household",
    order=10,
    columns=(
        "visited_on", "visitors", "visitor_unit", "way", "purpose", "found", "explained", "asked_for", "solution",
        "promised", "promised_by", "carried_out", "note",
    ),
    groups=(
        ("走访", ("visited_on", "visitors", "visitor_unit", "way", "purpose", "found", "explained")),
        ("诉求与承诺", ("asked_for", "solution", "promised", "promised_by", "carried_out", "note")),
    ),
    starts={"visited_on": date.today},
    author="visitors",
    filters=("way", "purpose"),
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
    }),
    ledger=Ledger(
        "走访台账",
        columns=("visited_on", "visitors", "found", "asked_for", "promised", "carried_out"),
        widths={
            "visited_on": 26, "visitors": 22, "found": 52, "asked_for": 38, "promised": 34, "carried_out": 24,
        },
    ),
    figures=(
        Count("走访次数"),
        Count("走访户数", distinct="household_id"),
        Count("有诉求", where=Visit.asked_for.is_not(None)),
        Overdue("承诺超期"),
    ),
)  # fmt: skip
