"""People outside and inside who help and are honoured: partners, honours, stories, suggestions."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class Partner(Record):
    """帮扶单位: 包村单位, a county or an enterprise that helps by agreement. docs/coverage.md 3.1-1, 3.2-1."""

    __tablename__ = "partner"
    LABEL = "帮扶单位"
    TITLE = ("unit", "kind")
    PARENT = ""
    KEY = ("village", "unit", "kind")
    PRINTED = ("partner_ledger", "partner_card")

    unit: Mapped[str | None] = column("帮扶单位", required=True)
    kind: Mapped[str | None] = column("帮扶类别", "choice", options="partner_kind", required=True)
    leader: Mapped[str | None] = column("单位负责人", short=True)
    contact: Mapped[str | None] = column("联络人", short=True)
    phone: Mapped[str | None] = column("联系电话", rule="phone", mask="phone")
    agreement_no: Mapped[str | None] = column("协议或文件编号", short=True)
    content: Mapped[str | None] = column("协议内容", "long")
    signed_on: Mapped[date | None] = column("签订日期", "date")
    valid_until: Mapped[date | None] = column("协议到期日", "date")
    ended_on: Mapped[date | None] = column("终止日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class PartnerSupport(Record):
    """帮扶事项: money, goods or a project that a partner brought, promised and arrived."""

    __tablename__ = "partner_support"
    LABEL = "帮扶事项"
    TITLE = ("matter", "year")
    PARENT = "partner_id"
    KEY = ("partner_id", "year", "matter")
    PRINTED = ("partner_ledger", "partner_card")

    partner_id: Mapped[str | None] = reference("帮扶单位", "partner")
    year: Mapped[int | None] = column("年度", "year", required=True)
    matter: Mapped[str | None] = column("项目或事项", required=True)
    promised: Mapped[Decimal | None] = column("协议金额", "money", minimum=0)
    arrived: Mapped[Decimal | None] = column("到位金额", "money", minimum=0)
    goods: Mapped[str | None] = column("物资")


class PartnerExchange(Record):
    """往来活动: a visit to each other, training, trade or work that came of a partnership."""

    __tablename__ = "partner_exchange"
    LABEL = "往来活动"
    TITLE = ("held_on", "kind")
    PARENT = "partner_id"
    KEY = ("partner_id", "held_on", "kind")
    PRINTED = ("partner_ledger", "partner_card")

    partner_id: Mapped[str | None] = reference("帮扶单位", "partner")
    held_on: Mapped[date | None] = column("日期", "date", required=True)
    kind: Mapped[str | None] = column("往来类别", "choice", options="exchange_kind", required=True)
    content: Mapped[str | None] = column("内容", "long")
    people: Mapped[int | None] = column("人数", "integer", unit="人", minimum=0)


class PartnerHousehold(Record):
    """帮扶到户: a household that a partner helps directly."""

    __tablename__ = "partner_household"
    LABEL = "帮扶到户"
    TITLE = ("household_id",)
    PARENT = "partner_id"
    KEY = ("partner_id", "household_id")
    PRINTED = ("partner_ledger", "partner_card")

    partner_id: Mapped[str | None] = reference("帮扶单位", "partner")
    household_id: Mapped[str | None] = reference("农户", "household")
    content: Mapped[str | None] = column("帮扶内容")
    amount: Mapped[Decimal | None] = column("金额或折价", "money", minimum=0)


class Honour(Record):
    """荣誉表彰: who was honoured, with what, by whom. docs/coverage.md 2.4-7, 3.3-4."""

    __tablename__ = "honour"
    LABEL = "荣誉表彰"
    TITLE = ("whom", "title")
    PARENT = ""
    KEY = ("village", "whom", "title", "awarded_on")
    PRINTED = ("honour_ledger",)

    whom: Mapped[str | None] = column("受表彰对象", required=True)
    kind: Mapped[str | None] = column("荣誉类别", "choice", options="honour_kind", required=True)
    title: Mapped[str | None] = column("荣誉称号", required=True)
    level: Mapped[str | None] = column("表彰级别", "choice", options="policy_level")
    awarded_by: Mapped[str | None] = column("表彰单位")
    document: Mapped[str | None] = column("表彰文号", short=True)
    awarded_on: Mapped[date | None] = column("表彰日期", "date", required=True)
    household_id: Mapped[str | None] = reference("所属农户", "household", required=False)
    deeds: Mapped[str | None] = column("主要事迹", "long")
    note: Mapped[str | None] = column("备注")


class Story(Record):
    """典型和故事: a story about somebody, written down with their consent. docs/coverage.md 2.4-4, 3.3-5."""

    __tablename__ = "story"
    LABEL = "典型和故事"
    TITLE = ("title",)
    PARENT = ""
    KEY = ("village", "title", "written_on")
    PRINTED = ("story_ledger", "story_page")

    title: Mapped[str | None] = column("题目", required=True)
    kind: Mapped[str | None] = column("典型类别", "choice", options="story_kind", required=True)
    about: Mapped[str | None] = column("主人公", required=True, short=True)
    household_id: Mapped[str | None] = reference("所属农户", "household", required=False)
    author: Mapped[str | None] = column("作者", short=True)
    written_on: Mapped[date | None] = column("撰写日期", "date", required=True)
    text: Mapped[str | None] = column("正文", "long")
    has_photo: Mapped[bool | None] = column("是否用照片", "yes_no")
    consent_on: Mapped[date | None] = column("本人同意日期", "date")
    consent_way: Mapped[str | None] = column("同意方式")
    published_on: Mapped[date | None] = column("刊发日期", "date")
    published_in: Mapped[str | None] = column("刊发载体")
    withdrawn_on: Mapped[date | None] = column("不再使用日期", "date")
    withdraw_reason: Mapped[str | None] = column("不再使用原因")
    note: Mapped[str | None] = column("备注")


class Suggestion(Record):
    """意见建议: what a household asks for or criticises, and what became of it. docs/coverage.md 5.3-1."""

    __tablename__ = "suggestion"
    LABEL = "意见建议"
    TITLE = ("content", "raised_on")
    PARENT = "household_id"
    KEY = ("household_id", "raised_on", "content")
    PRINTED = ("suggestion_ledger",)

    household_id: Mapped[str | None] = reference("户", "household")
    raised_on: Mapped[date | None] = column("反映日期", "date", required=True)
    channel: Mapped[str | None] = column("反映渠道", "choice", options="petition_channel")
    content: Mapped[str | None] = column("意见建议内容", required=True)
    task_force: Mapped[str | None] = column("工作专班", "choice", options="task_force")
    responsible: Mapped[str | None] = column("办理人", short=True)
    due_on: Mapped[date | None] = column("答复时限", "date")
    replied_on: Mapped[date | None] = column("答复日期", "date")
    reply: Mapped[str | None] = column("答复内容")
    satisfaction: Mapped[str | None] = column("是否满意", "choice", options="satisfaction")
    note: Mapped[str | None] = column("备注", "long")
