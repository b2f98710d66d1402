"""危房改造: whose house is made safe, how far it has come, and what it cost."""

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.housing import HousingRenovation
from resources.limits import Limit

_DAYS = Limit("aid")["days"]
_dropped = HousingRenovation.dropped_on.is_not(None)

REGISTER = Register(
    record=HousingRenovation,
    topic=Topic.SECURITY,
    subject="household",
    order=39,
    columns=(
        "year", "target", "level", "certified_on", "certified_by", "way", "area", "cost", "subsidy", "applied_on",
        "appraised_on", "published_on", "approved_on", "started_on", "completed_on", "accepted_on", "acceptance",
        "accepted_by", "paid_on", "dropped_on", "drop_reason", "note",
    ),
    totals=("cost", "subsidy"),
    public=("year", "target", "level", "way", "subsidy"),
    filters=("target", "level", "way"),
    sort="-year",
    dated="year",
    steps=(
        Step("申请", "applied_on", needs=("target", "level")),
        Step("评议", "appraised_on"),
        Step("公示", "published_on"),
        Step("审批", "approved_on", needs=("way", "subsidy")),
        Step("开工", "started_on"),
        Step("竣工", "completed_on"),
        Step("验收", "accepted_on", needs=("acceptance", "accepted_by"), within_days=_DAYS["housing_accept"]),
        Step("发放补助", "paid_on", within_days=_DAYS["housing_pay"]),
    ),
    abandoned=Step("取消", "dropped_on", needs=("drop_reason",)),
    sheet=Layout({
        "year": ("年度", "危改年度"),
        "target": ("四类重点对象", "农户类型", "对象类型"),
        "level": ("危房等级", "危房级别", "房屋鉴定等级"),
        "way": ("改造类型", "建设方式"),
        "area": ("建筑面积", "建设面积"),
        "subsidy": ("补助资金", "补助标准", "财政补助"),
        "started_on": ("开工时间",),
        "completed_on": ("竣工时间", "完工时间"),
        "accepted_on": ("验收时间",),
        "paid_on": ("拨付时间", "资金发放时间"),
    }),
    ledger=Ledger(
        "农村危房改造台账",
        columns=(
            "year", "target", "level", "way", "subsidy", "approved_on", "started_on", "completed_on", "accepted_on",
        ),
        widths={
            "year": 12, "target": 26, "level": 12, "way": 22, "subsidy": 20, "approved_on": 25, "started_on": 25,
            "completed_on": 25, "accepted_on": 25,
        },
        signatures=("填表人", "村党组织书记", "乡镇审核人"),
    ),
    figures=(
        Count("改造户数", distinct="household_id", where=~_dropped),
        Count("已竣工", where=HousingRenovation.completed_on.is_not(None) & ~_dropped),
        Count("已验收", where=HousingRenovation.accepted_on.is_not(None) & ~_dropped),
        Sum("补助金额", "subsidy", where=~_dropped),
        Overdue("超期未办"),
    ),
)  # fmt: skip
