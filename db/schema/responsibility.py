"""Who answers for what: posts from the county to the household, how helpers are assessed, who was called to account."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import ALL_COLUMNS, Record, reference


class DutyPost(Record):
    """责任体系: somebody who answers for the village on a level, and to whom. docs/coverage.md 4.1-1."""

    __tablename__ = "duty_post"
    LABEL = "责任体系"
    TITLE = ("name", "post")
    PARENT = ""
    KEY = ("village", "name", "post")
    PRINTED = ("duty_post_ledger", "duty_post_card", "duty_board", "duty_card")

    level: Mapped[str | None] = column("责任层级", "choice", options="duty_level", required=True)
    name: Mapped[str | None] = column("责任人姓名", required=True, short=True)
    post: Mapped[str | None] = column("单位和职务", required=True)
    role: Mapped[str | None] = column("责任", required=True)
    duty: Mapped[str | None] = column("职责内容", "long")
    answers_to_id: Mapped[str | None] = reference("上一级责任人", "duty_post", required=False)
    public_phone: Mapped[str | None] = column("公开电话", hint="公示牌上印的办公电话", short=True)
    started_on: Mapped[date | None] = column("起始日期", "date")
    ended_on: Mapped[date | None] = column("调整日期", "date")
    note: Mapped[str | None] = column("备注")


class HelperAssessment(Record):
    """帮扶干部考核: how a helper or member of the team did their work in a period. docs/coverage.md 3.1-9."""

    __tablename__ = "helper_assessment"
    LABEL = "帮扶干部考核"
    TITLE = ("helper_id", "last_on")
    PARENT = "helper_id"
    KEY = ("helper_id", "first_on", "last_on")
    PRINTED = ("helper_assessment_ledger", "helper_assessment_sheet")
    REVIEWED = (*Record.REVIEWED, "grade", "approved_on", "approved_by")

    helper_id: Mapped[str | None] = reference("被考核人", "helper")
    first_on: Mapped[date | None] = column("考核起始日", "date", required=True)
    last_on: Mapped[date | None] = column("考核截止日", "date", required=True)
    visit_points: Mapped[Decimal | None] = column("走访帮扶得分", "decimal", unit="分", minimum=0, maximum=30)
    problem_points: Mapped[Decimal | None] = column("问题解决得分", "decimal", unit="分", minimum=0, maximum=25)
    file_points: Mapped[Decimal | None] = column("档案质量得分", "decimal", unit="分", minimum=0, maximum=20)
    satisfaction_points: Mapped[Decimal | None] = column("群众满意得分", "decimal", unit="分", minimum=0, maximum=15)
    discipline_points: Mapped[Decimal | None] = column("工作纪律得分", "decimal", unit="分", minimum=0, maximum=10)
    opinion: Mapped[str | None] = column("考核意见", "long")
    assessed_by: Mapped[str | None] = column("考核人", short=True)
    assessed_on: Mapped[date | None] = column("考核日期", "date")
    grade: Mapped[str | None] = column("考核等次", "choice", options="helper_grade")
    approved_by: Mapped[str | None] = column("审定人", short=True)
    approved_on: Mapped[date | None] = column("审定日期", "date")
    told_on: Mapped[date | None] = column("反馈本人日期", "date")
    note: Mapped[str | None] = column("备注", "long")


class Accountability(Record):
    """问责记录: somebody was called to account; only 审核 and the owner write it. docs/coverage.md 4.7-1."""

    __tablename__ = "accountability"
    LABEL = "问责记录"
    TITLE = ("matter", "decided_on")
    PARENT = ""
    KEY = ("village", "name", "decided_on", "matter")
    PRINTED = ("accountability_ledger",)
    REVIEWED = ALL_COLUMNS

    name: Mapped[str | None] = column("被问责人", mask="name", sensitive=True, required=True)
    post: Mapped[str | None] = column("职务", short=True)
    matter: Mapped[str | None] = column("问责事由", "long", required=True)
    kind: Mapped[str | None] = column("问责方式", "choice", options="accountability_kind", required=True)
    decided_by: Mapped[str | None] = column("决定机关")
    document: Mapped[str | None] = column("决定文号", short=True)
    decided_on: Mapped[date | None] = column("决定日期", "date", required=True)
    corrected_on: Mapped[date | None] = column("整改完成日期", "date")
    lifted_on: Mapped[date | None] = column("影响期满日期", "date")
    note: Mapped[str | None] = column("备注", "long")
