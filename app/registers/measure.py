"""帮扶措施: what a household or one of its members gets, in which year, and what came of it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import String

from app.registers.engine.register import Computed, Count, Layout, Ledger, Register, Sum
from app.registers.engine.topic import Topic
from db.county_values import looked_up
from db.schema.aid import Measure
from resources.option_roles import flag_values, values_with_role


def _task_forces() -> Mapping[str, str]:
    """Kind of a measure → the 专班 whose business it is."""
    roles = flag_values("measure_kind", "task_force")
    return {kind: next(iter(values_with_role("task_force", role))) for kind, role in roles.items()}


REGISTER = Register(
    record=Measure,
    topic=Topic.SUPPORT,
    subject="household",
    order=11,
    columns=(
        "year", "kind", "title", "member_id", "content", "quantity", "amount", "fund_source", "responsible",
        "started_on", "ended_on", "state", "expected_gain", "effect", "evidence", "task_force", "note",
    ),
    computed=(Computed("task_force", "工作专班", looked_up(Measure.kind, _task_forces, String), kind="text"),),
    groups=(
        ("措施", ("title", "kind", "year", "state", "content", "quantity", "amount", "fund_source", "responsible")),
        ("进度与成效", ("started_on", "ended_on", "expected_gain", "evidence", "effect", "note")),
    ),
    starts={"year": lambda: date.today().year},
    blank_texts={"member_id": "全户"},
    totals=("amount",),
    filters=("kind", "state"),
    sort="-year,kind",
    dated="year",
    section="measures",
    sheet=Layout({
        "member_id": ("享受人姓名", "受益人", "受益人姓名"),
        "kind": ("措施类型", "帮扶类型", "政策类别"),
        "title": ("措施名称", "帮扶项目", "政策名称", "帮扶措施"),
        "year": ("帮扶年度", "享受年度"),
        "quantity": ("规模", "数量", "规模（数量）"),
        "amount": ("金额", "享受金额", "资金", "补贴金额"),
        "fund_source": ("资金渠道",),
        "responsible": ("实施单位", "责任部门"),
        "effect": ("成效", "实施成效"),
    }),
    ledger=Ledger(
        columns=(
            "member_id", "kind", "title", "year", "quantity", "amount", "fund_source", "state", "effect",
        ),
        widths={
            "member_id": 16, "kind": 24, "title": 40, "year": 13, "quantity": 22, "amount": 22, "fund_source": 28,
            "state": 16, "effect": 32,
        },
        by_household=True,
    ),
    figures=(
        Count("措施项数"),
        Count("享受户数", distinct="household_id"),
        Sum("补助金额", "amount"),
    ),
)  # fmt: skip
