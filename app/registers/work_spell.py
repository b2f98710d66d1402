"""务工: who works where for how long, how the work was found, and which subsidy was paid."""

from sqlalchemy import ColumnElement, exists

from app.registers.engine.proposals import IncomeSource, MemberMark
from app.registers.engine.register import Count, Layout, Ledger, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.employment import WorkshopPay, WorkshopPayLine, WorkSpell

_away = WorkSpell.ended_on.is_(None)
_begun = WorkSpell.started_on.is_not(None)


def _not_by_the_piece(first: str, last: str) -> ColumnElement[bool]:
    """What a workshop of the village paid in these months stands in its own register, month by month."""
    return ~exists().where(
        WorkshopPayLine.member_id == WorkSpell.member_id,
        WorkshopPayLine.wage > 0,
        ~WorkshopPayLine.withdrawn,
        WorkshopPay.id == WorkshopPayLine.pay_id,
        WorkshopPay.month.between(first, last),
        ~WorkshopPay.withdrawn,
        WorkshopPay.workshop == WorkSpell.company,
    )


REGISTER = Register(
    record=WorkSpell,
    topic=Topic.EMPLOYMENT,
    subject="member",
    order=32,
    columns=(
        "region", "place", "company", "industry", "job", "channel", "started_on", "ended_on", "point_to_point",
        "months", "pay", "subsidy_kind", "subsidy", "subsidy_applied_on", "subsidy_paid_on", "note",
    ),
    totals=("subsidy",),
    filters=("region", "industry", "channel"),
    sort="-started_on",
    dated="started_on",
    steps=(Step("外出", "started_on"), Step("返乡", "ended_on", waiting="务工中")),
    sheet=Layout({
        "region": ("务工地区", "务工范围"),
        "place": ("务工所在地", "务工所在县", "务工地址", "就业地点"),
        "company": ("务工企业名称", "企业名称", "就业单位", "用工单位"),
        "industry": ("行业", "从事行业"),
        "job": ("岗位", "从事工种"),
        "channel": ("就业方式", "外出方式"),
        "started_on": ("务工开始时间", "开始时间", "外出务工时间", "外出时间"),
        "ended_on": ("务工结束时间", "结束时间", "返乡时间"),
        "months": ("务工时间（月）", "务工月数", "务工时长"),
        "pay": ("务工月收入", "月工资", "月薪"),
        "subsidy": ("补贴金额", "交通补助金额", "年度交通费补助"),
    }),
    ledger=Ledger(
        "外出务工人员台账",
        columns=("region", "place", "company", "job", "started_on", "ended_on", "pay", "subsidy"),
        widths={"region": 20, "place": 30, "company": 28, "job": 12, "pay": 18, "subsidy": 18},
    ),
    slips=(
        Slip(
            "application", "外出务工补助申请表",
            ("region", "place", "company", "job", "started_on", "ended_on", "months", "pay", "subsidy_kind", "subsidy",
             "subsidy_applied_on", "subsidy_paid_on"),
            ("申请人签字（按指印）", "村级核实人", "村民委员会盖章", "乡镇审核人"),
            text="本人{about}，自{started_on}起在{place}务工，申请{subsidy_kind}。以上情况属实，附务工合同或工资流水、"
            "往返车票等证明。如有不实，愿意退回补助。",
        ),
    ),
    figures=(
        Count("务工人数", distinct="member_id"),
        Count("正在务工", distinct="member_id", where=_away),
        Count(
            "其中县外务工", distinct="member_id",
            where=_away & WorkSpell.region.in_(options_of_role("work_region", "outside_county")),
        ),
        Sum("务工补助", "subsidy"),
    ),
    ends_with_member="ended_on",
    incomes=(
        IncomeSource(
            WorkSpell.pay, "started_on", role="migrant_work", by_person=True, until="ended_on", months="months",
            where=_not_by_the_piece,
        ),
        IncomeSource(WorkSpell.subsidy, "subsidy_paid_on", role="other_transfer", what="务工补助"),
    ),
    marks=tuple(
        MemberMark(column, _away & _begun, _begun, value=value, is_complete=False)
        for column, value in (("work_region", "region"), ("work_place", "place"), ("work_company", "company"))
    ),
)  # fmt: skip
