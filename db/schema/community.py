"""What the people of the village do together: meetings, units of the grid, needs and gifts, who holds which office."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class Meeting(Record):
    """会议活动: a meeting, an evening school, an event, with those who came. docs/coverage.md I-7, 2.4-5."""

    __tablename__ = "meeting"
    LABEL = "会议活动"
    TITLE = ("title", "held_on")
    PARENT = ""
    KEY = ("village", "title", "held_on")
    PRINTED = ("meeting_ledger", "meeting_minutes", "meeting_sign_in")

    title: Mapped[str | None] = column("会议活动名称", required=True)
    kind: Mapped[str | None] = column("类别", "choice", options="meeting_kind", required=True)
    held_on: Mapped[date | None] = column("召开日期", "date", required=True)
    place: Mapped[str | None] = column("地点")
    grid_id: Mapped[str | None] = reference("所属单元", "grid", required=False)
    host: Mapped[str | None] = column("主持人", short=True)
    speaker: Mapped[str | None] = column("授课或主讲人", short=True)
    recorder: Mapped[str | None] = column("记录人", short=True)
    hours: Mapped[Decimal | None] = column("时长", "decimal", places=1, unit="小时", minimum=0, maximum=100)
    expected: Mapped[int | None] = column("应到人数", "integer", unit="人", minimum=0)
    content: Mapped[str | None] = column("会议内容", "long")
    decisions: Mapped[str | None] = column("议定事项", "long")
    note: Mapped[str | None] = column("备注", "long")


class MeetingParticipant(Record):
    """到会人员: a member, or somebody named who is in no household of the village."""

    __tablename__ = "meeting_participant"
    LABEL = "到会人员"
    TITLE = ("member_id", "name")
    PARENT = "meeting_id"
    KEY = ("meeting_id", "member_id", "name")
    BLANK_IN_KEY = ("member_id", "name")
    PRINTED = ("meeting_ledger", "meeting_minutes", "meeting_sign_in")

    meeting_id: Mapped[str | None] = reference("会议活动", "meeting")
    member_id: Mapped[str | None] = reference("村民", "member", required=False)
    name: Mapped[str | None] = column("其他人姓名", short=True)
    unit: Mapped[str | None] = column("单位或职务")
    signed: Mapped[bool | None] = column("是否签到", "yes_no")
    note: Mapped[str | None] = column("备注")


class Grid(Record):
    """扶贫单元: households with a leader of their own and an instructor. docs/coverage.md 4.1-4."""

    __tablename__ = "grid"
    LABEL = "扶贫单元"
    TITLE = ("name",)
    PARENT = ""
    KEY = ("village", "name")
    PRINTED = ("grid", "grid_ledger", "grid_roll", "grid_chart")

    name: Mapped[str | None] = column("单元名称", required=True)
    kind: Mapped[str | None] = column("类别", "choice", options="grid_kind", required=True)
    area: Mapped[str | None] = column("范围")
    leader: Mapped[str | None] = column("组长", required=True, short=True)
    leader_phone: Mapped[str | None] = column("组长电话", rule="phone", mask="phone")
    instructor: Mapped[str | None] = column("指导员", short=True)
    founded_on: Mapped[date | None] = column("组建日期", "date")
    dissolved_on: Mapped[date | None] = column("撤销日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class GridHousehold(Record):
    """单元农户: a household in a unit of the grid."""

    __tablename__ = "grid_household"
    LABEL = "单元农户"
    TITLE = ("household_id",)
    PARENT = "grid_id"
    KEY = ("grid_id", "household_id")
    PRINTED = ("grid", "grid_ledger", "grid_roll", "grid_chart")

    grid_id: Mapped[str | None] = reference("扶贫单元", "grid")
    household_id: Mapped[str | None] = reference("农户", "household")
    joined_on: Mapped[date | None] = column("编入日期", "date")
    note: Mapped[str | None] = column("备注")


class Need(Record):
    """帮扶需求: what a household needs that somebody may give, until it was given and asked about again."""

    __tablename__ = "need"
    LABEL = "帮扶需求"
    TITLE = ("kind", "registered_on")
    PARENT = "household_id"
    KEY = ("household_id", "kind", "registered_on")
    PRINTED = ("need", "need_ledger", "need_record", "need_notice")

    household_id: Mapped[str | None] = reference("户", "household")
    kind: Mapped[str | None] = column("需求类别", "choice", options="need_kind", required=True)
    content: Mapped[str | None] = column("需求内容", required=True)
    amount: Mapped[Decimal | None] = column("所需金额", "money", minimum=0)
    registered_on: Mapped[date | None] = column("登记日期", "date", required=True)
    published_on: Mapped[date | None] = column("发布日期", "date")
    donor: Mapped[str | None] = column("对接方")
    matched_on: Mapped[date | None] = column("对接日期", "date")
    received_on: Mapped[date | None] = column("兑现日期", "date")
    received: Mapped[str | None] = column("兑现内容")
    followup_on: Mapped[date | None] = column("回访日期", "date")
    cancelled_on: Mapped[date | None] = column("撤销日期", "date")
    cancel_reason: Mapped[str | None] = column("撤销原因")
    note: Mapped[str | None] = column("备注", "long")


class Donation(Record):
    """社会捐赠: what somebody gave to the village or its people, and what became of it."""

    __tablename__ = "donation"
    LABEL = "社会捐赠"
    TITLE = ("donor", "received_on")
    PARENT = ""
    KEY = ("village", "donor", "received_on", "goods")
    BLANK_IN_KEY = ("goods",)
    PRINTED = ("donation_ledger", "donation_receipt")

    donor: Mapped[str | None] = column("捐赠方", required=True)
    donor_kind: Mapped[str | None] = column("捐赠方类别", "choice", options="donor_kind", required=True)
    kind: Mapped[str | None] = column("捐赠形式", "choice", options="donation_kind", required=True)
    goods: Mapped[str | None] = column("物品及数量")
    amount: Mapped[Decimal | None] = column("金额或折价", "money", minimum=0)
    agreement_no: Mapped[str | None] = column("协议编号", short=True)
    received_on: Mapped[date | None] = column("接收日期", "date", required=True)
    received_by: Mapped[str | None] = column("接收人", short=True)
    receipt_no: Mapped[str | None] = column("收据编号", short=True)
    use: Mapped[str | None] = column("使用情况", "long")
    used_on: Mapped[date | None] = column("使用日期", "date")
    published_on: Mapped[date | None] = column("公示日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class Cadre(Record):
    """村干部: somebody in an office of the village, for a term. docs/coverage.md 2.3-1."""

    __tablename__ = "cadre"
    LABEL = "村干部"
    TITLE = ("name", "post")
    PARENT = ""
    KEY = ("village", "name", "post", "started_on")
    BLANK_IN_KEY = ("started_on",)
    PRINTED = ("cadre_ledger",)

    name: Mapped[str | None] = column("姓名", required=True, short=True)
    post: Mapped[str | None] = column("职务", "choice", options="cadre_post", required=True, short=True)
    sex: Mapped[str | None] = column("性别", "choice", options="sex")
    birth: Mapped[str | None] = column("出生年月", "month")
    education: Mapped[str | None] = column("文化程度", "choice", options="education")
    political: Mapped[str | None] = column("政治面貌", "choice", options="political")
    phone: Mapped[str | None] = column("联系电话", rule="phone", mask="phone")
    duty: Mapped[str | None] = column("分工", "long")
    started_on: Mapped[date | None] = column("任职日期", "date")
    term_until: Mapped[date | None] = column("任期届满日", "date")
    ended_on: Mapped[date | None] = column("离任日期", "date")
    end_reason: Mapped[str | None] = column("离任原因")
    note: Mapped[str | None] = column("备注", "long")
