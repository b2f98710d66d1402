"""What pupils and students are given, term by term."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class EducationAid(Record):
    """教育资助和雨露计划: one grant to one pupil for one term; several grants may stand beside each other."""

    __tablename__ = "education_aid"
    LABEL = "教育资助"
    TITLE = ("member_id", "year", "term", "item")
    PARENT = "member_id"
    KEY = ("member_id", "year", "term", "item")
    PRINTED = ("education_aid", "education_aid_ledger")

    member_id: Mapped[str | None] = reference("学生", "member")
    year: Mapped[int | None] = column("年度", "year", required=True)
    term: Mapped[str | None] = column("学期", "choice", options="school_term", required=True)
    stage: Mapped[str | None] = column("就读学段", "choice", options="school_status", required=True)
    school: Mapped[str | None] = column("学校")
    boarding: Mapped[bool | None] = column("是否寄宿", "yes_no")
    item: Mapped[str | None] = column("资助项目", "choice", options="education_aid_item", required=True)
    standard: Mapped[Decimal | None] = column("资助标准", "money", minimum=0)
    applied_on: Mapped[date | None] = column("申请日期", "date")
    approved_on: Mapped[date | None] = column("审核日期", "date")
    paid: Mapped[Decimal | None] = column("实发金额", "money", minimum=0)
    paid_on: Mapped[date | None] = column("发放日期", "date")
    evidence: Mapped[str | None] = column("佐证材料")
    note: Mapped[str | None] = column("备注", "long")
