"""防返贫监测: that a household is watched because it may fall (back) into poverty, from the first lead to the end."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class Monitoring(Record):
    """One time that a household is monitored. It may be monitored again later: the later record names the one before.

    Steps and clocks: app/registers/monitoring.py. A household is monitored while a record of it is identified and
    neither removed nor turned down (app/records/monitoring.py).
    """

    __tablename__ = "monitoring"
    LABEL = "防返贫监测"
    TITLE = ("kind", "identified")
    PARENT = "household_id"
    KEY = ("household_id", "identified", "lead_on")
    BLANK_IN_KEY = ("identified", "lead_on")
    PRINTED = ("monitoring", "monitoring_ledger")

    household_id: Mapped[str | None] = reference("户", "household")
    kind: Mapped[str | None] = column("监测对象类别", "choice", options="monitoring_kind")
    source: Mapped[str | None] = column("线索来源", "choice", options="monitoring_source")
    lead_on: Mapped[date | None] = column("发现线索日期", "date")
    lead_text: Mapped[str | None] = column("线索内容", "long", sensitive=True)
    checked_on: Mapped[date | None] = column("入户核查日期", "date")
    checked_by: Mapped[str | None] = column("核查人", short=True)
    excluded_on: Mapped[date | None] = column("不纳入日期", "date")
    excluded_reason: Mapped[str | None] = column("不纳入原因", "long", sensitive=True)
    risks: Mapped[tuple[str, ...] | None] = column("致贫返贫风险", "choices", options="risk", maximum=5, sensitive=True)
    disasters: Mapped[tuple[str, ...] | None] = column("自然灾害种类", "choices", options="disaster", sensitive=True)
    risk_note: Mapped[str | None] = column("风险说明", "long", sensitive=True)
    income_range: Mapped[Decimal | None] = column("识别时人均纯收入", "money", minimum=0, sensitive=True)
    authorised_on: Mapped[date | None] = column("承诺授权日期", "date")
    appraised_on: Mapped[date | None] = column("民主评议日期", "date")
    notice_on: Mapped[date | None] = column("公示开始日期", "date")
    notice_until: Mapped[date | None] = column("公示结束日期", "date")
    town_on: Mapped[date | None] = column("乡镇审核日期", "date")
    county_on: Mapped[date | None] = column("县级审定日期", "date")
    identified: Mapped[str | None] = column("识别监测时间", "month")
    contact_id: Mapped[str | None] = reference("监测联系人", "helper", required=False)
    removal_way: Mapped[str | None] = column("风险消除方式", "choice", options="risk_removal_way")
    removal_checked_on: Mapped[date | None] = column("风险消除核查日期", "date")
    removal_notice_on: Mapped[date | None] = column("风险消除公示开始日期", "date")
    removal_notice_until: Mapped[date | None] = column("风险消除公示结束日期", "date")
    removed: Mapped[str | None] = column("消除监测时间", "month")
    return_of_id: Mapped[str | None] = reference("反弹前的监测", "monitoring", required=False)
    note: Mapped[str | None] = column("备注", "long")
    former: Mapped[str | None] = column("旧版本里的监测情况", "long", derived=True, internal=True)
