"""教育资助: which pupil was given what in which term, 雨露计划 among it."""

from app.registers.engine.proposals import IncomeSource, MemberMark
from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.education import EducationAid
from resources.limits import Limit

_DAYS = Limit("aid")["days"]
_staged = EducationAid.stage.is_not(None)

REGISTER = Register(
    record=EducationAid,
    topic=Topic.SCHOOL_AND_HEALTH,
    subject="member",
    order=33,
    columns=(
        "year", "term", "stage", "school", "boarding", "item", "standard", "applied_on", "approved_on", "paid",
        "paid_on", "evidence", "note",
    ),
    totals=("standard", "paid"),
    filters=("term", "item"),
    sort="-year",
    dated="year",
    steps=(
        Step("申请", "applied_on", needs=("year", "term", "stage", "item")),
        Step("审核", "approved_on", needs=("standard",), within_days=_DAYS["education_approve"]),
        Step("发放", "paid_on", needs=("paid",), within_days=_DAYS["education_pay"]),
    ),
    sheet=Layout({
        "year": ("资助年度", "年份"),
        "stage": ("学段", "在校生状况", "年级", "就读年级"),
        "school": ("学校名称", "就读学校"),
        "item": ("资助名称", "资助类型", "项目名称", "资助类别"),
        "standard": ("资助金额标准", "应发金额", "资助标准（元/学期）"),
        "paid": ("发放金额", "资助金额", "补助金额"),
        "paid_on": ("发放时间", "资助时间", "到账日期"),
    }),
    ledger=Ledger(
        "教育资助一览表",
        columns=("year", "term", "stage", "school", "item", "standard", "paid", "paid_on"),
        widths={"term": 18, "stage": 22, "school": 30, "item": 28, "standard": 16, "paid": 16, "paid_on": 24},
    ),
    more_ledgers=(
        Ledger(
            "雨露计划补助花名册",
            columns=("year", "term", "stage", "school", "standard", "paid", "paid_on"),
            widths={"term": 18, "stage": 24, "school": 40, "standard": 20, "paid": 20},
            signatures=("填表人", "村党组织书记", "乡镇审核人"),
            name="yulu",
            only=("item", "yulu"),
        ),
    ),
    slips=(
        Slip(
            "application", "教育资助（雨露计划）申请表",
            ("year", "term", "stage", "school", "boarding", "item", "standard", "applied_on", "evidence"),
            ("申请人签字", "监护人签字", "村民委员会盖章", "乡镇审核人"),
            text="学生{about}，{year}年{term}在{school}（{stage}）就读，申请{item}。以上情况属实，附学籍证明和收款卡复印件。",
        ),
    ),
    figures=(
        Count("资助人次"),
        Count("资助学生", distinct="member_id"),
        Count("其中雨露计划", where=EducationAid.item.in_(options_of_role("education_aid_item", "yulu"))),
        Sum("已发资助", "paid"),
        Overdue("超期未发"),
    ),
    incomes=(IncomeSource(EducationAid.paid, "paid_on", role="other_transfer", what="教育资助"),),
    marks=(MemberMark("school_status", _staged, _staged, value="stage", year="year", is_complete=False),),
)  # fmt: skip
