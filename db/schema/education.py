"""Where pupils and students are term by term, and what they are given."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, reference


class EducationAid(Record):
    """教育资助和雨露计划: one grant to one pupil for one term; several grants may stand beside each other."""

    __tablename__ = "education_aid"
    LABEL = "教育资助"
    TITLE = ("member_id", "year", "term", "item")
    PARENT = "member_id"
    KEY = ("member_id", "year", "term", "item")
    PRINTED = ("education_aid", "education_aid_ledger", "education_aid_yulu", "education_aid_application")

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


class SchoolTerm(Record):
    """控辍保学: where a child of school age was in one term, and how a child that had left came back."""

    __tablename__ = "school_term"
    LABEL = "控辍保学"
    TITLE = ("member_id", "year", "term")
    PARENT = "member_id"
    KEY = ("member_id", "year", "term")
    PRINTED = ("school_term", "school_term_ledger", "school_term_persuasion")

    member_id: Mapped[str | None] = reference("学生", "member")
    year: Mapped[int | None] = column("年度", "year", required=True)
    term: Mapped[str | None] = column("学期", "choice", options="school_term", required=True)
    stage: Mapped[str | None] = column("就读学段", "choice", options="school_status")
    school: Mapped[str | None] = column("学校")
    state: Mapped[str | None] = column("就学情况", "choice", options="schooling_state", required=True)
    checked_on: Mapped[date | None] = column("核查日期", "date")
    missed_on: Mapped[date | None] = column("失学辍学发现日期", "date", sensitive=True)
    cause: Mapped[str | None] = column("失学或辍学原因", "choice", options="dropout_cause", sensitive=True)
    responsible: Mapped[str | None] = column("劝返责任人", short=True)
    persuaded_on: Mapped[date | None] = column("首次劝返日期", "date", sensitive=True)
    returned_on: Mapped[date | None] = column("复学日期", "date", sensitive=True)
    arrangement: Mapped[str | None] = column("复学安置和资助")
    note: Mapped[str | None] = column("备注", "long")


class ReturnPersuasion(Record):
    """劝返记录: somebody came to bring a child back to school."""

    __tablename__ = "return_persuasion"
    LABEL = "劝返记录"
    TITLE = ("visited_on",)
    PARENT = "term_id"
    KEY = ("term_id", "visited_on")
    PRINTED = ("school_term", "school_term_ledger", "school_term_persuasion")
    EVENTS = (Event("劝返", ("visited_on",)),)

    term_id: Mapped[str | None] = reference("控辍保学", "school_term")
    visited_on: Mapped[date | None] = column("劝返日期", "date", required=True)
    visitors: Mapped[str | None] = column("劝返人员", required=True, short=True)
    talked: Mapped[str | None] = column("劝返情况", sensitive=True)
    result: Mapped[str | None] = column("劝返结果", "choice", options="persuasion_result")
