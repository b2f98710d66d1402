"""Helpers, assignments, measures and visits. docs/domain/records.md §2.4."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, reference


class Helper(Record):
    """帮扶联系人 (national system: 帮扶责任人)."""

    __tablename__ = "helper"
    LABEL = "帮扶联系人"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("village", "name", "phone")
    BLANK_IN_KEY = ("phone",)
    ALTERNATE_KEYS = (("village", "id_no"),)
    PRINTED = ("assignments", "contact_card", "helper_households")

    name: Mapped[str | None] = column("帮扶人姓名", rule="person_name", required=True, short=True)
    sex: Mapped[str | None] = column("性别", "choice", options="sex")
    id_no: Mapped[str | None] = column("证件号码", rule="id_number", mask="id", sensitive=True)
    political: Mapped[str | None] = column("政治面貌", "choice", options="political")
    unit: Mapped[str | None] = column("帮扶单位")
    unit_type: Mapped[str | None] = column("单位类型", "choice", options="unit_type")
    affiliation: Mapped[str | None] = column("隶属关系", "choice", options="helper_affiliation")
    post: Mapped[str | None] = column("职务", short=True)
    rank: Mapped[str | None] = column("职务级别", "choice", options="helper_rank")
    phone: Mapped[str | None] = column("联系电话", rule="phone", mask="phone")
    is_first_secretary: Mapped[bool | None] = column("是否第一书记", "yes_no")
    is_team_leader: Mapped[bool | None] = column("是否工作队队长", "yes_no")
    is_team_member: Mapped[bool | None] = column("是否驻村队员", "yes_no")
    note: Mapped[str | None] = column("备注", "long")


class Assignment(Record):
    """结对: one helper for one household from a day on. Past ones stay."""

    __tablename__ = "assignment"
    LABEL = "结对帮扶"
    TITLE = ("helper_id",)
    PARENT = "household_id"
    KEY = ("household_id", "helper_id", "started_on")
    BLANK_IN_KEY = ("started_on",)
    PRINTED = ("assignments", "helper_households")
    EVENTS = (Event("开始结对", ("started_on",)), Event("结束结对", ("ended_on",), ("change_reason",)))

    household_id: Mapped[str | None] = reference("户", "household")
    helper_id: Mapped[str | None] = reference("帮扶联系人", "helper")
    started_on: Mapped[date | None] = column("帮扶开始时间", "date", required=True)
    ended_on: Mapped[date | None] = column("帮扶结束时间", "date")
    change_reason: Mapped[str | None] = column("调整原因", "choice", options="assignment_change")
    note: Mapped[str | None] = column("备注", "long")


class Measure(Record):
    """帮扶措施 and 政策享受: what a household or a member gets."""

    __tablename__ = "measure"
    LABEL = "帮扶措施"
    TITLE = ("title",)
    PARENT = "household_id"
    KEY = ("household_id", "member_id", "kind", "title", "year")
    BLANK_IN_KEY = ("member_id", "year")
    PRINTED = ("measures", "policy_benefits", "measure_ledger")
    EVENTS = (Event("实施措施", ("started_on", "year"), ("kind", "member_id", "amount")),)

    household_id: Mapped[str | None] = reference("户", "household")
    member_id: Mapped[str | None] = reference("享受人", "member", required=False)
    kind: Mapped[str | None] = column("措施类别", "choice", options="measure_kind", required=True)
    title: Mapped[str | None] = column("项目名称", required=True)
    year: Mapped[int | None] = column("年度", "year")
    content: Mapped[str | None] = column("措施内容", "long")
    quantity: Mapped[str | None] = column("规模数量")
    amount: Mapped[Decimal | None] = column("补助金额", "money", minimum=0)
    fund_source: Mapped[str | None] = column("资金来源")
    responsible: Mapped[str | None] = column("责任单位")
    started_on: Mapped[date | None] = column("开始时间", "date")
    ended_on: Mapped[date | None] = column("完成时限", "date")
    state: Mapped[str | None] = column("实施状态", "choice", options="measure_state")
    effect: Mapped[str | None] = column("帮扶成效", "long")
    expected_gain: Mapped[Decimal | None] = column("预期增收", "money", minimum=0)
    evidence: Mapped[str | None] = column("佐证材料")
    note: Mapped[str | None] = column("备注", "long")


class Visit(Record):
    """走访: who came, what they saw, what was requested and promised."""

    __tablename__ = "visit"
    LABEL = "走访记录"
    TITLE = ("visited_on",)
    PARENT = "household_id"
    KEY = ("household_id", "visited_on", "visitors", "found")
    BLANK_IN_KEY = ("found",)
    PRINTED = ("visits", "visit_ledger")
    EVENTS = (Event("走访", ("visited_on",), ("visitors", "purpose", "promised")),)

    household_id: Mapped[str | None] = reference("户", "household")
    visited_on: Mapped[date | None] = column("走访日期", "date", required=True)
    started_at: Mapped[str | None] = column("到户时间", rule="clock", hint="09:30")
    ended_at: Mapped[str | None] = column("离户时间", rule="clock", hint="10:15")
    visitors: Mapped[str | None] = column("走访人", required=True, short=True)
    visitor_unit: Mapped[str | None] = column("走访人单位")
    way: Mapped[str | None] = column("走访方式", "choice", options="visit_way")
    purpose: Mapped[tuple[str, ...] | None] = column("走访目的", "choices", options="visit_purpose")
    found: Mapped[str | None] = column("了解情况", "long")
    explained: Mapped[str | None] = column("宣传政策", "long")
    asked_for: Mapped[str | None] = column("反映问题与诉求", "long")
    solution: Mapped[str | None] = column("解决办法", "long")
    promised: Mapped[str | None] = column("承诺事项", "long")
    promised_by: Mapped[date | None] = column("承诺办结日期", "date")
    carried_out: Mapped[str | None] = column("落实情况", "long")
    together: Mapped[tuple[str, ...] | None] = column("三同", "choices", options="together")
    meals: Mapped[int | None] = column("同吃餐数", "integer", unit="餐", minimum=0, maximum=99)
    nights: Mapped[int | None] = column("同住晚数", "integer", unit="晚", minimum=0, maximum=99)
    labour_hours: Mapped[Decimal | None] = column(
        "同劳动时长", "decimal", places=1, unit="小时", minimum=0, maximum=999
    )
    labour: Mapped[str | None] = column("劳动内容", hint="如：收稻谷、清沟渠")
    countersigned: Mapped[bool | None] = column("户主已签字", "yes_no")
    uploaded_on: Mapped[date | None] = column("APP上传日期", "date")
    upload_no: Mapped[str | None] = column("APP记录编号", short=True)
    note: Mapped[str | None] = column("备注", "long")
