"""What keeps a household from helping itself, and what is done about it."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class MotivationReview(Record):
    """内生动力分析: how willing a household is, for which reasons, and what follows. docs/coverage.md 2.4-1.

    It is for the team: it has no part in the household's archive, and none of it is ever posted.
    """

    __tablename__ = "motivation_review"
    LABEL = "内生动力分析"
    TITLE = ("reviewed_on", "level")
    PARENT = "household_id"
    KEY = ("household_id", "reviewed_on")
    PRINTED = ("motivation_review_ledger",)

    household_id: Mapped[str | None] = reference("户", "household")
    reviewed_on: Mapped[date | None] = column("分析日期", "date", required=True)
    level: Mapped[str | None] = column("动力分类", "choice", options="motivation_level", required=True, sensitive=True)
    subjective: Mapped[tuple[str, ...] | None] = column(
        "主观原因", "choices", options="subjective_cause", sensitive=True
    )
    objective: Mapped[tuple[str, ...] | None] = column("客观原因", "choices", options="objective_cause", sensitive=True)
    plan: Mapped[str | None] = column("分类施策", "long", sensitive=True)
    responsible: Mapped[str | None] = column("责任人", short=True)
    due_on: Mapped[date | None] = column("计划见效日期", "date")
    achieved_on: Mapped[date | None] = column("见效日期", "date")
    result: Mapped[str | None] = column("转变情况", "long", sensitive=True)
    note: Mapped[str | None] = column("备注", "long", sensitive=True)
